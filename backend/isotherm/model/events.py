"""Events: page visits, actions, errors, requests, long tasks, vitals and pieces of recordings.

They are msgspec structs because they are also the wire format of the spool
(`docs/decisions/001-events-are-structs.md`): one definition, no second mapping.
"""

from enum import StrEnum

from msgspec import Struct, field

FACETS = ("env", "service", "version", "browser", "os", "device", "country", "city")
"""Built-in dimensions to filter and split by. `user` and `width` are columns of their own; every
custom attribute of a site is a facet too, named as the site named it."""

METHODS = ("", "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "OTHER")
"""Methods of requests; "" = not said."""

RESOURCE_KINDS = (
    "other", "document", "xhr", "fetch", "beacon", "css", "js", "image", "font", "media",
)  # fmt: skip

CALLS = frozenset({"document", "xhr", "fetch", "beacon", "other"})
"""Kinds of resources whose addresses hold the ids of things; the others are files of the site."""

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
    fingerprint: str = ""  # what the element was (`fingerprints.py`); "" = no recording says so
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
    loading_ms: float | None = None  # until the page was quiet for the first time
    first_byte_ms: float | None = None  # these, like all times below, since the start of the view
    fcp_ms: float | None = None  # first contentful paint
    lcp_ms: float | None = None  # largest contentful paint
    lcp_element: str = ""  # element key
    inp_ms: float | None = None  # interaction to next paint: how long the slowest one took
    inp_at_ms: float | None = None
    inp_element: str = ""
    cls: float | None = None  # cumulative layout shift, a score
    cls_at_ms: float | None = None  # of the largest shift
    cls_element: str = ""
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
    frames: str = ""  # the first frames of the stack, a line each
    fingerprint: str = ""  # the site's own rule of which errors are one
    handling: str = ""  # handled | unhandled; "" = not said
    method: str = ""  # of the request that failed, one of METHODS
    host: str = ""
    path: str = ""
    status: int = 0
    trace_id: str = ""
    action_ids: tuple[str, ...] = ()
    weight: float = 1.0
    viewport_w: int = 0
    facets: dict[str, str] = field(default_factory=dict)
    attributes: dict[str, str] = field(default_factory=dict)


class Resource(Struct, frozen=True, tag="resource", kw_only=True, omit_defaults=True):
    """A request that the page made, or a file that it loaded; never what was in it."""

    event_id: str
    time_ms: int  # when it began
    application: str
    session_id: str
    view_id: str
    page: str
    user_id: str = ""
    kind: str = "other"  # one of RESOURCE_KINDS
    method: str = ""  # one of METHODS
    host: str = ""  # with the port, if any
    path: str = ""  # without query; ids in the path of a call are `?`, as in page keys
    status: int = 0  # of HTTP; 0 = unknown, or no answer came
    duration_ms: float | None = None
    size: int | None = None  # bytes of the body after decompression
    trace_id: str = ""  # 32 hex digits, as in W3C's `traceparent`
    action_ids: tuple[str, ...] = ()  # of actions during which it began; some were never sent
    weight: float = 1.0
    viewport_w: int = 0
    facets: dict[str, str] = field(default_factory=dict)
    attributes: dict[str, str] = field(default_factory=dict)


class LongTask(Struct, frozen=True, tag="long_task", kw_only=True, omit_defaults=True):
    """A time in which the page could not react: a long task, or a long animation frame.

    Of the scripts of a frame, the one that ran longest is named.
    """

    event_id: str
    time_ms: int
    application: str
    session_id: str
    view_id: str
    page: str
    user_id: str = ""
    kind: str = "task"  # task | frame
    duration_ms: float = 0.0
    blocking_ms: float | None = None
    scripts: int = 0  # that ran in the frame
    script: str = ""  # address without query
    function: str = ""
    position: int | None = None  # character in the script
    invoker: str = ""  # what started it: `BUTTON#buy.onclick`, a timer, a promise
    script_ms: float | None = None
    layout_ms: float | None = None  # of it, in styles and layout that the script forced
    action_ids: tuple[str, ...] = ()
    weight: float = 1.0
    viewport_w: int = 0
    facets: dict[str, str] = field(default_factory=dict)
    attributes: dict[str, str] = field(default_factory=dict)


class Vital(Struct, frozen=True, tag="vital", kw_only=True, omit_defaults=True):
    """A measurement that the site itself took: a duration, a step of an operation, a number."""

    event_id: str
    time_ms: int
    application: str
    session_id: str
    view_id: str
    page: str
    user_id: str = ""
    name: str = ""
    kind: str = ""  # Datadog: duration | operation_step | websocket; Faro: the measurement's type
    value: float | None = None  # ms for durations
    detail: str = ""  # a step: start, update, retry, end and why it failed; else a description
    operation: str = ""  # tells operations of one name apart
    action_ids: tuple[str, ...] = ()
    weight: float = 1.0
    viewport_w: int = 0
    facets: dict[str, str] = field(default_factory=dict)
    attributes: dict[str, str] = field(default_factory=dict)


Detail = Resource | LongTask | Vital
"""What happened around actions: kept for a shorter time, and no recording tells it."""


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


Event = Action | View | ViewPart | PageError | Resource | LongTask | Vital | Segment
