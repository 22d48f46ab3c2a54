"""Filling an empty engine from InfluxDB, beside a bare download of the same rows."""

import statistics
import time
from contextlib import closing
from dataclasses import replace

from isotherm.app.stores import ENGINE_FILE
from isotherm.pipeline.move_to_influxdb import move
from isotherm.storage.duckdb.engine import DuckDBEngine
from isotherm.storage.influxdb.client import InfluxClient
from isotherm.storage.influxdb.counts import count_hours
from isotherm.storage.influxdb.line_protocol import NS_PER_MS
from isotherm.storage.influxdb.options import JournalOptions
from isotherm.storage.influxdb.own_measurements import own_sources
from tests.bench.figures import Figure
from tests.bench.filling import Filled, fill
from tests.bench.generate import DAY_MS
from tests.bench.influx import servers
from tests.bench.work import Work

ROWS = 1_000_000
RUNS = 3
BLOCK = 1 << 20
WEEK_MS, MONDAY_MS = 7 * DAY_MS, 4 * DAY_MS  # as InfluxDB's shards
PAGES = 20
FACETS = {
    "env": 1, "service": 1, "version": 2, "browser": 8, "os": 6, "device": 3,
    "country": 10, "city": 500,
}  # fmt: skip
"""Few tag values: about 1,000 series. With many, InfluxDB is the slower the more there are."""


def measure(work: Work) -> list[Figure]:
    """Fill and download in turns, on each InfluxDB that there is."""
    actions = min(ROWS, work.traffic.actions)
    traffic = replace(work.traffic, actions=actions, pages=PAGES, facets=FACETS)
    folder = work.made("fill", traffic)
    figures = []
    for name, options in servers():
        work.say(f"Moving the rows into InfluxDB {name} ...")
        with closing(DuckDBEngine(folder / ENGINE_FILE)) as engine:
            for _ in move(engine, options):
                pass
        fills: list[Filled] = []
        bare: list[float] = []
        for _ in range(RUNS):
            bare.append(_download(options))
            fills.append(fill(settings(options)))
        figures += _figures(name, fills, bare)
    return figures


def settings(options: JournalOptions) -> dict[str, object]:
    """Return the settings that name an InfluxDB; all others as they come."""
    return {
        "influx_url": options.url,
        "influx_token": options.token,
        "influx_org": options.org,
        "influx_database": options.database,
    }


def _download(options: JournalOptions) -> float:
    """Return the seconds of reading all points as CSV, a week a request, and looking at nothing."""
    began = time.perf_counter()
    with closing(InfluxClient(options)) as client:
        for source in own_sources():
            hours = count_hours(client, source)
            for week in sorted({(hour - MONDAY_MS) // WEEK_MS for hour in hours}):
                start = (week * WEEK_MS + MONDAY_MS) * NS_PER_MS
                statement = (
                    f'SELECT * FROM "{source.measurement}" '
                    f"WHERE time >= {start} AND time < {start + WEEK_MS * NS_PER_MS}"
                )
                with client.csv(statement) as stream:
                    while stream.read(BLOCK):
                        pass
    return time.perf_counter() - began


def _figures(name: str, fills: list[Filled], bare: list[float]) -> list[Figure]:
    rows = fills[0].rows
    took, alone = statistics.median(one.seconds for one in fills), statistics.median(bare)
    return [
        Figure(
            f"filling from InfluxDB {name}: {rows:,} rows",
            f"{rows / took:,.0f} rows/s, CPU {statistics.median(f.cpu_s for f in fills):,.1f} s",
            f"bare CSV download {rows / alone:,.0f} rows/s",
            ratio=alone / took,
            least=0.8,
        ),
        Figure(
            f"memory of a filling Isotherm, {name}",
            "",
            ratio=max(one.peak_mb for one in fills),
            most=500.0,
            unit=" MB",
        ),
    ]
