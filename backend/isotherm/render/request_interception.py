"""Requests of a recorded document while it is built: held, answered from the cache, or refused.

Nothing reaches a network: every request of the page stops here, before it would leave the browser.
The browser itself decides what is needed: which of several sizes of an image, which fonts, what a
style sheet imports.
"""

import base64
import time
from collections.abc import Mapping
from typing import Any

from playwright.sync_api import CDPSession, Page
from playwright.sync_api import Error as PlaywrightError

from isotherm.model.sites import Missing
from isotherm.render.asset_cache import MOST_MISSING, AssetCache, missing_of
from isotherm.render.isolated_world import IsolatedWorld
from isotherm.render.messages import Want

KINDS = {"Image": "image", "Font": "font", "Stylesheet": "stylesheet"}
ROUNDS = 6  # a sheet that imports a sheet that names a font takes three
ROUND_S = 3.0
LOOK = """async () => {
  document.documentElement.getBoundingClientRect(); // laying out asks for fonts and backgrounds
  await null; // and images are asked for once a script has ended
  return '{}';
}"""
REST_MS = 10  # until the browser has told more
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline' http: https:; img-src data: http: https:; "
    "font-src data: http: https:; form-action 'none'; base-uri 'none'; sandbox allow-same-origin"
)
"""The page keeps its origin, so that sprites of its own site are drawn as there; no script runs."""


class Loads:
    """The requests of one browser page."""

    def __init__(self, cdp: CDPSession) -> None:
        self._cdp = cdp
        self._document = ("", b"")
        self._unsettled: set[str] = set()  # announced, and neither held nor over
        self._over: set[str] = set()
        self._held: list[Mapping[str, Any]] = []
        self._events = self._answered = 0
        self.served: dict[str, str] = {}  # URL -> media type; the browser keeps them, too
        self._lacking: dict[str, Missing] = {}
        cdp.on("Network.requestWillBeSent", self._announced)
        cdp.on("Network.loadingFinished", self._ended)
        cdp.on("Network.loadingFailed", self._ended)
        cdp.on("Fetch.requestPaused", self._paused)
        cdp.send("Network.enable", {"maxTotalBufferSize": 0, "maxResourceBufferSize": 0})
        cdp.send("Fetch.enable", {"patterns": [{"urlPattern": "*"}]})

    @property
    def missing(self) -> tuple[Missing, ...]:
        """What documents built at this address asked for and did not get; at most `MOST_MISSING`.

        The browser asks once for what a style sheet names, so a later state says nothing of it.
        """
        return tuple(list(self._lacking.values())[:MOST_MISSING])

    def open(self, page: Page, url: str, html: str) -> None:
        """Open an empty document at this address. Raises Playwright's errors."""
        self._document = (url, html.encode())
        self.served.clear()
        self._lacking.clear()
        page.goto(url, wait_until="load")

    def begin(self) -> None:
        """Another document is about to be built."""
        for held in self._held:
            self._refuse(held)
        self._held.clear()
        self._unsettled.clear()
        self._over.clear()

    def settle(self, world: IsolatedWorld, asset_cache: AssetCache) -> None:
        """Answer what the document asks for until it asks for nothing more."""
        for _ in range(ROUNDS):
            self._look(world)
            if not self._held:
                return
            held, self._held = self._held, []
            wants = {one["request"]["url"]: _want(one) for one in held}
            assets = asset_cache.take(list(wants.values()))
            for one in held:
                url = one["request"]["url"]
                self._unsettled.add(one.get("networkId", ""))  # until it is over
                if assets[url].why is None:
                    self.served[url] = assets[url].media.partition(";")[0]
                    self._fulfil(one, assets[url].body, assets[url].media)
                else:
                    self._lacking[url] = missing_of(wants[url], assets[url])
                    self._refuse(one)
        self._look(world)
        for one in self._held:
            self._refuse(one)
        self._held.clear()

    def _look(self, world: IsolatedWorld) -> None:
        """Wait until all that was announced is held or over, and nothing more is announced."""
        end_s = time.monotonic() + ROUND_S
        before = -1
        while (self._unsettled or self._events > before) and time.monotonic() < end_s:
            before = self._events
            if before != self._answered:
                # no timer and no frame of the page: a held sheet holds up drawing
                world.page.wait_for_timeout(REST_MS)
            world.call(LOOK)
        self._answered = self._events

    def _announced(self, event: Mapping[str, Any]) -> None:
        number = event["requestId"]
        if not event["request"]["url"].startswith(("http:", "https:")):
            return
        if event.get("type") == "Document" or number in self._over:
            return
        if event["request"]["url"].endswith("/favicon.ico"):
            return
        self._events += 1
        self._unsettled.add(number)

    def _ended(self, event: Mapping[str, Any]) -> None:
        self._events += event["requestId"] in self._unsettled
        self._unsettled.discard(event["requestId"])

    def _paused(self, event: Mapping[str, Any]) -> None:
        number = event.get("networkId", "")
        self._over.add(number)  # the announcement may come after it
        self._unsettled.discard(number)
        if event["resourceType"] == "Document" and event["request"]["url"] == self._document[0]:
            self._fulfil(event, self._document[1], "text/html; charset=utf-8", POLICY)
        elif event["resourceType"] in KINDS and event["request"]["method"] == "GET":
            self._events += 1
            self._held.append(event)
        else:
            self._refuse(event)

    def _fulfil(self, held: Mapping[str, Any], body: bytes, media: str, policy: str = "") -> None:
        headers = {"Content-Type": media, "Access-Control-Allow-Origin": "*"}
        if policy:
            headers["Content-Security-Policy"] = policy
        self._send(
            "Fetch.fulfillRequest",
            {
                "requestId": held["requestId"],
                "responseCode": 200,
                "responseHeaders": [
                    {"name": name, "value": value} for name, value in headers.items()
                ],
                "body": base64.b64encode(body).decode(),
            },
        )

    def _refuse(self, held: Mapping[str, Any]) -> None:
        self._send(
            "Fetch.failRequest",
            {"requestId": held["requestId"], "errorReason": "BlockedByClient"},
        )

    def _send(self, method: str, values: dict[str, Any]) -> None:
        try:
            self._cdp.send(method, values)
        except PlaywrightError as error:
            if "Invalid InterceptionId" not in str(error):  # its document has gone meanwhile
                raise


def _want(held: Mapping[str, Any]) -> Want:
    return Want(held["request"]["url"], KINDS[held["resourceType"]])
