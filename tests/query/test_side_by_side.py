"""Questions of one request: other threads help, and nobody waits for those who need them."""

import threading

import pytest

from isotherm.model.deadline import answered_within, seconds_left
from isotherm.query.context import side_by_side


def test_results_come_in_order_from_several_threads() -> None:
    """Two of three wait for each other, which one thread could not do."""
    met = threading.Barrier(2)

    def work(number: int) -> int:
        if number:
            met.wait(30)
        return number * number

    assert side_by_side(work, range(3)) == [0, 1, 4]


def test_a_request_does_not_wait_for_the_help_that_another_has() -> None:
    go, begun = threading.Event(), threading.Semaphore(0)

    def slow(_: int) -> None:
        begun.release()
        go.wait(30)

    many = [threading.Thread(target=side_by_side, args=(slow, range(20))) for _ in range(2)]
    for one in many:
        one.start()
    for _ in range(6):  # all help, and both who asked
        assert begun.acquire(timeout=30)
    assert side_by_side(lambda number: number, range(5)) == list(range(5))
    go.set()
    for one in many:
        one.join()


def test_the_time_of_a_request_is_that_of_all_who_help() -> None:
    with answered_within(20):
        assert max(side_by_side(lambda _: seconds_left(60), range(8))) <= 20


def test_an_error_is_raised_where_it_was_asked() -> None:
    def work(number: int) -> int:
        return 1 // number

    with pytest.raises(ZeroDivisionError):
        side_by_side(work, [1, 2, 0, 4])
