"""Reads replay segments as the Datadog and Guance SDKs upload them, and describes their records."""

from typing import Any

import msgspec
from msgspec import Raw, Struct

from isotherm.intake.bodies import (
    Limits,
    check_depth,
    mend_surrogates,
    plain,
    read_json,
)
from isotherm.intake.draft import Draft, pixels
from isotherm.intake.multipart import read_parts
from isotherm.model import SegmentFormat
from isotherm.model.errors import Code, IsothermError

META = 4
FULL_SNAPSHOT = 2


class _Record(Struct):
    type: int
    timestamp: float
    data: Raw = Raw(b"null")


class _Body(Struct):
    records: list[_Record]


class _Meta(Struct):
    href: str = ""
    width: float = 0
    height: float = 0


_BODY = msgspec.json.Decoder(_Body)
_META = msgspec.json.Decoder(_Meta)
_ANY = msgspec.json.Decoder(dict[str, Any])


def read_segment(body: bytes, content_type: str, limits: Limits) -> Draft:
    """Return the draft of a segment from its multipart body.

    Metadata is a JSON part `event` (Datadog) or one text part per value (Guance, and Datadog's
    first versions, with `.` where Guance joins by `_`). Raises INVALID, TOO_LARGE, UNSUPPORTED.
    """
    parts = read_parts(plain(body, limits), content_type, limits)
    packed = parts.get("segment")
    if packed is None:
        raise IsothermError(Code.INVALID, "The multipart body has no part named `segment`")
    records = mend_surrogates(plain(packed, limits))
    check_depth(records, limits, "The segment")
    content = read_json(records, _BODY, "The segment")
    try:
        records.decode("utf-8")
    except UnicodeDecodeError as error:
        raise IsothermError(Code.INVALID, f"The segment is not UTF-8 text: {error}") from error
    return _draft(_metadata(parts), content, records)


def _metadata(parts: dict[str, bytes]) -> dict[str, str]:
    """Return the metadata as flat texts, names joined by `_`."""
    if "event" in parts:
        nested = read_json(parts["event"], _ANY, "The part `event`")
        flat: dict[str, str] = {}
        for key, value in nested.items():
            inner = value if isinstance(value, dict) else {"": value}
            flat |= {f"{key}_{name}".rstrip("_"): _text(item) for name, item in inner.items()}
        return flat
    return {
        key.replace(".", "_"): value.decode("utf-8", "replace")
        for key, value in parts.items()
        if key != "segment"
    }


def _text(value: object) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def _draft(metadata: dict[str, str], content: _Body, records: bytes) -> Draft:
    view_id = metadata.get("view_id", "")
    start = _number(metadata, "start")
    index = _number(metadata, "index_in_view")
    meta = _first_meta(content)
    return Draft(
        kind="segment",
        time_ms=start,
        application=metadata.get("application_id") or metadata.get("app_id", ""),
        session_id=metadata.get("session_id", ""),
        view_id=view_id,
        url=meta.href,
        viewport_w=pixels(meta.width),
        viewport_h=pixels(meta.height),
        facets={key: metadata.get(key, "") for key in ("env", "service", "version")},
        own={
            "segment_id": f"{view_id}:{index}:{start}" if view_id else "",
            "end_ms": _number(metadata, "end"),
            "recording_id": view_id,
            "index": index,
            "format": SegmentFormat.DATADOG,
            "records": len(content.records),
            "full_snapshot": any(record.type == FULL_SNAPSHOT for record in content.records),
            "body": records,
        },
    )


def _first_meta(content: _Body) -> _Meta:
    for record in content.records[:8]:
        if record.type == META:
            return read_json(bytes(record.data), _META, "The segment's Meta record")
    return _Meta()


def _number(metadata: dict[str, str], key: str) -> int:
    text = metadata.get(key, "")
    try:
        number = int(text)
    except ValueError as error:
        message = f"The segment's {key!r} must be a whole number, not {text[:40]!r}"
        raise IsothermError(Code.INVALID, message) from error
    if not 0 <= number < 2**53:
        raise IsothermError(Code.INVALID, f"The segment's {key!r} is out of range: {number}")
    return number
