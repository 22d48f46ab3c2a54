"""Threads are waited for until they have ended, however long that takes.

A thread that comes back from DuckDB or Arrow while the interpreter ends is ended in the middle of
C++ code, which aborts the process ("terminate called without an active exception", SIGABRT). What
takes too long, gunicorn kills: that loses nothing.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "backend" / "isotherm"


def limited(source: str) -> Iterator[int]:
    """Yield the lines in which a thread is waited for with a limit."""
    for node in ast.walk(ast.parse(source)):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "join"
            and "thread" in ast.unparse(node.func.value)
            and (node.args or node.keywords)
        ):
            yield node.lineno


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("self._thread.join()", []),
        ("self._thread.join(_STOP_S)", [1]),
        ("for thread in threads:\n  thread.join(timeout=3)", [2]),
        ("', '.join(names)", []),
    ],
)
def test_limits_are_found(source: str, found: list[int]) -> None:
    assert list(limited(source)) == found


def test_threads_are_waited_for_without_a_limit() -> None:
    files = sorted(PACKAGE.rglob("*.py"))
    found = [f"{file}:{line}" for file in files for line in limited(file.read_text())]
    assert not found
