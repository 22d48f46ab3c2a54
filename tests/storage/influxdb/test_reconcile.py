"""What happens to InfluxDB behind Isotherm's back is in the engine soon; only that is read."""

import threading
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import pytest
import sqlglot
from msgspec.structs import replace as replace_struct

from isotherm.model import Event
from isotherm.pipeline.move_to_influxdb import move
from isotherm.storage.duckdb.engine import DuckDBEngine
from isotherm.storage.influxdb.engine_counts import TABLES
from isotherm.storage.influxdb.journal import open_journal
from isotherm.storage.influxdb.options import JournalOptions
from isotherm.storage.influxdb.reconcile import Reconciler
from tests.storage.influxdb.conftest import Isotherm, Start, on
from tests.storage.influxdb.events import (
    HOUR_MS,
    NOON_MS,
    click,
    error,
    everything,
    long_task,
    resource,
    segment,
    view,
    vital,
)
from tests.storage.influxdb.influxd import Influxd

DAY_MS = 24 * HOUR_MS
STRANGERS = 100_000
MAKERS: dict[str, Callable[[str, int], Event]] = {
    "c": click, "r": resource, "l": long_task, "v": vital, "s": segment,
}  # fmt: skip
_T = TypeVar("_T")


def write_lines(options: JournalOptions, lines: list[str]) -> None:
    """Write plain line protocol, past everything of ours."""
    journal = open_journal(options)
    journal.prepare()
    for start in range(0, len(lines), 10_000):
        journal._client.write("\n".join(lines[start : start + 10_000]).encode())


def delete(options: JournalOptions, hour_ms: int) -> None:
    """Delete an hour of the actions the way its owner would."""
    client = open_journal(options)._client
    from_ns, to_ns = hour_ms * 10**6, (hour_ms + HOUR_MS) * 10**6
    if client.major == 1:
        where = f"time >= {from_ns} AND time < {to_ns}"
        client.ask(f"DELETE FROM rum_action WHERE {where}", post=True)
    elif client.major == 2:
        start = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(hour_ms / 1000))
        stop = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime((hour_ms + HOUR_MS) / 1000))
        client.api.delete_api().delete(
            start, stop, '_measurement="rum_action"', bucket=options.database, org=options.org
        )
    else:
        pytest.skip("InfluxDB 3 Core cannot delete")


def times(engine: DuckDBEngine, table: str) -> list[int]:
    """Return the times of a table's rows."""
    found = engine.run(sqlglot.parse_one(f"SELECT time_ms FROM {table}", dialect="duckdb"))
    return [int(at) for at in found["time_ms"].tolist()]


def mixed(hours: int, per_hour: int = 20, step_ms: int = HOUR_MS) -> list[Event]:
    return [
        event
        for hour in range(hours)
        for n in range(per_hour)
        for at in (NOON_MS - hour * step_ms + n * 1000,)
        for event in (
            click(f"c{hour}-{n}", at, page=f"/{n % 3}"),
            view(f"v{hour}-{n}", 1, at),
            error(f"e{hour}-{n}", at),
            segment(f"s{hour}-{n}", at),
        )
    ]


def test_points_of_a_stranger_30_days_ago_are_in_the_answers(
    options: JournalOptions, started: Start
) -> None:
    isotherm = started(options)
    isotherm.take(mixed(3))
    isotherm.reconciler.run_once()
    before = NOON_MS - 30 * DAY_MS
    write_lines(
        options,
        [
            f"rum_action,application=shop,page=/p{n % 7},env=prod "
            f'session_id="x{n // 10}",view_id="w{n // 5}",event_id="y{n}",clicks=1,'
            f'element="A{n % 20}",fx={n % 65536},fy=100,viewport_w=1200 '
            f"{(before + n * 100) * 10**6}"
            for n in range(STRANGERS)
        ],
    )
    began = time.monotonic()
    status = isotherm.reconciler.run_once()
    assert time.monotonic() - began < 60
    assert status.state == "in step"
    assert len(everything(isotherm.engine)["actions"]) == STRANGERS + 60
    assert isotherm.engine.actions_of("shop", "x0", "w0")[3].element == "A3"


def test_names_of_users_come_from_every_block_of_a_download(
    options: JournalOptions, started: Start
) -> None:
    isotherm = started(options)
    users = 20
    write_lines(
        options,
        [
            f"rum_action,application=shop,page=/ "
            f'session_id="x{user}",view_id="w{user}",event_id="y{user}-{n}",clicks=1,'
            f'element="A{"a" * 200}",user_id="u{user}",user_name="Visitor {user}" '
            f"{(NOON_MS + user * 1_000 + n) * 10**6}"
            for user in range(users)
            for n in range(500)
        ],
    )
    assert isotherm.reconciler.run_once().state == "in step"
    named = {isotherm.engine.actions_of("shop", f"x{n}")[0].user_name for n in range(users)}
    assert named == {f"Visitor {n}" for n in range(users)}


def test_a_fault_is_told_and_the_comparison_goes_on(
    influxd: Influxd, tmp_path: Path, started: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = on(influxd, tmp_path, interval_s=0.05)
    started(options).take(mixed(3))
    isotherm = started(replace(options, state=tmp_path / "other.db"))  # its engine is empty
    load, gate = isotherm.engine.load_hours, threading.Event()

    def broken(*args: Any) -> int:
        if not gate.is_set():
            raise AssertionError  # says nothing but its name
        return load(*args)

    monkeypatch.setattr(isotherm.engine, "load_hours", broken)
    isotherm.reconciler.start()
    assert "AssertionError" in until(lambda: isotherm.reconciler.status().fault)
    assert "cannot be compared" in isotherm.reconciler.status().text
    gate.set()
    assert until(lambda: isotherm.reconciler.status().state == "in step")
    assert until(lambda: not isotherm.reconciler.status().fault)
    assert len(times(isotherm.engine, "actions")) == 60


def until(found: Callable[[], _T]) -> _T:
    """Return what is found once it is something; fail after a while."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if value := found():
            return value
        threading.Event().wait(0.02)
    raise AssertionError("it never came")


def test_a_deleted_hour_is_gone(options: JournalOptions, started: Start) -> None:
    isotherm = started(options)
    isotherm.take(mixed(3))
    isotherm.reconciler.run_once()
    delete(options, NOON_MS - HOUR_MS)
    isotherm.reconciler.run_once()
    times = [action.time_ms for action in isotherm.engine.actions_of("shop", "s1")]
    assert len(times) == 40
    assert not [at for at in times if NOON_MS - HOUR_MS <= at < NOON_MS]
    assert len(isotherm.engine.views_of("shop", "s1")) == 60


def test_hours_that_nobody_else_touched_are_never_read(
    options: JournalOptions, started: Start
) -> None:
    isotherm = started(options)
    isotherm.take(mixed(4))
    isotherm.reconciler.run_once()
    isotherm.take([click("later"), view("v0-0", 2, NOON_MS, time_spent_ms=7.0)])
    isotherm.take([click("later"), view("v0-0", 1, NOON_MS)])
    gone = {"actions": [], "views": [view("v1-1", 1, NOON_MS - HOUR_MS + 1000)], "errors": []}
    with isotherm.journal.write_lock():
        isotherm.journal.replace("shop", "s1", "v1-1", **gone)
        isotherm.engine.replace("shop", "s1", "v1-1", **gone)
    assert isotherm.reconciler.run_once().rows_read == 0
    write_lines(
        options,
        [f'rum_error,application=shop,page=/ session_id="s",message="m" {NOON_MS * 10**6 + 7}'],
    )
    assert isotherm.reconciler.run_once().rows_read == 21


def test_an_error_without_words_is_counted_and_not_read_again(
    options: JournalOptions, started: Start
) -> None:
    isotherm = started(options)
    isotherm.take([error("e", NOON_MS, message=""), error("f", NOON_MS + 1)])
    assert isotherm.reconciler.run_once().rows_read == 0


def test_what_the_engine_forgot_by_its_retention_is_not_filled_again(
    influxd: Influxd, tmp_path: Path
) -> None:
    now_ms = int(time.time() * 1000)
    days = {"resources": 5, "long_tasks": 5, "vitals": 5, "replay_segments": 5}
    options = on(influxd, tmp_path, keep_days=days)
    old, young = now_ms - 9 * 24 * HOUR_MS, now_ms - 2 * 24 * HOUR_MS
    events = [make(f"{name}{at}", at) for at in (old, young) for name, make in MAKERS.items()]
    open_journal(options).write(events)
    engine = DuckDBEngine()
    for start in ("first", "after a restart"):
        with closing(open_journal(options, engine)) as journal:
            reconciler = Reconciler(journal, engine)
            assert reconciler.run_once().state == "in step", start
            engine.expire(dict.fromkeys(days, now_ms - 5 * 24 * HOUR_MS))
            for table in ("resources", "long_tasks", "vitals", "replay_segments"):
                assert times(engine, table) == [young], start
            assert sorted(times(engine, "actions")) == [old, young]
            assert reconciler.status().rows_read == (6 if start == "first" else 0)
            reconciler.close()


def test_two_isotherms_agree(options: JournalOptions, started: Start) -> None:
    one, other = started(options), started(options)
    for n, event in enumerate(mixed(2)):
        (one if n % 2 else other).take([event])
    one.take([view("shared", 1, time_spent_ms=1.0), click("twice")])
    one.reconciler.run_once()
    other.reconciler.run_once()
    other.take([view("shared", 2, time_spent_ms=2.0), click("twice")])
    better = click("twice", clicks=4, rage=True)
    with other.journal.write_lock():
        now = {"actions": [better], "views": [], "errors": []}
        other.journal.replace("shop", "s1", "v1", **now)
        other.engine.replace("shop", "s1", "v1", **now)
    one.reconciler.run_once()
    other.reconciler.run_once()
    assert everything(one.engine) == everything(other.engine)
    assert one.engine.actions_of("shop", "s1", "v1")[0].clicks == 4


def test_a_killed_filling_goes_on_where_it_stopped(
    influxd: Influxd, started: Start, tmp_path: Path
) -> None:
    options = on(influxd, tmp_path)
    told = mixed(30, step_ms=DAY_MS // 2)  # over three weeks
    started(options).take(told)
    engine = DuckDBEngine()
    read = kills = 0
    complete = [NOON_MS + HOUR_MS]
    while True:
        killed = Reconciler(open_journal(options, engine), engine)
        status = killed.run_once(budget_s=0)
        killed.close()
        read += status.rows_read
        if status.state == "in step":
            break
        kills += 1
        assert 0 < status.hours_due < status.hours_known
        since = status.complete_from_ms
        assert since is not None
        assert since <= complete[-1]
        complete.append(since)
        there = {name: times(engine, name) for name in TABLES}
        due = sorted(event.time_ms for event in told if event.time_ms >= since)
        assert sorted(at for all_ in there.values() for at in all_ if at >= since) == due
    assert kills >= 4 * 2
    assert len(set(complete)) > 2
    assert read == len(told)


def test_a_deleted_engine_is_rebuilt_although_the_ledger_is_there(
    options: JournalOptions, started: Start
) -> None:
    isotherm = started(options)
    isotherm.take(mixed(3))
    isotherm.reconciler.run_once()
    engine = started(options).engine  # it is empty
    isotherm.reconciler.close()
    rebuilt = Reconciler(open_journal(isotherm.journal.options, engine), engine)
    rebuilt.run_once()
    assert everything(engine) == everything(isotherm.engine)
    rebuilt.close()


def test_views_of_two_applications_with_one_id_are_filled(
    options: JournalOptions, started: Start, tmp_path: Path
) -> None:
    of_two = [replace_struct(view("v1", 2, depth_px=9.0), application=of) for of in ("shop", "x")]
    started(options).take(of_two)
    filled = started(replace(options, state=tmp_path / "other.db"))  # its engine is empty
    assert filled.reconciler.run_once().state == "in step"
    found = [one.application for of in ("shop", "x") for one in filled.engine.views_of(of, "s1")]
    assert found == ["shop", "x"]


def test_what_only_the_engine_has_is_kept_and_told(influxd: Influxd, tmp_path: Path) -> None:
    isotherm = Isotherm(on(influxd, tmp_path))
    isotherm.engine.append(mixed(2))  # from the time before InfluxDB
    isotherm.take([click("new", NOON_MS + HOUR_MS)])
    assert isotherm.reconciler.run_once().engine_only_hours == 8
    assert len(isotherm.engine.actions_of("shop", "s1")) == 41
    isotherm.close()


def test_an_embedded_store_moves_into_influxdb(options: JournalOptions, started: Start) -> None:
    isotherm = started(options)
    isotherm.engine.append(mixed(2))
    before = everything(isotherm.engine)
    steps = [list(move(isotherm.engine, options)) for _ in range(2)]
    assert steps[0][-1].events == 160
    assert not steps[1][-1].rejected
    status = isotherm.reconciler.run_once()
    assert (status.engine_only_hours, status.rows_read) == (0, 0)
    other = started(options)
    other.reconciler.run_once()
    assert everything(other.engine) == everything(isotherm.engine) == before


def test_the_thread_finds_changes_by_itself(
    influxd: Influxd, started: Start, tmp_path: Path
) -> None:
    options = replace(on(influxd, tmp_path), interval_s=0.2)
    isotherm = started(options)
    isotherm.reconciler.start()
    started(options).take(mixed(1))
    deadline = time.monotonic() + 30
    while len(isotherm.engine.actions_of("shop", "s1")) < 20:
        assert time.monotonic() < deadline
        time.sleep(0.05)
