"""What a trace belongs to: the click that caused its request, or else the page that sent it."""

import re
from typing import Any

from isotherm.model.errors import Code, IsothermError
from isotherm.query.context import Context
from isotherm.query.lookups import texts_of
from isotherm.query.statement import build, condition

_DIGITS = 32
_TRACE_ID = re.compile(r"[0-9a-f]{1,32}")

_CLICKED = """
WITH caused AS (
  SELECT session, unnest(actions) AS cause FROM resources WHERE slot_met
  UNION ALL SELECT session, unnest(actions) AS cause FROM errors WHERE slot_met
)
SELECT actions.application, actions.page, actions.session, actions."view", actions.time_ms,
  actions.element, actions.action_name
FROM actions JOIN caused ON actions.session = caused.session
  AND actions.event % 4294967296 = caused.cause
WHERE slot_near
ORDER BY actions.time_ms, actions.event LIMIT 1
"""
_SENT = """
WITH met AS (
  SELECT application, page, session, "view", time_ms, event FROM resources WHERE slot_met
  UNION ALL SELECT application, page, session, "view", time_ms, event FROM errors WHERE slot_met
)
SELECT application, page, session, "view", time_ms, 0 AS element, 0 AS action_name
FROM met ORDER BY time_ms, event LIMIT 1
"""
_BEFORE_MS = 60_000
"""An action lasts seconds; what it caused begins within it."""
_KINDS = ("application", "page", "session", "view", "element", "action_name")


def trace_id(text: str) -> str:
    """Return a trace id as 32 hexadecimal digits. Raises INVALID for what is none."""
    plain = text.strip().lower().replace("-", "")
    if not _TRACE_ID.fullmatch(plain):
        message = "A trace id has up to 32 hexadecimal digits"
        raise IsothermError(Code.INVALID, message, field="trace")
    return plain.zfill(_DIGITS)


def behind_trace(
    context: Context, trace: str, from_ms: int, to_ms: int
) -> dict[str, str | int] | None:
    """Return the first click whose request (or error) is part of a trace, or else who sent it.

    Keys: application, page, session, view, element and action_name (both empty without a click),
    time (epoch ms); None when nothing in [from_ms, to_ms) has the trace. Raises INVALID for what
    is no trace id.
    """
    values = {"trace": trace_id(trace), "start": from_ms, "stop": to_ms}
    span = "time_ms >= $start AND time_ms < $stop"
    met = condition(f"replace(trace::VARCHAR, '-', '') = $trace AND {span}")
    near = condition("actions.time_ms >= $before AND actions.time_ms < $stop")
    before = {**values, "before": from_ms - _BEFORE_MS}
    clicked = context.run(build(_CLICKED, before, met=met, near=near))
    found = clicked if len(clicked["time_ms"]) else context.run(build(_SENT, values, met=met))
    if not len(found["time_ms"]):
        return None
    row: dict[str, Any] = {name: values[0] for name, values in found.items()}
    texts = {kind: texts_of(context, kind, [row[kind]])[int(row[kind])] for kind in _KINDS}
    return {**texts, "time": int(row["time_ms"])}
