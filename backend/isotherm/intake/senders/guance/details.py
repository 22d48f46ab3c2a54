"""Guance's errors, resources, long tasks and loading times, in the model's fields."""

from typing import Any

import msgspec
from msgspec import Struct

from isotherm.intake.draft import ELEMENT_MAX, count, milliseconds
from isotherm.intake.senders.guance.columns import Columns, WrongColumnError
from isotherm.model.detail_fields import (
    action_ids,
    decimal_trace,
    longest_script,
    method,
    resource_kind,
    size,
    status,
    top_frames,
)


class _Script(Struct):
    duration: float | None = None
    forced_style_and_layout_duration: float | None = None
    source_url: str | None = None
    source_function_name: str | None = None
    source_char_position: float | None = None
    invoker: str | None = None


_SCRIPTS = msgspec.json.Decoder(list[_Script])
_NO_SCRIPT = _Script()
_SCORE_MAX = 1e6


def error_fields(columns: Columns) -> dict[str, Any]:
    """Return the fields of an error: message, stack, and the request that failed."""
    handling = columns.text("error_handling")
    fields = {
        "event_id": columns.text("error_id"),
        "message": columns.text("error_message"),
        "kind": columns.text("error_type"),
        "origin": columns.text("error_source"),
        "frames": top_frames(columns.text("error_stack")),
        "handling": handling if handling in ("handled", "unhandled") else "",
        "trace_id": decimal_trace(columns.text("trace_id")),
        "action_ids": _actions(columns),
    }
    address = columns.text("resource_url") or columns.text("error_resource_url")
    if address:
        fields |= {"address": address, **_request(columns)}
    return fields


def resource_fields(columns: Columns) -> dict[str, Any]:
    """Return the fields of a request or a loaded file."""
    return {
        "event_id": columns.text("resource_id"),
        "kind": resource_kind(columns.text("resource_type")),
        "address": columns.text("resource_url"),
        **_request(columns),
        "duration_ms": milliseconds(columns.number("duration")),
        "size": size(columns.number("resource_size")),
        "trace_id": decimal_trace(columns.text("trace_id")),
        "action_ids": _actions(columns),
    }


def long_task_fields(columns: Columns) -> dict[str, Any]:
    """Return the fields of a long task, or a long animation frame with its longest script."""
    scripts = _scripts(columns)
    script = longest_script(scripts) or _NO_SCRIPT
    return {
        "event_id": columns.text("long_task_id"),
        "kind": "task" if columns.number("blocking_duration") is None else "frame",
        "duration_ms": milliseconds(columns.number("duration")) or 0.0,
        "blocking_ms": milliseconds(columns.number("blocking_duration")),
        "scripts": count(len(scripts)),
        "script": script.source_url or "",
        "function": script.source_function_name or "",
        "position": size(script.source_char_position),
        "invoker": (script.invoker or "").partition("?")[0],
        "script_ms": milliseconds(script.duration),
        "layout_ms": milliseconds(script.forced_style_and_layout_duration),
        "action_ids": _actions(columns),
    }


_TIMES = {
    "loading_ms": "loading_time",
    "first_byte_ms": "first_byte",
    "fcp_ms": "first_contentful_paint",
    "lcp_ms": "largest_contentful_paint",
    "inp_ms": "interaction_to_next_paint",
    "inp_at_ms": "interaction_to_next_paint_time",
    "cls_at_ms": "cumulative_layout_shift_time",
}
_ELEMENTS = {
    "lcp_element": "largest_contentful_paint_element_selector",
    "inp_element": "interaction_to_next_paint_target_selector",
    "cls_element": "cumulative_layout_shift_target_selector",
}


def performance_fields(columns: Columns) -> dict[str, Any]:
    """Return a view's loading times and web vitals."""
    fields: dict[str, Any] = {
        name: milliseconds(columns.number(column)) for name, column in _TIMES.items()
    }
    for name, column in _ELEMENTS.items():
        element = columns.text(column)
        fields[name] = element if len(element) <= ELEMENT_MAX else ""
    shift = columns.number("cumulative_layout_shift")
    fields["cls"] = None if shift is None else min(max(shift, 0.0), _SCORE_MAX)
    return fields


def _request(columns: Columns) -> dict[str, Any]:
    code = str(columns.fields.get("resource_status", columns.tag("resource_status")))
    known = code.isascii() and code.isdigit() and len(code) == 3
    return {
        "method": method(columns.text("resource_method")),
        "status": status(int(code)) if known else 0,
    }


def _actions(columns: Columns) -> tuple[str, ...]:
    """Return the ids of actions; `action_id` is but the last of them (samples/README 6.3)."""
    return action_ids(columns.names("action_ids") or columns.text("action_id"))


def _scripts(columns: Columns) -> list[_Script]:
    text = columns.text("scripts")
    if not text:
        return []
    try:
        return _SCRIPTS.decode(text)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise WrongColumnError(f"scripts: {error}") from error
