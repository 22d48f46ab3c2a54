"""Which box an element has on a background, and what share of the clicks that shows."""

from collections.abc import Mapping

from isotherm.model import Background, Box, Unplaced
from isotherm.model.background import reason, shows


def box_of(background: Background, element: str, path: str = "") -> Box | None:
    """Return the box of an element; without a selector its composed path is the key."""
    return background.boxes.get(element or path)


def element_reason(background: Background | None, element: str, path: str) -> Unplaced | None:
    """Return why an element's clicks are not on a background, None when they are."""
    if background is None:
        return Unplaced.NO_BACKGROUND
    if not element and not path:
        return Unplaced.NO_ELEMENT
    return reason(box_of(background, element, path))


def coverage_of(background: Background, clicks: Mapping[str, float]) -> float | None:
    """Return the share of clicks (per element key) whose element a background shows."""
    total = sum(clicks.values())
    shown = sum(n for key, n in clicks.items() if shows(background.boxes.get(key)))
    return shown / total if total else None
