"""The messages between the server and its picture process."""

from collections.abc import Mapping

import msgspec
from msgspec import Struct

from isotherm.model import Action, Background, Box, Segment
from isotherm.model.sites import Lack, Missing
from isotherm.render.hosts import Host
from isotherm.render.options import RenderOptions


class Target(Struct, frozen=True, omit_defaults=True):
    """An element to look for: its key, and the composed path to try when the key finds nothing."""

    key: str
    path: str = ""


class Point(Struct, frozen=True):
    """A click (page px) whose place inside its element is wanted; fixed parts follow `scroll`.

    One inside a frame is `framed`: its point is one of the frame's window.
    """

    id: str
    key: str
    path: str
    x: float
    y: float
    scroll: tuple[float, float]
    framed: bool = False


class Visit(Struct, frozen=True, kw_only=True):
    """One page visit of a recording, as the store knows it. Times are epoch ms."""

    application: str
    page: str
    session_id: str
    view_id: str
    url: str
    start_ms: int
    end_ms: int
    actions: tuple[Action, ...]  # of this visit
    page_height: float | None = None  # css px, the greatest that the sender saw


class ImageBox(Struct, frozen=True):
    """An image whose height the page leaves to a file that is not recorded; page px.

    Or a part that is hidden for privacy: its size is recorded, the margins around it are not.
    """

    node: int  # of the recorded page
    top: float
    width: float
    height: float
    any_width: bool  # the width is left to the file, too
    room: float  # the width of what it is in
    fitted: bool = False  # it has a size that was worked out, see `images.py`
    hidden: bool = False  # such a part


class Scene(Struct, frozen=True, kw_only=True):
    """One document and what is asked of it."""

    page: bytes  # JSON of a `replay.document.PageState`
    viewport_w: int
    viewport_h: int
    mobile: bool = False
    control_font: str = ""  # CSS font family for buttons and inputs that the page gives none
    values: dict[int, dict[str, str]] = {}  # node -> its attributes that are masked -> their values
    # node -> how much wider its masked letters are, css px, and how many there are
    spaces: dict[int, tuple[float, int]] = {}
    targets: tuple[Target, ...] = ()
    points: tuple[Point, ...] = ()
    picture: bool = False


class Start(Struct, frozen=True, tag="start", kw_only=True):
    """First message: how the process and its browser are to run."""

    chromium: str
    home: str  # a temporary folder of its own
    options: RenderOptions
    nice: int = 0  # how far it stands back behind other processes


class Render(Struct, frozen=True, tag="render"):
    """Build these documents, one after the other in one context, and measure or picture them."""

    scenes: tuple[Scene, ...]


class Session(Struct, frozen=True, tag="session"):
    """A recorded session follows, as messages of one `Segment` each; the one before is forgotten.

    No answer. It is read when a visit of it is asked for.
    """

    application: str
    session_id: str
    state: str = ""  # of what the recording consists so far: a session that grew is another one


class Look(Struct, frozen=True, tag="look"):
    """Asks whether there is a document of this view in the session to draw from."""

    view_id: str
    time_ms: int  # when the view begins


class Picture(Struct, frozen=True, tag="picture", kw_only=True):
    """Picture a visit of the session; or only place its clicks in their elements."""

    visit: Visit
    targets: tuple[Target, ...]
    pictures: bool


class Capture(Struct, frozen=True, tag="capture", kw_only=True):
    """Open a live page through the deciding proxy and picture it."""

    url: str
    proxy_port: int
    viewport_w: int
    viewport_h: int
    mobile: bool = False
    control_font: str = ""
    targets: tuple[Target, ...] = ()
    hide: tuple[str, ...] = ()
    click: tuple[str, ...] = ()
    load_s: float = 20.0


class Want(Struct, frozen=True):
    """An image, font or style sheet that a document asks for."""

    url: str
    kind: str  # image, font, stylesheet


class Asset(Struct, frozen=True, kw_only=True):
    """What came of a want: its bytes, or why there are none."""

    url: str
    media: str = ""  # as it was sniffed
    body: bytes = b""
    why: Lack | None = None
    detail: str = ""  # half a sentence about it


class Supplied(Struct, frozen=True, tag="supplied"):
    """The answer to `Wanted`, and of the fetching process."""

    assets: tuple[Asset, ...]


class Fetch(Struct, frozen=True, tag="fetch"):
    """Asks the fetching process for assets, only from these hosts."""

    wants: tuple[Want, ...]
    hosts: tuple[Host, ...]


class Layout(Struct, frozen=True, kw_only=True):
    """Where things are in a document (page px), and its picture when one was asked for."""

    width: int
    height: int  # after the cut at the cap
    page_height: int  # before it
    boxes: dict[str, Box]
    before: float = 0.0  # px of a right-to-left page left of where its points are counted from
    nodes: dict[str, int] = {}  # key of a box -> its node in the recorded page
    # click -> fraction of its element's width and height, and that size
    anchors: dict[str, tuple[float, float, float, float]] = {}
    images: tuple[ImageBox, ...] = ()  # of a recorded page
    notices: tuple[str, ...] = ()
    sheets: int = 0  # style sheets that the page has
    lacking: dict[str, int] = {}  # what is not there and moves things, see `Measured.lacking`
    tiles: tuple[bytes, ...] = ()  # WebP, top to bottom
    url: str = ""  # where a live page ended after its redirects
    hosts: tuple[str, ...] = ()  # whom a live page asked; the browser itself asks others
    missing: tuple[Missing, ...] = ()  # what a recorded page asked for and did not get

    def described(self, prints: Mapping[int, str]) -> "Layout":
        """Return it with the fingerprint of the element in each box, `prints` by node."""
        boxes = {
            key: msgspec.structs.replace(box, print=prints.get(self.nodes.get(key, -1), ""))
            for key, box in self.boxes.items()
        }
        return msgspec.structs.replace(self, boxes=boxes)


class Ready(Struct, frozen=True, tag="ready"):
    """The process has started."""


class Seen(Struct, frozen=True, tag="seen"):
    """Whether there is a document to draw from."""

    found: bool


class Strip(Struct, frozen=True, tag="strip"):
    """The next strip (WebP) of the pictures that are being made; more follows."""

    data: bytes


class Wanted(Struct, frozen=True, tag="wanted"):
    """The page that is being built needs these; `Supplied` is to follow."""

    wants: tuple[Want, ...]


class Pictured(Struct, frozen=True, tag="pictured"):
    """A visit is done: its pictures, whose strips came before, top to bottom, and its clicks.

    `anchors`: click -> fraction of its element's width and height, and that size in css px.
    """

    backgrounds: tuple[Background, ...]
    anchors: dict[str, tuple[float, float, float, float]]
    sandbox: bool  # Chromium's own sandbox was on
    builds: int = 0  # documents built for it


class Rendered(Struct, frozen=True, tag="rendered"):
    """One layout per scene."""

    layouts: tuple[Layout, ...]
    sandbox: bool  # Chromium's own sandbox was on


class Failed(Struct, frozen=True, tag="failed"):
    """The job could not be done; the sentence is for a person."""

    message: str


Request = Start | Render | Capture | Session | Segment | Look | Picture | Supplied
Answer = Rendered | Failed | Ready | Seen | Strip | Pictured | Wanted
