"""What requests, long tasks and errors have in common, in the model's form, whoever sent it."""

import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

from isotherm.model.events import CALLS, METHODS, RESOURCE_KINDS

SIZE_MAX: Final = 2**32 - 1
STATUS_MAX: Final = 999
ACTIONS_MAX: Final = 16
"""A rage chain links what it causes to each of its clicks; SDKs name five at most."""

FRAMES: Final = 3
_FRAME_MAX: Final = 300
_STACK_MAX: Final = 20_000
_PLACE: Final = re.compile(r":\d{1,9}(?::\d{1,9})?\)?$")
"""How a line of a stack ends that names a place: `app.js:24:28`, with or without bracket."""
_QUERY: Final = re.compile(r"[?#][^\s:()]{0,300}(?=:\d{1,9}(?::\d{1,9})?\)?$)")
"""The query or fragment before it; a line has `_FRAME_MAX` characters at most."""


def method(text: str | None) -> str:
    """Return a request's method as one of METHODS."""
    name = (text or "").upper()
    return name if name in METHODS else "OTHER"


def resource_kind(text: str | None) -> str:
    """Return a kind of resource as one of RESOURCE_KINDS."""
    name = _ALIASES.get(text or "", text or "")
    return name if name in RESOURCE_KINDS else "other"


_ALIASES: Final = {
    "xmlhttprequest": "xhr",  # initiator types of Resource Timing, which Faro sends as they are
    "navigation": "document",
    "iframe": "document",
    "frame": "document",
    "script": "js",
    "img": "image",
    "video": "media",
    "audio": "media",
}


def status(code: float | None) -> int:
    """Return an HTTP status; 0 = unknown, or no answer came."""
    return int(code) if code is not None and 0 < code <= STATUS_MAX else 0


def size(count: float | None) -> int | None:
    """Return a number of bytes; None = unknown."""
    return None if count is None or not count >= 0 else int(min(count, SIZE_MAX))


def decimal_trace(text: str | None) -> str:
    """Return the trace id that Datadog's SDKs write in decimal, as 32 hex digits; "" = none."""
    text = (text or "")[:40]
    if not text.isascii() or not text.isdigit():
        return hex_trace(text)
    number = int(text)
    return f"{number:032x}" if 0 < number < 2**128 else ""


def hex_trace(text: str | None) -> str:
    """Return a trace id of 16 or 32 hex digits as 32 of them (W3C `traceparent`); "" = none."""
    if not text or len(text) not in (16, 32) or not _HEX.fullmatch(text):
        return ""
    return text.lower().zfill(32) if text.strip("0") else ""


_HEX: Final = re.compile("[0-9a-fA-F]{16,32}")


def action_ids(ids: str | Sequence[str] | None) -> tuple[str, ...]:
    """Return the ids of the actions that something belongs to."""
    several = (ids,) if isinstance(ids, str) else ids or ()
    return tuple(dict.fromkeys(one for one in several[:ACTIONS_MAX] if one))


def top_frames(stack: str | None) -> str:
    """Return the first frames of a stack, a line each: places only, without queries."""
    lines = (line.strip()[:_FRAME_MAX] for line in (stack or "")[:_STACK_MAX].split("\n"))
    return _joined(line for line in lines if _PLACE.search(line))


def written_frames(frames: Iterable[tuple[str, str, int | None, int | None]]) -> str:
    """Return the first frames of a stack of (function, address, line, column), a line each."""
    written = []
    for function, address, line, column in frames:
        place = ":".join(str(part) for part in (address, line, column) if part is not None)
        written.append(f"{function} @ {place}" if function else place)
    return _joined(line[:_FRAME_MAX] for line in written)


def _joined(lines: Iterable[str]) -> str:
    found = []
    for line in lines:
        found.append(_QUERY.sub("", line.removeprefix("at ")))
        if len(found) == FRAMES:
            break
    return "\n".join(found)


def longest_script(scripts: Sequence[Any]) -> Any:
    """Return the script with the longest duration; None when there is none."""
    return max(scripts, key=lambda script: script.duration or 0.0, default=None)


def is_call(kind: str) -> bool:
    """Tell whether a resource's address may hold the ids of things."""
    return kind in CALLS
