"""Appending to the store, against DuckDB's bulk append; and while it answers heat queries."""

import itertools
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import duckdb
import msgspec
import numpy as np
import pyarrow as pa

from isotherm.api.answering import answer_queries
from isotherm.app.settings import load
from isotherm.app.wiring import Components
from isotherm.model import FACETS, Action
from isotherm.storage.duckdb.engine import DuckDBEngine
from tests.bench.figures import Figure, Times
from tests.bench.folders import heat_query
from tests.bench.generate import Traffic, uuids
from tests.bench.work import Work

BATCH = 5_000
BATCHES = 15
PHASE_S = 45.0
STORED = 300_000


def measure(work: Work) -> list[Figure]:
    """Append batches of new actions, first alone, then beside a thread that asks for heat."""
    traffic = replace(work.traffic, actions=min(STORED, work.traffic.actions))
    folder = work.made("appends", traffic)
    components = Components(load({}, None, {"data": str(folder), "capture": False}))
    batches = _batches(traffic)
    try:
        alone = _append(components.engine, batches)
        bulk = _bulk(work.root / "bulk.duckdb", batches)
        services, number = components.services(), itertools.count()
        answers: list[float] = []
        done = threading.Event()

        def ask() -> None:
            while not done.is_set():
                body = json.loads(heat_query(traffic, next(number)))  # else the answer is kept
                start = time.perf_counter()
                answer_queries(services, body)
                answers.append((time.perf_counter() - start) * 1000)

        asking = threading.Thread(target=ask)
        asking.start()
        try:
            beside = _append(components.engine, batches)
        finally:
            done.set()
            asking.join()
    finally:
        components.close()
    return [
        Figure(
            "filling the store with events, each once, sorted",
            f"{alone:,.0f} rows/s",
            f"DuckDB's bulk append of the same rows {bulk:,.0f} rows/s",
            ratio=bulk / alone,
            most=2.0,
        ),
        Figure(
            "appends to the store while it is queried, rows/s",
            f"{beside:,.0f} rows/s (heat meanwhile {Times(answers)})",
            f"not queried {alone:,.0f} rows/s",
            ratio=beside / alone,
        ),
    ]


def _append(engine: DuckDBEngine, batches: Iterator[list[Action]]) -> float:
    """Return rows per second of appending, sorting into runs included."""
    spent, rows = 0.0, 0
    for _ in range(BATCHES):
        batch = next(batches)
        start = time.perf_counter()
        stored = engine.append(batch).accepted
        engine.compact()
        spent += time.perf_counter() - start
        if stored != len(batch):
            raise RuntimeError(f"{stored} of {len(batch)} new actions were stored")
        rows += stored
        if spent > PHASE_S:
            break
    return rows / spent


def _bulk(file: Path, batches: Iterator[list[Action]]) -> float:
    """Return rows per second of DuckDB alone: Arrow columns with texts into a plain table."""
    spent = 0.0
    with duckdb.connect(str(file)) as connection:
        for number in range(BATCHES):
            events = [msgspec.to_builtins(one) for one in next(batches)]
            rows = pa.Table.from_pylist([one | {"attributes": ""} for one in events])
            start = time.perf_counter()
            if number:
                connection.execute("INSERT INTO rows_of_all SELECT * FROM rows")
                spent += time.perf_counter() - start
            else:
                connection.execute("CREATE TABLE rows_of_all AS SELECT * FROM rows")
        connection.execute("CHECKPOINT")
        count = rows.num_rows * (BATCHES - 1)
    return count / spent


def _batches(traffic: Traffic) -> Iterator[list[Action]]:
    """Yield batches of actions on known pages by new sessions, 20 actions a session."""
    rng = np.random.default_rng(traffic.seed + 2)
    number = 0
    while True:
        sessions, events = uuids(rng, BATCH // 20), uuids(rng, BATCH)
        batch = []
        for place, event in enumerate(events):
            page, rank = number % traffic.pages, number % traffic.elements_per_page
            session = sessions[place // 20]
            batch.append(
                Action(
                    event_id=event,
                    time_ms=traffic.start_ms + number * 10,
                    application=traffic.application,
                    session_id=session,
                    view_id=session,
                    page=f"/section-{page % 9}/page-{page}",
                    user_id=session,
                    action_name=f"Open offer {rank} of page {page}",
                    element=f"MAIN.p{page}>SECTION:nth-of-type({rank})>A.btn",
                    fx=number * 7 % 65_536,
                    fy=number * 11 % 65_536,
                    element_w=100,
                    element_h=40,
                    viewport_w=1440,
                    viewport_h=900,
                    facets={facet: f"{facet}-0" for facet in FACETS},
                )
            )
            number += 1
        yield batch
