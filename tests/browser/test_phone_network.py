"""What a phone waits for on a slow network until it has heat: files, bytes, round trips."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PHONE, opened
from tests.browser.scenario import DATADOG, address

NETWORK = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1.6e6 / 8,
    "uploadThroughput": 750e3 / 8,
}
"""1.6 Mbit/s and 150 ms."""

SCREEN = {**PHONE, "deviceScaleFactor": 3, "mobile": True}

BYTES = 240_000
"""At 1.6 Mbit/s 1.2 s; the bound for heat is 3 s, of which a phone draws for one."""

PICTURE = 1024
"""Device px that are enough for a picture on a phone, in the steps that are loaded."""


@dataclass
class Request:
    url: str
    body: str
    sent_s: float
    ended_s: float = float("inf")
    bytes: int = 0

    @property
    def path(self) -> str:
        return urlsplit(self.url).path

    def asks(self, question: str) -> bool:
        return self.path == "/api/v1/query" and f'"question":"{question}"' in self.body


@pytest.fixture
def slow(chromium: Browser) -> Iterator[tuple[Page, list[Request]]]:
    """Yield a phone on a slow network, and what it requests."""
    by_id: dict[str, Request] = {}
    requests: list[Request] = []

    def sent(event: dict[str, Any]) -> None:
        request = event["request"]
        one = Request(request["url"], request.get("postData", ""), event["timestamp"])
        by_id[event["requestId"]] = one
        requests.append(one)

    def ended(event: dict[str, Any]) -> None:
        one = by_id[event["requestId"]]
        one.ended_s, one.bytes = event["timestamp"], int(event["encodedDataLength"])

    for page in opened(chromium, PHONE, touch=True, colours="light"):
        session = page.context.new_cdp_session(page)
        session.on("Network.requestWillBeSent", sent)
        session.on("Network.loadingFinished", ended)
        session.send("Emulation.setDeviceMetricsOverride", SCREEN)
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", NETWORK)
        yield page, requests


@pytest.mark.alone("Grafana brings megabytes of its own")
@pytest.mark.parametrize(
    ("map_type", "question"), [("clicks", "heat"), ("elements", "heat"), ("scroll", "scroll")]
)
def test_the_heat_needs_few_bytes_and_three_round_trips(
    slow: tuple[Page, list[Request]], served: str, map_type: str, question: str
) -> None:
    page, requests = slow
    page.goto(address(served, app=DATADOG, page="/", map=map_type, **{"from": "now-50y"}))
    drawn = page.get_by_test_id("heat").locator("canvas")
    if map_type == "clicks":
        expect(drawn.first).to_be_visible()
    page.wait_for_load_state("networkidle")

    (asked,) = [one for one in requests if one.asks(question)]
    scripts = [one for one in requests if one.path.endswith((".js", ".css"))]
    needed = [requests[0], *scripts, asked]
    assert requests[0].path == "/"
    assert sum(one.bytes for one in needed) < BYTES
    # The page, its scripts, the question: none of them waits for more than the one before.
    first, *others = sorted(scripts, key=lambda one: one.ended_s)
    assert all(one.sent_s < first.ended_s for one in others)
    assert first.ended_s < asked.sent_s < min(one.ended_s for one in others)

    (top,) = [one for one in requests if one.path.endswith("/tiles/0") and "w=96" not in one.url]
    assert top.url.endswith(f"?w={PICTURE}")
    others_asked = [
        one for one in requests if one.path.startswith("/api/v1/") and one not in (asked, top)
    ]
    if asked.ended_s < max(one.ended_s for one in scripts):  # the server was not the slowest
        assert all(top.sent_s < one.sent_s for one in others_asked)
