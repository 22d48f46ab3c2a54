"""Backgrounds: pictures of a page's states, and where each element is on them."""

from enum import StrEnum
from typing import Literal

from msgspec import Struct, field

from isotherm.model.sites import Missing


class Box(Struct, frozen=True, omit_defaults=True):
    """Where an element is on a background, in background px (= css px of the page)."""

    left: float
    top: float
    width: float
    height: float
    visible: bool = True  # False: display:none, no size, transparent
    clipped: bool = False  # cut away by a scroll container
    occluded: bool = False  # covered by another element
    fixed: bool = False  # fixed or sticky
    grown: bool = False  # higher than it was: as high as what it scrolls, or as its window here
    matches: int = 1  # how many elements the key matched
    print: str = ""  # fingerprint of the element that stands there (`prints.py`); "" = not known


class Tile(Struct, frozen=True):
    """A horizontal strip of a picture."""

    top: int
    height: int
    path: str  # relative to the pictures' folder


class Background(Struct, frozen=True, kw_only=True):
    """A picture of one state of a page, and the place of every known element on it."""

    id: str
    application: str
    page: str
    state: str  # "initial", "state 2", ... or what the person called it
    origin: Literal["replay", "url", "upload"]
    created_ms: int  # when it was made
    seen_ms: int  # when the page looked like this
    viewport_w: int
    viewport_h: int
    width: int  # picture, css px
    height: int
    tiles: tuple[Tile, ...] = ()
    boxes: dict[str, Box] = field(default_factory=dict)
    fit: float | None = (
        None  # 0..1: share of actions whose box has the recorded size; None = unknown
    )
    page_height: int = 0  # height before the cut at the cap; equals `height` if it was not cut
    session_id: str = ""  # the recording it comes from
    view_id: str = ""
    url: str = ""
    notices: tuple[str, ...] = field(
        default=(), name="notes"
    )  # "2 of 5 style sheets missing", "cut at 30,000 px"
    pinned: bool = False  # a person chose it
    missing: tuple[Missing, ...] = ()  # what its page asked for and did not get


class Unplaced(StrEnum):
    """Why a click is not on the picture."""

    NO_BACKGROUND = "no_background"
    NO_ELEMENT = "no_selector"  # the sender named no element and no page position
    GONE = "element_gone"  # the element is not in this picture's document
    OTHER_ELEMENT = "other_element"  # another one stands under its key, and it is nowhere else
    HIDDEN = "hidden"  # it is, but not displayed in this state
    CLIPPED = "clipped"  # inside a scroll container, scrolled out of view
    COVERED = "covered"  # behind a dialog or banner in this state
    OUTSIDE = "outside_picture"  # below the cut, or beside the page
    NO_POSITION = "no_position"  # a custom action: not a click


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
