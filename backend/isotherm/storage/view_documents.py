"""View documents: the highest version counts, in whatever order versions and differences arrive.

A view that comes as whole documents is one row. As soon as a difference (`ViewPart`) arrives, all
later documents of that view are kept in a log, and its row is folded from them: the whole document
of the highest version, then every difference of a higher version, in version order.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any, Generic, TypeVar

import msgspec
from msgspec import NODEFAULT, Struct

from isotherm.model import View, ViewPart

Document = View | ViewPart

V = TypeVar("V", bound=Hashable)
"""How a store names a view."""

encode_document = msgspec.msgpack.Encoder().encode
decode_document = msgspec.msgpack.Decoder(Document).decode
_DEFAULTS = {
    field.name: field.default if field.default is not NODEFAULT else field.default_factory()
    for field in msgspec.structs.fields(View)
    if not field.required
}
_WHOSE = {"user_id", "user_name"}


def names(document: Document, user_id: str) -> bool:
    """Tell whether a document says that a view is a user's."""
    if isinstance(document, ViewPart):
        return bool(document.changed.get("user_id") == user_id)
    return document.user_id == user_id


def whole_version(documents: Iterable[Document]) -> int:
    """Return the highest version of a whole document, -1 when there is none."""
    return max((one.version for one in documents if isinstance(one, View)), default=-1)


def fold(documents: Iterable[Document]) -> View | None:
    """Return the view as its documents describe it; None while no whole one is among them."""
    ordered = sorted(documents, key=lambda document: document.version)
    whole = [document for document in ordered if isinstance(document, View)]
    if not whole:
        return None
    view = whole[-1]
    changed: dict[str, Any] = {}
    for part in ordered:
        if isinstance(part, ViewPart) and part.version > view.version:
            changed |= part.changed
            changed["version"] = part.version
    values = {
        name: _DEFAULTS[name] if value is None else value
        for name, value in changed.items()
        if name in View.__struct_fields__ and (value is not None or name in _DEFAULTS)
    }
    return msgspec.convert(msgspec.structs.asdict(view) | values, View)


class Sorted(Struct, Generic[V], frozen=True):
    """What a batch of documents changes."""

    rows: list[View]  # the new rows of views
    named: list[View]  # of those with a log, the ones of which a new document says whose they are
    changed: set[V]  # the views of these rows
    touched: set[V]  # the views whose log or row is another one now
    same: list[int]  # positions of documents that were there
    older: list[int]  # positions of outdated ones


def sort_in(
    views: Sequence[V],
    documents: Sequence[Document],
    versions: Mapping[V, int],
    logs: Mapping[V, dict[int, Document]],
) -> Sorted[V]:
    """Sort a batch into what is stored; `logs` are changed.

    `views` has the view of each document, `versions` those of the stored rows, and `logs` has a log
    for each view that has one or gets a difference now.
    """
    newest = dict(versions)
    winners: dict[V, View] = {}
    folded: dict[V, View] = {}
    same: list[int] = []
    older: list[int] = []
    grown: set[V] = set()
    naming: set[V] = set()
    for position, (view, document) in enumerate(zip(views, documents, strict=True)):
        if view in logs:
            known = add_to_log(logs[view], document)
        else:
            known = newest.get(view, -1)
            if document.version > known and isinstance(document, View):
                newest[view] = document.version
                winners[view] = document
        if document.version == known:
            same.append(position)
        elif document.version < known:
            older.append(position)
        else:
            grown.add(view)
            if isinstance(document, View) or _WHOSE & document.changed.keys():
                naming.add(view)
    touched: set[V] = set()
    for view in logs.keys() & set(views):
        whole = fold(logs[view].values())
        behind = whole is not None and whole.version > versions.get(view, -1)
        if view not in grown and not behind:
            continue  # what a recording told of it stays: nobody would read that again
        touched.add(view)
        if whole is not None:
            folded[view] = whole
    return Sorted(
        rows=[*winners.values(), *folded.values()],
        named=[row for view, row in folded.items() if view in naming],
        changed={*winners, *folded},
        touched=touched,
        same=same,
        older=older,
    )


def differences_of_folded(
    views: Sequence[V], parts: Sequence[ViewPart], wholes: Mapping[tuple[str, str], int]
) -> dict[V, list[ViewPart]]:
    """Return differences by view, of those views whose rows may have them already.

    `views` has the view of each difference, `wholes` the version of the last whole document by
    application and view.
    """
    found: dict[V, list[ViewPart]] = {}
    for view, part in zip(views, parts, strict=True):
        if (part.application, part.view_id) in wholes:
            found.setdefault(view, []).append(part)
    return found


def begin_logs(
    differences: Mapping[V, Sequence[ViewPart]],
    rows: Mapping[V, Sequence[View]],
    wholes: Mapping[tuple[str, str], int],
    logs: dict[V, dict[int, Document]],
) -> None:
    """Begin logs with stored rows as their last whole documents, and the differences they have.

    A row whose own difference is missing is none that differences were folded into. `logs` are
    changed.
    """
    for view, mine in differences.items():
        whole = wholes[mine[0].application, mine[0].view_id]
        for row in rows.get(view, ()):
            if any(part.version == row.version for part in mine):
                log = logs.setdefault(view, {})
                documents: list[Document] = [msgspec.structs.replace(row, version=whole), *mine]
                for one in documents:
                    if one.version <= row.version:
                        add_to_log(log, one)


def not_logged(
    views: Sequence[V], parts: Sequence[ViewPart], logs: Mapping[V, Mapping[int, Document]]
) -> list[ViewPart]:
    """Return the differences that no log has."""
    loaded = {(view, version) for view, log in logs.items() for version in log}
    placed = zip(views, parts, strict=True)
    return [part for view, part in placed if (view, part.version) not in loaded]


def add_to_log(log: dict[int, Document], document: Document) -> int:
    """Add a document to a view's log; return the version that keeps it out, -1 when it is new."""
    whole = whole_version(log.values())
    if document.version <= whole:
        return whole
    if document.version in log and isinstance(document, ViewPart):
        return document.version
    if isinstance(document, View):
        for version in [version for version in log if version <= document.version]:
            del log[version]
    log[document.version] = document
    return -1
