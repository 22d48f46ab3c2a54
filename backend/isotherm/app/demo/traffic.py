"""Generated traffic over the sample shop, for maps of any size; always marked as generated."""

import uuid
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from isotherm.model import FRACTION_MAX, Action, Event, PageError, View

APPLICATION = "kestrel-shop (generated)"
MARK = {"traffic": "generated"}
HOUR_MS = 3_600_000
NEW_VERSION = "1.4.2"


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
        "session_id": _id(rng),
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
        view = common | {"view_id": _id(rng), "page": page}
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
            ),
            *clicks,
            *failures,
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
    rage = rng.random() < spot.rage * (1.0 if version == NEW_VERSION else 0.2)
    inside = np.clip(rng.normal(0.5, 0.17, 2), 0.02, 0.98) * FRACTION_MAX
    return Action(
        **view,
        event_id=_id(rng),
        time_ms=at_ms,
        action_name=spot.label,
        element=spot.element,
        fx=int(inside[0]),
        fy=int(inside[1]),
        element_w=spot.width,
        element_h=spot.height,
        viewport_h=viewport_h,
        clicks=int(rng.integers(3, 8)) if rage else 1,
        rage=bool(rage),
        dead=bool(rng.random() < spot.dead),
        error=bool(rng.random() < spot.error),
        loading_ms=float(round(rng.gamma(2, 60))),
    )


def _error(rng: np.random.Generator, view: dict[str, Any], click: Action) -> PageError:
    return PageError(
        **{key: value for key, value in view.items() if key != "user_name"},
        event_id=_id(rng),
        time_ms=click.time_ms + 12,
        message="Cannot read properties of undefined (reading 'count')",
        kind="TypeError",
        origin="source",
    )


def _id(rng: np.random.Generator) -> str:
    return str(uuid.UUID(bytes=rng.bytes(16), version=4))
