"""Where the elements of actions are on a background."""

from collections.abc import Iterable, Mapping

from isotherm.model import Background, Unplaced
from isotherm.model.element_matching import Boxes, Spot
from isotherm.model.elements import Element, read_element
from isotherm.query.context import Context


def spots_of(boxes: Boxes, terms: Mapping[int, str], numbers: Iterable[int]) -> dict[int, Spot]:
    """Return where the elements behind some numbers (column `target`) are."""
    return {number: boxes.find(read_element(terms.get(number, ""))) for number in numbers}


def spot_of(context: Context, background: Background | None, element: Element) -> Spot:
    """Return where an element is on a background, and why it is not shown if so."""
    if background is None:
        return Spot(None, Unplaced.NO_BACKGROUND)
    if not element.key:
        return Spot(None, Unplaced.NO_ELEMENT)
    return context.boxes(background).find(element)
