"""50 people at once: each with another question; and with the same dashboard beside the intake."""

import itertools
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import count

from tests.bench.batches import requests
from tests.bench.figures import Figure, Times
from tests.bench.folders import asked
from tests.bench.servers import Api, Sender, isotherm
from tests.bench.states import PANELS
from tests.bench.work import Work
from tests.load.traffic import percentile

PEOPLE = 50
ROUNDS = 3
ROUND_S = 6.0
SHARE = 0.5  # of what the intake takes at most


def measure(work: Work) -> list[Figure]:
    """Ask in turns: one person, 50 people. Everybody's page and range is another one."""
    traffic, number = work.traffic, itertools.count()

    def another() -> bytes:
        n = next(number)
        page = n * 7 % traffic.pages
        return asked(traffic, [{"question": "heat", "page": f"/section-{page % 9}/page-{page}"}], n)

    board = asked(traffic, [{"question": one} for one in PANELS])
    rates: dict[int, list[float]] = {1: [], PEOPLE: []}
    waits: dict[int, list[float]] = {1: [], PEOPLE: []}
    with isotherm(work.folder()) as server:
        _asking(server.port, 1, another, ROUND_S)
        for _ in range(ROUNDS):
            for people, found in rates.items():
                found.append(len(_asking(server.port, people, another, ROUND_S)) / ROUND_S)
        most = _sending(server.port, ROUND_S)
        for _ in range(ROUNDS):
            for people, found in waits.items():
                with _sent(server.port, SHARE * most if people > 1 else 0):
                    found.extend(_asking(server.port, people, lambda: board, ROUND_S))
    alone, crowd = max(rates[1]), max(rates[PEOPLE])
    one, all_ = Times(waits[1]), waits[PEOPLE]
    last = percentile(all_, 0.95)
    return [
        Figure(f"{PEOPLE} people, each with another heat", f"{crowd:.0f} answers a second",
               f"one person {alone:.0f}", ratio=crowd / alone, least=1.7),
        Figure(
            f"{PEOPLE} people with the same dashboard of {len(PANELS)} panels, "
            f"{SHARE * most:.0f} requests a second sent meanwhile",
            f"p95 {last:,.0f} ms ({len(all_) / ROUNDS / ROUND_S:.1f} a second)",
            f"one person, nothing sent {one}", ratio=last / one.median, most=3.0,
        ),
    ]  # fmt: skip


def _asking(port: int, people: int, body: Callable[[], bytes], seconds: float) -> list[float]:
    """Have people ask one question after the other; return how long each took, in ms."""
    until, spent, failed = time.monotonic() + seconds, list[float](), list[str]()

    def ask() -> None:
        api = Api(port)
        while time.monotonic() < until:
            asking, start = body(), time.perf_counter()
            answer = api.query(asking)
            spent.append((time.perf_counter() - start) * 1000)
            if b'"status":200' not in answer:
                failed.append(str(json.loads(answer))[:200])

    threads = [threading.Thread(target=ask, daemon=True) for _ in range(people)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    if failed:
        raise RuntimeError(f"{len(failed)} questions were not answered: {failed[0]}")
    return spent


def _sending(port: int, seconds: float) -> float:
    """Return how many batches a second the intake takes on 8 connections."""
    until, sent = time.monotonic() + seconds, count()

    def send(first: int) -> None:
        sender, bodies = Sender(port), itertools.islice(requests(), first, None)
        while time.monotonic() < until:
            if sender.send(next(bodies)) == 202:
                next(sent)
        sender.close()

    threads = [threading.Thread(target=send, args=(n,), daemon=True) for n in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return next(sent) / seconds


@contextmanager
def _sent(port: int, a_second: float) -> Iterator[None]:
    """Send batches at a rate while the block runs."""
    with ExitStack() as stack:
        if a_second:
            end = threading.Event()
            thread = threading.Thread(target=_send, args=(port, a_second, end), daemon=True)
            thread.start()
            stack.callback(thread.join)
            stack.callback(end.set)
        yield


def _send(port: int, a_second: float, end: threading.Event) -> None:
    sender, start = Sender(port), time.monotonic()
    for n, body in enumerate(requests()):
        if end.wait(max(0.0, start + n / a_second - time.monotonic())):
            break
        sender.send(body)
    sender.close()
