"""What the box of an element on a picture says: a person sees it there, or the reason why not."""

from isotherm.model import Box, Unplaced


def reason(box: Box | None) -> Unplaced | None:
    """Return why clicks on an element are not on the picture; None when they are."""
    if box is None:
        return Unplaced.GONE
    if not box.visible or box.width <= 0 or box.height <= 0:
        return Unplaced.HIDDEN
    if box.clipped:
        return Unplaced.CLIPPED
    if box.occluded:
        return Unplaced.COVERED
    return None


def shows(box: Box | None) -> bool:
    """Say whether a person sees the element on the picture."""
    return reason(box) is None
