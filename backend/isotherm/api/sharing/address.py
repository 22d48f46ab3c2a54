"""Parses the heatmap page's address, with the same keys that the page writes into its URL.

The page's side is `grafana-plugin/src/workspace/state.ts`; keys that only say how a map looks
(palette, zoom, ...) have no part here.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, unquote

from msgspec import Struct

from isotherm.api.query_request import parse_range
from isotherm.model.errors import Code, IsothermError

DEFAULT_FROM, DEFAULT_TO = "now-7d", "now"
UNIT_MS = {
    "s": 1000,
    "m": 60_000,
    "h": 3_600_000,
    "d": 86_400_000,
    "w": 7 * 86_400_000,
    "M": 30 * 86_400_000,
    "y": 365 * 86_400_000,
}
_RELATIVE = re.compile(r"now(?:-(\d{1,6})([smhdwMy]))?(?:/([smhdwMy]))?")
_LISTS = frozenset({"in", "not in"})


class Address(Struct, frozen=True):
    """The part of a heatmap page's state that its queries depend on."""

    application: str
    page: str
    start: str  # as written: "now-7d", epoch ms, RFC 3339
    end: str
    background: str  # an id, or "auto"
    signal: str
    scope: Mapping[str, Any]  # fields of a query, but for the signal


def read_address(written: str) -> Address:
    """Read the query part of an address, with or without "?". Raises INVALID without a page."""
    pairs = parse_qsl(written.lstrip("?"))
    given = dict(pairs)
    if not given.get("app") or not given.get("page"):
        message = "The address must name an application and a page"
        raise IsothermError(Code.INVALID, message, field="address")
    scope: dict[str, Any] = {
        "application": given["app"],
        "page": given["page"],
        "filters": [_filter(value) for key, value in pairs if key == "filter"],
        "metric": given.get("metric", "clicks"),
    }
    if "width" in given:
        low, _, high = given["width"].partition("-")
        scope["width"] = {"min": low, "max": high}
    return Address(
        application=given["app"],
        page=given["page"],
        start=given.get("from", DEFAULT_FROM),
        end=given.get("to", DEFAULT_TO),
        background=given.get("background", "auto"),
        signal=given.get("signal", "all"),
        scope=scope,
    )


def span_of(start: str, end: str, now_ms: int) -> tuple[int, int]:
    """Return the range [from, to) in epoch ms. Raises INVALID."""
    return parse_range({"from": _moment(start, now_ms), "to": _moment(end, now_ms, up=True)})


def _moment(written: str, now_ms: int, *, up: bool = False) -> str | int:
    relative = _RELATIVE.fullmatch(written)
    if relative is None:
        return written
    number, unit, whole = relative.groups()
    moment = now_ms - (int(number) * UNIT_MS[unit] if number else 0)
    if not whole:
        return moment
    start = _started(moment, whole)
    # any later moment within the longest of these units is in the next one
    return _started(start + UNIT_MS[whole] * 5 // 4, whole) if up else start


def _started(moment_ms: int, unit: str) -> int:
    """Return when the second, hour, day, week (from Monday) ... of a moment began, in UTC."""
    moment = datetime.fromtimestamp(moment_ms / 1000, UTC)
    if unit == "y":
        moment = moment.replace(month=1, day=1)
    elif unit == "M":
        moment = moment.replace(day=1)
    if unit == "w":
        moment -= timedelta(days=moment.weekday())
    if unit in "dwMy":
        unit = "d"
    return int(moment.timestamp()) * 1000 // UNIT_MS[unit] * UNIT_MS[unit]


def _filter(written: str) -> dict[str, Any]:
    key, *rest = (unquote(part) for part in written.split("|"))
    operator, values = (rest[0], rest[1:]) if rest else ("=", [])
    if operator in _LISTS:
        return {"key": key, "operator": operator, "values": values}
    return {"key": key, "operator": operator, "value": values[0] if values else ""}
