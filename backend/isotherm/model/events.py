"""Events: page visits, actions, errors and pieces of recordings, as the product knows them.

They are msgspec structs because they are also the wire format of the spool
(`docs/decisions/001-events-are-structs.md`): one definition, no second mapping.
"""

from enum import StrEnum

from msgspec import Struct, field

FACETS = ("env", "service", "version", "browser", "os", "device", "country", "city")
"""Built-in dimensions to filter and split by. `user` and `width` are columns of their own; every
custom attribute of a site is a facet too, named as the site named it."""

FRACTION_MAX = 65535
"""`fx, fy` are 16-bit fractions of the element's width and height."""


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
    fingerprint: str = ""  # what the element was (`prints.py`); "" = no recording says so
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
