"""The server's own counters over time: rates from samples, levels as they are."""

from pathlib import Path

from isotherm.api.history import EVERY_MS, History, Reading
from isotherm.api.operations import operations
from isotherm.storage.saved.db import open_database
from isotherm.storage.saved.samples import StoredSamples

START = 1_800_000_000_000
DAY_MS = 86_400_000


def history(*readings: Reading) -> History:
    """Return samples 15 seconds apart."""
    made = History()
    for number, reading in enumerate(readings):
        made.note(START + number * EVERY_MS, lambda reading=reading: reading)
    return made


def series(kept: History, measure: str, **params: int) -> dict[str, list[float]]:
    """Ask for a measure over a day; label -> values."""
    frames = operations(kept, {"measure": measure, **params}, (START, START + DAY_MS))
    return {"".join(frame.labels.values()): list(frame.values[1]) for frame in frames}


def test_counts_become_rates_per_second_for_each_sender() -> None:
    kept = history(
        {("received", "faro"): 0.0},
        {("received", "faro"): 30.0},
        {("received", "faro"): 30.0, ("received", "rrweb"): 15.0},
    )
    assert series(kept, "received") == {"faro": [2.0, 0.0], "rrweb": [0.0, 1.0]}


def test_a_longer_interval_is_the_mean_rate_over_it() -> None:
    kept = history(*({("accepted", ""): float(n * 15)} for n in range(9)))
    assert series(kept, "accepted", intervalMs=60_000) == {"": [1.0, 1.0]}


def test_levels_are_drawn_as_they_are() -> None:
    kept = history({("pending", ""): 4.0}, {("pending", ""): 0.0})
    assert series(kept, "pending") == {"": [4.0, 0.0]}


def test_answer_time_is_the_mean_of_the_requests_in_between() -> None:
    kept = history(
        {("requests", "query"): 10.0, ("busy_s", "query"): 5.0},
        {("requests", "query"): 10.0, ("busy_s", "query"): 5.0},
        {("requests", "query"): 14.0, ("busy_s", "query"): 6.0},
    )
    assert series(kept, "answer_time") == {"query": [0.25]}


def test_a_restart_counts_from_nothing_and_never_below() -> None:
    kept = history({("accepted", ""): 900.0}, {("accepted", ""): 0.0}, {("accepted", ""): 15.0})
    assert series(kept, "accepted") == {"": [0.0, 1.0]}


def test_samples_are_taken_at_most_every_fifteen_seconds() -> None:
    kept = History()
    for after_ms in (0, 100, EVERY_MS - 1, EVERY_MS):
        kept.note(START + after_ms, dict)
    assert [sample.time_ms for sample in kept.between(START, START + DAY_MS)] == [
        START,
        START + EVERY_MS,
    ]


def test_a_restart_knows_what_was_before(tmp_path: Path) -> None:
    for run, counts in enumerate(([0.0, 30.0], [0.0, 60.0])):
        kept = History(StoredSamples(open_database("", tmp_path), "here"))
        for number, count in enumerate(counts):
            after_ms = (2 * run + number) * EVERY_MS
            kept.note(START + after_ms, lambda count=count: {("accepted", ""): count})
    assert series(kept, "accepted") == {"": [2.0, 0.0, 4.0]}


def test_counters_that_cannot_be_kept_do_not_stop_an_answer(tmp_path: Path) -> None:
    database = open_database("", tmp_path)
    kept = History(StoredSamples(database, "here"))
    with database.begin() as connection:
        connection.exec_driver_sql("DROP TABLE samples")
    kept.note(START, lambda: {("pending", ""): 4.0})
    assert series(kept, "pending") == {"": [4.0]}
