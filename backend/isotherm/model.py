"""The vocabulary: page visits, clicks, scopes and backgrounds. Imports nothing of ours.

The event types are msgspec structs because they are also the wire format of the spool
(`docs/decisions/001-events-are-structs.md`): one definition, no second mapping.
"""

from enum import StrEnum
from typing import Literal

from msgspec import Struct, field

FACETS = ("env", "service", "version", "browser", "os", "device", "country", "city")
"""Built-in dimensions to filter and split by. `user` and `width` are columns of their own; every
custom attribute of a site is a facet too, named as the site named it."""

FRACTION_MAX = 65535
"""`fx, fy` are 16-bit fractions of the element's width and height."""

Metric = Literal["clicks", "users", "sessions"]
Device = Literal["desktop", "tablet", "mobile", ""]


class Signal(StrEnum):
    """What singles an action out: frustration, or being the first or last click of its view."""

    RAGE = "rage"
    DEAD = "dead"
    ERROR = "error"
    FIRST = "first"
    LAST = "last"


class Source(StrEnum):
    """Who said that an action happened."""

    SDK = "sdk"  # the site's RUM SDK sent it as an action
    REPLAY = "replay"  # found in the replay only: lost by the SDK, or the sender has no actions


class Action(Struct, frozen=True, tag="action", kw_only=True, omit_defaults=True):
    """One user action: a click, a tap, a rage chain (several clicks) or a custom action."""

    event_id: str  # unique per application; a resend has the same one
    time_ms: int  # epoch ms, the client's clock
    application: str
    session_id: str
    view_id: str
    page: str  # the page key (intake/pages.py)
    url: str = ""
    user_id: str = ""  # "" = the site sets no user
    user_name: str = ""
    kind: str = "click"  # click | custom
    action_name: str = ""  # what people see; may be masked or empty
    element: str = ""  # element key: the SDK's selector; "" = none sent
    element_path: str = ""  # Datadog's composed path, the fallback for `element`
    fx: int | None = None  # 0..FRACTION_MAX inside the element; None = not known (yet)
    fy: int | None = None
    element_w: int | None = None  # css px
    element_h: int | None = None
    page_x: float | None = None  # page px, from a replay (or a sender that knows it)
    page_y: float | None = None
    viewport_w: int = 0  # css px; 0 = unknown
    viewport_h: int = 0
    clicks: int = 1  # physical clicks
    clicks_exact: bool = True  # False: `clicks` is a lower bound (rage chain without replay: 3)
    rage: bool = False
    dead: bool = False
    error: bool = False
    errors: int = 0
    loading_ms: float | None = None
    weight: float = 1.0  # 100 / session sample rate
    source: Source = Source.SDK
    facets: dict[str, str] = field(default_factory=dict)  # keys from FACETS
    attributes: dict[str, str] = field(default_factory=dict)  # the site's own context, as text


class View(Struct, frozen=True, tag="view", kw_only=True, omit_defaults=True):
    """One visit to a page, as its document stood at `version`; the highest version counts."""

    view_id: str
    version: int  # Datadog: document_version; Guance: time_spent in ns; derived views: 0
    time_ms: int  # start
    application: str
    session_id: str
    page: str
    url: str = ""  # without query and fragment
    referrer: str = ""
    user_id: str = ""
    user_name: str = ""
    viewport_w: int = 0
    viewport_h: int = 0
    time_spent_ms: float = 0.0
    depth_px: float | None = None  # lowest page pixel reached; None = not measured
    page_height_px: float | None = None
    depth_meaningful: bool = True  # False: an app shell seen without replay; depth says nothing
    errors: int = 0
    actions: int = 0
    frustrations: int = 0
    has_replay: bool = False
    weight: float = 1.0
    facets: dict[str, str] = field(default_factory=dict)
    attributes: dict[str, str] = field(default_factory=dict)


class ViewPart(Struct, frozen=True, tag="view_part", kw_only=True, omit_defaults=True):
    """A difference to the last sent version of a view (Datadog `view_update`).

    `changed` holds new values of `View` fields by name; `None` takes a value back to its default.
    """

    view_id: str
    version: int
    time_ms: int
    application: str
    session_id: str
    changed: dict[str, str | int | float | bool | dict[str, str] | None]


class PageError(Struct, frozen=True, tag="error", kw_only=True, omit_defaults=True):
    """An error that the page raised."""

    event_id: str
    time_ms: int
    application: str
    session_id: str
    view_id: str
    page: str
    user_id: str = ""
    message: str = ""
    kind: str = ""  # TypeError, ...
    origin: str = ""  # source, network, console, ...
    weight: float = 1.0
    viewport_w: int = 0
    facets: dict[str, str] = field(default_factory=dict)
    attributes: dict[str, str] = field(default_factory=dict)


class SegmentFormat(StrEnum):
    """How the records inside a segment's body are written."""

    DATADOG = "datadog"  # {"records": [...]} of Datadog v4-v7 and Guance (V1 tree or Change format)
    RRWEB = "rrweb"  # [event, ...]
    FARO = "faro"  # one Faro body: sightings, user actions, exceptions and rrweb events
    NATIVE = "native"  # raw clicks and scrolls of Isotherm's own script


class Segment(Struct, frozen=True, tag="segment", kw_only=True, omit_defaults=True):
    """A piece of a session recording. Its body is kept as a file; the rest is a row.

    For senders without views (Faro, rrweb, our script) it is also where the session's pages,
    actions and errors are derived from, so it carries what the request said about the session.
    """

    segment_id: str  # equal for a repeated delivery
    time_ms: int  # start
    end_ms: int
    application: str
    session_id: str
    view_id: str = ""  # "" = the recording runs over several page visits
    recording_id: str = ""  # what `index` counts in: the view (Datadog, Guance) or the recording
    index: int = 0
    format: SegmentFormat
    records: int = 0
    full_snapshot: bool = False
    events: int = 1  # how many received events it stands for in the counters
    url: str = ""  # where the request was sent from, when the format says so
    user_id: str = ""
    user_name: str = ""
    viewport_w: int = 0
    viewport_h: int = 0
    weight: float = 1.0
    facets: dict[str, str] = field(default_factory=dict)
    attributes: dict[str, str] = field(default_factory=dict)
    body: bytes = b""  # inflated JSON text, UTF-8


Event = Action | View | ViewPart | PageError | Segment


class Filter(Struct, frozen=True):
    """One condition on a facet. `in` takes several values, the others one."""

    key: str
    operator: Literal["=", "!=", "=~", "!~", "in", "not in", "<", "<=", ">", ">="]
    values: tuple[str, ...]


class Scope(Struct, frozen=True, kw_only=True):
    """What a question is asked of. The time range is [from_ms, to_ms)."""

    application: str
    from_ms: int
    to_ms: int
    pages: tuple[str, ...] = ()  # () = all pages
    filters: tuple[Filter, ...] = ()
    width_min: int | None = None  # viewport css px, both ends included
    width_max: int | None = None
    signal: Signal | None = None
    metric: Metric = "clicks"


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
    matches: int = 1  # how many elements the key matched


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
    notes: tuple[str, ...] = ()  # "2 of 5 style sheets missing", "cut at 30,000 px"
    pinned: bool = False  # a person chose it


class Unplaced(StrEnum):
    """Why a click is not on the picture."""

    NO_BACKGROUND = "no_background"
    NO_ELEMENT = "no_selector"  # the sender named no element and no page position
    GONE = "element_gone"  # the element is not in this picture's document
    HIDDEN = "hidden"  # it is, but not displayed in this state
    CLIPPED = "clipped"  # inside a scroll container, scrolled out of view
    COVERED = "covered"  # behind a dialog or banner in this state
    OUTSIDE = "outside_picture"  # below the cut, or beside the page
    NO_POSITION = "no_position"  # a custom action: not a click
