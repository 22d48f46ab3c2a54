"""Which recordings are still to be read: every batch that touches one leaves a mark of its own.

A mark is taken away by a row that says so, by whoever has read the recording; that two processes do
so changes nothing.
"""

import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import pyarrow as pa

from isotherm.model import Detail, Event, Segment, SegmentFormat
from isotherm.storage.clickhouse.rows import having
from isotherm.storage.clickhouse.server import Server
from isotherm.storage.clickhouse.terms import Fresh, Terms
from isotherm.storage.ports import Recording

_OVERLAP_S: Final = 60
"""A mark may be there so much later than its time says."""

_ALL_S: Final = 300.0


def touched(server: Server, fresh: Fresh, events: Sequence[Event]) -> tuple[Recording, ...]:
    """Return recordings that got a segment, and views with segments that got anything else.

    What a recording tells does not depend on requests, long tasks and vitals.
    """
    segments = [event for event in events if isinstance(event, Segment)]
    others = [event for event in events if not isinstance(event, Segment | Detail)]
    recorded = {one.view_id for one in segments if one.format is SegmentFormat.DATADOG}
    recorded |= _recorded(server, fresh, sorted({one.view_id for one in others if one.view_id}))
    found = {_recording(segment) for segment in segments}
    found |= {
        Recording(event.application, event.session_id, event.view_id)
        for event in others
        if event.view_id and event.view_id in recorded
    }
    return tuple(found)


def rows(fresh: Fresh, recordings: Sequence[Recording]) -> pa.Table | None:
    """Return the marks of recordings."""
    if not recordings:
        return None
    texts = {
        "application": [recording.application for recording in recordings],
        "session": [recording.session_id for recording in recordings],
        "view": [recording.view_id or "" for recording in recordings],
    }
    columns = {kind: pa.array(fresh.ids(kind, own)) for kind, own in texts.items()}
    columns["mark"] = pa.array([secrets.randbits(64) for _ in recordings], pa.uint64())
    return _with_state(pa.table(columns), gone=0)


def terms_of(recording: Recording) -> dict[str, str]:
    """Return the texts by kind that find a recording's marks; a session has its views'."""
    terms = {"application": recording.application, "session": recording.session_id}
    return terms | ({} if recording.view_id is None else {"view": recording.view_id})


def there(server: Server, ids: Mapping[str, int]) -> pa.Table:
    """Return the marks that there are."""
    condition = having(ids) if ids else "0"
    query = f"SELECT application, session, view, mark FROM unsettled WHERE {condition}"
    return server.read(query, ids, {"final": 1})


def take_away(server: Server, marks: pa.Table) -> None:
    """Say that these marks are gone."""
    server.insert("unsettled", _with_state(marks, gone=1))


def pending(server: Server, terms: Terms) -> list[Recording]:
    """Return every recording that has marks."""
    return _named(terms, server.rows("SELECT DISTINCT application, session, view FROM unsettled"))


def _named(terms: Terms, found: Sequence[tuple[int, ...]]) -> list[Recording]:
    if not found:
        return []
    kinds = zip(("application", "session", "view"), zip(*found, strict=True), strict=True)
    application, session, view = (terms.texts(kind, numbers) for kind, numbers in kinds)
    return [
        Recording(application[of], session[one], view[which] if which else None)
        for of, one, which in found
        if session[one]
    ]


class Growth:
    """Which recordings have got something since they were looked at, whoever has stored it.

    A look reads only the marks of the last minute or so. Some are taken away already: those
    recordings are named in vain. Once in a while all marks are read, in case the store's clock was
    set back.
    """

    def __init__(self, clock_s: Callable[[], float] = time.monotonic) -> None:
        self._clock_s = clock_s
        self._all_s = 0.0  # when to read all marks again, by `clock_s`
        self._since_s = 0  # marks that the store has had since then are read, by its own clock
        self._seen: set[int] = set()

    def look(self, server: Server, terms: Terms) -> list[Recording]:
        """Return the recordings that have marks which were not there at the last look."""
        if not self._all_s or self._clock_s() >= self._all_s:
            ((now_s,),) = server.rows("SELECT toUnixTimestamp(now())")
            found = pending(server, terms)
            self._all_s = self._clock_s() + _ALL_S
            self._since_s, self._seen = now_s - _OVERLAP_S, set()
            return found
        table = server.read(
            "SELECT application, session, view, mark, toUnixTimestamp(at) FROM unsettled "
            "WHERE gone = 0 AND at >= toDateTime({since: UInt32})",
            {"since": self._since_s},
        )
        rows = list(zip(*(column.to_pylist() for column in table.columns), strict=True))
        new = {(of, one, view) for of, one, view, mark, _ in rows if mark not in self._seen}
        found = _named(terms, sorted(new))
        self._seen = {mark for *_, mark, _ in rows}
        latest_s = max((at_s for *_, at_s in rows), default=0)
        self._since_s = max(self._since_s, latest_s - _OVERLAP_S)
        return found


def _recording(segment: Segment) -> Recording:
    """Return what is read together with a segment: its view, or the session of loose senders."""
    if segment.format is SegmentFormat.DATADOG and segment.view_id:
        return Recording(segment.application, segment.session_id, segment.view_id)
    return Recording(segment.application, segment.session_id, None)


def _recorded(server: Server, fresh: Fresh, views: Sequence[str]) -> set[str]:
    if not views:
        return set()
    by_id = dict(zip(fresh.ids("view", views).tolist(), views, strict=True))
    found = server.rows(
        "SELECT DISTINCT view FROM replay_segments "
        "WHERE view IN {views: Array(Int64)} AND format = 'datadog'",
        {"views": sorted(by_id)},
    )
    return {by_id[view] for (view,) in found}


def _with_state(table: pa.Table, *, gone: int) -> pa.Table:
    for name in ("version", "gone"):
        table = table.append_column(name, pa.array([gone] * table.num_rows, pa.uint8()))
    return table
