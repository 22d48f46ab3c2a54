"""Which recordings are still to be read, marked together with their rows: a crash loses none."""

from collections.abc import Mapping, Sequence

import duckdb
import pyarrow as pa

from isotherm.model import Detail, Event, Segment, SegmentFormat
from isotherm.storage.duckdb.dictionary import Dictionary
from isotherm.storage.duckdb.insert import execute_with, insert
from isotherm.storage.ports import Recording


def mark(
    connection: duckdb.DuckDBPyConnection, dictionary: Dictionary, events: Sequence[Event]
) -> tuple[Recording, ...]:
    """Mark recordings that got a segment, and views with segments that got anything else.

    What a recording tells does not depend on requests, long tasks and vitals.
    """
    touched = {recording(event) for event in events if isinstance(event, Segment)}
    others = [event for event in events if not isinstance(event, Segment | Detail)]
    recorded = _recorded(connection, dictionary, [event.view_id for event in others])
    touched |= {
        Recording(event.application, event.session_id, event.view_id)
        for event in others
        if event.view_id in recorded
    }
    mark_unread(connection, dictionary, list(touched))
    return tuple(touched)


def mark_unread(
    connection: duckdb.DuckDBPyConnection, dictionary: Dictionary, recordings: Sequence[Recording]
) -> None:
    """Mark recordings, whether or not anything is new in them."""
    if recordings:
        insert(connection, "unsettled", _rows(connection, dictionary, recordings))


def mark_read(
    connection: duckdb.DuckDBPyConnection, dictionary: Dictionary, recording: Recording
) -> None:
    """Take the mark of a recording away; a session's covers its views."""
    done = _rows(connection, dictionary, [recording])
    statement = (
        "DELETE FROM unsettled WHERE EXISTS (SELECT 1 FROM batch "
        "WHERE batch.application = unsettled.application AND batch.session = unsettled.session "
        "AND batch.view IN (0, unsettled.view))"
    )
    execute_with(connection, statement, done)


def recording_terms(recording: Recording) -> dict[str, str]:
    """Return the texts by kind that find a recording's marks."""
    terms = {"application": recording.application, "session": recording.session_id}
    return terms | ({} if recording.view_id is None else {"view": recording.view_id})


def marks(connection: duckdb.DuckDBPyConnection, ids: Mapping[str, int]) -> int:
    """Return how many marks there are: every batch that touches a recording leaves one."""
    conditions = " AND ".join(f'"{kind}" = ${kind}' for kind in ids)
    query = f"SELECT count(*) FROM unsettled WHERE {conditions}"
    row = connection.execute(query, dict(ids)).fetchone()
    return int(row[0]) if row else 0


def recording(segment: Segment) -> Recording:
    """Return what is read together with a segment: its view, or the session of loose senders."""
    if segment.format is SegmentFormat.DATADOG and segment.view_id:
        return Recording(segment.application, segment.session_id, segment.view_id)
    return Recording(segment.application, segment.session_id, None)


def _recorded(
    connection: duckdb.DuckDBPyConnection, dictionary: Dictionary, views: Sequence[str]
) -> set[str]:
    """Return those of the views that have segments."""
    texts = sorted({view for view in views if view})
    if not texts:
        return set()
    ids = dictionary.ids(connection, "view", texts)
    query = (
        "SELECT DISTINCT view FROM replay_segments SEMI JOIN batch USING (view) "
        "WHERE view BETWEEN $low AND $high AND format = 'datadog'"
    )
    bounds = {"low": int(ids.min()), "high": int(ids.max())}
    rows = execute_with(connection, query, pa.table({"view": ids}), bounds).fetchall()
    by_id = dict(zip(ids.tolist(), texts, strict=True))
    return {by_id[view] for (view,) in rows}


def _rows(
    connection: duckdb.DuckDBPyConnection, dictionary: Dictionary, recordings: Sequence[Recording]
) -> pa.Table:
    columns = {
        "application": [recording.application for recording in recordings],
        "session": [recording.session_id for recording in recordings],
        "view": [recording.view_id or "" for recording in recordings],
    }
    return pa.table(
        {kind: dictionary.ids(connection, kind, texts) for kind, texts in columns.items()}
    )
