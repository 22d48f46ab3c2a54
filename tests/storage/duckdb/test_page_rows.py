"""A page from memory is the page on disk, whatever happened to its rows in between."""

import random
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from sqlglot import parse_one

from isotherm.storage.duckdb.engine import DuckDBEngine
from isotherm.storage.duckdb.store import Options
from isotherm.storage.ports import Columns, Computed, PageSpan, Summed
from tests.storage.duckdb.conftest import T0, Scenario

pytestmark = pytest.mark.thorough

HOUR = 3_600_000
NAMES = ("session", "element", "clicks", "fx")
DOUBLE = Computed("twice", ("clicks",), lambda columns: columns["clicks"] * 2)
CLICKS = Summed(
    "clicks",
    ("element",),
    lambda columns: np.bincount(columns["element"], weights=columns["twice"]).astype(float),
    DOUBLE,
)
FROM_DISK = """
SELECT time_ms, session, element, clicks, fx FROM actions
WHERE application = $application AND page = $page AND time_ms >= $since AND time_ms < $until
"""

Rows = Counter[tuple[float, ...]]


def from_disk(engine: DuckDBEngine, asked: PageSpan) -> Rows:
    values = {
        "application": asked.application, "page": asked.page,
        "since": asked.from_ms, "until": asked.to_ms,
    }  # fmt: skip
    return counted([engine.run(parse_one(FROM_DISK, dialect="duckdb"), values)])


def cached(engine: DuckDBEngine, asked: PageSpan) -> Rows:
    parts = engine.page_rows("actions", asked, NAMES, DOUBLE)
    for part in parts:
        assert (part["twice"] == part["clicks"] * 2).all()
    return counted(parts)


def clicks_by_element(rows: Rows) -> dict[int, float]:
    clicks = Counter[int]()
    for (_, _, element, count, _), times in rows.items():
        clicks[int(element)] += int(count) * times
    return dict(clicks)


def cached_clicks(engine: DuckDBEngine, asked: PageSpan) -> dict[int, float]:
    sums = engine.page_sums("actions", asked, CLICKS)
    return {element: sums[element] / 2 for element in np.flatnonzero(sums).tolist()}


def counted(parts: list[Columns]) -> Rows:
    names = ("time_ms", *NAMES)
    return Counter(
        row
        for part in parts
        for row in zip(*(np.nan_to_num(part[name], nan=-1).tolist() for name in names), strict=True)
    )


def spans(engine: DuckDBEngine) -> list[PageSpan]:
    """Whole hours, parts of hours, one moment, nothing, all; on both pages and on none."""
    start = T0 // HOUR * HOUR
    ranges = [
        (start, start + 3 * HOUR), (T0 + 1, T0 + 2 * HOUR - 1), (T0 + 5, T0 + 6), (T0, T0),
        (start + HOUR, start + HOUR + 1), (start - 9 * HOUR, start), (0, 2 * T0),
    ]  # fmt: skip
    application = engine.term_id("application", "shop")
    pages = [engine.term_id("page", "/"), engine.term_id("page", "/other"), -1]
    return [PageSpan(application, page, *span) for page in pages for span in ranges]


class Changes:
    """Everything that an engine can be told, by chance."""

    def __init__(self, engine: DuckDBEngine, seed: int) -> None:
        self.engine = engine
        self.chance = random.Random(seed)
        self.number = 0
        self.all: list[Callable[[], object]] = [
            self.append, self.append, self.append, self.sort, self.sort, self.replace,
            self.withdraw, self.expire, self.erase, self.load, self.roll_back,
        ]  # fmt: skip

    def clicks(self) -> list[Any]:
        made = []
        for _ in range(self.chance.randint(1, 12)):
            self.number += 1
            session = f"s{self.chance.randint(1, 5)}"
            made.append(
                Scenario.click(
                    f"e{self.number}",
                    at=self.chance.randint(0, 4 * HOUR),
                    session_id=session,
                    view_id=f"{session}-v",
                    user_id=f"u-{session}",
                    page=self.chance.choice(("/", "/", "/other")),
                    element=f"#{self.chance.randint(1, 4)}",
                    clicks=self.chance.randint(1, 9),
                    fx=self.chance.choice((None, 1, 65535)),
                )
            )
        return made

    def append(self) -> None:
        self.engine.append(self.clicks())

    def sort(self) -> None:
        self.engine.compact(least_rows=1)

    def replace(self) -> None:
        session = f"s{self.chance.randint(1, 5)}"
        kept = self.engine.actions_of("shop", session)[1:]
        self.engine.replace("shop", session, None, actions=kept, views=[], errors=[])

    def withdraw(self) -> None:
        session = f"s{self.chance.randint(1, 5)}"
        self.engine.replace("shop", session, f"{session}-v", actions=[], views=[], errors=[])

    def expire(self) -> None:
        self.engine.expire({"actions": T0 + self.chance.randint(0, HOUR)})

    def erase(self) -> None:
        self.engine.erase("shop", f"u-s{self.chance.randint(1, 5)}")

    def load(self) -> None:
        hour = T0 // HOUR * HOUR + self.chance.randint(0, 3) * HOUR
        self.engine.load_hours("actions", hour, hour + HOUR, [])

    def roll_back(self) -> None:
        def torn() -> Any:
            yield pa.table({"nothing": [1]})

        with pytest.raises(Exception, match="event"):
            self.engine.load_hours("actions", T0, T0 + HOUR, torn())


@pytest.mark.parametrize("page_bytes", [1 << 20, 6_000, 0], ids=["all", "some", "none"])
@pytest.mark.parametrize("seed", range(4))
def test_memory_and_disk_tell_the_same_after_every_change(seed: int, page_bytes: int) -> None:
    engine = DuckDBEngine(None, Options(threads=2, page_bytes=page_bytes, block_rows=4))
    changes = Changes(engine, seed)
    changes.append()
    for _ in range(40):
        changes.chance.choice(changes.all)()
        for asked in changes.chance.sample(spans(engine), 4):
            truth = from_disk(engine, asked)
            assert cached(engine, asked) == truth
            assert cached(engine, asked) == truth  # from what was just cached
            assert cached_clicks(engine, asked) == clicks_by_element(truth)
            assert cached_clicks(engine, asked) == clicks_by_element(truth)
        assert engine.page_bytes <= page_bytes
    engine.close()


def test_a_range_without_an_end_is_as_fast_as_any(scenario: Any) -> None:
    """Its hours were gone through one by one: 40 ms for each page and run, and here for ever."""
    engine = DuckDBEngine(None, Options(block_rows=4))
    engine.append([scenario.click(f"e{n}", at=n * HOUR) for n in range(9)])
    engine.compact(least_rows=1)
    asked = PageSpan(1, engine.term_id("page", "/"), 0, 1 << 62)
    assert cached(engine, asked).total() == 9
    assert sum(cached_clicks(engine, asked).values()) == 9
    engine.close()


def test_what_is_held_stays_within_the_limit_and_is_used(scenario: Any) -> None:
    engine = DuckDBEngine(None, Options(page_bytes=20_000))
    pages = [f"/{n}" for n in range(40)]
    engine.append([scenario.click(page, page=page) for page in pages])
    engine.compact(least_rows=1)
    worked = Counter[str]()

    def asked(page: str) -> list[Columns]:
        def compute(columns: Columns) -> Any:
            worked[page] += 1
            return columns["clicks"]

        span = PageSpan(1, engine.term_id("page", page), T0, T0 + 1)
        return engine.page_rows("actions", span, NAMES, Computed("c", ("clicks",), compute))

    for page in pages:
        asked(page)
    assert 10_000 < engine.page_bytes <= 20_000
    asked(pages[-1])
    assert worked[pages[-1]] == 1  # it was cached
    asked(pages[0])
    assert worked[pages[0]] == 2  # it had to go
    engine.close()


def test_recent_rows_are_read_once_until_something_is_committed(scenario: Any) -> None:
    engine = DuckDBEngine()
    engine.append([scenario.click("first", clicks=3)])
    span, worked = PageSpan(1, engine.term_id("page", "/"), 0, 2 * T0), []

    def asked() -> list[int]:
        def compute(columns: Columns) -> Any:
            worked.append(len(columns["clicks"]))
            return columns["clicks"]

        parts = engine.page_rows("actions", span, NAMES, Computed("c", ("clicks",), compute))
        return sorted(int(clicks) for part in parts for clicks in part["clicks"])

    assert (asked(), asked(), worked) == ([3], [3], [1])
    engine.append([scenario.click("second", clicks=2, at=-5 * HOUR)])
    assert (asked(), asked(), worked) == ([2, 3], [2, 3], [1, 2])
    engine.close()


def test_what_is_added_up_beforehand_is_added_up_once(scenario: Any) -> None:
    engine = DuckDBEngine(None, Options(block_rows=10))
    engine.append([scenario.click(f"e{n}", at=n * 60_000, clicks=n + 1) for n in range(95)])
    engine.compact(least_rows=1)
    asked = PageSpan(1, engine.term_id("page", "/"), 0, 2 * T0)
    looked_at: list[int] = []

    def add(columns: Columns) -> Any:
        looked_at.append(len(columns["clicks"]))
        return np.bincount(columns["clicks"] * 0, weights=columns["clicks"])

    summed = Summed("all", ("clicks",), add)
    for _ in range(2):
        looked_at.clear()
        assert engine.page_sums("actions", asked, summed).tolist() == [95 * 96 / 2]
    assert looked_at == [5]  # nine blocks were added up the first time
    engine.close()


def batch(number: int, rows: int) -> list[Any]:
    return [
        Scenario.click(f"{number}-{n}", session_id=f"s{number}", clicks=number + 1, at=n)
        for n in range(rows)
    ]


def test_every_reading_sees_whole_batches(tmp_path: Path) -> None:
    engine = DuckDBEngine(tmp_path / "s.duckdb", Options(threads=2))
    rows, batches, faults = 40, 50, []
    done = threading.Event()

    def read() -> None:
        seen = 0
        while not done.is_set():
            span = PageSpan(1, engine.term_id("page", "/"), 0, 2 * T0)
            found = engine.page_rows("actions", span, ("clicks",))
            clicks = Counter(value for part in found for value in part["clicks"].tolist())
            if set(clicks.values()) - {rows} or len(clicks) < seen:
                faults.append(clicks)
            seen = len(clicks)

    engine.append(batch(0, rows))
    threads = [threading.Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    for number in range(1, batches):
        engine.append(batch(number, rows))
        if number % 5 == 4:
            engine.compact(least_rows=1)
        if number % 7 == 6:
            own = engine.actions_of("shop", f"s{number - 4}")
            engine.replace("shop", f"s{number - 4}", None, actions=own, views=[], errors=[])
        if number % 20 == 19:
            engine.checkpoint()
    done.set()
    for thread in threads:
        thread.join()
    assert faults == []
    engine.close()
