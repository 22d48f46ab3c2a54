"""What Faro says of requests and measurements: its performance events, traced calls, web vitals."""

import math
from datetime import datetime
from typing import Any, Final

from msgspec import Struct

from isotherm.model.detail_fields import hex_trace, method, resource_kind, size, status
from isotherm.replay.formats.json_values import mapping, text

RESOURCE: Final = "faro.performance.resource"
NAVIGATION: Final = "faro.performance.navigation"
TRACED: Final = "faro.tracing."
"""How the tracing instrumentation names its calls: `faro.tracing.fetch`, `.xml-http-request`."""

_URLS: Final = ("url.full", "http.url")  # OpenTelemetry's conventions, new and old
_METHODS: Final = ("http.request.method", "http.method")
_STATUSES: Final = ("http.response.status_code", "http.status_code")
_TEXT_MAX: Final = 4_096
_VALUES_MAX: Final = 16


class FaroRequest(Struct, frozen=True):
    """One request or loaded file, as a performance entry or as a traced call."""

    id: str
    time_ms: int  # start
    kind: str
    address: str
    method: str
    status: int
    duration_ms: float | None  # whole
    size: int | None
    trace_id: str
    action_id: str
    traced: bool
    page_load: bool = False  # began when the document's clock did


class Measurement(Struct, frozen=True):
    """Numbers that the page took; `type` is `web-vitals`, or the site's own."""

    time_ms: int
    type: str
    values: dict[str, float]
    context: dict[str, str]
    action_id: str


def read_request(item: dict[str, Any]) -> FaroRequest | None:
    """Return the request that an event tells of; None when it is of another kind."""
    name, time_ms = text(item.get("name"), 100), epoch_ms(item.get("timestamp"))
    given = mapping(item.get("attributes"))
    if time_ms < 0:
        return None
    if name.startswith(TRACED):
        return _traced(name, item, given, time_ms)
    if name not in (RESOURCE, NAVIGATION):
        return None
    initiator = text(given.get("initiatorType"), 100)
    return FaroRequest(
        id=text(given.get("faroResourceId") or given.get("faroNavigationId"), 100),
        time_ms=time_ms,
        kind=_kind(initiator, text(given.get("name"), _TEXT_MAX)),
        address=text(given.get("name"), _TEXT_MAX),
        method="",
        status=status(number(given.get("responseStatus"))),
        duration_ms=_whole(given.get("duration")),
        size=size(number(given.get("decodedBodySize"))),
        trace_id=trace_of(item),
        action_id=_action(item),
        traced=False,
        page_load=name == NAVIGATION,
    )


def _traced(
    name: str, item: dict[str, Any], given: dict[str, Any], end_ms: int
) -> FaroRequest | None:
    """Read a client's span: its event carries the time of the end."""
    address = _first(given, _URLS)
    if not address:
        return None
    lasted = number(given.get("duration_ns"))
    return FaroRequest(
        id=text(mapping(item.get("trace")).get("span_id"), 100),
        time_ms=end_ms if lasted is None else max(0, end_ms - round(lasted / 1e6)),
        kind="fetch" if name.endswith("fetch") else "xhr",
        address=address,
        method=method(_first(given, _METHODS)),
        status=status(number(_first(given, _STATUSES))),
        duration_ms=None if lasted is None else float(round(lasted / 1e6)),
        size=None,
        trace_id=trace_of(item),
        action_id=_action(item),
        traced=True,
    )


def _first(given: dict[str, Any], names: tuple[str, ...]) -> str:
    return next((found for name in names if (found := text(given.get(name), _TEXT_MAX))), "")


def _kind(initiator: str, address: str) -> str:
    """Return the kind; a style sheet is told from an image of one by its address."""
    if initiator in ("link", "css"):
        ending = address.partition("?")[0].rpartition(".")[2].lower()
        return {"css": "css", "woff": "font", "woff2": "font", "js": "js"}.get(ending, "other")
    return resource_kind(initiator)


def read_measurement(item: dict[str, Any]) -> Measurement | None:
    """Return a measurement; None when it has no time or no numbers."""
    values = {
        text(name, 200): found
        for name, value in list(mapping(item.get("values")).items())[:_VALUES_MAX]
        if (found := number(value)) is not None
    }
    time_ms = epoch_ms(item.get("timestamp"))
    if time_ms < 0 or not values:
        return None
    context = {
        text(name, 200): text(value, _TEXT_MAX)
        for name, value in list(mapping(item.get("context")).items())[:_VALUES_MAX]
    }
    return Measurement(time_ms, text(item.get("type"), 200), values, context, _action(item))


def trace_of(item: dict[str, Any]) -> str:
    """Return the trace id that an item carries; "" = none."""
    return hex_trace(text(mapping(item.get("trace")).get("trace_id"), 100))


def _action(item: dict[str, Any]) -> str:
    return text(mapping(item.get("action")).get("parentId"), 100)


def number(value: object) -> float | None:
    """Return a finite number, also one written as text."""
    try:
        found = float(text(value, 40))
    except ValueError:
        return None
    return found if math.isfinite(found) else None


def _whole(value: object) -> float | None:
    found = number(value)
    return None if found is None else float(round(max(found, 0.0)))


def epoch_ms(value: object) -> int:
    """Return an ISO 8601 time as epoch ms, -1 when it is none."""
    try:
        return round(datetime.fromisoformat(text(value, 40)).timestamp() * 1000)
    except (ValueError, OverflowError):
        return -1
