"""People go first: while one waits for an answer, the intake has few turns."""

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest

from isotherm.app.admission import Admission, RefusedError, Turns, _who
from isotherm.app.slow_clients import SlowClients
from isotherm.intake.drops import Counters

TURNS, FEW = 8, 2
LIMIT_S = 60


class Request(threading.Thread):
    """A request that keeps its turn until it is told to end."""

    def __init__(self, turns: Turns, *, of_intake: bool, who: str = "") -> None:
        super().__init__(daemon=True)
        self.turns, self.of_intake, self.who = turns, of_intake, (who,)
        self.begun, self.end = threading.Event(), threading.Event()
        queued = len(kind(turns, of_intake=of_intake).waiting), self.taken
        self.start()
        while (len(kind(turns, of_intake=of_intake).waiting), self.taken) == queued:
            self.join(0.001)  # so that they come one after the other

    @property
    def taken(self) -> int:
        return kind(self.turns, of_intake=self.of_intake).taken

    def run(self) -> None:
        with self.turns.turn(of_intake=self.of_intake, who=self.who):
            self.begun.set()
            self.end.wait(LIMIT_S)

    def finish(self) -> None:
        self.end.set()
        self.join(LIMIT_S)


def kind(turns: Turns, *, of_intake: bool):  # noqa: ANN201
    return turns._intake if of_intake else turns._people


@contextmanager
def intake(turns: Turns, count: int) -> Iterator[list[Request]]:
    requests = [Request(turns, of_intake=True) for _ in range(count)]
    try:
        yield requests
    finally:
        for one in requests:
            one.end.set()
        for one in requests:
            one.join(LIMIT_S)


def begun(requests: list[Request], count: int) -> None:
    """Fail unless so many have begun, the first ones first, and no more."""
    for one in requests[:count]:
        assert one.begun.wait(LIMIT_S)
    assert [one.begun.is_set() for one in requests[count:]] == [False] * (len(requests) - count)


def test_the_intake_has_few_turns_while_a_person_waits() -> None:
    turns = Turns(1, TURNS)
    with intake(turns, 20) as requests:
        begun(requests, TURNS)
        person = Request(turns, of_intake=False)
        assert person.begun.wait(LIMIT_S), "a person does not wait for the intake"
        for one in requests[: TURNS - FEW]:
            one.finish()
        begun(requests, TURNS)  # those that end make room for nobody
        requests[TURNS - FEW].finish()
        begun(requests, TURNS + 1)
        person.finish()
        begun(requests, 2 * TURNS - 1)
        for one in requests[TURNS - FEW + 1 :]:
            one.finish()


def test_a_person_who_waits_for_another_one_goes_before_the_intake_too() -> None:
    turns = Turns(1, TURNS)
    people = [Request(turns, of_intake=False) for _ in range(2)]
    with intake(turns, TURNS) as requests:
        begun(requests, FEW)
        people[0].finish()
        begun(requests, FEW)
        people[1].finish()
        begun(requests, TURNS)


def test_who_asks_much_leaves_a_turn_to_others_and_goes_behind_them() -> None:
    turns = Turns(3, 1)
    greedy = [Request(turns, of_intake=False, who="greedy") for _ in range(9)]
    begun(greedy, 2)
    others = [Request(turns, of_intake=False, who="other") for _ in range(2)]
    begun(others, 1)
    greedy[0].finish()
    begun(greedy[1:], 2)  # each had one, and the greedy one was here first
    others[0].finish()
    assert others[1].begun.wait(LIMIT_S)
    for one in (*greedy[1:], others[1]):
        one.finish()


def test_people_are_told_apart_by_address_token_and_the_name_that_grafana_gives() -> None:
    same = [
        {"REMOTE_ADDR": "10.0.0.1", "HTTP_AUTHORIZATION": given}
        for given in ("Bearer t0ken", "bearer  t0ken", "Basic YW5uOnQwa2Vu", "Basic Ym9iOnQwa2Vu")
    ]
    assert len({_who(one) for one in same}) == 1, "a password's name is anyone's"
    others = [
        same[0] | {"REMOTE_ADDR": "10.0.0.2"},
        same[0] | {"HTTP_AUTHORIZATION": "Bearer another"},
        same[0] | {"HTTP_X_GRAFANA_USER": "ann"},
        {"REMOTE_ADDR": "10.0.0.1"},
    ]
    assert len({_who(one) for one in (*same, *others)}) == 5


def test_one_person_alone_gets_the_only_turn() -> None:
    turns = Turns(1, 1)
    for _ in range(2):
        Request(turns, of_intake=False, who="alone").finish()


def test_the_intake_has_a_turn_whatever_people_do() -> None:
    turns = Turns(1, 1)
    person = Request(turns, of_intake=False)
    with intake(turns, 1) as requests:
        begun(requests, 1)
        person.finish()


def test_a_turn_is_given_back_when_the_answer_fails() -> None:
    turns = Turns(1, 1)
    for of_intake in (True, False):
        for _ in range(3):
            with pytest.raises(ZeroDivisionError), turns.turn(of_intake=of_intake):
                _ = 1 / 0


def test_too_many_of_the_intake_are_refused_and_people_wait() -> None:
    turns = Turns(1, 1)
    person = Request(turns, of_intake=False)
    with intake(turns, 5):
        assert turns.is_full
        with pytest.raises(RefusedError), turns.turn(of_intake=True):
            pass
        others = [Request(turns, of_intake=False) for _ in range(20)]
        person.finish()
        for one in others:
            one.finish()


HEADS = {
    b"POST /intake/faro HTTP/1.1\r\nHost: a\r\nOrigin: https://shop.test\r\n\r\n": True,
    b"POST /intake/datadog/api HTTP/1.1\r\nHost: a\r\nORIGIN:https://shop.test \r\n\r\n": True,
    b"POST /intakes HTTP/1.1\r\nHost: a\r\n\r\n": False,
    b"POST /api/v1/query HTTP/1.1\r\nReferer: /intake/\r\n\r\n": False,
    b"GET /health HTTP/1.1\r\n\r\n": False,
    b"\x00\xff": False,
    b"": False,
}


@pytest.mark.parametrize("head", HEADS)
def test_a_request_that_is_refused_needs_no_thread(head: bytes) -> None:
    counters = Counters()

    def never(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        raise AssertionError(environ, start_response)

    to = Admission(
        never, SlowClients(9, counters.refused), counters.refused,
        turns=1, intake_turns=1, body_bytes=1_000, body_s=60,
    )  # fmt: skip
    assert to.refusal(head) == b""
    with intake(to._turns, 5):
        answer = to.refusal(head)
    if not HEADS[head]:
        assert answer == b""
        return
    lines, _, body = answer.partition(b"\r\n\r\n")
    told = lines.split(b"\r\n")
    assert told[0] == b"HTTP/1.1 503 Service Unavailable"
    assert b"Retry-After: 5" in told
    assert b"Content-Length: %d" % len(body) in told
    assert b"Access-Control-Allow-Origin: https://shop.test" in told
    assert counters.snapshot().refused == {"busy": 1}
