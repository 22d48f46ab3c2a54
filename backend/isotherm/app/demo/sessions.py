"""The recorded sample sessions, moved in time as a whole so that they look recent."""

import re
import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from isotherm.app.demo.outfitters.shop import SESSIONS
from isotherm.pipeline.recorded_requests import StoredRequest, read_requests

SAMPLES = Path(__file__).parent / "samples"
NEWEST_MS = 1795366600000  # just after the last moment of the recordings

_EPOCH_MS = re.compile(rb"(?<![\d.])(?:17953\d{8}|1796\d{9})(?!\d)")
_ISO = re.compile(rb"2026-11-(?:2[0-9]|30)T\d\d:\d\d:\d\d\.\d{3}Z")
_PLAIN_RRWEB = {
    "application": "kestrel-shop (rrweb)",
    "session": "rrweb-desktop",
    "env": "staging",
    "service": "kestrel-shop",
    "version": "1.4.2",
}


def sample_requests(shift_ms: int = 0) -> Iterator[StoredRequest]:
    """Yield every stored request of every sample session, `shift_ms` later than it was made."""
    for index in sorted(SAMPLES.glob("*/*/requests.json")):
        for request in read_requests(index):
            yield shifted(request, shift_ms)
    for recording in sorted(SAMPLES.glob("rrweb/*.events.json")):
        query = "&".join(
            f"{key}={value.replace(' ', '%20')}" for key, value in _PLAIN_RRWEB.items()
        )
        request = StoredRequest(
            "POST",
            "/intake/rrweb",
            query,
            {"content-type": "application/json"},
            recording.read_bytes(),
            NEWEST_MS,
        )
        yield shifted(request, shift_ms)


def outfitters_requests(shift_ms: int = 0) -> Iterator[StoredRequest]:
    """Yield the requests of the recorded visits to the demo's shop, which all end at one time."""
    for index in sorted(SESSIONS.glob("*/requests.json")):
        requests = list(read_requests(index))
        newest_ms = max(request.received_ms for request in requests)
        later_ms = shift_ms + NEWEST_MS - newest_ms if shift_ms else 0
        for request in requests:
            yield shifted(request, later_ms)


def shifted(request: StoredRequest, shift_ms: int) -> StoredRequest:
    """Return the request as if it had been made `shift_ms` later: every time in it is moved."""
    if shift_ms == 0:
        return request
    kind = request.headers.get("content-type", "")
    moved = (
        _move_parts(request.body, kind.partition("boundary=")[2].encode(), shift_ms)
        if kind.startswith("multipart/")
        else _move(request.body, shift_ms)
    )
    return replace(request, body=moved, received_ms=request.received_ms + shift_ms)


def _move(text: bytes, shift_ms: int) -> bytes:
    def epoch(found: re.Match[bytes]) -> bytes:
        return str(int(found[0]) + shift_ms).encode()

    def iso(found: re.Match[bytes]) -> bytes:
        at = datetime.strptime(found[0].decode(), "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
        moved = at + timedelta(milliseconds=shift_ms)
        return moved.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3].encode() + b"Z"

    return _ISO.sub(iso, _EPOCH_MS.sub(epoch, text))


def _move_parts(body: bytes, boundary: bytes, shift_ms: int) -> bytes:
    """Move the times in each part; the segment is inflated for it and deflated again."""
    parts = []
    for part in body.split(b"--" + boundary):
        head, gap, payload = part.partition(b"\r\n\r\n")
        if b'name="segment"' in head:
            inflated = zlib.decompress(payload.removesuffix(b"\r\n"))
            payload = zlib.compress(_move(inflated, shift_ms)) + b"\r\n"
        else:
            payload = _move(payload, shift_ms)
        parts.append(_move(head, shift_ms) + gap + payload)
    return (b"--" + boundary).join(parts)
