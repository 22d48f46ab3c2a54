"""Reads plain rrweb events of a session: one request becomes one segment."""

import hashlib
from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec import Raw, Struct

from isotherm.intake.bodies import Limits, check_depth, plain, read_json
from isotherm.intake.draft import Draft, pixels
from isotherm.intake.drops import Drop, DropReason
from isotherm.intake.requests import IntakeRequest
from isotherm.intake.session_fields import SessionFields, session_of_query
from isotherm.model import SegmentFormat
from isotherm.model.errors import Code, IsothermError

FULL_SNAPSHOT = 2
META = 4


class _Envelope(SessionFields):
    events: Raw
    recording: str = ""


class _Event(Struct):
    type: int
    timestamp: float
    data: dict[str, Any] | None = None
    url: Any = None  # the address from this event on, if the site says so


_ENVELOPE = msgspec.json.Decoder(_Envelope)
_EVENTS = msgspec.json.Decoder(list[_Event])


def decode(request: IntakeRequest, limits: Limits) -> Iterator[Draft | Drop]:
    """Yield the segment of `{"application", "session", "events": [...]}`, or of a bare array."""
    data = plain(request.body, limits)
    check_depth(data, limits, "The body")
    if data.lstrip()[:1] == b"[":
        query = request.parameters()
        envelope = session_of_query(query, _Envelope, events=Raw(data.strip()))
        envelope.recording = query.get("recording", "")
    else:
        envelope = read_json(data, _ENVELOPE, "The body")
    body = bytes(envelope.events)
    if b'"v":"simple-' in body[:200]:
        message = "The events are packed; send them without rrweb's packFn"
        raise IsothermError(Code.UNSUPPORTED, message)
    events = read_json(body, _EVENTS, "`events`")
    if not events:
        yield Drop(DropReason.UNDECODABLE, "`events` is empty")
        return
    yield _draft(envelope, events, body)


def _draft(envelope: _Envelope, events: list[_Event], body: bytes) -> Draft:
    times = [int(event.timestamp) for event in events]
    meta = next((event.data for event in events if event.type == META and event.data), {})
    draft = envelope.draft("segment", min(times))
    recording = envelope.recording or envelope.session
    if not draft.viewport_w:
        draft.viewport_w = pixels(_length(meta.get("width")))
        draft.viewport_h = pixels(_length(meta.get("height")))
    addresses = [meta.get("href"), *(event.url for event in events)]
    known = [address for address in addresses if isinstance(address, str) and address]
    draft.url = envelope.url or (known[-1] if known else "")
    digest = hashlib.sha256(body).hexdigest()[:32]
    draft.own = {
        "segment_id": f"{recording}:{digest}"[:200],
        "end_ms": max(times),
        "recording_id": recording,
        "index": 0,
        "format": SegmentFormat.RRWEB,
        "records": len(events),
        "full_snapshot": any(event.type == FULL_SNAPSHOT for event in events),
        "body": body,
    }
    return draft


def _length(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and abs(value) < 1e9 else None
