"""What can go wrong in a process that reads recordings."""

import ctypes
import os
import re
import time


def loop() -> None:
    """Never end, and never let another thread of this process run: one match of a bad pattern."""
    re.match(r"(a+)+$", "a" * 64 + "b")


def work() -> None:
    """Take more than a quick reader's time, but no more than is honest."""
    until_s = time.process_time() + 1.5
    while time.process_time() < until_s:
        pass


def hog() -> None:
    """Take all memory there is."""
    held = []
    while True:
        held.append(bytearray(1 << 20))


def crash() -> None:
    """Read where nothing is."""
    ctypes.string_at(0)


def deep() -> None:
    """Call itself without end."""
    deep()


def wrong() -> None:
    """Fail as any code may."""
    raise TypeError


POISON = {
    "loop": loop, "hog": hog, "crash": crash, "deep": deep, "wrong": wrong,
    "work": work, "exit": lambda: os._exit(3), "sleep": lambda: time.sleep(3600),
}  # fmt: skip
