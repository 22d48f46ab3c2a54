"""Reads what the Guance/TrueWatch browser SDK sends: line protocol or JSON points, and replays."""

from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec import Struct

from isotherm.intake.bodies import Limits, declared_plain, read_json
from isotherm.intake.click_fields import element_fields, signal_fields
from isotherm.intake.clients import browser_name, device_name, system_name
from isotherm.intake.draft import (
    Draft,
    Kind,
    count,
    depth,
    flat_attributes,
    milliseconds,
    pixels,
    weight,
)
from isotherm.intake.drops import Drop, DropReason
from isotherm.intake.replay_uploads import read_segment
from isotherm.intake.requests import IntakeRequest
from isotherm.intake.senders.guance.columns import Columns, WrongColumnError
from isotherm.intake.senders.guance.details import (
    error_fields,
    long_task_fields,
    performance_fields,
    resource_fields,
)
from isotherm.intake.senders.guance.line_protocol import BadPoint, Point, read_points
from isotherm.model.errors import IsothermError

KINDS: dict[str, Kind] = {
    "view": "view",
    "action": "action",
    "error": "error",
    "resource": "resource",
    "long_task": "long_task",
}
TIME_UNITS_NS = {"n": 1, "ns": 1, "u": 10**3, "us": 10**3, "ms": 10**6, "s": 10**9}
LONGEST_VIEW_NS = 2**50  # 13 days


class _JsonPoint(Struct):
    measurement: str
    tags: dict[str, str | None] = {}
    fields: dict[str, Any] = {}
    time: int | None = None


_JSON = msgspec.json.Decoder(list[msgspec.Raw])
_JSON_POINT = msgspec.json.Decoder(_JsonPoint)


def decode(request: IntakeRequest, limits: Limits) -> Iterator[Draft | Drop]:
    """Yield the drafts of one request; the path says whether it is RUM or replay."""
    query = request.parameters()
    if request.path.rstrip("/").endswith("replay"):
        yield read_segment(request.body, request.headers.get("content-type", ""), limits)
        return
    deflated = query.get("encoding") == "deflate"
    body = declared_plain(request.body, limits, deflated=deflated)
    precision = query.get("precision", "")
    points = _json_points(body) if body[:1] == b"[" else _line_points(body)
    empty = True
    for point in points:
        empty = False
        yield point if isinstance(point, Drop) else _item(point, precision)
    if empty:
        yield Drop(DropReason.UNDECODABLE, "The body is empty")


def _line_points(body: bytes) -> Iterator[Point | Drop]:
    for point in read_points(body.decode("utf-8", "replace")):
        if isinstance(point, BadPoint):
            yield Drop(DropReason.UNDECODABLE, point.problem)
        else:
            yield point


def _json_points(body: bytes) -> Iterator[Point | Drop]:
    """Read `sendContentTypeByJson` bodies: an array of points, one of them may be bad alone."""
    raws: list[msgspec.Raw] = read_json(body, _JSON, "The body")
    for number, raw in enumerate(raws, 1):
        try:
            point = read_json(bytes(raw), _JSON_POINT, f"Point {number}")
        except IsothermError as error:
            wrong_type = isinstance(error.__cause__, msgspec.ValidationError)
            reason = DropReason.INVALID if wrong_type else DropReason.UNDECODABLE
            yield Drop(reason, error.message)
            continue
        tags = {key: text for key, text in point.tags.items() if text is not None}
        yield Point(point.measurement, tags, point.fields, point.time)


def _item(point: Point, precision: str) -> Draft | Drop:
    kind = KINDS.get(point.measurement)
    if kind is None:
        return Drop(DropReason.NOT_USED)
    if point.time is None:
        return Drop(DropReason.MISSING_FIELD, f"A point of {point.measurement} has no time")
    columns = Columns(point)
    try:
        draft = _draft(kind, columns, _time_ms(point.time, precision))
        draft.own = _OWN[kind](columns, draft)
    except WrongColumnError as error:
        return Drop(DropReason.INVALID, f"A point of {point.measurement}: {error}")
    return draft


def _time_ms(time: int, precision: str) -> int:
    """Return epoch ms. Without `precision` the unit is told by the size of the number."""
    unit_ns = TIME_UNITS_NS.get(precision)
    if unit_ns is not None:
        return time * unit_ns // 10**6
    digits = len(str(abs(time)))
    return time * 1000 if digits <= 11 else time // 10 ** (max(0, digits - 13) // 3 * 3)


def _draft(kind: Kind, columns: Columns, time_ms: int) -> Draft:
    tag = columns.tag
    viewport = columns.mapping("display").get("viewport")
    width, height = columns.pair(viewport, "width", "height")
    view_name = tag("view_name")
    signed_in = tag("is_signin") == "T"  # else `userid` is a random cookie value
    return Draft(
        kind=kind,
        time_ms=time_ms,
        application=tag("app_id"),
        session_id=tag("session_id"),
        session_type=tag("session_type") or "user",
        view_id=tag("view_id"),
        url=tag("view_url"),
        # The name falls back to the path, and then says nothing of its own.
        view_name="" if view_name == tag("view_path") else view_name,
        user_id=tag("userid") if signed_in else "",
        user_name=tag("user_name") if signed_in else "",
        viewport_w=pixels(width),
        viewport_h=pixels(height),
        weight=weight(columns.number("session_sample_rate")),
        facets=_facets(columns),
        attributes=flat_attributes(columns.chosen(columns.names("custom_keys"))),
    )


def _facets(columns: Columns) -> dict[str, str]:
    tag = columns.tag
    place = {
        # DataKit adds these from the source address; unknown ones are called so.
        "country": tag("country_iso_code") or tag("country"),
        "city": tag("city"),
    }
    return {
        "env": tag("env"),
        "service": tag("service"),
        "version": tag("version"),
        "browser": browser_name(tag("browser")),
        "os": system_name(tag("os")),
        "device": device_name(tag("device")),
        **{key: text for key, text in place.items() if text.lower() != "unknown"},
    }


def _view(columns: Columns, _: Draft) -> dict[str, Any]:
    scroll = columns.mapping("display").get("scroll")
    max_depth, page_height = columns.pair(scroll, "max_depth", "max_scroll_height")
    return {
        "version": _version(columns),
        "referrer": columns.tag("view_referrer"),
        "time_spent_ms": milliseconds(columns.number("time_spent")) or 0.0,
        "depth_px": depth(max_depth),
        "page_height_px": depth(page_height),
        "errors": count(columns.number("view_error_count")),
        "actions": count(columns.number("view_action_count")),
        "frustrations": count(columns.number("frustration_count")),
        "has_replay": columns.flag("session_has_replay"),
        **performance_fields(columns),
    }


def _version(columns: Columns) -> int:
    """Return a number that grows with the versions of a view: the SDK sends none.

    The longest time spent is the last version; on a tie the one that is not active any more, then
    the one with the higher counts (samples/README 6.4). 12 bits below the time hold the ties.
    """
    spent_ns = min(max(int(columns.number("time_spent") or 0), 0), LONGEST_VIEW_NS)
    counts = sum(
        int(count(columns.number(name)))
        for name in ("view_action_count", "view_error_count", "view_resource_count")
    )
    ended = columns.tag("is_active") == "false" or columns.fields.get("is_active") is False
    return spent_ns << 12 | ended << 11 | min(counts, 2**11 - 1)


def _action(columns: Columns, draft: Draft) -> dict[str, Any]:
    target = columns.mapping("action_target")
    x, y = columns.pair(columns.mapping("action_position"), "x", "y")
    width, height = columns.pair(target, "width", "height")
    selector = target.get("selector")
    return {
        "event_id": columns.text("action_id"),
        "kind": "click" if columns.tag("action_type") in ("click", "tap") else "custom",
        "action_name": columns.text("action_name"),
        "errors": count(columns.number("action_error_count")),
        "loading_ms": milliseconds(columns.number("duration")),
        **signal_fields(columns.names("action_frustration_types")),
        **element_fields(
            selector if isinstance(selector, str) else "", width, height, (x, y), draft.viewport_w
        ),
    }


def _error(columns: Columns, _: Draft) -> dict[str, Any]:
    return error_fields(columns)


def _resource(columns: Columns, _: Draft) -> dict[str, Any]:
    return resource_fields(columns)


def _long_task(columns: Columns, _: Draft) -> dict[str, Any]:
    return long_task_fields(columns)


_OWN = {
    "view": _view,
    "action": _action,
    "error": _error,
    "resource": _resource,
    "long_task": _long_task,
}
