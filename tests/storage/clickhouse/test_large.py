"""Batches and answers that are larger than one value of a request may be."""

from typing import Any

import pytest
from sqlglot import parse_one

from isotherm.model.errors import Code, IsothermError
from isotherm.storage.clickhouse import server
from isotherm.storage.clickhouse.engine import ClickHouseEngine

SESSIONS = 20_000
RECORDED = 8_000


def test_a_batch_of_twenty_thousand_sessions(url: str, scenario: Any) -> None:
    engine = ClickHouseEngine(url)
    names = [f"s{n}" for n in range(SESSIONS)]
    clicks = [
        scenario.click(name, at=n, session_id=name, view_id=f"v{name}", user_id="ann")
        for n, name in enumerate(names)
    ]
    some = [{"session_id": name, "view_id": f"v{name}", "user_id": "ann"} for name in names]
    others = [scenario.view(1, **who) for who in some[:RECORDED]]
    others += [scenario.segment(f"g{who['session_id']}", **who) for who in some[:RECORDED]]
    assert engine.append([*clicks, *others]).accepted == SESSIONS + 2 * RECORDED
    assert engine.append(clicks).accepted == 0
    times = [click.time_ms for click in clicks]
    assert len(engine.numbers_at("actions", times)) == SESSIONS
    assert len(engine.pending_recordings()) == RECORDED
    ids = [engine.term_id("session", name) for name in names[:SESSIONS:2]]
    counted = parse_one(
        "SELECT count(*) AS n FROM actions WHERE session IN (SELECT unnest($ids::INTEGER[]))",
        dialect="duckdb",
    )
    assert engine.run(counted, {"ids": ids})["n"].tolist() == [SESSIONS // 2]
    assert engine.erase("shop", "ann") == sorted(names)
    assert engine.run(counted, {"ids": ids})["n"].tolist() == [0]
    assert engine.pending_recordings() == []
    engine.close()


def test_an_answer_beyond_memory_is_refused(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = ClickHouseEngine(url)
    monkeypatch.setattr(server, "_RESULT", {**server._RESULT, "max_result_bytes": 1_000})
    with pytest.raises(IsothermError) as refused:
        engine._server.read("SELECT number FROM numbers(100000)")
    assert refused.value.code is Code.TOO_MUCH_DATA
    engine.close()


def test_texts_that_have_not_changed_are_the_same_object(url: str, scenario: Any) -> None:
    engine = ClickHouseEngine(url)
    engine.append([scenario.click("a", element="#one")])
    first = engine.terms("target")
    assert engine.terms("target") is first
    engine.append([scenario.click("b", element="#two")])
    assert (len(first), len(engine.terms("target"))) == (1, 2)
    engine.close()
