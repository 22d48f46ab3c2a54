"""Made-up requests and long tasks around the views of generated traffic, and what they weigh.

Ten requests per view: eight files of the site and two calls, of which half are traced and half
belong to an action; a long task in every second view.
"""

import time
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from isotherm.app.stores import ENGINE_FILE
from isotherm.model import FACETS
from isotherm.model.event_ids import SHORT_BITS
from isotherm.storage.duckdb.engine import DuckDBEngine
from isotherm.storage.tables import LONG_TASKS, RESOURCES, Table
from tests.bench.figures import Figure
from tests.bench.generate import Array, Traffic, chunks, intern_all
from tests.bench.work import Work

_ACTIONS = 400_000
_PER_VIEW = 10
_FILES, _CALLS, _HOSTS, _SCRIPTS = 400, 60, 5, 12
_CALL_SHARE, _TRACED_SHARE, _CAUSED_SHARE = 0.2, 0.5, 0.5
_SAME = ("application", "page", "session", "view", "user", "weight", "viewport_w", "attributes")


def measure(work: Work) -> list[Figure]:
    """Weigh an engine's file before and after details are added to it."""
    folder = work.root / "details"
    folder.mkdir()
    traffic = Traffic(_ACTIONS)
    engine = DuckDBEngine(folder / ENGINE_FILE)
    ids = intern_all(engine, traffic)
    both = list(chunks(engine, traffic, ids))
    for actions, views in both:
        engine.append_table("actions", actions)
        engine.append_table("views", views)
    rng = np.random.default_rng(traffic.seed + 2)
    texts = _texts(engine)
    before = _weigh(engine, folder)
    figures = [_figure("action with its views", before, sum(len(one) for one, _ in both))]
    for name, make in (("resources", _resources), ("long_tasks", _long_tasks)):
        rows = 0
        for actions, views in both:
            table = make(rng, texts, actions, views)
            engine.append_table(name, table)
            rows += len(table)
        after = _weigh(engine, folder)
        figures.append(_figure(f"row of {name}", after - before, rows))
        before = after
    engine.close()
    return figures


def _figure(what: str, size: int, rows: int) -> Figure:
    return Figure(
        f"disk per {what}: {rows:,}", f"{size / 1e6:,.1f} MB", ratio=size / rows, unit=" bytes"
    )


def _weigh(engine: DuckDBEngine, folder: Path) -> int:
    deadline = time.monotonic() + 60
    while engine.compact(least_rows=1) and time.monotonic() < deadline:
        pass
    engine.checkpoint()
    return sum(part.stat().st_size for part in folder.glob(ENGINE_FILE + "*"))


def _texts(engine: DuckDBEngine) -> dict[str, Array]:
    words = {
        "host": [f"host{n}.shop.example.test" for n in range(_HOSTS)],
        "path": [
            *(f"/assets/chunk-{n:x}.{n * 7919:08x}.js" for n in range(_FILES)),
            *(f"/api/v2/thing-{n}/?" for n in range(_CALLS)),
        ],
        "script": [f"shop.example.test/assets/app-{n}.js" for n in range(_SCRIPTS)],
        "function": [f"handle{n}" for n in range(200)],
        "invoker": [f"BUTTON.btn-{n}.onclick" for n in range(300)],
    }
    return {kind: np.array(engine.intern(kind, texts), np.int32) for kind, texts in words.items()}


def _common(rng: np.random.Generator, views: pa.Table, of: Array) -> dict[str, Any]:
    same = {name: views.column(name).to_numpy()[of] for name in (*_SAME, *FACETS)}
    late = rng.lognormal(6.5, 1.5, len(of)).astype(np.int64)
    return {
        **same,
        "event": rng.integers(0, 2**56, len(of), np.uint64),
        "time_ms": views.column("time_ms").to_numpy()[of] + late,
    }


def _causes(rng: np.random.Generator, actions: pa.Table, caused: Array) -> pa.Array:
    """Return a list of one event number for each row that is caused, else an empty one."""
    events = rng.choice(actions.column("event").to_numpy(), int(caused.sum()))
    events = (events & np.uint64(SHORT_BITS)).astype(np.uint32)
    offsets = np.concatenate([[0], np.cumsum(caused)]).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), pa.array(events))


def _resources(
    rng: np.random.Generator, texts: dict[str, Array], actions: pa.Table, views: pa.Table
) -> pa.Table:
    of = np.repeat(np.arange(len(views)), _PER_VIEW)
    count = len(of)
    call = rng.random(count) < _CALL_SHARE
    file_rank = (rng.random(count) ** 3 * _FILES).astype(np.int64)
    call_rank = _FILES + (rng.random(count) ** 3 * _CALLS).astype(np.int64)
    traced = call & (rng.random(count) < _TRACED_SHARE)
    digits = rng.bytes(16 * count).hex()
    traces = [
        digits[32 * n : 32 * n + 32] if yes else None for n, yes in enumerate(traced.tolist())
    ]
    made = _common(rng, views, of) | {
        "kind": np.where(call, 3, rng.integers(5, 9, count)).astype(np.uint8),
        "method": np.where(call, rng.choice([1, 1, 1, 3], count), 0).astype(np.uint8),
        "host": texts["host"][(rng.random(count) ** 4 * _HOSTS).astype(np.int64)],
        "path": texts["path"][np.where(call, call_rank, file_rank)],
        "status": np.where(rng.random(count) < 0.03, 503, 200).astype(np.uint16),
        "duration_ms": rng.lognormal(4.5, 1, count).astype(np.uint32),
        "size": np.where(call, rng.lognormal(7, 1, count), file_rank * 997).astype(np.uint32),
        "trace": pa.array(traces, pa.string()),
        "actions": _causes(rng, actions, call & (rng.random(count) < _CAUSED_SHARE)),
    }  # fmt: skip
    return _ordered(RESOURCES, made)


def _long_tasks(
    rng: np.random.Generator, texts: dict[str, Array], actions: pa.Table, views: pa.Table
) -> pa.Table:
    of = np.flatnonzero(rng.random(len(views)) < 0.5)
    count = len(of)
    lasted = 50 + rng.exponential(80, count)
    made = _common(rng, views, of) | {
        "kind": np.ones(count, np.uint8),
        "duration_ms": lasted.astype(np.uint32),
        "blocking_ms": (lasted - 50).astype(np.uint32),
        "scripts": rng.integers(1, 6, count).astype(np.uint16),
        "script": texts["script"][(rng.random(count) ** 3 * _SCRIPTS).astype(np.int64)],
        "function": texts["function"][(rng.random(count) ** 3 * 200).astype(np.int64)],
        "position": (rng.random(count) ** 2 * 200_000).astype(np.uint32),
        "invoker": texts["invoker"][(rng.random(count) ** 3 * 300).astype(np.int64)],
        "script_ms": (lasted * 0.8).astype(np.uint32),
        "layout_ms": (lasted * rng.random(count) * 0.2).astype(np.uint32),
        "actions": _causes(rng, actions, rng.random(count) < _CAUSED_SHARE),
    }
    return _ordered(LONG_TASKS, made)


def _ordered(table: Table, made: dict[str, Any]) -> pa.Table:
    return pa.table({column.name: made[column.name] for column in table.columns})
