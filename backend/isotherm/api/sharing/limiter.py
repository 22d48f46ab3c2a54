"""Limits wrong passwords per address and minute, against guessing."""

import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from hashlib import blake2b
from typing import Protocol

from msgspec import Struct

from isotherm.model.errors import Code, IsothermError

WRONG_MAX = 5
WINDOW_S = 60.0
REMEMBERED = 10_000
"""Addresses whose failures are kept; the oldest are forgotten first."""


class Attempts(Protocol):
    """Where attempts are counted: in memory, or where several processes do it together."""

    def add(self, name: str, given: str) -> tuple[str, list[float]]:
        """Count an attempt; return its id and how many seconds ago others were, the latest first.

        Not among the others are those with the same `given` that are still being checked.
        """

    def wrong(self, attempt: str) -> None:
        """Keep an attempt whatever was `given` with it."""

    def take_back(self, attempt: str) -> None:
        """Forget an attempt."""


class PasswordLimiter:
    """Ends the guessing of passwords. Thread-safe."""

    def __init__(self, attempts: Attempts | None = None) -> None:
        """Count in memory unless told where; a restart forgets."""
        self._attempts = attempts or HeldAttempts()

    def begin(self, address: str, password: str) -> str:
        """Count an attempt before the password is checked, so that parallel guesses count, too.

        The same password several times at once is one guess: a browser fetches a snapshot and the
        strips of its picture together. Return the attempt for `end`. Raises TOO_OFTEN with the
        seconds to wait when the address had too many wrong ones, STORE_UNAVAILABLE.
        """
        # the address is a secret that is kept nowhere: a copy of the digests is of no use
        key = blake2b(address.encode("utf-8", "surrogatepass")).digest()
        given = blake2b(password.encode("utf-8", "surrogatepass"), key=key, digest_size=16)
        attempt, ago_s = self._attempts.add(address, given.hexdigest())
        recent_s = [one for one in ago_s if one < WINDOW_S]
        if len(recent_s) >= WRONG_MAX:
            self._attempts.take_back(attempt)
            wait_s = int(WINDOW_S - recent_s[WRONG_MAX - 1]) + 1
            message = f"Too many wrong passwords; try again in {wait_s} s."
            raise IsothermError(Code.TOO_OFTEN, message, retry_after_s=wait_s)
        return attempt

    def end(self, attempt: str, *, wrong: bool) -> None:
        """Say what came of an attempt: what was right, or not needed, is forgotten."""
        if wrong:
            self._attempts.wrong(attempt)
        else:
            self._attempts.take_back(attempt)


class _Attempt(Struct):
    at_s: float
    given: str  # "" = it was wrong


class HeldAttempts:
    """The attempts of the last minute in memory. Thread-safe."""

    def __init__(self, clock_s: Callable[[], float] = time.monotonic) -> None:
        self._clock_s = clock_s
        self._of: OrderedDict[str, dict[str, _Attempt]] = OrderedDict()  # name -> id -> attempt
        self._lock = threading.Lock()

    def add(self, name: str, given: str) -> tuple[str, list[float]]:
        """Count an attempt; return its id and how many seconds ago others were, the latest first.

        Not among the others are those with the same `given` that are still being checked.
        """
        attempt = f"{secrets.token_hex(8)} {name}"
        with self._lock:
            now_s = self._clock_s()
            known = self._of.pop(name, {})
            kept = {id_: one for id_, one in known.items() if one.at_s > now_s - WINDOW_S}
            others = [now_s - one.at_s for one in reversed(kept.values()) if one.given != given]
            self._of[name] = {**kept, attempt: _Attempt(now_s, given)}
            while len(self._of) > REMEMBERED:
                self._of.popitem(last=False)
        return attempt, others

    def wrong(self, attempt: str) -> None:
        """Keep an attempt whatever was `given` with it."""
        with self._lock:
            one = self._of.get(attempt.partition(" ")[2], {}).get(attempt)
            if one is not None:
                one.given = ""

    def take_back(self, attempt: str) -> None:
        """Forget an attempt."""
        name = attempt.partition(" ")[2]
        with self._lock:
            of = self._of.get(name, {})
            of.pop(attempt, None)
            if not of:
                self._of.pop(name, None)
