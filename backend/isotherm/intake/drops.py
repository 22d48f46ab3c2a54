"""Why events are not kept, and the counters that must add up: received = accepted + dropped.

Beside them, requests that nobody has looked into.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum

from msgspec import Struct


class DropReason(StrEnum):
    """The closed list of reasons; each is a label of the metric `isotherm_intake_dropped_total`."""

    NOT_USED = "not_used"  # logs, telemetry, foreign events: nothing is made from them
    BOT = "bot"  # a synthetic test or a crawler
    DUPLICATE = "duplicate"  # a repeated delivery; counted by the worker
    OUTDATED = "outdated"  # an older version of a view that is known already; by the worker
    UNDECODABLE = "undecodable"  # a line, a point or a whole body that cannot be read
    INVALID = "invalid"  # readable, but a value has the wrong type
    MISSING_FIELD = "missing_field"  # no id, application, session, view or address
    BAD_TIME = "bad_time"  # a time outside 2000..2100
    REFUSED = "refused"  # the intake token is missing or wrong
    UNSTORABLE = "unstorable"  # went to the dead letters; counted by the worker


FAULTS = frozenset(
    {
        DropReason.UNDECODABLE,
        DropReason.INVALID,
        DropReason.MISSING_FIELD,
        DropReason.BAD_TIME,
        DropReason.REFUSED,
    }
)
"""Reasons that are the sender's fault: a body with nothing else in it is answered with 4xx."""

HARMLESS = (DropReason.NOT_USED, DropReason.BOT, DropReason.DUPLICATE, DropReason.OUTDATED)
"""Reasons that are expected: nothing is lost by them."""


class Refusal(StrEnum):
    """Why a request was not read to its end; a label of `isotherm_requests_refused_total`.

    How many events are in it is not known. Senders that are answered send most of them again.
    """

    BUSY = "busy"  # too many requests of the intake wait already: 503
    BODIES = "bodies"  # the bodies that wait take all the memory they may: 503
    NO_ROOM = "no_room"  # the spool cannot take events now, as with a full disk: 503
    TOO_OFTEN = "too_often"  # more than a limit allows: 429
    TOO_LARGE = "too_large"  # a body beyond the limit: 413; a head: 414 or 431
    TOO_SLOW = "too_slow"  # the client did not send, or take its answer, in time
    CROWDED = "crowded"  # it was waited for longest, and made room for others
    BROKEN = "broken"  # the connection ended within the body, or what came is not HTTP


class Drop(Struct, frozen=True):
    """An event that is not kept, and a sentence about it for the person who sent it."""

    reason: DropReason
    detail: str = ""


class Snapshot(Struct, frozen=True):
    """The counters at one moment."""

    received: dict[str, int]  # by sender
    accepted: int
    dropped: dict[str, int]  # by reason, only those that happened
    last_event_ms: dict[str, int]  # by sender: when its last event arrived, server clock
    moved: int = 0  # events that were taken over from the spool of another process, or by one
    refused: dict[str, int] = {}  # requests by reason, only those that happened

    @property
    def uncounted(self) -> int:
        """How many events were stored or dropped that nobody has counted as received."""
        done = self.accepted + sum(self.dropped.values())
        return done - sum(self.received.values()) - self.moved


def summed(counts: Iterable[Snapshot]) -> Snapshot:
    """Return the counts of several processes as those of one."""
    received, dropped, refused = Counter[str](), Counter[str](), Counter[str]()
    accepted = moved = 0
    last: dict[str, int] = {}
    for one in counts:
        received.update(one.received)
        dropped.update(one.dropped)
        refused.update(one.refused)
        accepted += one.accepted
        moved += one.moved
        for sender, at_ms in one.last_event_ms.items():
            last[sender] = max(at_ms, last.get(sender, 0))
    return Snapshot(dict(received), accepted, dict(dropped), last, moved, dict(refused))


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


class Counters:
    """Thread-safe counts since the start of the server."""

    def __init__(
        self,
        clock_ms: Callable[[], int] = _now_ms,
        *,
        since: Snapshot | None = None,
        keep: Callable[[Snapshot], None] | None = None,
    ) -> None:
        """Go on from the counts `since`; `keep` gets the new ones after every change."""
        since = since or Snapshot({}, 0, {}, {})
        self._lock = threading.Lock()
        self._clock_ms = clock_ms
        self._keep = keep
        self._received = Counter(since.received)
        self._accepted = since.accepted
        self._dropped = Counter(since.dropped)
        self._last_event_ms = dict(since.last_event_ms)
        self._moved = since.moved
        self._refused = Counter(since.refused)

    def received(self, sender: str, count: int = 1) -> None:
        """Count events that arrived from a sender (`datadog`, `guance`, ...)."""
        with self._changing():
            self._received[sender] += count
            self._last_event_ms[sender] = self._clock_ms()

    def accepted(self, count: int = 1) -> None:
        """Count received events that the store has taken (a segment stands for `events`)."""
        with self._changing():
            self._accepted += count

    def dropped(self, reason: DropReason, count: int = 1) -> None:
        """Count received events that are not kept."""
        with self._changing():
            self._dropped[reason.value] += count

    def arrived(self, sender: str, count: int, drops: Mapping[DropReason, int]) -> None:
        """Count a request's events and those of them that are not kept, in one step."""
        with self._changing():
            self._received[sender] += count
            self._last_event_ms[sender] = self._clock_ms()
            for reason, dropped in drops.items():
                self._dropped[reason.value] += dropped

    def refused(self, reason: Refusal) -> None:
        """Count a request that is not read to its end."""
        with self._changing():
            self._refused[reason.value] += 1

    def moved(self, count: int) -> None:
        """Count events of another process' spool that are in this one's now; < 0: given away."""
        with self._changing():
            self._moved += count

    def snapshot(self) -> Snapshot:
        """Return a consistent copy of all counts."""
        with self._lock:
            return self._snapshot()

    @contextmanager
    def _changing(self) -> Iterator[None]:
        with self._lock:
            yield
            if self._keep is not None:
                self._keep(self._snapshot())

    def _snapshot(self) -> Snapshot:
        return Snapshot(
            received=dict(self._received),
            accepted=self._accepted,
            dropped=dict(self._dropped),
            last_event_ms=dict(self._last_event_ms),
            moved=self._moved,
            refused=dict(self._refused),
        )
