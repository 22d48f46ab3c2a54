"""Keeps old news out of the journal: resends, overtaken view documents, rows enriched since.

InfluxDB keeps the point that came last, not the one that is newest. So nothing is written that the
engine, which is told after the journal, has already; and a view only in a higher version. What is
known about a session is asked of the engine once and then kept in memory.
"""

from collections import OrderedDict
from collections.abc import Sequence
from typing import Final, Protocol

import msgspec
from msgspec import NODEFAULT, Struct, field

from isotherm.model import (
    Action,
    Detail,
    Event,
    LongTask,
    PageError,
    Resource,
    Segment,
    View,
    ViewPart,
    Vital,
)
from isotherm.model.event_ids import is_short, same, short
from isotherm.storage.influxdb import twins
from isotherm.storage.influxdb.line_protocol import (
    Types,
    measurement_of,
    number_of,
    point,
    series,
    tombstone,
)

_SESSIONS: Final = 5000
_DEFAULTS: Final = {
    entry.name: entry.default if entry.default is not NODEFAULT else entry.default_factory()
    for entry in msgspec.structs.fields(View)
    if not entry.required
}


class Known(twins.Known, Protocol):
    """What the journal asks of the engine (`ports.Engine`)."""

    def term_id(self, kind: str, text: str) -> int:
        """Return the number of a text; 0 when it was never seen."""

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

    def numbers_of(self, application: str, session_id: str) -> dict[str, set[int]]:
        """Return the numbers of a session's stored events by table, views aside."""


class Put(Struct, frozen=True):
    """An event to write as a point."""

    event: Event
    whole: bool = False  # it replaces every text of an earlier point
    stamped: Event | None = None  # as the engine has it, if that differs
    new: bool = True  # nothing of it is in InfluxDB at this time


class Change(Struct, frozen=True):
    """Points to write together, after others were withdrawn."""

    puts: tuple[Put, ...] = ()
    withdrawn: tuple[Event, ...] = ()

    def lines(self, twin: twins.Twin, types: Types) -> bytes:
        """Return the lines, without the end of the last."""
        lines = [tombstone(event, types, twin(event)) for event in self.withdrawn]
        lines += [
            point(one.event, types, twin=twin(one.event), whole=one.whole, stamped=one.stamped)
            for one in self.puts
        ]
        return b"\n".join(lines)


class _Session(Struct):
    numbers: dict[str, set[int]] = field(default_factory=dict)  # in the journal, by table
    views: dict[str, View] = field(default_factory=dict)  # as the journal has them
    parts: dict[str, int] = field(default_factory=dict)  # the version that a view was brought to


class Guard:
    """What the journal has, as far as it matters. Used under the journal's write lock."""

    def __init__(self, known: Known | None) -> None:
        self._known = known
        self._sessions: OrderedDict[tuple[str, str], _Session] = OrderedDict()

    def changes(self, events: Sequence[Event]) -> list[tuple[int, Change]]:
        """Return position and change of those events that say something new."""
        found = []
        for position, event in enumerate(events):
            change = self._change(event)
            if change is not None:
                found.append((position, change))
        return found

    def drop(self, application: str, session_id: str) -> None:
        """Forget a session; it is asked of the engine again."""
        self._sessions.pop((application, session_id), None)

    def _change(self, event: Event) -> Change | None:
        session = self._session(event.application, event.session_id)
        match event:
            case Action() | PageError() | Resource() | LongTask() | Vital() | Segment():
                number = number_of(event)
                known = session.numbers.setdefault(measurement_of(event).table, set())
                if _among(known, number):
                    return None
                known.add(number)
                return Change((Put(event),))
            case View():
                before = session.views.get(event.view_id)
                reached = session.parts.get(event.view_id, -1)
                if before is not None and event.version <= max(before.version, reached):
                    return None
                session.views[event.view_id] = event
                session.parts.pop(event.view_id, None)
                return rewritten(event, before)
            case ViewPart():
                return self._part(session, event)

    def _part(self, session: _Session, part: ViewPart) -> Change:
        """Write the difference itself, and the view as it now looks where that is known.

        The view keeps the version of its last whole document, so that an engine that is rebuilt
        applies the differences again, all of them and in their order.
        """
        view = session.views.get(part.view_id)
        reached = session.parts.get(part.view_id, view.version if view else 0)
        if view is None or part.version <= reached:
            return Change((Put(part),))
        changed = brought_to(view, part)
        session.views[part.view_id] = changed
        session.parts[part.view_id] = part.version
        now = msgspec.structs.replace(changed, version=part.version)

        return Change(
            (Put(part), Put(changed, whole=True, stamped=now, new=changed.time_ms != view.time_ms)),
            () if _same_point(changed, view) else (view,),
        )

    def _session(self, application: str, session_id: str) -> _Session:
        key = (application, session_id)
        session = self._sessions.get(key)
        if session is None:
            session = self._sessions[key] = self._ask(application, session_id)
            if len(self._sessions) > _SESSIONS:
                self._sessions.popitem(last=False)
        self._sessions.move_to_end(key)
        return session

    def _ask(self, application: str, session_id: str) -> _Session:
        if self._known is None or not self._known.term_id("session", session_id):
            return _Session()
        numbers = self._known.numbers_of(application, session_id)
        views = self._known.views_of(application, session_id)
        return _Session(numbers, {view.view_id: view for view in views})


def rewritten(event: Event, before: Event | None) -> Change:
    """Return what to write of an event that takes the place of `before`."""
    if before is None:
        return Change((Put(event),))
    put = Put(event, whole=True, new=event.time_ms != before.time_ms)
    return Change((put,), () if _same_point(event, before) else (before,))


def _same_point(one: Event, other: Event) -> bool:
    return series(one) == series(other) and one.time_ms == other.time_ms


def _among(known: set[int], number: int) -> bool:
    if is_short(number):
        return number in known or any(same(number, one) for one in known)
    return number in known or short(number) in known


def brought_to(view: View, part: ViewPart) -> View:
    """Return a view with a difference applied, at its old version."""
    values = {
        name: _DEFAULTS[name] if value is None else value
        for name, value in part.changed.items()
        if name in View.__struct_fields__ and (value is not None or name in _DEFAULTS)
    }
    values.pop("version", None)
    return msgspec.convert(msgspec.structs.asdict(view) | values, View)
