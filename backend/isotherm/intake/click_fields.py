"""Converts an SDK's click to the model's fields: signals, element, and position inside it."""

from collections.abc import Sequence
from typing import Any

from isotherm.intake.draft import fraction, position, size

RAGE_CLICKS_AT_LEAST = 3
"""A chain becomes a rage click from three clicks on; how many there were is in the replay only."""

SCROLL_BAR_MAX_PX = 20


def signal_fields(signals: Sequence[str]) -> dict[str, Any]:
    """Return rage, dead, error and the number of clicks, from frustration types."""
    if not signals:
        return {}
    rage = "rage_click" in signals or "rage_tap" in signals
    return {
        "clicks": RAGE_CLICKS_AT_LEAST if rage else 1,
        "clicks_exact": not rage,
        "rage": rage,
        "dead": "dead_click" in signals,
        "error": "error_click" in signals or "error_tap" in signals,
    }


def element_fields(
    selector: str | None,
    width: float | None,
    height: float | None,
    offset: tuple[float | None, float | None],
    viewport_w: int,
) -> dict[str, Any]:
    """Return the element, its size in css px, and the offset inside it as fractions.

    A click on the root element has no selector; its box is the page, so its offset is a page
    position (samples/README 6.3).
    """
    x, y = offset
    fields: dict[str, Any] = {
        "element": selector or "",
        "element_w": size(width),
        "element_h": size(height),
        "fx": fraction(x, width),
        "fy": fraction(y, height),
    }
    is_root = width is not None and abs(width - viewport_w) <= SCROLL_BAR_MAX_PX
    if not selector and is_root:
        fields["page_x"], fields["page_y"] = position(x), position(y)
    return fields
