"""One JSON record of a sender -> one typed record; what no part needs gives None."""

from collections.abc import Callable
from typing import Any

from isotherm.replay.formats.json_values import integer, mapping, pixels, sequence, text
from isotherm.replay.formats.records import (
    Change,
    ChangeSnapshot,
    Frustration,
    FullSnapshot,
    Gesture,
    Input,
    Loaded,
    Meta,
    Mutation,
    Pointer,
    Record,
    Resize,
    Scroll,
    Selection,
    SheetChange,
    ViewEnd,
    Zoom,
)

MAX_URL = 4096
_GESTURES = {int(gesture): gesture for gesture in Gesture}
_RESIZE, _RULES = 4, 8
_RRWEB_SHEETS = frozenset({13, 15})
_RRWEB_SELECTION = 14


def datadog_record(source: object) -> Record | None:
    """Read a record of Datadog v4-v7 or Guance."""
    entry = mapping(source)
    time_ms = integer(entry.get("timestamp"))
    read = _DATADOG.get(integer(entry.get("type")))
    return read(time_ms, entry) if read is not None and time_ms >= 0 else None


def _snapshot(time_ms: int, entry: dict[str, Any]) -> Record:
    data = entry.get("data")
    if isinstance(data, list):
        return ChangeSnapshot(time_ms, data)
    return FullSnapshot(time_ms, mapping(data), rrweb=False)


def _frustration(time_ms: int, entry: dict[str, Any]) -> Record:
    data = mapping(entry.get("data"))
    types = tuple(text(name, 50) for name in sequence(data.get("frustrationTypes")))
    ids = tuple(integer(number) for number in sequence(data.get("recordIds")))
    return Frustration(time_ms, types, ids)


def rrweb_record(source: object) -> Record | None:
    """Read an rrweb event."""
    entry = mapping(source)
    time_ms, data = integer(entry.get("timestamp")), mapping(entry.get("data"))
    kind = integer(entry.get("type"))
    if time_ms < 0:
        return None
    if kind == 3:  # nearly always
        return _incremental(time_ms, data, 0, rrweb=True)
    match kind:
        case 0:
            return Loaded(time_ms)
        case 2:
            return FullSnapshot(time_ms, data, rrweb=True)
        case 4:
            return _meta(time_ms, data)
        case _:
            return None


def _meta(time_ms: int, data: dict[str, Any]) -> Meta:
    width, height = _size(data)
    return Meta(time_ms, text(data.get("href"), MAX_URL), width, height)


def _size(data: dict[str, Any]) -> tuple[int, int]:
    sizes = (pixels(data.get("width")) or 0.0, pixels(data.get("height")) or 0.0)
    return max(0, round(sizes[0])), max(0, round(sizes[1]))


def _zoom(time_ms: int, entry: dict[str, Any]) -> Zoom:
    data = mapping(entry.get("data"))
    scale, left, top = (pixels(data.get(key)) for key in ("scale", "offsetLeft", "offsetTop"))
    return Zoom(time_ms, scale or 1.0, left or 0.0, top or 0.0)


def _incremental(
    time_ms: int, data: dict[str, Any], record_id: int, *, rrweb: bool
) -> Record | None:
    source = integer(data.get("source"))
    if source == _RULES:  # most of a page with its CSS in JavaScript
        return SheetChange(time_ms, source, data)
    node = integer(data.get("id"))
    match source:
        case 0:
            return Mutation(time_ms, data, rrweb=rrweb)
        case 2:
            return _pointer(time_ms, data, record_id)
        case 3:
            left, top = pixels(data.get("x")), pixels(data.get("y"))
            return None if left is None or top is None else Scroll(time_ms, node, left, top)
        case 5:
            value, checked = data.get("text"), data.get("isChecked")
            return Input(
                time_ms,
                node,
                text(value) if value is not None else None,
                checked if isinstance(checked, bool) else None,
            )
        case _:
            return _rare_incremental(time_ms, source, data, rrweb=rrweb)


def _rare_incremental(
    time_ms: int, source: int, data: dict[str, Any], *, rrweb: bool
) -> Record | None:
    if source == _RESIZE:
        width, height = _size(data)
        return Resize(time_ms, width, height) if width and height else None
    if rrweb and source in _RRWEB_SHEETS:
        return SheetChange(time_ms, source, data)
    if rrweb and source == _RRWEB_SELECTION and sequence(data.get("ranges")):
        return Selection(time_ms)
    return None


def _pointer(time_ms: int, data: dict[str, Any], record_id: int) -> Pointer | None:
    gesture = _GESTURES.get(integer(data.get("type")))
    x, y = pixels(data.get("x")), pixels(data.get("y"))
    if gesture is None or x is None or y is None:
        return None  # focus, blur, double click: clicks say it all
    return Pointer(time_ms, gesture, integer(data.get("id")), x, y, record_id)


_DATADOG: dict[int, Callable[[int, dict[str, Any]], Record | None]] = {
    2: _snapshot,
    3: lambda time_ms, entry: _incremental(
        time_ms, mapping(entry.get("data")), integer(entry.get("id"), 0), rrweb=False
    ),
    4: lambda time_ms, entry: _meta(time_ms, mapping(entry.get("data"))),
    7: lambda time_ms, _: ViewEnd(time_ms),
    8: _zoom,
    9: _frustration,
    12: lambda time_ms, entry: Change(time_ms, sequence(entry.get("data"))),
}
