"""Reads Datadog's `view_update`: a difference to the last sent version of a view."""

from collections.abc import Callable
from typing import Any

from isotherm.intake.draft import (
    count,
    depth,
    flat_attributes,
    milliseconds,
    pixels,
)
from isotherm.intake.senders.datadog.performance import FLAT, NESTED

Changed = dict[str, str | int | float | bool | dict[str, str] | None]

PAGE_TO_BE_NAMED = ""
"""Stands for `page` when the view's name changed, until the step that names pages."""


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


FIELDS: tuple[tuple[str, tuple[str, ...], Callable[[Any], Any]], ...] = (
    # field of View, where it is in the event, how it is read
    ("time_spent_ms", ("view", "time_spent"), milliseconds),
    ("actions", ("view", "action", "count"), count),
    ("errors", ("view", "error", "count"), count),
    ("frustrations", ("view", "frustration", "count"), count),
    ("depth_px", ("display", "scroll", "max_depth"), depth),
    ("page_height_px", ("display", "scroll", "max_scroll_height"), depth),
    ("viewport_w", ("display", "viewport", "width"), pixels),
    ("viewport_h", ("display", "viewport", "height"), pixels),
    ("has_replay", ("session", "has_replay"), bool),
    ("user_id", ("usr", "id"), _text),
    ("user_name", ("usr", "name"), _text),
    ("attributes", ("context",), flat_attributes),
    *((name, ("view", *path), read) for name, path, read in (*FLAT, *NESTED)),
)


def changed_fields(update: dict[str, Any]) -> Changed:
    """Return new values of View fields by name; None where the SDK took a value away (`null`).

    `usr` and `context` are replaced whole by the SDK; other objects are merged. The types of all
    values read here were checked when the line was decoded.
    """
    changed: Changed = {}
    for name, path, read in FIELDS:
        found, value = _find(update, path)
        if found:
            changed[name] = None if value is None else read(value)
    if "usr" in update:
        changed.setdefault("user_id", None)
        changed.setdefault("user_name", None)
    if "name" in (update.get("view") or {}):
        changed["page"] = PAGE_TO_BE_NAMED
    return changed


def _find(update: dict[str, Any], path: tuple[str, ...]) -> tuple[bool, Any]:
    """Return whether the update says anything about this path, and the value."""
    value: Any = update
    for key in path:
        if value is None:
            return True, None  # the object around it was taken away
        if key not in value:
            return False, None
        value = value[key]
    return True, value
