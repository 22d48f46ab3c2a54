"""Four weeks of generated visits to the demo's shop, with a story in them.

The elements are those that the SDK named in the recorded sessions, with their sizes. The story:
release 2.4.0 breaks "Apply coupon" and slows the filter "Waterproof"; the button that looks for
stores fails, and people rage at it; half of the visitors see another text on the first button.
"""

import json
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from isotherm.app.demo.outfitters.shop import APPLICATION, HOST, SERVICE, SESSIONS, VERSION
from isotherm.app.demo.traffic import (
    CLIENTS,
    COUNTRIES,
    HOUR_MS,
    MARK,
    Spot,
    new_id,
    pressed,
    without_name,
)
from isotherm.intake.pages import page_key
from isotherm.model import Action, Event, LongTask, PageError, Resource, View
from isotherm.pipeline.recorded_requests import read_requests

BEFORE = "2.3.1"
DAYS = 28.0
RELEASED = 0.4
"""The share of the time that the new version has been out."""

BUY = "#hero-buy"
COUPON = "#apply-coupon"
STOCK = "#stock"
FILTER = "#filter-waterproof"

PULL = {BUY: 30.0, COUPON: 12.0, STOCK: 12.0, FILTER: 14.0, "#add": 22.0, "#to-checkout": 20.0,
        "#place-order": 16.0, "#size-L": 8.0, "#card-trail-jacket>A.pic>IMG": 14.0}  # fmt: skip
"""How often an element is clicked, relative to the others of its page."""

USUAL_PULL = 4.0

DEAD = {"#stock-note>P": 0.9, "#big": 0.7}
JOURNEYS = (
    (("/",), 0.2),
    (("/", "/jackets", "/jackets/trail-jacket"), 0.2),
    (("/", "/jackets", "/jackets/trail-jacket", "/cart", "/checkout"), 0.24),
    (("/sale", "/cart"), 0.1),
    (("/journal/layering", "/jackets"), 0.08),
    (("/help", "/account", "/account/orders/?"), 0.08),
    (("/account", "/account/settings"), 0.04),
    (("/stores",), 0.03),
    (("/ar", "/jackets"), 0.03),
)
"""Pages in order, and the share of the visitors who come for them."""

NAMES = (
    "Ines",
    "Marc",
    "Aiko",
    "Lea",
    "Tomas",
    "Nour",
    "Paul",
    "Mina",
    "Jon",
    "Sara",
    "Leo",
    "Ana",
)


class Shown(NamedTuple):
    """A page on a device: its height in px and its elements."""

    height: float
    elements: tuple[Spot, ...]


@cache
def shown(session: str) -> dict[str, Shown]:
    """Return the pages of a recorded session by their keys."""
    found: dict[str, dict[str, Spot]] = {}
    heights: dict[str, float] = {}
    for request in read_requests(SESSIONS / session / "requests.json"):
        batch = request.headers["content-type"].startswith("text/plain")
        for line in request.body.splitlines() if batch else ():
            event = json.loads(line)
            if event.get("type") not in {"view", "action"}:
                continue
            page = page_key(event["view"]["url"])
            scroll = event.get("display", {}).get("scroll", {})
            heights[page] = max(heights.get(page, 900.0), scroll.get("max_scroll_height", 0.0))
            target = event.get("_dd", {}).get("action", {}).get("target", {})
            if event["type"] == "action" and target.get("selector"):
                seen = Spot(
                    target["selector"],
                    event["action"]["target"]["name"],
                    int(target.get("width", 0)),
                    int(target.get("height", 0)),
                    PULL.get(target["selector"], USUAL_PULL),
                )
                found.setdefault(page, {})[seen.element] = seen
    return {page: Shown(heights[page], tuple(seen.values())) for page, seen in found.items()}


def outfitters_traffic(sessions: int, end_ms: int, seed: int = 11) -> Iterator[list[Event]]:
    """Yield each session's events, spread over the days before `end_ms`."""
    rng = np.random.default_rng(seed)
    span_ms = DAYS * 24 * HOUR_MS
    starts = end_ms - np.sort(rng.random(sessions))[::-1] * span_ms
    released_ms = end_ms - span_ms * RELEASED
    for start in starts.astype(np.int64):
        yield _session(rng, int(start), VERSION if start > released_ms else BEFORE)


def _session(rng: np.random.Generator, start_ms: int, version: str) -> list[Event]:
    device, viewport, browser, system, _ = CLIENTS[rng.choice(5, p=[c[4] for c in CLIENTS])]
    country, city = COUNTRIES[int(rng.integers(len(COUNTRIES)))]
    user = int(rng.integers(1, 600))
    variant = "AB"[user % 2]
    common: dict[str, Any] = {
        "application": APPLICATION,
        "session_id": new_id(rng),
        "user_id": f"visitor-{user}",
        "user_name": f"{NAMES[user % len(NAMES)]} {user}",
        "viewport_w": viewport[0],
        "attributes": MARK | {"variant": variant},
        "facets": {
            "env": "production",
            "service": SERVICE,
            "version": version,
            "browser": browser,
            "os": system,
            "device": device,
            "country": country,
            "city": city,
        },
    }
    pages = shown("desktop") | (shown("phone") if device == "mobile" else {})
    events: list[Event] = []
    at_ms = start_ms
    for page in JOURNEYS[rng.choice(len(JOURNEYS), p=[share for _, share in JOURNEYS])][0]:
        stay_ms = int(rng.gamma(2, 16_000)) + 2_000
        view = common | {"view_id": new_id(rng), "page": page}
        events += _visit(rng, view, pages[page], at_ms, stay_ms=stay_ms, viewport_h=viewport[1])
        at_ms += stay_ms
        if page == "/cart" and version == VERSION and rng.random() < 0.35:
            break  # without the coupon they do not go on
    return events


def _visit(
    rng: np.random.Generator,
    view: dict[str, Any],
    page: Shown,
    at_ms: int,
    *,
    stay_ms: int,
    viewport_h: int,
) -> Iterator[Event]:
    clicks = [
        _click(rng, view, page, at_ms + int(rng.random() * stay_ms), viewport_h)
        for _ in range(rng.poisson(2.6))
    ]
    new = view["facets"]["version"] == VERSION
    took = [_blocked_ms(rng, click, new=new) for click in clicks]
    reach = min(1.0, rng.beta(1.3, 1.7) + 0.5 * viewport_h / page.height)
    vitals: dict[str, Any] = {}
    if clicks:
        worst = int(np.argmax(took))
        vitals = {
            "inp_ms": took[worst],
            "inp_at_ms": float(clicks[worst].time_ms - at_ms),
            "inp_element": clicks[worst].element,
        }
    yield View(
        **view,
        version=1,
        time_ms=at_ms,
        url=f"https://{HOST}{view['page']}",
        viewport_h=viewport_h,
        time_spent_ms=stay_ms,
        depth_px=float(round(max(viewport_h, page.height * reach))),
        page_height_px=page.height,
        actions=len(clicks),
        errors=sum(click.error for click in clicks),
        frustrations=sum(click.rage + click.dead + click.error for click in clicks),
        **vitals,
    )
    for click, ms in zip(clicks, took, strict=True):
        yield click
        yield from _caused(rng, without_name(view), click, ms)


def _click(
    rng: np.random.Generator, view: dict[str, Any], page: Shown, at_ms: int, viewport_h: int
) -> Action:
    pull = np.array([_pull(seen, view) for seen in page.elements])
    seen = page.elements[rng.choice(len(pull), p=pull / pull.sum())]
    new = view["facets"]["version"] == VERSION
    broken = seen.element == COUPON and new
    fails = seen.element == STOCK
    return pressed(
        rng,
        view,
        seen,
        at_ms=at_ms,
        viewport_h=viewport_h,
        rage=0.3 if broken else 0.22 if fails else 0.003,
        dead=0.88 if broken else DEAD.get(seen.element, 0.01),
        error=0.6 if fails else 0.0,
    )


def _pull(spot: Spot, view: dict[str, Any]) -> float:
    better = spot.element == BUY and view["attributes"]["variant"] == "B"
    return spot.pull * 1.6 if better else spot.pull


def _blocked_ms(rng: np.random.Generator, click: Action, *, new: bool) -> float:
    """Return how long an element's handler keeps the page busy."""
    usual = (430.0 if new else 130.0) if click.element == FILTER else 45.0
    return float(round(usual * rng.lognormal(0, 0.3)))


def _caused(
    rng: np.random.Generator, who: dict[str, Any], click: Action, blocked_ms: float
) -> Iterator[Event]:
    """Yield what a click leads to: an error, a request, a long task."""
    if click.error:
        yield PageError(
            **who,
            event_id=new_id(rng),
            time_ms=click.time_ms + 14,
            message="The stock service does not answer",
            kind="Error",
            origin="source",
            action_ids=(click.event_id,),
        )
    if click.element in (STOCK, "#place-order"):
        yield Resource(
            **who,
            event_id=new_id(rng),
            time_ms=click.time_ms + 6,
            kind="fetch",
            method="GET" if click.element == STOCK else "POST",
            host=HOST,
            path="/api/stock" if click.element == STOCK else "/api/orders",
            status=503 if click.error else 200,
            duration_ms=float(round((2_400 if click.error else 240) * rng.lognormal(0, 0.4))),
            trace_id=rng.bytes(16).hex(),
            action_ids=(click.event_id,),
        )
    if blocked_ms > 50 and click.element == FILTER:
        yield LongTask(
            **who,
            event_id=new_id(rng),
            time_ms=click.time_ms + 2,
            kind="frame",
            duration_ms=blocked_ms,
            blocking_ms=blocked_ms - 50,
            scripts=1,
            script=f"https://{HOST}/app.js",
            function="busy",
            invoker="BUTTON#filter-waterproof.onclick",
            script_ms=float(round(blocked_ms * 0.9)),
            layout_ms=float(round(blocked_ms * 0.1)),
            action_ids=(click.event_id,),
        )
