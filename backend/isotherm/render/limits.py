"""Limits that a process sets itself."""

import resource
from pathlib import Path

MEBIBYTE = 1 << 20


def limit_memory(megabytes: int) -> None:
    """Let this process take that much more memory; it is told so by a MemoryError."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    most = pages * resource.getpagesize() + megabytes * MEBIBYTE
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
