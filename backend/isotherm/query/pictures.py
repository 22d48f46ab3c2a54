"""Which background a question is answered on, and what is said about it."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import msgspec

from isotherm.model import Background, Scope
from isotherm.model.errors import Code, IsothermError
from isotherm.query.context import Ask
from isotherm.query.placing.compact_rows import clicks_by_element

AUTOMATIC = "auto"
SHOWN_MISSING = 50


def of_scope(ask: Ask[Any]) -> list[Background]:
    """Return the backgrounds of the one page in scope, newest first; none for several pages."""
    if len(ask.scope.pages) != 1:
        return []
    return ask.context.backgrounds.of_page(ask.scope.application, ask.scope.pages[0])


def wanted(ask: Ask[Any], background_id: str) -> Background | None:
    """Return the background asked for by id, or the best one for the scope.

    Raises NOT_FOUND for an unknown id, INVALID for one of another page.
    """
    if background_id not in {AUTOMATIC, ""}:
        chosen = ask.context.backgrounds.get(background_id)
        if chosen.application != ask.scope.application or chosen.page not in ask.scope.pages:
            message = f"Background {background_id} shows another page ({chosen.page})"
            raise IsothermError(Code.INVALID, message, field="background")
        return chosen
    candidates = of_scope(ask)
    if not candidates:
        return None
    if len(candidates) == 1:
        return candidates[0]
    clicks = clicks_by_element(ask)
    with ask.context.timed("place"):
        return ask.context.choose(candidates, clicks, asked_width(ask.scope))


def asked_width(scope: Scope) -> int | None:
    """Return a window width inside the scope's band; None when there is no band."""
    return scope.width_min or scope.width_max


def described(background: Background | None) -> Mapping[str, Any] | None:
    """Return what every answer says about its background; addresses are relative."""
    if background is None:
        return None
    address = f"api/v1/backgrounds/{quote(background.id, safe='')}"
    return {
        "id": background.id,
        "application": background.application,
        "page": background.page,
        "state": background.state,
        "origin": background.origin,
        "width": background.width,
        "height": background.height,
        "viewport_w": background.viewport_w,
        "viewport_h": background.viewport_h,
        "fit": background.fit,
        "created_ms": background.created_ms,
        "seen_ms": background.seen_ms,
        "page_height": background.page_height or background.height,
        "pinned": background.pinned,
        "notices": list(background.notices),
        "missing": [msgspec.to_builtins(one) for one in background.missing[:SHOWN_MISSING]],
        "lacks": len(background.missing),
        "picture": f"{address}/picture",
        "tiles": [
            {"top": tile.top, "height": tile.height, "url": f"{address}/tiles/{number}"}
            for number, tile in enumerate(background.tiles)
        ],
    }
