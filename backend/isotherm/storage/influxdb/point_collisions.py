"""Tells apart events whose points would be one: the second gets a tag `twin`, and so on.

A point is known by its series and time, and the digits below a millisecond are six of the event's
number: in one millisecond, two events may have the same. The first one has no such tag, so points
and series are as many as events and pages unless events meet. InfluxDB itself is where it is kept
which event has which point. The engine is asked first, because it answers in no time; InfluxDB when
events meet, and where the engine may lack some.
"""

import re
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple, Protocol

from isotherm.model import Event
from isotherm.model.event_ids import event_hash, same
from isotherm.storage.influxdb.client import InfluxClient, identifier, text
from isotherm.storage.influxdb.line_protocol import (
    NS_PER_MS,
    measurement_of,
    number_of,
    timestamp_ns,
)
from isotherm.storage.influxdb.schema import BY_NAME, PART, TWIN, VIEW

_MANY: Final = 8
"""So many events of a batch in one millisecond: an import, whose milliseconds are worth keeping."""

_KEPT: Final = 1_200_000
"""Points that are remembered; a millisecond of an import may have a million."""

_GAP_MS: Final = 1_000
_STATEMENTS: Final = 20  # in one request

_IDENTITY: Final = {VIEW.name: ("view_id",), PART.name: ("view_id", "document")}
_USUAL: Final = ("event", "session_id")
"""Fields that tell whose a point is; a stranger's has a session at least."""

_STRANGER: Final = -1

_A_TWIN: Final = re.compile(r"[0-9]{1,4}+")
"""What Isotherm writes: of a million events in one millisecond, about ten have one time."""


class Known(Protocol):
    """What is asked of the engine (`ports.Engine`)."""

    def numbers_at(self, name: str, times_ms: Sequence[int]) -> list[tuple[int, int]]:
        """Return time and number of the events of a table at some milliseconds."""


class _Moment(NamedTuple):
    measurement: str
    application: str
    time_ms: int


class Point(NamedTuple):
    """Where an event's point is, but for its twins."""

    moment: _Moment
    time_ns: int
    number: int


Taken = dict[int, list[int]]
"""Time (ns) -> numbers of the events there; the place in the list is what the tag says."""


def point_of(event: Event) -> Point:
    """Return where an event belongs."""
    number = number_of(event)
    moment = _Moment(measurement_of(event).name, event.application, event.time_ms)
    return Point(moment, timestamp_ns(event.time_ms, number), number)


class PointCollisions:
    """Which twin each event is. Used under the journal's write lock."""

    def __init__(self, client: InfluxClient, known: Known | None) -> None:
        self._client = client
        self._known = known
        self._moments: OrderedDict[_Moment, Taken] = OrderedDict()
        self._measurements: frozenset[str] = frozenset()  # that have twins at all
        self.complete_from_ms: int | None = None
        """The engine has all events since; None = nobody knows yet."""

    def look(self) -> None:
        """Ask which measurements have twins: other Isotherms make some, too."""
        found = self._client.ask(f"SHOW TAG VALUES WITH KEY = {identifier(TWIN)}")
        self._measurements = frozenset(series["name"] for series in found) & set(BY_NAME)

    def forget(self) -> None:
        """Forget what others may have changed. Raises JournalError."""
        self._moments.clear()
        self.look()

    def find(self, new: Iterable[Point], there: Iterable[Point]) -> Mapping[Point, int]:
        """Return the twin of each point that is one: of new points, and of those that are there.

        A new point that is there already (its batch was written before) keeps its place. Raises
        JournalError.
        """
        fresh = list(dict.fromkeys(new))
        old = [one for one in there if one.moment.measurement in self._measurements]
        asked = {*self._to_ask(fresh), *(one.moment for one in old)} - self._moments.keys()
        self._moments |= self._ask(asked)
        twins: dict[Point, int] = {}
        for one in old:
            for twin, number in enumerate(self._moments[one.moment].get(one.time_ns, ())):
                if twin and same(number, one.number):
                    twins[one] = twin
        for one in fresh:
            if one.moment in self._moments:
                twin = self._place(one)
                if twin:
                    twins[one] = twin
        self._trim(asked)
        return twins

    def _place(self, point: Point) -> int:
        there = self._moments[point.moment].setdefault(point.time_ns, [])
        for twin, number in enumerate(there):
            if number != _STRANGER and same(number, point.number):
                return twin
        there.append(point.number)
        if len(there) > 1:
            self._measurements |= {point.moment.measurement}
        return len(there) - 1

    def _to_ask(self, fresh: Sequence[Point]) -> set[_Moment]:
        """Return the moments in which new points may meet others."""
        unknown = [one for one in fresh if one.moment not in self._moments]
        numbers = Counter(one.moment for one in unknown)
        places = Counter((one.moment, one.time_ns) for one in unknown)
        ask = {moment for moment, count in numbers.items() if count >= _MANY or self._alone(moment)}
        ask |= {moment for (moment, _), count in places.items() if count > 1}
        rest: dict[str, list[Point]] = {}
        for one in unknown:
            if one.moment not in ask:
                rest.setdefault(one.moment.measurement, []).append(one)
        for measurement, points in rest.items():
            ask |= self._met(measurement, points)
        return ask

    def _alone(self, moment: _Moment) -> bool:
        """Tell whether the engine cannot answer for a moment."""
        since = self.complete_from_ms
        behind = since is None or moment.time_ms < since
        return self._known is None or behind or moment.measurement == PART.name

    def _met(self, measurement: str, points: Sequence[Point]) -> set[_Moment]:
        """Return the moments in which the engine has another event at the time of a new one."""
        assert self._known is not None
        times = sorted({one.moment.time_ms for one in points})
        there: dict[int, list[int]] = {}
        for time_ms, number in self._known.numbers_at(BY_NAME[measurement].table, times):
            there.setdefault(timestamp_ns(time_ms, number), []).append(number)
        return {
            one.moment
            for one in points
            if not all(same(number, one.number) for number in there.get(one.time_ns, ()))
        }

    def _ask(self, moments: Iterable[_Moment]) -> dict[_Moment, Taken]:
        """Return what InfluxDB has at some moments."""
        found: dict[_Moment, Taken] = {moment: {} for moment in sorted(moments)}
        spans = list(_spans(list(found)))
        for start in range(0, len(spans), _STATEMENTS):
            part = spans[start : start + _STATEMENTS]
            answers = self._client.ask_all([_statement(*span) for span in part], epoch="ns")
            for (first, _), answer in zip(part, answers, strict=True):
                for series in answer:
                    _learn(found, first, series)
        return found

    def _trim(self, asked: Iterable[_Moment]) -> None:
        """Forget what is soon asked again, and the oldest of what takes long to ask."""
        for moment in asked:
            if _size(self._moments[moment]) < _MANY:
                del self._moments[moment]
        kept = sum(map(_size, self._moments.values())) if len(self._moments) > 1 else 0
        while kept > _KEPT and len(self._moments) > 1:
            _, taken = self._moments.popitem(last=False)
            kept -= _size(taken)


def _size(taken: Taken) -> int:
    return len(taken)  # times: twins are few beside them


def _learn(found: Mapping[_Moment, Taken], first: _Moment, series: Mapping[str, Any]) -> None:
    said = series.get("tags", {}).get(TWIN, "") or "0"
    if not _A_TWIN.fullmatch(said):
        return  # another program's tag: none of our points has it
    twin = int(said)
    for time_ns, *values in series["values"]:
        taken = found.get(first._replace(time_ms=time_ns // NS_PER_MS))
        if taken is None:
            continue
        there = taken.setdefault(time_ns, [])
        there += [_STRANGER] * (twin + 1 - len(there))
        if there[twin] == _STRANGER:
            there[twin] = _number(first, values)


def _number(moment: _Moment, values: Sequence[object]) -> int:
    known = all(value is not None for value in values)
    if moment.measurement == VIEW.name and known:
        return event_hash(moment.application, str(values[0]))
    if moment.measurement == PART.name and known:
        return event_hash(moment.application, f"{values[0]}\0{values[1]}")
    return values[0] if isinstance(values[0], int) else _STRANGER


def _spans(moments: Sequence[_Moment]) -> Iterator[tuple[_Moment, _Moment]]:
    """Join neighbours: one statement for those of the same second."""
    first = last = None
    for moment in moments:
        if first is None or last is None:
            first = moment
        elif moment[:2] != last[:2] or moment.time_ms - last.time_ms > _GAP_MS:
            yield first, last
            first = moment
        last = moment
    if first is not None and last is not None:
        yield first, last


def _statement(first: _Moment, last: _Moment) -> str:
    fields = ", ".join(map(identifier, _IDENTITY.get(first.measurement, _USUAL)))
    return (
        f"SELECT {fields} FROM {identifier(first.measurement)} "
        f'WHERE "application" = {text(first.application)} '
        f"AND time >= {first.time_ms * NS_PER_MS} AND time < {(last.time_ms + 1) * NS_PER_MS} "
        f"GROUP BY {identifier(TWIN)}"
    )


Twin = Callable[[Event], int]
"""Which twin an event is; 0 = it has its time for itself, or came first."""
