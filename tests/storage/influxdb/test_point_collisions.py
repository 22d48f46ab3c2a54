"""Events that would fall on one point of InfluxDB: each counts, in every order, and once."""

import contextlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
import sqlglot

from isotherm.model import Event
from isotherm.model.event_ids import event_hash, short
from isotherm.storage.influxdb.failures import JournalError
from isotherm.storage.influxdb.journal import open_journal
from isotherm.storage.influxdb.line_protocol import number_of, timestamp_ns
from isotherm.storage.influxdb.options import JournalOptions
from tests.storage.influxdb.conftest import Isotherm, Start, on
from tests.storage.influxdb.events import (
    click,
    error,
    everything,
    part,
    rows,
    segment,
    view,
)
from tests.storage.influxdb.influxd import Influxd


def meeting(count: int, name: str = "c{}") -> list[str]:
    """Return ids of events of `shop` whose points have one time."""
    found: dict[int, list[str]] = {}
    for n in range(10**7):
        named = name.format(n)
        of = found.setdefault(timestamp_ns(0, event_hash("shop", named)), [])
        of.append(named)
        if len(of) == count:
            return of
    raise AssertionError


def total(options: JournalOptions, what: str = "sum(live)", of: str = "rum_action") -> int:
    """Ask InfluxDB itself."""
    client = open_journal(options)._client
    found = client.ask(f"SELECT {what} FROM {of} WHERE time > 0 AND time < 4102444800000ms")
    return int(found[0]["values"][0][1]) if found else 0


def count(isotherm: Isotherm, table: str = "actions") -> int:
    found = isotherm.engine.run(sqlglot.parse_one(f"SELECT count(*) AS n FROM {table}"))
    return int(found["n"][0])


def rebuilt(options: JournalOptions, started: Start) -> Isotherm:
    isotherm = started(options)
    assert isotherm.reconciler.run_once().state == "in step"
    return isotherm


@pytest.mark.parametrize("batches", [[3], [1, 1, 1], [2, 1]], ids=str)
def test_events_that_meet_are_told_apart_and_resends_are_not(
    options: JournalOptions, started: Start, batches: list[int]
) -> None:
    events: list[Event] = [click(name, session_id=name) for name in meeting(3)]
    isotherm = started(options)
    for again in (False, True):
        left = list(events)
        for size in batches:
            isotherm.take(left[:size])
            del left[:size]
        assert (total(options), count(isotherm)) == (3, 3), again
    assert isotherm.reconciler.run_once().rows_read == 0
    other = rebuilt(options, started)
    assert everything(other.engine) == everything(isotherm.engine)
    other.take(events)
    assert (total(options), count(other)) == (3, 3)


@pytest.mark.parametrize("make", [error, segment, view], ids=lambda make: make.__name__)
def test_every_kind_of_event_is_told_apart(
    options: JournalOptions, started: Start, make: Any
) -> None:
    more = {"version": 1} if make is view else {}
    events: list[Event] = [make(name, **more, session_id=name) for name in meeting(2)]
    isotherm = started(options)
    for event in (*events, *events):
        isotherm.take([event])
    table = {error: "errors", segment: "replay_segments", view: "views"}[make]
    assert count(isotherm, table) == 2
    assert count(rebuilt(options, started), table) == 2


def test_a_batch_that_was_written_but_not_confirmed_keeps_its_points(
    options: JournalOptions, started: Start
) -> None:
    names = meeting(4)
    isotherm = started(options)
    isotherm.take([click(names[0])])
    unsure = [click(name) for name in names[1:]]
    isotherm.journal.write(unsure)  # and there the process is killed
    later = started(options)
    for event in [click(names[0]), *unsure]:
        later.take([event])
    assert total(options) == total(options, "count(clicks)") == 4
    assert count(later) == count(rebuilt(options, started)) == 4


def test_what_changes_of_twins_stays_theirs(options: JournalOptions, started: Start) -> None:
    """A reading of the recording changes one, withdraws the other, and finds a third."""
    names = meeting(3)
    isotherm = started(options)
    isotherm.take([click(name) for name in names[:2]])
    isotherm = rebuilt(options, started)
    now = [click(names[1], clicks=5, rage=True, page="/other"), click(names[2], clicks=2)]
    with isotherm.journal.write_lock():
        for store in (isotherm.journal, isotherm.engine):
            store.replace("shop", "s1", "v1", actions=now, views=[], errors=[])
    before = everything(isotherm.engine)
    assert total(options, "sum(clicks)") == 7
    assert isotherm.reconciler.run_once().mended == 0
    assert everything(isotherm.engine) == before
    assert rows(rebuilt(options, started).engine, "actions") == rows(isotherm.engine, "actions")


def test_views_that_meet_grow_on_their_own(options: JournalOptions, started: Start) -> None:
    names = meeting(2, "v{}")
    isotherm = started(options)
    isotherm.take([view(name, 1, time_spent_ms=1.0) for name in names])
    for version in (2, 4):
        isotherm.take([view(name, version, time_spent_ms=10.0 * version) for name in names])
    isotherm.take([part(name, 5, time_spent_ms=100.0) for name in names])
    assert total(options, "sum(time_spent_ms)", "rum_view") == 200
    assert rows(rebuilt(options, started).engine, "views") == rows(isotherm.engine, "views")


def test_two_isotherms_whose_events_meet_have_both(
    influxd: Influxd, tmp_path: Path, started: Start
) -> None:
    """The second one replaces the point of the first; the first sees it and writes it again."""
    options = on(influxd, tmp_path)
    one, other = started(options), started(options)
    one.reconciler.run_once()
    other.reconciler.run_once()
    for isotherm, name in zip((one, other), meeting(2), strict=True):
        isotherm.take([click(name, session_id=name)])
    assert total(options) == 1
    assert one.reconciler.run_once().mended == 1
    other.reconciler.run_once()
    assert total(options) == count(one) == count(other) == 2


def test_a_tag_that_another_program_wrote_costs_nothing(
    options: JournalOptions, started: Start
) -> None:
    """Its `twin` is no place in a list of a thousand million."""
    isotherm = started(options)
    isotherm.journal.prepare()
    at_ns = timestamp_ns(click("c").time_ms, event_hash("shop", "c"))
    for twin in ("999999999", "-1", "first"):
        line = f'rum_action,application=shop,page=/,twin={twin} session_id="x" {at_ns}'
        isotherm.journal._client.write(line.encode())
    isotherm.take([click("c")])
    assert total(options) == count(isotherm) == 1
    assert total(options, "count(session_id)") == 4


def test_events_stored_before_numbers_were_long_are_not_written_twice(
    options: JournalOptions, started: Start
) -> None:
    names = meeting(2)
    isotherm = started(options)
    old = [f"#{short(event_hash('shop', name)):08x}" for name in names]
    isotherm.take([click(name) for name in old])
    isotherm = rebuilt(options, started)
    isotherm.take([click(name) for name in names])
    better = [click(name, clicks=3) for name in names]
    with isotherm.journal.write_lock():
        for store in (isotherm.journal, isotherm.engine):
            store.replace("shop", "s1", "v1", actions=better, views=[], errors=[])
    assert (total(options), total(options, "sum(clicks)")) == (2, 6)
    assert count(rebuilt(options, started)) == 2


def patiently(work: Callable[[], object]) -> None:
    """Do what the worker does: a server that is too slow gets the batch again."""
    for _ in range(20):
        with contextlib.suppress(JournalError):
            work()
            return
    raise AssertionError("InfluxDB never took it")


def crowd(size: int) -> Iterable[list[Event]]:
    for start in range(0, size, 5_000):
        yield [click(f"c{n}", session_id=f"s{n % 97}") for n in range(start, start + 5_000)]


@pytest.mark.parametrize(
    "size", [30_000, pytest.param(1_000_000, marks=pytest.mark.thorough)], ids=str
)
def test_all_events_of_one_page_and_millisecond_count(
    influxd: Influxd, tmp_path: Path, started: Start, size: int
) -> None:
    options = on(influxd, tmp_path)
    isotherm = started(options)
    for events in crowd(size):
        patiently(lambda events=events: isotherm.take(events))
    met = size - len({number_of(one) % 10**6 for events in crowd(size) for one in events})
    assert met > size / 100
    isotherm.take(next(iter(crowd(size))))
    assert total(options) == count(isotherm) == size
    assert isotherm.reconciler.run_once().rows_read == 0
    assert count(rebuilt(options, started)) == size
