"""Reads Grafana Faro bodies: each becomes one segment, since clicks come from its replay."""

import hashlib
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct, field

from isotherm.intake.bodies import Limits, check_depth, plain, read_json
from isotherm.intake.draft import Draft, pixels
from isotherm.intake.drops import Drop, DropReason
from isotherm.intake.requests import IntakeRequest
from isotherm.model import SegmentFormat

RECORDING = "faro.session_recording.event"
KEPT_EVENTS = frozenset(
    {
        RECORDING,
        "faro.session_recording.started",
        "faro.session_recording.paused",
        "faro.session_recording.resumed",
        "faro.user.action",
        "faro.performance.navigation",
        "faro.performance.resource",
        "faro.navigation",
        "route_change",
        "view_changed",
        "session_start",
        "session_resume",
        "session_extend",
    }
)
"""Events that something is derived from; custom ones are not."""

TRACED_CALL = "faro.tracing."
"""The tracing instrumentation tells each call twice: as such an event, and in `traces` (OTLP),
which is for a store of traces and not used here."""


class _Names(Struct):
    id: str | None = None
    name: str | None = None
    username: str | None = None
    version: str | None = None
    environment: str | None = None
    namespace: str | None = None
    url: str | None = None
    userAgent: str | None = None  # noqa: N815 (Faro's name)
    viewportWidth: str | float | None = None  # noqa: N815
    viewportHeight: str | float | None = None  # noqa: N815


class _Meta(Struct):
    app: _Names = field(default_factory=_Names)
    session: _Names = field(default_factory=_Names)
    user: _Names = field(default_factory=_Names)
    page: _Names = field(default_factory=_Names)
    browser: _Names = field(default_factory=_Names)


class _Item(Struct, omit_defaults=True):
    """An event, an exception or a measurement, kept as it came."""

    timestamp: str
    name: str = ""
    attributes: dict[str, Any] | None = None
    domain: str | None = None
    type: str | None = None
    value: str | None = None
    stacktrace: Any = None
    action: dict[str, Any] | None = None
    context: Any = None
    trace: Any = None
    values: Any = None
    fingerprint: str | None = None


class _Body(Struct):
    meta: _Meta
    events: list[_Item] | None = None
    exceptions: list[_Item] | None = None
    measurements: list[_Item] | None = None
    logs: list[Any] | None = None
    traces: Any = None


class _Kept(Struct, omit_defaults=True):
    """The stored body: what came, without the items that nothing is derived from."""

    meta: dict[str, Any]
    events: list[_Item] = []
    exceptions: list[_Item] = []
    measurements: list[_Item] = []


class _MetaOnly(Struct):
    meta: dict[str, Any]


_BODY = msgspec.json.Decoder(_Body)
_META_ONLY = msgspec.json.Decoder(_MetaOnly)
_ENCODER = msgspec.json.Encoder()


def decode(request: IntakeRequest, limits: Limits) -> Iterator[Draft | Drop]:
    """Yield one segment of the kept items, and a drop for every other item."""
    data = plain(request.body, limits)
    check_depth(data, limits, "The body")
    body = read_json(data, _BODY, "The body")
    events = [
        item
        for item in body.events or ()
        if item.name in KEPT_EVENTS or item.name.startswith(TRACED_CALL)
    ]
    exceptions, measurements = body.exceptions or [], body.measurements or []
    unused = len(body.events or ()) - len(events) + len(body.logs or ()) + (1 if body.traces else 0)
    for _ in range(unused):
        yield Drop(DropReason.NOT_USED)
    times = [_epoch_ms(item.timestamp) for item in (*events, *exceptions, *measurements)]
    if not times:
        if not unused:
            yield Drop(DropReason.UNDECODABLE, "The body has no events, exceptions or measurements")
        return
    if None in times:
        reason = "A `timestamp` is not an ISO 8601 time"
        yield from (Drop(DropReason.INVALID, reason) for _ in times)
        return
    meta = read_json(data, _META_ONLY, "The body").meta
    kept = _ENCODER.encode(_Kept(meta, events, exceptions, measurements))
    key = request.headers.get("idempotency-key", "")[:100] or hashlib.sha256(kept).hexdigest()[:32]
    yield _draft(body.meta, events, [time for time in times if time is not None], key, kept)


def _draft(meta: _Meta, events: list[_Item], times: list[int], key: str, kept: bytes) -> Draft:
    records = [item.attributes or {} for item in events if item.name == RECORDING]
    first = records[0] if records else {}
    user = meta.user
    return Draft(
        kind="segment",
        time_ms=min(times),
        application=meta.app.name or meta.app.namespace or "",
        session_id=meta.session.id or "",
        url=meta.page.url or "",
        user_id=user.id or "",
        user_name=user.username or "",
        viewport_w=pixels(_length(meta.browser.viewportWidth)),
        viewport_h=pixels(_length(meta.browser.viewportHeight)),
        user_agent=meta.browser.userAgent or "",
        facets={
            "env": meta.app.environment or "",
            "service": meta.app.namespace or "",
            "version": meta.app.version or "",
        },
        own={
            "segment_id": f"{meta.session.id}:{key}",
            "end_ms": max(times),
            "recording_id": str(first.get("recording_id", ""))[:100],
            "index": _whole(first.get("seq")),
            "format": SegmentFormat.FARO,
            "records": len(records),
            "full_snapshot": any(_is_snapshot(record.get("event")) for record in records),
            "events": len(times),
            "body": kept,
        },
    )


def _epoch_ms(text: str) -> int | None:
    try:
        return round(datetime.fromisoformat(text).timestamp() * 1000)
    except (ValueError, OverflowError):
        return None


def _is_snapshot(event: object) -> bool:
    """Tell a full snapshot without reading the whole event: rrweb writes `type` first."""
    return isinstance(event, str) and event.startswith('{"type":2,')


def _length(value: str | float | None) -> float | None:
    try:
        return None if value is None else float(value)
    except ValueError:
        return None


def _whole(value: object) -> int:
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
