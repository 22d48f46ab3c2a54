"""Compares journal and engine by the hour. Pure functions of numbers."""

from collections.abc import Iterable, Mapping

from isotherm.storage.influxdb.counts import Counts
from isotherm.storage.influxdb.ledger import Both, TableSums
from isotherm.storage.influxdb.schema import PART
from isotherm.storage.influxdb.source import Source


def in_step(
    sources: Iterable[Source],
    before: Both | None,
    journal: Mapping[str, Counts],
    engine: TableSums,
) -> bool:
    """Tell whether all that happened since `before` happened on both sides.

    What Isotherm writes changes the sums of live points and of stamps in the journal exactly as it
    changes rows and stamps in the engine. A stranger's points carry neither.
    """
    then = before or Both()
    live = stamp = 0
    for source in sources:
        if source.key == PART.name:
            continue  # what parts change is in the points of their views
        was = then.journal.get(source.key, Counts(()))
        now = journal.get(source.key, Counts(()))
        if not source.own:
            if was.points != now.points:
                return False
            continue
        points = {
            (now.points[place] if now.points else 0) - (was.points[place] if was.points else 0)
            for place in range(len(source.counted))
        }
        live += now.live - was.live
        stamp += now.stamp - was.stamp
        if points != {now.live - was.live}:
            return False
    return live == engine.rows - then.engine.rows and stamp == engine.stamp - then.engine.stamp


def shrunk(before: Mapping[str, Counts], now: Mapping[str, Counts]) -> bool:
    """Tell whether points went: somebody deleted them, or their retention ended."""
    return any(
        len(now.get(key, Counts(())).points) < len(was.points)
        or any(one < other for one, other in zip(now[key].points, was.points, strict=True))
        for key, was in before.items()
    )


def engine_only(before: Both | None, journal: Mapping[str, Counts], engine: TableSums) -> bool:
    """Tell whether the engine holds rows of an hour that were never in this journal."""
    return before is None and engine.rows > sum(counts.most for counts in journal.values())
