"""Bytes on disk per action, everything that the store keeps counted, against the SDK's JSON."""

from statistics import mean

import duckdb

from isotherm.app.stores import ENGINE_FILE
from tests.bench.batches import stored_batches
from tests.bench.figures import Figure
from tests.bench.work import Work


def measure(work: Work) -> list[Figure]:
    """Weigh the engine's file after sorting and checkpoint; no server has it open."""
    file = work.folder() / ENGINE_FILE
    with duckdb.connect(str(file), read_only=True) as connection:
        counted = connection.execute(
            "SELECT (SELECT count(*) FROM actions), (SELECT count(*) FROM views)"
        ).fetchone()
    assert counted is not None
    size = sum(part.stat().st_size for part in file.parent.glob(ENGINE_FILE + "*"))
    actions, views = counted
    return [
        Figure(
            f"disk per action: {actions:,} actions and their {views:,} views, all texts and ids",
            f"{size / 1e6:,.0f} MB",
            ratio=size / actions,
            most=40.0,
            unit=" bytes",
        ),
        Figure(
            "the same",
            f"{size / actions:.1f} bytes",
            f"Datadog's JSON of an action {_json():,.0f} bytes",
            ratio=_json() / (size / actions),
            least=40.0,
            unit="x smaller",
        ),
    ]


def _json() -> float:
    """Return the bytes of an action as the Datadog SDK sends it, on average."""
    lines = [line for one in stored_batches() for line in one.body.split(b"\n")]
    return mean(len(line) for line in lines if b'"type":"action"' in line)
