"""Keeps old news out of the journal: resends, overtaken view documents, rows enriched since.

InfluxDB keeps the point that came last, not the one that is newest. So nothing is written that the
engine, which is told after the journal, has already; and a view as the engine will have it. What is
known about a session, and about each of its views, is asked of the engine once and then kept in
memory.
"""

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from typing import Final, Protocol

from msgspec import Struct, field

from isotherm.model import (
    Action,
    Detail,
    Event,
    PageError,
    View,
    ViewPart,
)
from isotherm.model.event_ids import is_short, same, short
from isotherm.storage.influxdb import point_collisions
from isotherm.storage.influxdb.line_protocol import (
    Types,
    measurement_of,
    number_of,
    point,
    series,
    tombstone,
)
from isotherm.storage.view_documents import Document, add_to_log, fold, whole_version

_SESSIONS: Final = 5000


class Known(point_collisions.Known, Protocol):
    """What the journal asks of the engine (`ports.Engine`)."""

    def write_lock(self) -> AbstractContextManager[object]:
        """Keep all others out who write to the engine; may be taken again by who has it."""

    def others_wrote(self) -> bool:
        """Whether another process may have stored since this one had the lock before."""

    def actions_of(
        self, application: str, session_id: str, view_id: str | None = None
    ) -> list[Action]:
        """Every stored action of a session, or of one view of it."""

    def views_of(self, application: str, session_id: str) -> list[View]:
        """Every view of a session."""

    def errors_of(self, application: str, session_id: str) -> list[PageError]:
        """Every stored error of a session."""

    def details_of(self, application: str, session_id: str) -> list[Detail]:
        """Every stored request, long task and vital of a session."""

    def numbers_of(
        self, application: str, sessions: Sequence[str]
    ) -> dict[str, dict[str, set[int]]]:
        """Return the numbers of stored events by session and table, views aside."""

    def views_among(self, application: str, sessions: Sequence[str]) -> list[View]:
        """Every view of some sessions."""

    def documents_of(self, application: str, views: Sequence[str]) -> list[Document]:
        """Return the documents in the logs of some views (`view_documents.py`)."""


class Put(Struct, frozen=True):
    """An event to write as a point."""

    event: Event
    whole: bool = False  # it replaces every text of an earlier point
    base: int | None = None  # version of the whole document that differences brought to this one
    new: bool = True  # nothing of it is in InfluxDB at this time


class Change(Struct, frozen=True):
    """Points to write together, after others were withdrawn."""

    puts: tuple[Put, ...] = ()
    withdrawn: tuple[Event, ...] = ()

    def lines(self, twin: point_collisions.Twin, types: Types) -> bytes:
        """Return the lines, without the end of the last."""
        lines = [tombstone(event, types, twin(event)) for event in self.withdrawn]
        lines += [
            point(one.event, types, twin=twin(one.event), whole=one.whole, base=one.base)
            for one in self.puts
        ]
        return b"\n".join(lines)


class _Session(Struct):
    numbers: dict[str, set[int]] = field(default_factory=dict)  # in the journal, by table
    views: dict[str, View] = field(default_factory=dict)  # as the journal has them
    logs: dict[str, dict[int, Document]] = field(default_factory=dict)  # of those asked about


class Guard:
    """What the journal has, as far as it matters. Used under the journal's write lock."""

    def __init__(self, known: Known | None) -> None:
        self._known = known
        self._sessions: OrderedDict[tuple[str, str], _Session] = OrderedDict()

    def changes(self, events: Sequence[Event]) -> list[tuple[int, Change]]:
        """Return position and change of those events that say something new."""
        self._ask_sessions(events)
        self._ask_logs(event for event in events if isinstance(event, View | ViewPart))
        found = []
        for position, event in enumerate(events):
            change = self._change(event)
            if change is not None:
                found.append((position, change))
        return found

    def drop(self, application: str, session_id: str) -> None:
        """Forget a session; it is asked of the engine again."""
        self._sessions.pop((application, session_id), None)

    def drop_all(self) -> None:
        """Forget every session."""
        self._sessions.clear()

    def _change(self, event: Event) -> Change | None:
        session = self._session(event.application, event.session_id)
        match event:
            case View() | ViewPart():
                return _add_document(session, event)
            case _:
                number = number_of(event)
                known = session.numbers.setdefault(measurement_of(event).table, set())
                if _among(known, number):
                    return None
                known.add(number)
                return Change((Put(event),))

    def _session(self, application: str, session_id: str) -> _Session:
        self._sessions.move_to_end((application, session_id))
        return self._sessions[application, session_id]

    def _ask_sessions(self, events: Iterable[Event]) -> None:
        """Learn what the engine has of sessions that are not known yet, all in one question."""
        named = dict.fromkeys((event.application, event.session_id) for event in events)
        asked: dict[str, list[str]] = {}
        for key in named:
            if key not in self._sessions:
                self._sessions[key] = _Session()
                asked.setdefault(key[0], []).append(key[1])
            self._sessions.move_to_end(key)
        while len(self._sessions) > max(_SESSIONS, len(named)):
            self._sessions.popitem(last=False)
        for application, sessions in asked.items() if self._known else ():
            try:
                self._learn(application, sessions)
            except BaseException:
                for session in sessions:
                    self.drop(application, session)
                raise

    def _learn(self, application: str, sessions: Sequence[str]) -> None:
        assert self._known is not None
        for session, numbers in self._known.numbers_of(application, sessions).items():
            self._sessions[application, session].numbers |= numbers
        for view in self._known.views_among(application, sessions):
            self._sessions[application, view.session_id].views[view.view_id] = view

    def _ask_logs(self, documents: Iterable[Document]) -> None:
        """Learn the logs of views that are not known yet, all in one question."""
        asked: dict[str, dict[str, _Session]] = {}
        for document in documents:
            session = self._session(document.application, document.session_id)
            if document.view_id not in session.logs:
                asked.setdefault(document.application, {})[document.view_id] = session
        for application, sessions in asked.items():
            for view, session in sessions.items():
                session.logs[view] = {}
            for one in self._known.documents_of(application, list(sessions)) if self._known else ():
                sessions[one.view_id].logs[one.view_id][one.version] = one


def _add_document(session: _Session, document: Document) -> Change | None:
    """Add a document to what is known of its view, as the engine does; None when it is old.

    The view's point is the engine's row. A difference is a point of its own, too, so that one that
    comes late finds the others in an engine that was rebuilt.
    """
    before = session.views.get(document.view_id)
    log = session.logs.setdefault(document.view_id, {})
    if before is not None and not log:
        log[before.version] = before
    if add_to_log(log, document) >= 0:
        return None
    difference = (Put(document),) if isinstance(document, ViewPart) else ()
    view = fold(log.values())
    if view is None:
        return Change(difference)
    session.views[document.view_id] = view
    change = rewritten(view, before, log.values())
    return Change((*difference, *change.puts), change.withdrawn)


def rewritten(event: Event, before: Event | None, log: Iterable[Document] = ()) -> Change:
    """Return what to write of an event that takes the place of `before`; a view may have a log."""
    whole = whole_version(log)
    base = whole if isinstance(event, View) and 0 <= whole < event.version else None
    if before is None:
        return Change((Put(event, base=base),))
    put = Put(event, whole=True, base=base, new=event.time_ms != before.time_ms)
    return Change((put,), () if _same_point(event, before) else (before,))


def _same_point(one: Event, other: Event) -> bool:
    return series(one) == series(other) and one.time_ms == other.time_ms


def _among(known: set[int], number: int) -> bool:
    if is_short(number):
        return number in known or any(same(number, one) for one in known)
    return number in known or short(number) in known
