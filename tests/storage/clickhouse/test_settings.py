"""What the address may say, what the server keeps, and what is refused with a sentence."""

from typing import Any

import pytest

from isotherm.app.settings import Settings
from isotherm.app.stores import open_store
from isotherm.model.errors import Code, IsothermError
from isotherm.storage.clickhouse import terms
from isotherm.storage.clickhouse.engine import ClickHouseEngine
from isotherm.storage.clickhouse.options import Options
from isotherm.storage.clickhouse.server import Address, read_address


def test_an_address_is_read() -> None:
    assert read_address("clickhouse://ann:s%40cret@db:9000/rum") == Address(
        "db", 9000, False, "ann", "s@cret", "rum"
    )
    assert read_address("clickhouses://db") == Address("db", 8443, True, "default", "", "isotherm")


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("clickhouse://db/rum?cluster=all", "does not lay its tables over a cluster yet"),
        ("http://db/rum", "clickhouse://user:password@host"),
        ("clickhouse:///rum", "clickhouse://user:password@host"),
        ("clickhouse://db:port/rum", "clickhouse://user:password@host"),
        ("clickhouse://db/rum?async=1", "clickhouse://user:password@host"),
        ("clickhouse://127.0.0.1:1/rum", "cannot be used"),
    ],
)
def test_what_cannot_be_used_is_refused_at_start(url: str, said: str) -> None:
    with pytest.raises(IsothermError, match=said) as refused:
        open_store(Settings({"store": url}))
    assert "s@cret" not in refused.value.message


def test_tables_of_a_later_release_are_refused(url: str) -> None:
    engine = ClickHouseEngine(url)
    engine._server.command("INSERT INTO migrations (number) VALUES (99)")
    engine.close()
    with pytest.raises(IsothermError, match="later release") as refused:
        ClickHouseEngine(url)
    assert refused.value.code is Code.CONFLICT


def test_the_server_deletes_by_the_retention_settings(url: str) -> None:
    for days in (30, 30, 90, 0):
        engine = ClickHouseEngine(url, Options(keep_days={"actions": days}))
        kept = dict(
            engine._server.rows(
                "SELECT name, position(engine_full, 'TTL') > 0 FROM system.tables "
                "WHERE database = currentDatabase()"
            )
        )
        ((whole,),) = engine._server.rows(
            "SELECT engine_full FROM system.tables "
            "WHERE database = currentDatabase() AND name = 'actions'"
        )
        engine.close()
        assert (kept["actions"], kept["views"]) == (days > 0, 0)
        assert not days or f"toIntervalDay({days})" in whole


def test_two_texts_of_one_number_stay_apart(
    url: str, scenario: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(terms, "_BITS", 0b1111)
    numbered: dict[int, list[str]] = {}
    for text in map(str, range(100)):
        numbered.setdefault(terms.number_of("session", text), []).append(text)
    first, second = next(
        (one, other)
        for alike in numbered.values()
        for one in alike
        for other in alike
        if one != other and terms.number_of("session", other, 1) != terms.number_of("session", one)
    )
    for attempt in range(2):  # in one batch, and by a process that finds the first one there
        engine = ClickHouseEngine(f"{url}_{attempt}")
        clicks = [scenario.click(name, session_id=name, view_id="") for name in (first, second)]
        for batch in [clicks] if attempt else [clicks[:1], clicks[1:]]:
            engine.append(batch)
        assert [len(engine.actions_of("shop", name)) for name in (first, second)] == [1, 1]
        assert engine.term_id("session", first) != engine.term_id("session", second)
        engine.close()
