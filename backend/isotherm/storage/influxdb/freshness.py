"""What an answer says about itself while engine and InfluxDB are not in step."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from isotherm.storage.influxdb.reconcile import Progress


def freshness(progress: Progress, from_ms: int) -> Mapping[str, Any]:
    """Return what belongs into the meta of answers about `from_ms` and later; in step: nothing.

    `notices` are sentences for people. `stale_since_ms`: since when InfluxDB cannot be read.
    `complete_from_ms`: answers lack events before; None when that is not known yet.
    """
    return _SAY[progress.state](progress, from_ms)


def _stale(progress: Progress, _: int) -> dict[str, Any]:
    since = progress.journal.since_ms
    notice = (
        f"InfluxDB cannot be used since {_time(since or 0)}: what was written since then "
        "is not counted yet."
    )
    return {"notices": [notice], "stale_since_ms": since}


def _filling(progress: Progress, from_ms: int) -> dict[str, Any]:
    complete = progress.complete_from_ms
    if complete is not None and from_ms >= complete:
        return {}
    if complete is None:
        notice = "Events are being read from InfluxDB: not all are counted yet."
    else:
        notice = (
            "Events are being read from InfluxDB: not all are counted yet that happened before "
            f"{_time(complete)}."
        )
    return {"notices": [notice], "complete_from_ms": complete}


_SAY: Mapping[str, Callable[[Progress, int], dict[str, Any]]] = {
    "starting": _filling,
    "filling": _filling,
    "in step": lambda _progress, _from_ms: {},
    "stale": _stale,
}


def _time(at_ms: int) -> str:
    return f"{datetime.fromtimestamp(at_ms / 1000, UTC):%Y-%m-%d %H:%M} UTC"
