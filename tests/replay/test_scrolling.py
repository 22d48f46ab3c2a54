"""Scroll positions between records, and depths."""

import pytest

from isotherm.replay.scroll.positions import LATE_MS, ScrollTrack


def track(*points: tuple[int, float]) -> ScrollTrack:
    result = ScrollTrack(0, (0.0, 0.0), 800)
    for time_ms, top in points:
        result.add(time_ms, 0.0, top, 800)
    return result


def test_inside_a_movement_the_position_is_interpolated() -> None:
    assert track((1000, 100), (1100, 200)).at(1025) == (0.0, 125.0)


STEPS = {n: 1000 + 16 * n for n in range(120)}  # when a page that moves 10 px each time does so


def written(way: int, first_ms: int) -> ScrollTrack:
    """Return what a recorder writes of it: where it stands, every 100 ms."""
    times = range(first_ms, 2600, 100)
    stands = [sum(step_ms <= ms for step_ms in STEPS.values()) for ms in times]
    return track(*[(ms, 2000 + way * 10.0 * n) for ms, n in zip(times, stands, strict=True)])


@pytest.mark.parametrize("way", [1, -1])
def test_a_page_that_moves_by_equal_steps_stands_on_one(way: int) -> None:
    moved = written(way, 1003)
    inside = [n for n, ms in STEPS.items() if 1300 < ms < 2200]
    stood = [moved.at(STEPS[n] + 8 + LATE_MS)[1] for n in inside]
    assert stood == [2000 + way * 10.0 * (n + 1) for n in inside]


def test_a_movement_has_begun_a_little_before_its_first_record() -> None:
    moved = written(1, 1021)  # the first that is written is the second step
    assert moved.at(STEPS[0] + 8 + LATE_MS) == (0.0, 2010.0)
    assert moved.at(STEPS[0] - 40) == (0.0, 0.0)


def test_a_movement_without_a_rhythm_is_interpolated() -> None:
    places = [(1000, 100), (1100, 160), (1200, 190), (1300, 900), (1400, 1000)]
    assert track(*places).at(1250) == (0.0, 545.0)


def test_at_rest_it_is_the_last_one_recorded() -> None:
    moved = track((1000, 100), (3000, 900))
    assert [moved.at(ms)[1] for ms in (500, 1000, 2999, 3000, 9000)] == [0, 100, 100, 900, 900]


def test_the_depth_is_the_greatest_in_the_span() -> None:
    moved = track((1000, 100), (2000, 900), (3000, 300))
    assert moved.depth(0, 1500) == 900
    assert moved.depth(0, 9000) == 1700
    assert moved.depth(2500, 9000) == 1700  # it stood there when the span began
    assert moved.depth(3500, 9000) == 1100


def test_a_start_that_is_taken_back_at_once_does_not_count() -> None:
    moved = track((1000, 1900), (2010, 0))
    assert moved.depth(2000, 9000) == 800
    assert moved.depth(1500, 9000) == 2700


def test_a_taller_window_sees_deeper() -> None:
    moved = track((1000, 100))
    moved.resize(2000, 1200)
    assert moved.depth(0, 9000) == 1300
