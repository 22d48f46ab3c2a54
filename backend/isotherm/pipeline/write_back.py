"""Merges what a recording shows with the rows that are stored by now."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from msgspec import Struct

from isotherm.model import Action, Detail, PageError, Source, View
from isotherm.pipeline.readers.messages import DerivedRows
from isotherm.storage.ports import Engine, Recording

_Event = TypeVar("_Event", Action, View)


class Rows(Struct, frozen=True):
    """The stored rows of a recording's view or session, and how often it was marked as grown."""

    marks: int
    actions: Sequence[Action]
    views: Sequence[View]
    errors: Sequence[PageError]
    details: Sequence[Detail] | None = None  # None: those of a view stay as they were sent


def rows_of(engine: Engine, recording: Recording) -> Rows:
    """Return the rows as they are now; call it under the engine's write lock."""
    key = (recording.application, recording.session_id)
    view = recording.view_id
    return Rows(
        marks=engine.marks_of(recording),
        actions=engine.actions_of(*key, view),
        views=[one for one in engine.views_of(*key) if view in {None, one.view_id}],
        errors=[one for one in engine.errors_of(*key) if view in {None, one.view_id}],
        details=engine.details_of(*key) if view is None else None,
    )


def merged(recording: Recording, before: Rows, now: Rows, derived: DerivedRows) -> Rows | None:
    """Return the rows to write: what was read, and what came meanwhile as it was sent.

    None when rows were changed or deleted in between: then what was read is out of date.
    """
    if now.marks < before.marks:  # deleted, or read by somebody else
        return None
    if recording.view_id is None:
        return _loose(now, derived)
    actions = _with_new(before.actions, now.actions, derived.actions, lambda one: one.event_id)
    views = _with_new(before.views, now.views, derived.views, lambda one: one.view_id)
    if actions is None or views is None:
        return None
    return Rows(now.marks, actions, views, now.errors)


def _with_new(
    before: Sequence[_Event],
    now: Sequence[_Event],
    derived: Sequence[_Event],
    name: Callable[[_Event], str],
) -> Sequence[_Event] | None:
    old = {name(one): one for one in before}
    current = {name(one): one for one in now}
    if old == current:
        return derived
    for key, one in old.items():
        newer = current.get(key)
        if newer is None or (newer != one and not _is_newer(one, newer)):
            return None
    fresh: dict[str, _Event] = {key: one for key, one in current.items() if old.get(key) != one}
    kept = [one for one in derived if name(one) not in fresh]
    return kept + list(fresh.values())


def _is_newer(old: Action | View, new: Action | View) -> bool:
    """Tell a view that was sent again, with more than before; an action comes only once."""
    return isinstance(old, View) and isinstance(new, View) and new.version > old.version


def _loose(now: Rows, derived: DerivedRows) -> Rows:
    """Whole events that were sent beside a session without views stay as they are."""
    own = {view.view_id for view in derived.views}
    sent = [view for view in now.views if view.version > 0 and view.view_id not in own]
    kept = {view.view_id for view in sent}
    actions = [one for one in now.actions if one.source is Source.SDK]
    errors = [one for one in now.errors if one.view_id in kept]
    details = [one for one in now.details or () if one.view_id in kept]
    return Rows(
        now.marks,
        [*derived.actions, *actions],
        [*derived.views, *sent],
        [*derived.errors, *errors],
        [*derived.details, *details],
    )
