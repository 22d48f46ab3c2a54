"""What a reader process does to itself, so that it can harm nothing else and outlives nobody."""

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


@contextmanager
def on_a_leash(pipe: int, limit_s: float) -> Iterator[None]:
    """Work at most so many seconds of processor time, and only while the pipe's other end is open.

    Both are up to the kernel, which ends the process with SIGPROF or SIGIO whatever it is doing.
    The other end says nothing while this lasts, so the only news from the pipe is its end.
    """
    flags = fcntl.fcntl(pipe, fcntl.F_GETFL)
    signal.setitimer(signal.ITIMER_PROF, limit_s)
    fcntl.fcntl(pipe, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(pipe, fcntl.F_SETFL, flags | os.O_ASYNC)
    if select.select([pipe], [], [], 0)[0]:  # it was closed before anybody watched
        sys.exit(0)
    try:
        yield
    finally:
        fcntl.fcntl(pipe, fcntl.F_SETFL, flags)
        signal.setitimer(signal.ITIMER_PROF, 0)
