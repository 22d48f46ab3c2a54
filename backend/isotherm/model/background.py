"""Backgrounds: pictures of a page's states, and where each element is on them."""

from enum import StrEnum
from typing import Final, Literal

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
    drawn: bool = False  # around page points of clicks: the size of the element is unknown
    matches: int = 1  # how many elements the key matched
    print: str = ""  # fingerprint of the element there (`fingerprints.py`); "" = not known

    @property
    def inexact(self) -> bool:
        """Whether page points say more of where a click was than the fraction of this box."""
        return self.grown or self.drawn

    @property
    def moves(self) -> bool:
        """Whether it is elsewhere on the page when the page or a part of it is scrolled."""
        return self.fixed or self.clipped


class Tile(Struct, frozen=True):
    """A horizontal strip of a picture."""

    top: int
    height: int
    path: str  # relative to the pictures' folder


StateKind = Literal[
    "found", "live", "uploaded", "menu", "dialog", "tab", "after", "later", "other", "wireframe"
]
"""What a picture shows of its page. `found`: as people find it; `live`: as it was when a browser
opened it; `menu`, `dialog`, `tab`: with one open; `after`: after a click; `later`: without a click
in between; `other`: nobody knows (pictures of earlier versions)."""


class State(Struct, frozen=True, omit_defaults=True):
    """What a picture shows of its page: a key, so that every language has its own words."""

    kind: StateKind
    what: str = ""
    """The dialog's or menu's name, or the label of what was clicked; what a person called an
    upload. Never a masked text."""


AS_FOUND: Final = frozenset({"found", "live"})
"""Kinds of states before anything is clicked."""

Verdict = Literal["true", "shifted", "unusable"]
Origin = Literal["replay", "url", "upload", "wireframe"]
"""What a picture was made from."""

UPLOAD_MAX: Final = 32 * 1024 * 1024
"""Bytes of a picture that is uploaded, at most."""


class Measured(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How far a picture is from the recording that it is of, in css px (`render/measure.py`)."""

    verdict: Verdict
    clicks: int = 0  # whose element's size or place is recorded and on the picture
    apart: int = 0  # of them, those of another size or at another place
    size_px: float = 0.0  # the largest difference of a width or height
    point_px: float = 0.0  # the largest distance of a place
    height_px: float | None = None  # picture's page less the recorded one; None = not recorded
    from_px: float | None = None  # y on the picture below which places differ; None = they do not
    by_px: float = 0.0  # by how much at most, below `from_px`
    lacking: dict[str, int] = {}
    """What is not there and so moves things: `styles` (sheets), `images` of unknown size -> how
    many. `Background.missing` names the files."""


class Background(Struct, frozen=True, kw_only=True):
    """A picture of one state of a page, and the place of every known element on it."""

    id: str
    application: str
    page: str
    state: State
    origin: Origin
    created_ms: int  # when it was made
    seen_ms: int  # when the page looked like this
    viewport_w: int
    viewport_h: int
    width: int  # picture, css px
    height: int
    tiles: tuple[Tile, ...] = ()
    boxes: dict[str, Box] = field(default_factory=dict)
    measured: Measured | None = None  # None = there is nothing to measure it by
    page_height: int = 0  # height before the cut at the cap; equals `height` if it was not cut
    session_id: str = ""  # the recording it comes from
    view_id: str = ""
    url: str = ""
    notices: tuple[str, ...] = ()  # "cut at 30,000 px", "text is masked, so widths may differ"
    pinned: bool = False  # a person chose it
    missing: tuple[Missing, ...] = ()  # what its page asked for and did not get

    @property
    def usable(self) -> bool:
        """Whether it looks like the page at all."""
        return self.measured is None or self.measured.verdict != "unusable"


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
