"""What a background says about each element: shown, or the reason why a click on it is not."""

from collections.abc import Mapping

from isotherm.model import Background, Box, Unplaced


def reason(box: Box | None) -> Unplaced | None:
    """Return why a click on an element cannot be shown; None when it can."""
    if box is None:
        return Unplaced.GONE
    if not box.visible or box.width <= 0 or box.height <= 0:
        return Unplaced.HIDDEN
    if box.clipped:
        return Unplaced.CLIPPED
    if box.occluded:
        return Unplaced.COVERED
    return None


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
    shown = sum(n for key, n in clicks.items() if reason(background.boxes.get(key)) is None)
    return shown / total if total else None
