"""`python -m tests.bench.capacity`: what a number of clicks costs on ClickHouse (docs/scale.md).

Makes stores of the sizes asked for on ClickHouse's engine (chDB behind HTTP, or the server that
`ISOTHERM_TEST_CLICKHOUSE_URL` names), measures disk, storing and heat, fits lines to them, and
reckons a year. Costs are processor time of both programs, which other load hardly changes.
"""

import argparse
import json
import math
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import numpy as np
from msgspec import Struct
from rich.console import Console
from rich.table import Table

from isotherm.app.settings import Settings
from isotherm.app.wiring import Components
from isotherm.model import Event
from isotherm.storage.clickhouse.engine import ClickHouseEngine
from isotherm.storage.duckdb.engine import DuckDBEngine
from tests.bench import clickhouse_load, generate
from tests.bench.figures import interleaved, own_cpu_ms
from tests.bench.folders import CELL_PX, PAGE, heat_query
from tests.bench.generate import DAY_MS, Traffic
from tests.bench.servers import Api, Running, running
from tests.bench.work import Work
from tests.storage.clickhouse.chdb_process import clickhouse
from tests.storage.influxdb.questions import answers

DAYS = (1, 3, 10, 30)
BATCH = 5_000
BATCHES = 6
RUNS = 7
MONTH = 1_000_000_000
MONTH_S = 30 * 86_400
PEAK = 3.0
_DIGITS: Final = 1e-9
"""The busiest hour of a day has so many times the average."""

_BY_HAND = f"""
SELECT target, intDiv(toUInt32(fx) * element_w, {65_536 * CELL_PX}) AS x,
  intDiv(toUInt32(fy) * element_h, {65_536 * CELL_PX}) AS y, sum(clicks) AS clicks
FROM actions FINAL
WHERE application = {{application: Int64}} AND page = {{page: Int64}}
  AND time_ms >= {{since: Int64}} AND time_ms < {{until: Int64}}
  AND intDiv(time_ms, 3600000) BETWEEN intDiv({{since: Int64}}, 3600000)
  AND intDiv({{until: Int64}}, 3600000)
GROUP BY target, x, y
"""


class Heat(Struct, frozen=True):
    """What a heat question about some days of the busiest page takes."""

    actions: int
    ms: float  # median, until the answer is there
    cpu_ms: float  # of Isotherm and ClickHouse
    by_hand_ms: float
    by_hand_cpu_ms: float


class Size(Struct, frozen=True):
    """What was measured on one store."""

    actions: int
    views: int
    bytes: dict[str, int]  # by table, merged
    store_cpu_us: dict[str, float]  # of an event, by program
    store_us: float
    heat: list[Heat]
    memory_mb: dict[str, float]  # the most, by program
    same: str = ""

    @property
    def per_action(self) -> float:
        """Bytes on disk of an action, its part of the views and texts included."""
        return sum(self.bytes.values()) / self.actions


class Line(Struct, frozen=True):
    """`fixed + each * actions`, in ms."""

    fixed: float
    each: float

    def at(self, actions: float) -> float:
        """Return the value."""
        return self.fixed + self.each * actions


def main() -> None:
    """Measure, fit and reckon."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.capacity", description=__doc__)
    parser.add_argument("--actions", type=int, nargs="+", default=[1_000_000, 10_000_000])
    parser.add_argument("--agree", action="store_true", help="compare all answers with DuckDB's")
    parser.add_argument("--folder", type=Path, help="where the stores are made (temporary)")
    asked = parser.parse_args()
    console = Console(width=160)
    sizes: list[Size] = []
    for actions in asked.actions:
        with tempfile.TemporaryDirectory(prefix="isotherm-capacity-", dir=asked.folder) as root:
            sizes.append(measured(Work(Path(root), Traffic(actions), console.print), asked.agree))
        console.print(told(sizes[-1]))
    line = fitted([heat for size in sizes for heat in size.heat])
    console.print(f"heat: {line.fixed:.0f} ms + {1e6 * line.each:.0f} ms a million actions, CPU")
    console.print(independence(sizes))
    console.print(year(sizes[-1], line))
    console.print(f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, load {os.getloadavg()[0]:.1f}")


def measured(work: Work, agree: bool) -> Size:
    """Make a store and measure it."""
    folder, traffic = work.folder(), work.traffic
    with clickhouse(work.root) as address:
        url = f"{address}/capacity"
        program = _child("chdb_server")
        with closing(ClickHouseEngine(url)) as engine:
            work.say("Loading ClickHouse ...")
            clickhouse_load.load(folder, engine._server)
            size = _disk(engine)
            work.say("Asking for heat ...")
            variables = {"ISOTHERM_CAPTURE": "false", "ISOTHERM_STORE": url}
            with running(["isotherm", "serve", "--data", str(folder)], variables) as server:
                heat = list(_heat(engine, traffic, server, program))
                memory = {"Isotherm": _most_mb(_child("isotherm", server.pid) or server.pid)}
            if program:
                memory["ClickHouse"] = _most_mb(program)
            same = ""
            if agree:
                work.say("Asking everything of both stores ...")
                same = _agreeing(folder, url, traffic)
            work.say("Storing ...")
            wall, spent = _storing(engine, program)
    return Size(traffic.actions, size[1], size[0], spent, wall, heat, memory, same)


def _disk(engine: ClickHouseEngine) -> tuple[dict[str, int], int]:
    found = engine._server.rows(
        "SELECT table, sum(bytes_on_disk) FROM system.parts "
        "WHERE database = currentDatabase() AND active GROUP BY table"
    )
    ((views,),) = engine._server.rows("SELECT count() FROM views")
    return dict(found), views


def _heat(
    engine: ClickHouseEngine, traffic: Traffic, server: Running, program: int | None
) -> Iterator[Heat]:
    api = Api(server.port)
    ids = {
        "application": engine.term_id("application", traffic.application),
        "page": engine.term_id("page", PAGE),
    }
    for days in DAYS:
        span = {"since": traffic.start_ms, "until": traffic.start_ms + days * DAY_MS}
        numbers = iter(range(10_000))

        def ask(numbers: Iterator[int] = numbers, days: int = days) -> None:
            api.query(heat_query(_of_days(traffic, days), next(numbers)))

        def by_hand(span: dict[str, int] = span) -> None:
            engine._server.read(_BY_HAND, {**ids, **span})

        def clock() -> float:
            return server.cpu_ms() + _cpu_ms(program)

        def clock_by_hand() -> float:
            return own_cpu_ms() + _cpu_ms(program)

        times = interleaved(
            {"heat": ask, "by hand": by_hand}, {"heat": clock, "by hand": clock_by_hand}, RUNS
        )
        ((actions,),) = engine._server.rows(
            "SELECT count() FROM actions WHERE application = {application: Int64} "
            "AND page = {page: Int64} AND time_ms >= {since: Int64} AND time_ms < {until: Int64}",
            {**ids, **span},
        )
        yield Heat(
            actions,
            times["heat"].median,
            times["heat"].cpu_ms or 0.0,
            times["by hand"].median,
            times["by hand"].cpu_ms or 0.0,
        )


def _of_days(traffic: Traffic, days: int) -> Traffic:
    return Traffic(traffic.actions, days=days - 2)  # the question adds two


def _storing(engine: ClickHouseEngine, program: int | None) -> tuple[float, dict[str, float]]:
    """Store new events as the worker does; return microseconds of an event, by clock and CPU."""
    batches = list(_new_events())
    engine.append(batches.pop())
    own, others, began = own_cpu_ms(), _cpu_ms(program), time.perf_counter()
    added = sum(engine.append(batch).accepted for batch in batches)
    wall = (time.perf_counter() - began) * 1e6 / added
    spent = {
        "Isotherm": (own_cpu_ms() - own) * 1e3 / added,
        "ClickHouse": (_cpu_ms(program) - others) * 1e3 / added,
    }
    return wall, spent


def _new_events() -> Iterator[list[Event]]:
    with closing(DuckDBEngine()) as source:
        generate.load(source, Traffic(BATCH * (BATCHES + 1), seed=7))
        place = (-1, 0)
        for _ in range(BATCHES + 1):
            events, place = source.events_after("actions", place, BATCH)
            if events:
                yield events


def _agreeing(folder: Path, url: str, traffic: Traffic) -> str:
    span = (traffic.start_ms, traffic.start_ms + (traffic.days + 2) * DAY_MS)
    rest: dict[str, str | int | float | list[str] | None] = {
        "data": str(folder),
        "capture": False,
        "detail_retention_days": 0,
    }
    told = []
    for store in ("", url):
        with closing(Components(Settings({**rest, "store": store}))) as components:
            (asked,) = answers(components, span).values()
            told.append(asked)
    embedded, other = told
    assert embedded.keys() == other.keys()
    wrong = [
        question for question, answer in embedded.items() if not _equal(answer, other[question])
    ]
    return f"{len(embedded) - len(wrong)} of {len(embedded)} answers are DuckDB's {wrong or ''}"


def _equal(one: bytes, other: bytes) -> bool:
    """Compare answers in JSON: sums of fractions depend on their order in the last digits."""

    def same(a: Any, b: Any) -> bool:
        if isinstance(a, float) and isinstance(b, float):
            return math.isclose(a, b, rel_tol=_DIGITS)
        if isinstance(a, dict) and isinstance(b, dict):
            return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
        if isinstance(a, list) and isinstance(b, list):
            return len(a) == len(b) and all(map(same, a, b))
        return bool(a == b)

    return same(json.loads(one), json.loads(other))


def fitted(heat: list[Heat]) -> Line:
    """Return the line through processor times, relative errors weighing alike."""
    actions = np.array([one.actions for one in heat], np.float64)
    spent = np.array([one.cpu_ms for one in heat])
    ones = np.ones_like(actions)
    found, *_ = np.linalg.lstsq(np.stack([ones, actions], 1) / spent[:, None], ones, rcond=None)
    return Line(float(max(found[0], 0)), float(found[1]))


def told(size: Size) -> Table:
    """Show what was measured on one store."""
    shown = Table(title=f"{size.actions:,} actions, {size.views:,} views")
    shown.add_column("what")
    shown.add_column("measured")
    by_table = ", ".join(f"{name} {n / size.actions:.1f}" for name, n in sorted(size.bytes.items()))
    shown.add_row("bytes an action", f"{size.per_action:.1f} ({by_table})")
    cpu = ", ".join(f"{name} {us:.0f}" for name, us in size.store_cpu_us.items())
    total = sum(size.store_cpu_us.values())
    shown.add_row(
        "storing an event", f"{size.store_us:.0f} us, CPU us: {cpu}; {1e6 / total:,.0f} a core"
    )
    for one in size.heat:
        shown.add_row(
            f"heat, page of {one.actions:,}",
            f"{one.ms:.0f} ms, CPU {one.cpu_ms:.0f}; by hand {one.by_hand_ms:.0f} ms, CPU "
            f"{one.by_hand_cpu_ms:.0f}; {one.ms / one.by_hand_ms:.2f} and "
            f"{one.cpu_ms / one.by_hand_cpu_ms:.2f} times",
        )
    most = ", ".join(f"{name} {mb:,.0f} MB" for name, mb in size.memory_mb.items())
    shown.add_row("memory, the most", most)
    if size.same:
        shown.add_row("same answers", size.same)
    return shown


def independence(sizes: list[Size]) -> str:
    """Say what the same number of a page's clicks costs next to few and to many others."""
    if len(sizes) < 2:
        return ""
    few, many = sizes[0], sizes[-1]
    largest = few.heat[-1]
    line = fitted(many.heat)
    return (
        f"a page of {largest.actions:,} actions: CPU {largest.cpu_ms:.0f} ms among "
        f"{few.actions:,}, {line.at(largest.actions):.0f} ms among {many.actions:,} (fitted)"
    )


def year(size: Size, line: Line, month: int = MONTH) -> Table:
    """Reckon twelve months of so many clicks."""
    shown = Table(title=f"A year at {month:,} actions a month")
    names = ("month", "actions", "disk GB", "storing, cores (peak)", "14 % page, 30 days: CPU s",
             "1 % page, 30 days: CPU s", "the same, a year: CPU s")  # fmt: skip
    for name in names:
        shown.add_column(name, justify="right")
    events = month / MONTH_S * (1 + size.views / size.actions)
    cores = events * sum(size.store_cpu_us.values()) / 1e6
    for number in (1, 3, 6, 12):
        there = number * month
        shown.add_row(
            f"{number}",
            f"{there:,}",
            f"{there * size.per_action / 1e9:,.0f}",
            f"{cores:.2f} ({cores * PEAK:.2f})",
            f"{line.at(0.14 * month) / 1e3:.1f}",
            f"{line.at(0.01 * month) / 1e3:.2f}",
            f"{line.at(0.01 * there) / 1e3:.1f}",
        )
    return shown


def _child(name: str, of: int | None = None) -> int | None:
    """Return the process of a program that this one (or another) has started."""
    parent = of or os.getpid()
    children = Path(f"/proc/{parent}/task").glob("*/children")
    for pid in " ".join(file.read_text("ascii") for file in children).split():
        if name in Path(f"/proc/{pid}/cmdline").read_text("utf-8"):
            return int(pid)
    return None


def _cpu_ms(pid: int | None) -> float:
    if pid is None:
        return 0.0
    fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


def _most_mb(pid: int) -> float:
    text = Path(f"/proc/{pid}/status").read_text("utf-8")
    return int(text.partition("VmHWM:")[2].split()[0]) / 1024


if __name__ == "__main__":
    main()
