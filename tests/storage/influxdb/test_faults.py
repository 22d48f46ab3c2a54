"""InfluxDB down, slow, refusing, cutting answers: nothing is lost, nothing counts twice."""

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from isotherm.model.errors import Code, IsothermError
from isotherm.storage.influxdb.journal import open_journal
from isotherm.storage.influxdb.options import JournalOptions
from isotherm.storage.influxdb.reconcile import Reconciler
from tests.conftest import free_port
from tests.storage.influxdb.bad_line import BadLine, http
from tests.storage.influxdb.conftest import Isotherm, Start, on
from tests.storage.influxdb.events import HOUR_MS, NOON_MS, click, error, everything, view
from tests.storage.influxdb.influxd import Influxd
from tests.storage.influxdb.test_reconcile import mixed, write_lines


@pytest.fixture
def behind(influxd: Influxd, line: BadLine, tmp_path: Path) -> Iterator[Isotherm]:
    """Run an Isotherm whose line to InfluxDB may turn bad."""
    isotherm = Isotherm(replace(on(influxd, tmp_path), url=line.url, timeout_s=10.0))
    isotherm.journal.prepare()
    yield isotherm
    isotherm.close()


def count(isotherm: Isotherm) -> int:
    return sum(isotherm.journal.count_by_hour(0, NOON_MS + HOUR_MS)["rum_action"].values())


FAULTS = {
    "401": (http("401 Unauthorized", '{"error":"authorization failed"}'), "influx_token"),
    "404": (http("404 Not Found", '{"error":"database not found"}'), "may create it"),
    "429": (http("429 Too Many Requests", "slow down", "Retry-After: 17"), "slow down"),
    "500": (http("500 Internal Server Error", '{"error":"timeout"}'), "log"),
    "503": (http("503 Service Unavailable", "hinted handoff queue"), "503"),
    "full disk": (
        http("500 Internal Server Error", '{"error":"write: no space left on device"}'),
        "free some room",
    ),
    "no HTTP": (b"SSH-2.0-OpenSSH_9.2\r\n", "influx_url"),
    "nothing": (b"", "influx_url"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_write_that_fails_is_kept_explained_and_made_up_for(
    behind: Isotherm, line: BadLine, fault: str
) -> None:
    answer, word = FAULTS[fault]
    line.behave(answer=answer)
    events = [click("a"), click("b"), view("v", 1)]
    for _ in range(2):
        with pytest.raises(IsothermError) as caught:
            behind.take(events)
        assert caught.value.code is Code.STORE_UNAVAILABLE
        assert caught.value.retry_after_s == (17 if fault == "429" else caught.value.retry_after_s)
        assert word in caught.value.message
    health = behind.reconciler.status()
    assert health.state == "stale"
    assert health.journal.since_ms is not None
    assert health.journal.what_to_do
    assert not everything(behind.engine)["actions"]
    line.behave()
    behind.take(events)
    assert behind.reconciler.run_once().state == "in step"
    assert count(behind) == 2


def test_an_answer_that_never_came_counts_once(behind: Isotherm, line: BadLine) -> None:
    behind.reconciler.run_once()
    line.behave(only=b"POST /write", drop_answers=True)
    with pytest.raises(IsothermError):
        behind.take([click("a"), click("b")])
    line.behave()
    behind.take([click("a"), click("b")])
    assert count(behind) == 2


def test_a_slow_server_is_given_up(influxd: Influxd, line: BadLine, tmp_path: Path) -> None:
    line.behave(silent_s=4.0)
    slow = Isotherm(replace(on(influxd, tmp_path), url=line.url, timeout_s=1.0))
    with pytest.raises(IsothermError, match="does not answer"):
        slow.take([click("a")])
    slow.close()


def test_a_server_that_is_down_is_no_reason_not_to_start(tmp_path: Path) -> None:
    nowhere = JournalOptions(f"http://127.0.0.1:{free_port()}", state=tmp_path / "l.db")
    isotherm = Isotherm(nowhere)
    with pytest.raises(IsothermError, match="does not answer"):
        isotherm.take([click("a")])
    with pytest.raises(IsothermError):
        isotherm.reconciler.run_once()
    assert isotherm.reconciler.status().state == "stale"
    isotherm.close()


@pytest.mark.parametrize("cut_after", [0, 100, 5_000, 300_000])
def test_an_answer_cut_in_the_middle_changes_nothing(
    influxd: Influxd, behind: Isotherm, line: BadLine, cut_after: int
) -> None:
    direct = replace(behind.journal.options, url=influxd.url)
    write_lines(
        direct,
        [
            f'rum_action,application=shop,page=/ session_id="s1",view_id="v",event_id="{n}",'
            f"clicks=1i {(NOON_MS + n) * 10**6}"
            for n in range(20_000)
        ],
    )
    line.behave(only=b"chunked=true", cut_after=cut_after)
    with pytest.raises(IsothermError):
        behind.reconciler.run_once()
    assert not everything(behind.engine)["actions"]
    line.behave()
    behind.reconciler.run_once()
    assert len(everything(behind.engine)["actions"]) == 20_000


def test_questions_go_on_while_influxdb_is_away(behind: Isotherm, line: BadLine) -> None:
    behind.take(mixed(1))
    behind.reconciler.run_once()
    line.behave(answer=http("500 Internal Server Error", "panic"))
    with pytest.raises(IsothermError):
        behind.reconciler.run_once()
    assert len(behind.engine.actions_of("shop", "s1")) == 20


def test_a_body_that_is_too_large_is_halved(behind: Isotherm, line: BadLine) -> None:
    big = [click(f"b{n}", NOON_MS + n, attributes={"text": "x" * 40_000}) for n in range(300)]
    behind.take(big)
    assert count(behind) == 300
    behind.reconciler.run_once()
    line.behave(only=b"POST /write", answer=http("413 Request Entity Too Large", "too large"))
    rejected = behind.journal.write([click("one"), click("two")])
    assert [entry.position for entry in rejected] == [0, 1]


def test_fields_of_another_type_are_written_as_they_are(
    influxd: Influxd, tmp_path: Path, started: Start
) -> None:
    options = on(influxd, tmp_path)
    write_lines(
        options,
        [f'rum_action,application=shop,page=/ clicks=1,fx="3",session_id=7i {NOON_MS * 10**6}'],
    )
    isotherm = started(options)
    whole = [click("a", clicks=2, fx=5), click("b", session_id="text")]
    rejected = isotherm.journal.write(whole)
    assert [entry.position for entry in rejected] == [0, 1]
    assert "session_id" in rejected[0].reason
    tidy = on(influxd, tmp_path)
    write_lines(
        tidy, [f'rum_action,application=shop,page=/ clicks=1,session_id="s" {NOON_MS * 10**6}']
    )
    other = started(tidy)
    assert not other.journal.write([click(f"c{n}", clicks=2) for n in range(100)])
    other.reconciler.run_once()
    assert sum(action.clicks for action in other.engine.actions_of("shop", "s1")) == 200


def test_events_beyond_the_retention_are_handed_back(influxd: Influxd, tmp_path: Path) -> None:
    journal = open_journal(replace(on(influxd, tmp_path), retention="1d"))
    now = int(time.time() * 1000)
    events = [click(f"old{n}", now - 40 * 24 * HOUR_MS + n) for n in range(50)]
    events[20] = click("new", now)
    rejected = journal.write(events)
    assert [entry.position for entry in rejected] == [n for n in range(50) if n != 20]
    assert "retention" in rejected[0].reason


@pytest.mark.server
def test_what_a_token_may_not_create_is_told_as_a_command(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    if Influxd.installed() is None:
        pytest.skip("influxd is not installed (Debian: apt install influxdb)")
    server = Influxd(tmp_path_factory.mktemp("auth"), auth=True)
    server.start()
    try:
        admin = open_journal(JournalOptions(server.url, database="mine"))._client
        admin.ask(
            "CREATE USER admin WITH PASSWORD 'pw' WITH ALL PRIVILEGES", database=False, post=True
        )
        owner = replace(admin.options, token="admin:pw", retention="90d")
        boss = open_journal(owner)._client
        boss.ask("CREATE USER small WITH PASSWORD 'pw'", database=False, post=True)
        with pytest.raises(IsothermError, match='CREATE DATABASE "mine" WITH DURATION 90d'):
            open_journal(replace(owner, token="small:pw")).write([click("a")])
        assert not open_journal(owner).write([click("a")])
    finally:
        server.stop()


def test_what_influxdb_took_and_lost_is_written_again(
    influxd: Influxd, line: BadLine, tmp_path: Path, started: Start
) -> None:
    """A batch was confirmed and not there. The engine has it, so nothing is lost."""
    options = on(influxd, tmp_path)
    isotherm = started(replace(options, url=line.url))
    isotherm.take([click("before"), view("v1", 1)])
    isotherm.reconciler.run_once()
    line.behave(answer=http("204 No Content"), only=b"POST /write")
    isotherm.take([click("lost", NOON_MS + 1), view("v2", 1), error("gone", NOON_MS + HOUR_MS)])
    line.behave()
    isotherm.take([click("after", NOON_MS + 2)])
    before = everything(isotherm.engine)
    assert isotherm.reconciler.run_once().mended == 3
    assert everything(isotherm.engine) == before
    assert isotherm.reconciler.run_once().mended == 3
    other = started(options)
    other.reconciler.run_once()
    assert everything(other.engine) == before


def test_what_was_lost_is_written_again_after_a_restart(
    influxd: Influxd, line: BadLine, tmp_path: Path
) -> None:
    options = replace(on(influxd, tmp_path), url=line.url)
    first = Isotherm(options)
    first.take([click("before")])
    first.reconciler.run_once()
    line.behave(answer=http("204 No Content"), only=b"POST /write")
    first.take([click("lost", NOON_MS + 1)])
    line.behave()
    first.reconciler.close()
    later = Reconciler(open_journal(options, first.engine), first.engine)
    assert later.run_once().mended == 1
    assert len(first.engine.actions_of("shop", "s1")) == 2
    later.close()
    first.close()
