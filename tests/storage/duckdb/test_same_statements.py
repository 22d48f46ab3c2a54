"""A statement that many ask at once is run once, and anew as soon as something was committed."""

import threading
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
from sqlglot import parse_one

from isotherm.storage.duckdb.engine import DuckDBEngine
from isotherm.storage.duckdb.same_statements import SameStatements

PEOPLE = 12


def test_many_who_ask_at_once_share_one_calculation() -> None:
    same, asked, worked = SameStatements(lambda: 2), threading.Barrier(PEOPLE), []
    all_here = threading.Event()

    def work() -> dict[str, Any]:
        worked.append(1)
        assert all_here.wait(10)
        return {"n": np.array([7, 8])}

    def ask(number: int) -> list[int]:
        if asked.wait(10) == 0:
            all_here.set()
        found = same.run("SELECT", {"a": 1}, work, 10.0)["n"]
        before: list[int] = found.tolist()
        found += number  # everybody may do with it what they like
        return before

    with ThreadPoolExecutor(PEOPLE) as people:
        assert list(people.map(ask, range(PEOPLE))) == [[7, 8]] * PEOPLE
    assert len(worked) == 1


def test_while_events_are_stored_all_the_time_there_are_two_calculations() -> None:
    """Who asks after a commit needs what it brought; all of them together need it once."""
    version, worked = [2], list[int]()
    same = SameStatements(lambda: version[0])
    begun, go_on = threading.Event(), threading.Event()

    def work() -> dict[str, Any]:
        seen = version[0]
        worked.append(seen)
        begun.set()
        assert go_on.wait(10)
        return {"n": np.array([seen])}

    def ask(number: int) -> int:
        if number:
            assert begun.wait(10)
            version[0] = 4
        if number == 1:
            threading.Timer(0.3, go_on.set).start()  # when the others wait
        found: list[int] = same.run("SELECT", None, work, 10.0)["n"].tolist()
        return found[0]

    with ThreadPoolExecutor(PEOPLE) as people:
        found = list(people.map(ask, range(PEOPLE)))
    assert found == [2, *[4] * (PEOPLE - 1)]
    assert worked == [2, 4]


def test_another_value_is_another_statement() -> None:
    same = SameStatements(lambda: 2)

    def ask(value: int) -> list[int]:
        found: list[int] = same.run("SELECT", {"a": value}, lambda: {"n": np.array([value])}, 1.0)[
            "n"
        ].tolist()
        return found

    assert [ask(1), ask(2), ask(1)] == [[1], [2], [1]]


def test_who_waited_for_one_that_failed_works_alone() -> None:
    same, begun, failing = SameStatements(lambda: 2), threading.Event(), threading.Event()

    def fail() -> dict[str, Any]:
        begun.set()
        assert failing.wait(10)
        raise ValueError("refused")

    def ask(first: bool) -> list[int]:
        if first:
            with pytest.raises(ValueError, match="refused"):
                same.run("SELECT", None, fail, 10.0)
            return []
        assert begun.wait(10)
        threading.Timer(0.05, failing.set).start()
        found: list[int] = same.run("SELECT", None, lambda: {"n": np.array([3])}, 10.0)[
            "n"
        ].tolist()
        return found

    with ThreadPoolExecutor(2) as people:
        assert list(people.map(ask, (True, False))) == [[], [3]]


def test_what_was_committed_is_in_the_next_answer(scenario: Any) -> None:
    engine = DuckDBEngine()
    counted = parse_one("SELECT count(*) AS n FROM actions", dialect="duckdb")
    found = []
    for number in range(5):
        engine.append([scenario.click(f"c{number}")])
        found += [int(engine.run(counted)["n"][0]) for _ in range(2)]
    assert found == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]
    engine.close()


def test_what_is_kept_stays_within_its_bounds() -> None:
    same, worked = SameStatements(lambda: 2), []

    def ask(number: int, values: int) -> None:
        def work() -> dict[str, Any]:
            worked.append(number)
            return {"n": np.zeros(values)}

        same.run("SELECT", {"a": number}, work, 1.0)

    for _ in range(2):
        ask(0, 1_000_000)  # too large to be kept
    assert worked == [0, 0]
    for number in range(1, 100):
        ask(number, 100_000)  # 0.8 MB
    ask(99, 100_000)
    ask(1, 100_000)
    assert worked.count(99) == 1  # kept
    assert worked.count(1) == 2  # had to go


def test_many_small_results_take_no_more_memory_than_a_few_large_ones() -> None:
    same, names = SameStatements(lambda: 2, 1 << 20), [f"column_{n}" for n in range(10)]
    tracemalloc.start()
    for number in range(1_000):
        values = {f"v{n}": number for n in range(8)}
        same.run("SELECT", values, lambda: {name: np.ones(1) for name in names}, 1.0)
    memory, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert memory < 1.3 * (1 << 20)
