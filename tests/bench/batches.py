"""Real Datadog batches as ready-made HTTP requests, each with ids that no other request has."""

import re
import uuid
from collections.abc import Iterator
from itertools import cycle

from isotherm.app.demo.sessions import SAMPLES
from isotherm.pipeline.recorded_requests import StoredRequest, read_requests

_UUID = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_APPLICATION = b"6f1c2b1e-0000-4000-8000-00000000abcd"


def stored_batches() -> list[StoredRequest]:
    """Return the batches of RUM events of all stored Datadog sessions, without the replays."""
    return [
        request
        for index in sorted((SAMPLES / "datadog").glob("*/requests.json"))
        for request in read_requests(index)
        if not request.headers.get("content-type", "").startswith("multipart/")
    ]


def requests() -> Iterator[bytes]:
    """Yield HTTP requests for ever, batch after batch."""
    for batch in cycle(stored_batches()):
        body = fresh(batch.body)
        lines = [
            f"POST {batch.path}?{batch.query} HTTP/1.1",
            "host: 127.0.0.1",
            *(f"{name}: {value}" for name, value in batch.headers.items()),
            f"content-length: {len(body)}",
        ]
        yield "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def fresh(body: bytes) -> bytes:
    """Give every session, view and event of a batch a new id; equal ids stay equal."""
    new = {_APPLICATION: _APPLICATION}

    def renamed(found: re.Match[bytes]) -> bytes:
        return new.setdefault(found[0], str(uuid.uuid4()).encode())

    return _UUID.sub(renamed, body)
