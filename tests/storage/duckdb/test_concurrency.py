"""Questions are answered while rows arrive, are sorted into runs and replaced: no torn answers."""

import threading
from pathlib import Path

import pytest
from sqlglot import parse_one

from isotherm.model import Action
from isotherm.storage.duckdb.engine import DuckDBEngine
from isotherm.storage.duckdb.store import Options

pytestmark = [pytest.mark.thorough, pytest.mark.measures]

BATCHES = 60
ROWS = 50


def batch(number: int) -> list[Action]:
    """Return a batch of clicks whose `clicks` are all equal to its number."""
    return [
        Action(
            event_id=f"{number}-{row}", time_ms=1_790_000_000_000 + number, application="a",
            session_id=f"s{number}", view_id=f"v{number}", page=f"/{row % 7}", clicks=number + 1,
        )
        for row in range(ROWS)
    ]  # fmt: skip


def test_every_answer_sees_whole_batches(tmp_path: Path) -> None:
    engine = DuckDBEngine(tmp_path / "s.duckdb", Options(threads=2))
    question = parse_one(
        "SELECT clicks, count(*) AS n FROM actions WHERE application = $a GROUP BY clicks",
        dialect="duckdb",
    )
    done = threading.Event()
    faults: list[str] = []
    answers = [0] * 4

    def ask(thread: int) -> None:
        seen = 0
        while not done.is_set():
            found = engine.run(question, {"a": engine.term_id("application", "a")})
            counts = set(found["n"].tolist())
            if not counts <= {ROWS} or len(found["n"]) < seen:
                faults.append(f"{counts}, {len(found['n'])} after {seen} batches")
            seen = len(found["n"])
            answers[thread] += 1

    threads = [threading.Thread(target=ask, args=(thread,)) for thread in range(4)]
    for thread in threads:
        thread.start()
    for number in range(BATCHES):
        engine.append(batch(number))
        if number % 10 == 9:
            engine.compact(least_rows=1)
        if number % 7 == 6:
            engine.replace(
                "a", f"s{number}", None, actions=engine.actions_of("a", f"s{number}"), views=[],
                errors=[],
            )  # fmt: skip
        if number % 20 == 19:
            engine.checkpoint()
    done.set()
    for thread in threads:
        thread.join()
    assert faults == []
    assert min(answers) > 0
    found = engine.run(question, {"a": 1})
    assert sorted(found["clicks"].tolist()) == list(range(1, BATCHES + 1))
    engine.close()
