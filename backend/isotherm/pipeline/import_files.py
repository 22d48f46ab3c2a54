"""Files that can be imported, told apart by their names.

What SDKs sent goes through the intake; whole stores are copied.
"""

import json
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from isotherm.pipeline.import_stores import import_engine, import_influxdb
from isotherm.model.errors import Code, IsothermError
from isotherm.intake.requests import IntakeRequest
from isotherm.app.wiring import Parts
from isotherm.pipeline.recorded_requests import StoredRequest, read_requests

LINES = 500  # per request: well below the intake's limit


def take_in(parts: Parts, request: StoredRequest) -> None:
    """Send a stored request through the intake, as if it had just arrived."""
    asked = IntakeRequest.of_path(
        request.path, query=request.query, headers=request.headers, body=request.body
    )
    result = parts.pipeline.run(asked)
    parts.spool.append(result.events)
    parts.counters.received(asked.sender, result.received)
    parts.counters.dropped_all(result.drops)


def import_requests(parts: Parts, index: Path, _application: str) -> None:
    """Import stored SDK requests, given their `requests.json`."""
    for request in read_requests(index):
        take_in(parts, request)


def import_datadog(parts: Parts, file: Path, _application: str) -> None:
    """Import RUM events of Datadog, one JSON object a line."""
    for block in _blocks(file):
        _send(parts, "/intake/datadog/api/v2/rum", block)


def import_line_protocol(parts: Parts, file: Path, _application: str) -> None:
    """Import RUM points of Guance in line protocol, times in ms."""
    _send(parts, "/intake/guance/v1/write/rum", file.read_bytes(), "precision=ms")


def import_events(parts: Parts, file: Path, _application: str) -> None:
    """Import Isotherm's own events (docs/events.md), one JSON object a line."""
    for block in _blocks(file):
        _send(parts, "/intake/events", b"[" + b",".join(block.splitlines()) + b"]")


def import_rrweb(parts: Parts, file: Path, application: str) -> None:
    """Import one rrweb recording (a JSON array of events); the session is the file's name."""
    if not application:
        message = f"{file.name} is an rrweb recording: say whose with --application"
        raise IsothermError(Code.INVALID, message, field="application")
    body = {
        "application": application,
        "session": file.name.removesuffix(".json").removesuffix(".events"),
        "events": json.loads(file.read_text(encoding="utf-8")),
    }
    _send(parts, "/intake/rrweb", json.dumps(body).encode())


Import = Callable[[Parts, Path, str], None]
IMPORTERS: dict[str, Import] = {
    "requests": import_requests,
    "datadog": import_datadog,
    "line-protocol": import_line_protocol,
    "events": import_events,
    "rrweb": import_rrweb,
    "engine": import_engine,
    "influxdb": import_influxdb,
}
GROWING = {"engine", "influxdb"}
"""Kinds whose file does not tell by its size whether there is something new."""

ENDINGS = {
    "requests.json": "requests",
    ".rum.ndjson": "datadog",
    ".lp": "line-protocol",
    ".ndjson": "events",
    ".events.json": "rrweb",
    ".duckdb": "engine",
    ".toml": "influxdb",
}


def kind_of(file: Path) -> str:
    """Return the importer for a file's name. Raises INVALID when it tells nothing."""
    for ending, kind in ENDINGS.items():
        if file.name.endswith(ending):
            return kind
    message = f"What {file.name} holds is not told by its name: say it with --kind"
    raise IsothermError(Code.INVALID, message, field="kind")


def _send(parts: Parts, path: str, body: bytes, query: str = "") -> None:
    take_in(parts, StoredRequest("POST", path, query, {}, body, 0))


def _blocks(file: Path) -> Iterator[bytes]:
    """Yield some hundred lines at a time, blank ones left out."""
    with file.open("rb") as stream:
        lines = (line.strip() for line in stream)
        whole = (line for line in lines if line)
        while block := b"\n".join(islice(whole, LINES)):
            yield block
