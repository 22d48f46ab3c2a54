"""Reads requests of SDKs that were stored as they came: an index `requests.json` and raw bodies."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from isotherm.intake.requests import PREFIX
from isotherm.intake.senders import SENDERS
from isotherm.model.errors import Code, IsothermError


@dataclass(frozen=True)
class StoredRequest:
    """One request as the SDK made it, addressed to this server's intake."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes
    received_ms: int


def read_requests(index: Path) -> Iterator[StoredRequest]:
    """Yield the requests of one `requests.json`, preflights left out, in order of arrival.

    Raises INVALID when the index or a body cannot be read.
    """
    try:
        entries = json.loads(index.read_text(encoding="utf-8"))["requests"]
        for entry in entries:
            if entry["body_file"] is None:
                continue
            yield StoredRequest(
                method=entry["method"],
                path=intake_path(entry["path"]),
                query=entry["query"],
                headers=entry["headers"],
                body=(index.parent / entry["body_file"]).read_bytes(),
                received_ms=entry["received_at_ms"],
            )
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise IsothermError(
            Code.INVALID, f"{index} is not an index of stored requests: {error}"
        ) from error


def intake_path(path: str) -> str:
    """Return the intake's route for the path that an SDK was configured with."""
    if path.startswith(PREFIX):
        return path
    for name, sender in SENDERS.items():
        if sender.captured_at and path.startswith(sender.captured_at):
            return f"{PREFIX}{name}{path}"
    raise IsothermError(Code.INVALID, f"No known sender posts to {path}")
