"""Files of what SDKs sent: they go through the intake, as if they had just arrived."""

import json
import math
from collections.abc import Iterable, Iterator
from pathlib import Path

from isotherm.intake.requests import IntakeRequest
from isotherm.intake.senders.guance.line_protocol import end_of_points
from isotherm.model.errors import Code, IsothermError
from isotherm.pipeline.installation import Installation
from isotherm.pipeline.recorded_requests import StoredRequest, read_requests

LINES = 500  # per request: well below the intake's limits
LARGEST_BYTES = 8_000_000  # half of what a request may have
CHARACTERS = 500_000  # per request of points, whose lines do not end them
_LONGEST = 8_000_000  # of a point that has no end


def take_in(into: Installation, request: StoredRequest) -> None:
    """Send a stored request through the intake, as if it had just arrived."""
    asked = IntakeRequest.of_path(
        request.path, query=request.query, headers=request.headers, body=request.body
    )
    result = into.steps.run(asked)
    into.spool.append(result.events)
    into.counters.arrived(asked.sender, result.received, result.drops)


def import_requests(into: Installation, index: Path, _application: str) -> None:
    """Import stored SDK requests, given their `requests.json`."""
    for request in read_requests(index):
        take_in(into, request)


def import_datadog(into: Installation, file: Path, _application: str) -> None:
    """Import RUM events of Datadog, one JSON object a line."""
    for block in _lines(file):
        _send(into, "/intake/datadog/api/v2/rum", b"\n".join(block))


def import_line_protocol(into: Installation, file: Path, _application: str) -> None:
    """Import RUM points of Guance in line protocol, times in ms."""
    for block in _points(file):
        _send(into, "/intake/guance/v1/write/rum", block, "precision=ms")


def import_events(into: Installation, file: Path, _application: str) -> None:
    """Import Isotherm's own events (docs/events.md), one JSON object a line."""
    for block in _lines(file):
        _send(into, "/intake/events", b"[" + b",".join(block) + b"]")


def import_rrweb(into: Installation, file: Path, application: str) -> None:
    """Import one rrweb recording (a JSON array of events); the session is the file's name."""
    if not application:
        message = f"{file.name} is an rrweb recording: name its application with --application"
        raise IsothermError(Code.INVALID, message, field="application")
    about = {"application": application}
    about["session"] = file.name.removesuffix(".json").removesuffix(".events")
    head = json.dumps(about).encode()[:-1]
    events = json.loads(file.read_text(encoding="utf-8"))
    if not isinstance(events, list):
        raise IsothermError(Code.INVALID, f"{file.name} is not a JSON array of rrweb events")
    for block in _blocks((json.dumps(one).encode() for one in events), most=math.inf):
        body = b'%s, "events": [%s]}' % (head, b", ".join(block))
        _send(into, "/intake/rrweb", body)


def _send(into: Installation, path: str, body: bytes, query: str = "") -> None:
    take_in(into, StoredRequest("POST", path, query, {}, body, 0))


def _points(file: Path) -> Iterator[bytes]:
    """Yield some hundred whole points at a time: their strings may have line breaks."""
    rest = ""
    with file.open(encoding="utf-8", errors="surrogateescape", newline="") as stream:
        while text := stream.read(CHARACTERS):
            rest += text
            end = end_of_points(rest)
            if not end and len(rest) >= _LONGEST:  # the intake says what is wrong with it
                end = len(rest)
            if end:
                yield rest[:end].encode("utf-8", "surrogateescape")
                rest = rest[end:]
    if rest.strip():
        yield rest.encode("utf-8", "surrogateescape")


def _lines(file: Path) -> Iterator[list[bytes]]:
    """Yield some hundred lines at a time, blank ones left out."""
    with file.open("rb") as stream:
        lines = (line.strip() for line in stream)
        yield from _blocks(line for line in lines if line)


def _blocks(events: Iterable[bytes], most: float = LINES) -> Iterator[list[bytes]]:
    """Yield so many events at a time, or fewer if they are large."""
    block, size = list[bytes](), 0
    for event in events:
        if block and (len(block) == most or size + len(event) > LARGEST_BYTES):
            yield block
            block, size = [], 0
        block.append(event)
        size += len(event)
    if block:
        yield block
