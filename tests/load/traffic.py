"""Clients that send what SDKs send at a given rate, whether or not the server keeps up.

Times count from when a request was due, not from when a connection was free for it: else a server
that hangs would be asked less often, and look quick (coordinated omission).
"""

import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import count, cycle, islice

from msgspec import Struct, field

from tests.bench.batches import requests
from tests.bench.servers import ANSWER_S, Sender

AGAIN_S = 0.05


class Told(Struct):
    """What clients saw."""

    statuses: Counter[int] = field(default_factory=Counter)
    unadvised: int = 0  # refused without a time to come again
    broken: int = 0  # connections that ended without an answer
    actions: int = 0  # of those accepted
    unsure: int = 0  # actions of requests without an answer
    waits_s: list[float] = field(default_factory=list)  # of those accepted
    refusals_s: list[float] = field(default_factory=list)

    @property
    def accepted(self) -> int:
        """Requests answered with 202."""
        return self.statuses[202]

    @property
    def refused(self) -> int:
        """Requests answered with 429 or 503."""
        return self.statuses[429] + self.statuses[503]


def percentile(values: list[float], share: float) -> float:
    """Return the value below which a share of all lies; 0 of none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


class Traffic:
    """Requests at a rate, from several connections."""

    def __init__(self, port: int, connections: int, actions: Sequence[int]) -> None:
        """`actions`: how many each of `batches.stored_batches` holds."""
        self._port = port
        self._connections = connections
        self._actions = actions

    def closed(self, seconds: float) -> Told:
        """Send one request after the other on each connection: as much as the server takes."""
        return self._run(time.monotonic() + seconds, time.monotonic)

    def open(self, a_second: float, seconds: float) -> Told:
        """Send requests at a rate."""
        start = time.monotonic()
        due = (start + n / a_second for n in count())
        lock = threading.Lock()

        def next_due() -> float:
            with lock:
                return next(due)

        return self._run(start + seconds, next_due)

    def _run(self, until: float, next_due: Callable[[], float]) -> Told:
        told, lock = Told(), threading.Lock()

        def client(number: int) -> None:
            batches = islice(zip(requests(), cycle(self._actions), strict=False), number * 3, None)
            sender = Sender(self._port)
            seen = Told()
            while (due := next_due()) < until:
                time.sleep(max(0.0, due - time.monotonic()))
                if time.monotonic() > until + ANSWER_S:
                    break
                sender = self._send(sender, *next(batches), due, seen)
            sender.close()
            with lock:
                for name in told.__struct_fields__:
                    setattr(told, name, getattr(told, name) + getattr(seen, name))

        clients = [
            threading.Thread(target=client, args=(n,), daemon=True)
            for n in range(self._connections)
        ]
        for one in clients:
            one.start()
        for one in clients:
            one.join()
        return told

    def _send(self, sender: Sender, body: bytes, actions: int, due: float, seen: Told) -> Sender:
        try:
            status, head = sender.ask(body)
        except OSError:
            seen.broken += 1
            seen.unsure += actions
            sender.close()
            time.sleep(AGAIN_S)
            return Sender(self._port)
        waited = time.monotonic() - due
        seen.statuses[status] += 1
        if status == 202:
            seen.waits_s.append(waited)
            seen.actions += actions
        else:
            seen.refusals_s.append(waited)
            seen.unadvised += b"retry-after:" not in head.lower()
        return sender
