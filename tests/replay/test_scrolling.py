"""Scroll positions between records, and depths."""

from isotherm.replay.scrolling import ScrollTrack


def track(*points: tuple[int, float]) -> ScrollTrack:
    result = ScrollTrack(0, (0.0, 0.0), 800)
    for time_ms, top in points:
        result.add(time_ms, 0.0, top, 800)
    return result


def test_inside_a_movement_the_position_is_interpolated() -> None:
    assert track((1000, 100), (1100, 200)).at(1025) == (0.0, 125.0)


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
