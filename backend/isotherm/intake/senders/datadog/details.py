"""Datadog's errors, resources, long tasks and vitals, in the model's fields."""

from typing import Any

from isotherm.intake.draft import count, milliseconds
from isotherm.intake.senders.datadog.rum_events import (
    Action,
    Error,
    Internal,
    Line,
    LongTask,
    Resource,
    Script,
    Vital,
)
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

_NO_INTERNAL = Internal()
_NO_ACTION = Action()
_NO_ERROR = Error()
_NO_RESOURCE = Resource()
_NO_TASK = LongTask()
_NO_SCRIPT = Script()
_NO_VITAL = Vital()


def error_fields(event: Line) -> dict[str, Any]:
    """Return the fields of an error: message, stack, and the request that failed."""
    error = event.error or _NO_ERROR
    fields: dict[str, Any] = {
        "event_id": error.id or "",
        "message": error.message or "",
        "kind": error.type or "",
        "origin": error.source or "",
        "frames": top_frames(error.stack),
        "fingerprint": error.fingerprint or "",
        "handling": error.handling if error.handling in ("handled", "unhandled") else "",
        "trace_id": decimal_trace((event.dd or _NO_INTERNAL).trace_id),
        "action_ids": _actions(event),
    }
    if error.resource is not None:
        fields |= {
            "address": error.resource.url or "",
            "method": method(error.resource.method),
            "status": status(error.resource.status_code),
        }
    return fields


def _actions(event: Line) -> tuple[str, ...]:
    return action_ids((event.action or _NO_ACTION).id)


def resource_fields(event: Line) -> dict[str, Any]:
    """Return the fields of a request or a loaded file."""
    resource = event.resource or _NO_RESOURCE
    return {
        "event_id": resource.id or "",
        "kind": resource_kind(resource.type),
        "address": resource.url or "",
        "method": method(resource.method),
        "status": status(resource.status_code),
        "duration_ms": milliseconds(resource.duration),
        "size": size(resource.size),
        "trace_id": decimal_trace((event.dd or _NO_INTERNAL).trace_id),
        "action_ids": _actions(event),
    }


def long_task_fields(event: Line) -> dict[str, Any]:
    """Return the fields of a long task, or a long animation frame with its longest script."""
    task = event.long_task or _NO_TASK
    scripts = task.scripts or ()
    script = longest_script(scripts) or _NO_SCRIPT
    return {
        "event_id": task.id or "",
        "kind": "frame" if task.entry_type == "long-animation-frame" else "task",
        "duration_ms": milliseconds(task.duration) or 0.0,
        "blocking_ms": milliseconds(task.blocking_duration),
        "scripts": count(len(scripts)),
        "script": script.source_url or "",
        "function": script.source_function_name or "",
        "position": size(script.source_char_position),
        "invoker": (script.invoker or "").partition("?")[0],
        "script_ms": milliseconds(script.duration),
        "layout_ms": milliseconds(script.forced_style_and_layout_duration),
        "action_ids": _actions(event),
    }


def vital_fields(event: Line) -> dict[str, Any]:
    """Return the fields of a measurement of the site itself."""
    vital = event.vital or _NO_VITAL
    step = " ".join(filter(None, (vital.step_type, vital.failure_reason)))
    return {
        "event_id": vital.id or "",
        "kind": vital.type or "",
        "name": vital.name or "",
        "value": milliseconds(vital.duration),
        "detail": step or vital.description or "",
        "operation": vital.operation_key or "",
        "action_ids": _actions(event),
    }
