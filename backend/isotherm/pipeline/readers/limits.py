"""Limits that a reader process sets itself: it harms nothing else and outlives no server."""

import fcntl
import os
import resource
import select
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

NICENESS: Final = 10
MEBIBYTE: Final = 1 << 20
_ENDING: Final = (signal.SIGPROF, signal.SIGIO, signal.SIGTERM)


def confine(memory_mb: int) -> None:
    """Step back behind those who answer people, take no more memory than this, dump no core."""
    with suppress(OSError):  # some containers do not let anybody be nicer
        os.nice(NICENESS)
    # RLIMIT_AS would count libraries that are only mapped; others than Linux have nothing better
    kind = resource.RLIMIT_DATA if sys.platform == "linux" else resource.RLIMIT_AS
    _, most = resource.getrlimit(kind)
    wanted = memory_mb * MEBIBYTE
    if most != resource.RLIM_INFINITY:
        wanted = min(wanted, most)
    with suppress(ValueError, OSError):  # macOS refuses; the limit of bytes holds there, too
        resource.setrlimit(kind, (wanted, wanted))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for number in _ENDING:  # the kernel acts on them even if Python never comes round to it
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)


def live_with(pipe: int) -> None:
    """End with the process that holds the other end of a pipe, whatever this one is doing.

    Nothing is ever written to it, so the only news from it is its end, of which the kernel tells by
    SIGIO. (A pipe of tasks will not do: a writer's signal may come after its words were read.)
    """
    fcntl.fcntl(pipe, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(pipe, fcntl.F_SETFL, fcntl.fcntl(pipe, fcntl.F_GETFL) | os.O_ASYNC)
    if select.select([pipe], [], [], 0)[0]:  # it was closed before anybody watched
        sys.exit(0)


@contextmanager
def within(limit_s: float) -> Iterator[None]:
    """Work at most so many seconds of processor time; the kernel ends the process with SIGPROF."""
    signal.setitimer(signal.ITIMER_PROF, limit_s)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
