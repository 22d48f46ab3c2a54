"""People who look at dashboards, and visitors whose sessions are recorded, beside the load."""

import json
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException

from msgspec import Struct, field

from isotherm.app.demo.sessions import SAMPLES
from tests.bench.servers import Api

APPLICATION = "6f1c2b1e-0000-4000-8000-00000000abcd"
RECORDED = "recorded"
SPAN = {"from": 1_795_300_000_000, "to": 1_795_400_000_000}
PANELS = ("heat", "actions", "scroll", "page_stats", "pages", "timeseries", "errors", "friction")


class Looking(Struct):
    """What people saw."""

    waits_s: list[float] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


@contextmanager
def looking(port: int, people: int = 2) -> Iterator[Looking]:
    """Have people ask the questions of a dashboard, one after the other, while the block runs."""
    seen, end = Looking(), threading.Event()

    def look() -> None:
        api = Api(port)
        while not end.is_set():
            for question in PANELS:
                query = {"refId": "A", "question": question, "application": APPLICATION}
                body = json.dumps({"queries": [query | {"page": "/"}], "range": SPAN}).encode()
                start = time.monotonic()
                try:
                    answer = json.loads(api.query(body))["results"]["A"]
                    if answer["status"] != 200:
                        seen.failed.append(f"{question}: {answer}")
                except (OSError, RuntimeError, HTTPException) as error:
                    seen.failed.append(f"{question}: {error!r}")
                    api = Api(port)
                seen.waits_s.append(time.monotonic() - start)
                if end.wait(0.1):
                    return

    threads = [threading.Thread(target=look, daemon=True) for _ in range(people)]
    for one in threads:
        one.start()
    try:
        yield seen
    finally:
        end.set()
        for one in threads:
            one.join()


@contextmanager
def recorded(port: int, every_s: float) -> Iterator[list[str]]:
    """Send a whole recording of a session of its own every few seconds; yield their ids."""
    (recording, *_) = sorted((SAMPLES / "rrweb").glob("*.events.json"))
    body, end = recording.read_bytes(), threading.Event()
    sent: list[str] = []

    def send() -> None:
        while not end.wait(every_s):
            session = uuid.uuid4().hex
            line = HTTPConnection("127.0.0.1", port, timeout=60)
            try:
                line.request(
                    "POST", f"/intake/rrweb?application={RECORDED}&session={session}", body,
                    {"Content-Type": "application/json"},
                )  # fmt: skip
                if line.getresponse().status == 202:
                    sent.append(session)
            finally:
                line.close()

    thread = threading.Thread(target=send, daemon=True)
    thread.start()
    try:
        yield sent
    finally:
        end.set()
        thread.join()
