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
    """Return the box of an element; the composed path is asked when the key is not known."""
    return background.boxes.get(element) or background.boxes.get(path)


def shown_by_id(background: Background, elements: Mapping[int, str]) -> dict[int, Box]:
    """Return the boxes that clicks can be drawn on, by element id. `elements` is id -> key."""
    boxes = background.boxes
    shown = {key: box for key, box in boxes.items() if reason(box) is None}
    return {number: shown[key] for number, key in elements.items() if key in shown}
