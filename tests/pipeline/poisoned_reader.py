"""A reader process for which the names of sessions are poison; others are read as usual."""

import ctypes
import os
import re
import time
from typing import Any

import counting_reader

from isotherm.pipeline.readers import serving
from isotherm.replay.derive.derived import Derived


def loop() -> None:
    """Never end, and never let another thread of this process run: one match of a bad pattern."""
    re.match(r"(a+)+$", "a" * 64 + "b")


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
    "exit": lambda: os._exit(3), "sleep": lambda: time.sleep(3600),
}  # fmt: skip


def derive(segments: Any, rules: Any, page: Any) -> Derived:
    """Take the poison, if the session is one."""
    poison = POISON.get(segments[0].session_id)
    if poison:
        poison()
    return counting_reader.derive(segments, rules, page)


if __name__ == "__main__":
    serving.enrich, serving.derive = counting_reader.enrich, derive  # type: ignore[assignment]
    serving.main()
