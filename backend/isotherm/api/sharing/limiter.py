"""Limits wrong passwords per address and minute, against guessing."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Protocol

from isotherm.model.errors import Code, IsothermError

WRONG_MAX = 5
WINDOW_S = 60.0
REMEMBERED = 10_000
"""Addresses whose failures are kept; the oldest are forgotten first."""


class Attempts(Protocol):
    """Attempts that several processes count together (`storage/saved/attempts.py`)."""

    def add(self, name: str) -> list[float]:
        """Count an attempt; return how many seconds ago the others were, the latest first."""

    def take_back(self, name: str) -> None:
        """Forget the latest attempt."""


class PasswordLimiter(Protocol):
    """Ends the guessing of passwords."""

    def begin(self, address: str) -> None:
        """Count an attempt before the password is checked. Raises TOO_OFTEN."""

    def forgive(self, address: str) -> None:
        """Take back the latest attempt: the password was right, or none was needed."""


class SharedLimiter:
    """The same limits for all processes of a server together."""

    def __init__(self, attempts: Attempts) -> None:
        self._attempts = attempts

    def begin(self, address: str) -> None:
        """Count an attempt before the password is checked. Raises TOO_OFTEN, STORE_UNAVAILABLE."""
        ago_s = [one for one in self._attempts.add(address) if one < WINDOW_S]
        if len(ago_s) >= WRONG_MAX:
            self._attempts.take_back(address)
            raise _too_often(WINDOW_S - ago_s[WRONG_MAX - 1])

    def forgive(self, address: str) -> None:
        """Take back the latest attempt: the password was right, or none was needed."""
        self._attempts.take_back(address)


def _too_often(left_s: float) -> IsothermError:
    wait_s = int(left_s) + 1
    message = f"Too many wrong passwords; try again in {wait_s} s."
    return IsothermError(Code.TOO_OFTEN, message, retry_after_s=wait_s)


class Limiter:
    """Counts wrong passwords in memory. Thread-safe; a restart forgets."""

    def __init__(self, clock_s: Callable[[], float] = time.monotonic) -> None:
        self._clock_s = clock_s
        self._wrong: OrderedDict[str, list[float]] = OrderedDict()
        self._lock = threading.Lock()

    def begin(self, address: str) -> None:
        """Count an attempt before the password is checked, so that parallel attempts count, too.

        Raises TOO_OFTEN with the seconds to wait when an address had too many wrong ones.
        """
        with self._lock:
            recent = self._recent(address)
            if len(recent) >= WRONG_MAX:
                raise _too_often(recent[-WRONG_MAX] + WINDOW_S - self._clock_s())
            self._wrong[address] = [*recent, self._clock_s()]
            self._wrong.move_to_end(address)
            while len(self._wrong) > REMEMBERED:
                self._wrong.popitem(last=False)

    def forgive(self, address: str) -> None:
        """Take back the latest attempt: the password was right, or none was needed."""
        with self._lock:
            rest = self._wrong.pop(address, [])[:-1]
            if rest:
                self._wrong[address] = rest

    def _recent(self, address: str) -> list[float]:
        since = self._clock_s() - WINDOW_S
        return [moment for moment in self._wrong.get(address, ()) if moment > since]
