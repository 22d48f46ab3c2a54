"""A cache whose keys are texts from outside: its memory is bounded, whatever they are."""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, Final, ParamSpec, TypeVar

LONGEST: Final = 2_000
"""Characters or bytes of an argument that is kept; anybody can send millions of longer ones."""

_TEXTS: Final = (str, bytes)

P = ParamSpec("P")
R = TypeVar("R")


def text_cache(entries: int) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Remember the answers to so many arguments; long ones are answered anew each time."""

    def remembering(function: Callable[P, R]) -> Callable[P, R]:
        cached: Callable[..., R] = lru_cache(maxsize=entries)(function)

        @wraps(function)
        def answer(*args: P.args, **named: P.kwargs) -> R:
            for argument in args:  # written out: it runs ten times for each event
                if isinstance(argument, _TEXTS) and len(argument) > LONGEST:
                    return function(*args, **named)
            if named and any(map(_is_long, named.values())):
                return function(*args, **named)
            return cached(*args, **named)

        return answer

    return remembering


def _is_long(argument: Any) -> bool:
    return isinstance(argument, _TEXTS) and len(argument) > LONGEST
