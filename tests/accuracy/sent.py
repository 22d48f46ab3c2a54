"""When an SDK says that somebody clicked: read from its bytes without Isotherm's own readers."""

import json
import zlib
from collections.abc import Iterable
from gzip import decompress

from tests.accuracy.serving import Sent

_PRESS = {1, 2, 7}  # rrweb's mouse interactions: mouse down, click, touch start


def click_times(sdk: str, requests: Iterable[Sent]) -> list[int]:
    """Return the epoch ms of every press, click or click action in what an SDK sent."""
    times: set[int] = set()
    for request in requests:
        body = _plain(request)
        if sdk == "datadog":
            times |= set(_actions(body))
        else:
            times |= set(_presses(json.loads(body)))
    return sorted(times)


def _plain(request: Sent) -> bytes:
    if request.headers.get("content-encoding") == "gzip":
        return decompress(request.body)
    if "dd-evp-encoding%3Ddeflate" in request.path:
        return zlib.decompress(request.body)
    return request.body


def _actions(body: bytes) -> Iterable[int]:
    for line in body.splitlines():
        if line.startswith(b"{") and b'"type":"action"' in line:
            event = json.loads(line)
            if event.get("action", {}).get("type") == "click":
                yield int(event["date"])


def _presses(value: object) -> Iterable[int]:
    """Find rrweb events in any nesting of JSON, JSON inside texts included."""
    todo = [value]
    while todo:
        one = todo.pop()
        if isinstance(one, str) and one.startswith(("{", "[")):
            try:
                todo.append(json.loads(one))
            except ValueError:
                continue  # a text that only looks like JSON
        elif isinstance(one, list):
            todo += one
        elif isinstance(one, dict):
            data = one.get("data")
            if one.get("type") == 3 and isinstance(data, dict) and data.get("source") == 2:
                if data.get("type") in _PRESS:
                    yield int(one["timestamp"])
            else:
                todo += one.values()
