"""Generated traffic over the sample shop, for maps of any size; always marked as generated."""

import uuid
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from msgspec import structs

from isotherm.model import (
    FRACTION_MAX,
    Action,
    Event,
    LongTask,
    PageError,
    Resource,
    View,
)

APPLICATION = "kestrel-shop (generated)"
MARK = {"traffic": "generated"}
HOUR_MS = 3_600_000
NEW_VERSION = "1.4.2"
BROKEN = "#news-form>BUTTON.btn"
"""The new version breaks it: clicks are dead, and fewer people click."""
SLOW = "#open-modal"
"""Its handler sorts too much at once, more of it in the new version."""
CALLS = {
    'BUTTON[data-testid="stock-check"]': ("GET", "/api/stock/?", 503, 320.0),
    'BUTTON[data-testid="hero-buy"]': ("POST", "/api/cart", 200, 140.0),
    'BUTTON[data-testid="place-order"]': ("POST", "/api/orders", 201, 900.0),
}
"""Element -> what it calls: method, path, status of those that fail (or of all), and how long."""


class Spot(NamedTuple):
    """An element of the shop: its key, label, size and how people treat it."""

    element: str
    label: str
    width: int
    height: int
    pull: float  # relative share of clicks
    rage: float = 0.0
    dead: float = 0.0
    error: float = 0.0


PRODUCT = (
    Spot('BUTTON[data-testid="hero-buy"]', "Add to cart", 131, 44, 24),
    Spot("#open-modal", "Size guide", 125, 44, 12),
    Spot('BUTTON[data-testid="modal-ok"]', "Got it", 120, 44, 9),
    Spot("#hero>DIV.hero-art>DIV.art-inner", "jacket picture", 487, 352, 7, dead=1.0),
    Spot("#menu-toggle", "Menu", 53, 21, 6),
    Spot("#menu>LI:nth-of-type(2)>BUTTON.menu-item", "Orders", 80, 33, 4),
    Spot('ARTICLE[data-testid="card-flask"]>BUTTON.btn', "Add to cart", 131, 44, 8),
    Spot("#card-grid>ARTICLE:nth-of-type(6)>BUTTON.btn", "Add to cart", 131, 44, 4),
    Spot("#card-grid>ARTICLE:nth-of-type(4)>DIV.pic", "Moor Pack", 299, 120, 5, dead=1.0),
    Spot('BUTTON[data-testid="stock-check"]', "Check stock", 139, 44, 5, rage=0.12, error=0.8),
    Spot("#dead-badge", "In 14 stores", 160, 44, 4, rage=0.3, dead=1.0),
    Spot("#review-scroller>ARTICLE:nth-of-type(1)>BUTTON.helpful", "Helpful", 63, 21, 3),
    Spot("#news-form>BUTTON.btn", "Subscribe", 121, 44, 3),
    Spot("#spa-checkout", "Checkout", 120, 44, 6),
    Spot("#top-nav>NAV>A:nth-of-type(1)", "Features", 69, 24, 3),
)
CHECKOUT = (
    Spot('BUTTON[data-testid="place-order"]', "Place order", 130, 44, 14, rage=0.05),
    Spot("#card", "Card number", 320, 40, 6),
    Spot("#back-to-shop", "Back to shop", 120, 24, 5),
)
PAGES = (("/", PRODUCT, 2812, 3.4), ("/checkout", CHECKOUT, 1373, 1.8))
CLIENTS = (
    # device, viewport, browser, os, share
    ("desktop", (1440, 900), "Chrome", "Windows", 0.46),
    ("desktop", (1920, 1080), "Firefox", "Linux", 0.14),
    ("tablet", (1024, 768), "Safari", "iOS", 0.08),
    ("mobile", (390, 844), "Chrome Mobile", "Android", 0.22),
    ("mobile", (393, 852), "Mobile Safari", "iOS", 0.10),
)
COUNTRIES = (("France", "Paris"), ("Germany", "Berlin"), ("Japan", "Osaka"), ("Brazil", "Recife"))


def traffic(sessions: int, end_ms: int, days: float = 14, seed: int = 7) -> Iterator[list[Event]]:
    """Yield each session's events, spread over the `days` before `end_ms`, newest release last."""
    rng = np.random.default_rng(seed)
    starts = end_ms - np.sort(rng.random(sessions))[::-1] * days * 24 * HOUR_MS
    released_ms = end_ms - days * 24 * HOUR_MS * 0.4
    for start in starts.astype(np.int64):
        yield _session(rng, int(start), NEW_VERSION if start > released_ms else "1.4.1")


def _session(rng: np.random.Generator, start_ms: int, version: str) -> list[Event]:
    device, viewport, browser, system, _ = CLIENTS[rng.choice(5, p=[c[4] for c in CLIENTS])]
    country, city = COUNTRIES[int(rng.integers(len(COUNTRIES)))]
    user = int(rng.integers(1, 1 + 400))
    common: dict[str, Any] = {
        "application": APPLICATION,
        "session_id": new_id(rng),
        "user_id": f"u-{user}",
        "user_name": f"Visitor {user}",
        "viewport_w": viewport[0],
        "attributes": MARK,
        "facets": {
            "env": "production",
            "service": "kestrel-shop",
            "version": version,
            "browser": browser,
            "os": system,
            "device": device,
            "country": country,
            "city": city,
        },
    }
    events: list[Event] = []
    at_ms = start_ms
    for page, spots, height_px, mean in PAGES[: 1 + int(rng.random() < 0.45)]:
        stay_ms = int(rng.gamma(2, 18_000)) + 1500
        view = common | {"view_id": new_id(rng), "page": page}
        clicks = [
            _click(
                rng,
                spots,
                view,
                at_ms=at_ms + int(rng.random() * stay_ms),
                viewport_h=viewport[1],
                version=version,
            )
            for _ in range(rng.poisson(mean))
        ]
        tall_px = height_px * (1.8 if device == "mobile" else 1.0)
        reach = min(1.0, rng.beta(1.4, 1.6) + viewport[1] / tall_px * 0.5)
        failures = [_error(rng, view, click) for click in clicks if click.error]
        extra = np.random.default_rng([start_ms, len(events)])  # leaves the clicks as they were
        clicks = _released(extra, clicks, version)
        events += [
            View(
                **view,
                version=1,
                time_ms=at_ms,
                url="https://shop.example.test" + page,
                viewport_h=viewport[1],
                time_spent_ms=stay_ms,
                depth_px=float(round(max(viewport[1], tall_px * reach))),
                page_height_px=tall_px,
                actions=len(clicks),
                errors=len(failures),
                frustrations=sum(click.rage + click.dead + click.error for click in clicks),
                **_vitals(extra, clicks, at_ms, version),
            ),
            *clicks,
            *failures,
            *_requests(extra, view, clicks),
            *_long_tasks(extra, view, clicks, version),
        ]
        at_ms += stay_ms
    return events


def _click(
    rng: np.random.Generator,
    spots: tuple[Spot, ...],
    view: dict[str, Any],
    *,
    at_ms: int,
    viewport_h: int,
    version: str,
) -> Action:
    pull = np.array([spot.pull for spot in spots])
    spot = spots[rng.choice(len(spots), p=pull / pull.sum())]
    return pressed(
        rng,
        view,
        spot,
        at_ms=at_ms,
        viewport_h=viewport_h,
        rage=spot.rage * (1.0 if version == NEW_VERSION else 0.2),
        dead=spot.dead,
        error=spot.error,
    )


def pressed(
    rng: np.random.Generator,
    view: dict[str, Any],
    spot: Spot,
    *,
    at_ms: int,
    viewport_h: int,
    rage: float,
    dead: float,
    error: float,
) -> Action:
    """Return a click on an element, with how likely its signals are."""
    rages = rng.random() < rage
    inside = np.clip(rng.normal(0.5, 0.17, 2), 0.02, 0.98) * FRACTION_MAX
    return Action(
        **view,
        event_id=new_id(rng),
        time_ms=at_ms,
        action_name=spot.label,
        element=spot.element,
        fx=int(inside[0]),
        fy=int(inside[1]),
        element_w=spot.width,
        element_h=spot.height,
        viewport_h=viewport_h,
        clicks=int(rng.integers(3, 8)) if rages else 1,
        rage=bool(rages),
        dead=bool(rng.random() < dead),
        error=bool(rng.random() < error),
        loading_ms=float(round(rng.gamma(2, 60))),
    )


def _released(rng: np.random.Generator, clicks: list[Action], version: str) -> list[Action]:
    """Break a button with the new version."""
    if version != NEW_VERSION:
        return clicks
    return [
        structs.replace(click, dead=bool(rng.random() < 0.6)) if click.element == BROKEN else click
        for click in clicks
        if click.element != BROKEN or rng.random() < 0.6
    ]


def _blocked_ms(rng: np.random.Generator, click: Action, version: str) -> float:
    """Return how long an element's handler keeps the page busy."""
    usual = (420.0 if version == NEW_VERSION else 180.0) if click.element == SLOW else 40.0
    return float(round(usual * rng.lognormal(0, 0.35)))


def _vitals(
    rng: np.random.Generator, clicks: list[Action], at_ms: int, version: str
) -> dict[str, Any]:
    """Return the view's slowest interaction, as SDKs tell it."""
    if not clicks:
        return {}
    took = [_blocked_ms(rng, click, version) for click in clicks]
    worst = int(np.argmax(took))
    return {
        "inp_ms": took[worst],
        "inp_at_ms": float(clicks[worst].time_ms - at_ms),
        "inp_element": clicks[worst].element,
    }


def _requests(
    rng: np.random.Generator, view: dict[str, Any], clicks: list[Action]
) -> Iterator[Resource]:
    """Yield what the clicks call."""
    for click in clicks:
        if click.element not in CALLS:
            continue
        method, path, status, usual = CALLS[click.element]
        failed = status >= 400 and click.error
        yield Resource(
            **without_name(view),
            event_id=new_id(rng),
            time_ms=click.time_ms + 8,
            kind="fetch",
            method=method,
            host="shop.example.test",
            path=path,
            status=status if failed or status < 400 else 200,
            duration_ms=float(round(usual * rng.lognormal(0, 0.5))),
            trace_id=rng.bytes(16).hex(),
            action_ids=(click.event_id,),
        )


def _long_tasks(
    rng: np.random.Generator, view: dict[str, Any], clicks: list[Action], version: str
) -> Iterator[LongTask]:
    """Yield what keeps the page busy after clicks on the slow element."""
    for click in clicks:
        if click.element != SLOW:
            continue
        took = _blocked_ms(rng, click, version)
        yield LongTask(
            **without_name(view),
            event_id=new_id(rng),
            time_ms=click.time_ms + 2,
            kind="frame",
            duration_ms=took,
            blocking_ms=max(0.0, took - 50),
            scripts=1,
            script="https://shop.example.test/assets/size-guide.js",
            function="sortSizes",
            invoker="BUTTON#open-modal.onclick",
            script_ms=float(round(took * 0.9)),
            layout_ms=float(round(took * 0.2)),
            action_ids=(click.event_id,),
        )


def without_name(view: dict[str, Any]) -> dict[str, Any]:
    """Return what an event has that does not say how its visitor is called."""
    return {key: value for key, value in view.items() if key != "user_name"}


def _error(rng: np.random.Generator, view: dict[str, Any], click: Action) -> PageError:
    return PageError(
        **without_name(view),
        event_id=new_id(rng),
        time_ms=click.time_ms + 12,
        message="Cannot read properties of undefined (reading 'count')",
        kind="TypeError",
        origin="source",
    )


def new_id(rng: np.random.Generator) -> str:
    """Return a random id; the same generator, the same ids."""
    return str(uuid.UUID(bytes=rng.bytes(16), version=4))
