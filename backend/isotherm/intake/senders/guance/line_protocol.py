r"""Reads InfluxDB line protocol the way RUM SDKs write it: line breaks in strings, `\"` in tags.

Ready-made readers split at line breaks or refuse `\"` in a tag (samples/README 6.2), and drop the
whole body for one bad point.
"""

import math
import re
from collections.abc import Iterator
from typing import Any

from msgspec import Struct

Value = str | float | bool


class Point(Struct):
    """One point of line protocol; `time` as written, None when absent."""

    measurement: str
    tags: dict[str, str]
    fields: dict[str, Any]  # str, float or bool; JSON mode may hold more
    time: int | None = None


class BadPoint(Struct, frozen=True):
    """A point that cannot be read: where it starts and why."""

    number: int  # from 1
    problem: str


_NAME_TEXT = r"(?:[^,\s\\\"]++|\\.)++"
_TAG_TEXT = r",((?:[^,=\s\\]++|\\.)++)=((?:[^,=\s\\]++|\\.)*+)"
_FIELD_TEXT = r"((?:[^,=\s\\\"]++|\\.)++)=(?:\"((?:[^\"\\]++|\\.)*+)\"|([^\s,\"]++))"
_NAME = re.compile(_NAME_TEXT, re.DOTALL)
_TAG = re.compile(_TAG_TEXT, re.DOTALL)
_FIELD = re.compile(_FIELD_TEXT, re.DOTALL)
_TIME = re.compile(r"[ \t]++(-?\d{1,19})")
_END = re.compile(r"[ \t\r]*+(?:\n|$)")
_SPACE = re.compile(r"[ \t]++")
_BLANK = re.compile(r"\s*+")
_NEXT = re.compile(r"\n(?=[A-Za-z_]\w*+,[^=\s]++=)")
"""Where reading goes on after a bad point: the next line that looks like the start of a point."""

_WHOLE = re.compile(
    rf"\s*+{_NAME_TEXT}(?:{_TAG_TEXT})*+[ \t]++{_FIELD_TEXT}(?:,{_FIELD_TEXT})*+"
    r"(?:[ \t]++-?\d{1,19})?+[ \t\r]*+\n",
    re.DOTALL,
)
"""A point as `_point` reads it, with the end of its line."""

_TAG_ESCAPE = re.compile(r"\\([\s,=\"])")
_TEXT_ESCAPE = re.compile(r"\\([\"\\])")
_BOOLEANS = {
    **dict.fromkeys(("t", "T", "true", "True", "TRUE"), True),
    **dict.fromkeys(("f", "F", "false", "False", "FALSE"), False),
}


def read_points(text: str) -> Iterator[Point | BadPoint]:
    """Yield the points of a body. A bad point is reported, and reading continues after it."""
    place = _skip(text, 0)
    number = 0
    while place < len(text):
        number += 1
        try:
            point, place = _point(text, place)
            yield point
        except _UnreadableError as error:
            yield BadPoint(number, f"Point {number}: {error}")
            following = _NEXT.search(text, place)
            place = following.end() if following else len(text)
        place = _skip(text, place)


def end_of_points(text: str) -> int:
    """Return where the last point of a text ends that goes on; 0 when there is no whole point."""
    end = place = 0
    while True:
        whole = _WHOLE.match(text, place)
        if whole:
            end = place = whole.end()
            continue
        following = _NEXT.search(text, place)
        if following is None:
            return end
        place = following.end()


class _UnreadableError(ValueError):
    """A point does not follow the syntax."""


def _skip(text: str, place: int) -> int:
    blank = _BLANK.match(text, place)
    return blank.end() if blank else place


def _point(text: str, place: int) -> tuple[Point, int]:
    name = _NAME.match(text, place)
    if name is None:
        raise _UnreadableError("no measurement where one should be")
    place = name.end()
    tags: dict[str, str] = {}
    while tag := _TAG.match(text, place):
        key, value = tag.groups()
        tags[_untag(key)] = _untag(value)
        place = tag.end()
    space = _SPACE.match(text, place)
    if space is None:
        raise _UnreadableError(f"a tag is wrong at {text[place : place + 30]!r}")
    place = space.end()
    fields, place = _fields(text, place)
    time = _TIME.match(text, place)
    if time:
        place = time.end()
    end = _END.match(text, place)
    if end is None:
        raise _UnreadableError(f"a field or the time is wrong at {text[place : place + 30]!r}")
    return Point(_untag(name[0]), tags, fields, int(time[1]) if time else None), end.end()


def _fields(text: str, place: int) -> tuple[dict[str, Any], int]:
    fields: dict[str, Any] = {}
    while field := _FIELD.match(text, place):
        key, quoted, bare = field.groups()
        fields[_untag(key)] = _untext(quoted) if bare is None else _number(bare)
        place = field.end()
        if text[place : place + 1] != ",":
            return fields, place
        place += 1
    raise _UnreadableError(f"a field is wrong at {text[place : place + 30]!r}")


def _untag(text: str) -> str:
    return _TAG_ESCAPE.sub(r"\1", text) if "\\" in text else text


def _untext(text: str) -> str:
    if "\\" not in text:
        return text
    if "\0" in text:
        return _TEXT_ESCAPE.sub(r"\1", text)
    # the same for JSON in strings, whose every quote is escaped, ten times as fast
    return text.replace("\\\\", "\0").replace('\\"', '"').replace("\0", "\\")


def _number(text: str) -> Value:
    """Read a bare value: a boolean, or a number with or without the suffix of integers."""
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    try:
        number = float(text.rstrip("iu"))
    except ValueError as error:
        raise _UnreadableError(f"{text[:30]!r} is neither a number nor a boolean") from error
    if not math.isfinite(number):
        raise _UnreadableError(f"{text[:30]!r} is not a finite number")
    return number
