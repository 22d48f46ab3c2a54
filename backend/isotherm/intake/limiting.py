"""Limits how much one address and one application may send within a minute."""

import ipaddress
import logging
import math
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any, Final

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter
from msgspec import Struct

from isotherm.model.errors import Code, IsothermError

_log = logging.getLogger(__name__)

_HOME_BITS: Final = 64
"""An IPv6 subscriber has this many bits to choose an address from."""


class Rates(Struct, frozen=True):
    """The most within a minute; 0: no limit."""

    requests_of_address: int = 0
    events_of_application: int = 0


class Limiter:
    """Counts in memory, or where `storage` does; thread-safe. What was long ago is forgotten.

    A storage may have a thread, so it is made with the first request, in the process that serves.
    """

    def __init__(self, rates: Rates, storage: Callable[[], Any] = MemoryStorage) -> None:
        self._rates = rates
        self._storage = storage
        self._starting = threading.Lock()
        self._fault = ""  # said once, not with each request
        self._made: SlidingWindowCounterRateLimiter | None = None

    def request(self, address: str) -> None:
        """Count a request. Raises TOO_OFTEN when its address sends too many."""
        most = self._rates.requests_of_address
        if most:
            self._take(most, "address", _subscriber(address), 1)

    def events(self, counts: Mapping[str, int]) -> None:
        """Count the events of a request by application. Raises TOO_OFTEN."""
        most = self._rates.events_of_application
        if most:
            for application, count in counts.items():
                self._take(most, "application", application, count)

    def _take(self, most: int, kind: str, name: str, count: int) -> None:
        item, counted = RateLimitItemPerMinute(most), self._counted()
        try:
            # a body that is larger than the limit takes all of it
            if counted.hit(item, kind, name, cost=min(count, most)):
                return
            reset_s = counted.get_window_stats(item, kind, name).reset_time - time.time()
        except counted.storage.base_exceptions as error:  # what is sent is worth more than a limit
            if str(error) != self._fault:
                _log.warning("Rate limits are off: requests cannot be counted (%s)", error)
            self._fault = str(error)
            return
        raise IsothermError(
            Code.TOO_OFTEN,
            f"This {kind} sends more than {most:,} "
            f"{'requests' if kind == 'address' else 'events'} a minute; send again later",
            retry_after_s=min(60, max(1, math.ceil(reset_s))),
        )

    def _counted(self) -> SlidingWindowCounterRateLimiter:
        with self._starting:
            if self._made is None:
                self._made = SlidingWindowCounterRateLimiter(self._storage())
            return self._made


def _subscriber(address: str) -> str:
    """Return what stands for one subscriber: an IPv4 address, or a network of IPv6."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 6 and parsed.ipv4_mapped is None:
        return str(ipaddress.ip_network((parsed, _HOME_BITS), strict=False))
    return address
