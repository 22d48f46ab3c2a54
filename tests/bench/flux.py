"""A heat answer against the same grid computed by a Flux query on InfluxDB 2.x."""

import csv
import io
import itertools
import json
import os
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

from isotherm.storage.influxdb.client import InfluxClient
from isotherm.storage.influxdb.journal import open_journal
from isotherm.storage.influxdb.options import JournalOptions
from tests.bench.figures import Figure, Times, interleaved
from tests.bench.folders import CELL_PX, PAGE, heat_query
from tests.bench.influx import VARIABLE, second
from tests.bench.points import Points, write_points
from tests.bench.servers import Api, isotherm
from tests.bench.work import Work

CLICKS = 1_000_000
LINES = 20_000
RUNS = 3  # Flux takes long
START_S = 1_760_000_000

_GRID = f"""
from(bucket: "%s") |> range(start: {START_S})
  |> filter(fn: (r) => r._measurement == "placed" and r.page == "{PAGE}")
  |> pivot(rowKey: ["_time"], columnKey: ["_field"], valueColumn: "_value")
  |> map(fn: (r) => ({{column: r.x / {CELL_PX}, row: r.y / {CELL_PX}, clicks: r.clicks}}))
  |> group(columns: ["column", "row"]) |> sum(column: "clicks") |> group()
"""


def measure(work: Work) -> list[Figure]:
    """Measure one page of a million clicks, which Flux gets placed already: in px of the page.

    Raises RuntimeError when the two do not count the same.
    """
    if not os.environ.get(VARIABLE):
        work.say(f"No InfluxDB 2.x is named by {VARIABLE}: Flux is not measured.")
        return []
    traffic = replace(work.traffic, actions=min(CLICKS, work.traffic.actions), pages=1)
    folder = work.made("one page", traffic)
    parquet = work.root / "one page.parquet"
    write_points(folder, parquet, traffic.elements_per_page)
    points = Points.read(parquet)
    number = itertools.count()
    with second() as options, isotherm(folder) as server, closing(InfluxClient(options)) as client:
        work.say("Writing the placed clicks into InfluxDB 2.x ...")
        _write(options, points)

        def ask(query: bytes) -> bytes:  # a connection would not outlive a run of Flux
            return Api(server.port).query(query)

        clicks = {"Flux": _sum(_flux(client)), "NumPy": int(points.histogram().sum())}
        clicks["Isotherm"] = _placed(ask(heat_query(traffic)))
        if len({*clicks.values()}) > 1:
            raise RuntimeError(f"Not the same clicks: {clicks}")
        times = interleaved(
            {
                "isotherm": lambda: ask(heat_query(traffic, next(number))),
                "flux": lambda: _flux(client),
            },
            {"isotherm": server.cpu_ms, "flux": lambda: 0.0},
            runs=RUNS,
        )
    theirs = Times(times["flux"].ms)  # its processor time is not known
    return [_figure(len(points.x), times["isotherm"], theirs)]


def _figure(actions: int, ours: Times, theirs: Times) -> Figure:
    return Figure(
        f"heat over HTTP, page of {actions:,} actions",
        str(ours),
        f"the grid by a Flux query on InfluxDB 2.x {theirs}",
        ratio=theirs.median / ours.median,
        least=100.0,
        unit="x faster",
    )


def _write(options: JournalOptions, points: Points) -> None:
    journal = open_journal(options)
    journal.prepare()
    with closing(journal), closing(InfluxClient(options)) as client:
        lines = iter(_lines(points))
        while block := "\n".join(itertools.islice(lines, LINES)):
            client.write(block.encode())


def _lines(points: Points) -> Iterator[str]:
    columns = (points.x.astype(int), points.y.astype(int), points.clicks.astype(int))
    for at, (x, y, clicks) in enumerate(zip(*(c.tolist() for c in columns), strict=True)):
        time_ns = (START_S * 1000 + at) * 1_000_000
        yield f"placed,page={PAGE} x={x}i,y={y}i,clicks={clicks}i {time_ns}"


def _flux(client: InfluxClient) -> str:
    """Return the grid as CSV."""
    answer = client.request(
        "POST",
        "/api/v2/query",
        params={"org": client.options.org},
        data=_GRID % client.options.database,
        headers={"Content-Type": "application/vnd.flux", "Accept": "application/csv"},
        timeout=600,
    )
    return answer.text


def _sum(grid: str) -> int:
    return sum(int(row["clicks"]) for row in csv.DictReader(io.StringIO(grid.strip())))


def _placed(answer: bytes) -> int:
    (frame,) = json.loads(answer)["results"]["A"]["frames"]
    return int(sum(frame["data"]["values"][2]))
