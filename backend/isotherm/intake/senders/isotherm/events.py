"""The documented events of Isotherm's own format; the JSON Schema is made from these structs."""

from typing import Annotated, Literal

from msgspec import Meta, Raw, Struct

from isotherm.intake.session_fields import SessionFields

Id = Annotated[str, Meta(min_length=1, max_length=200)]
EpochMs = Annotated[int, Meta(ge=946_684_800_000, lt=4_102_444_800_000, description="epoch ms")]
Px = Annotated[float, Meta(ge=-2_147_483_647, le=2_147_483_647, description="css px")]
Length = Annotated[float, Meta(ge=0, le=2_147_483_647, description="css px")]
Count = Annotated[int, Meta(ge=0, le=65_535)]


class Common(SessionFields, kw_only=True):
    """Fields of every complete event."""

    id: Id
    time: EpochMs
    page: Annotated[str, Meta(description="the page's name, if not its path")] = ""


class ViewEvent(Common, tag="view", kw_only=True):
    """A visit to a page as it stands now; sent again with a higher `revision` as it grows."""

    revision: Annotated[int, Meta(ge=0, lt=2**62)] = 0
    referrer: str = ""
    spent: Annotated[float, Meta(ge=0, le=2**32 - 1, description="ms on the page")] = 0
    depth: Annotated[Length | None, Meta(description="lowest page pixel reached")] = None
    height: Annotated[Length | None, Meta(description="height of the document")] = None
    actions: Count = 0
    errors: Count = 0
    frustrations: Count = 0


class ActionEvent(Common, tag="action", kw_only=True):
    """A click or tap (or a custom action, which has no place)."""

    view: Id
    kind: Literal["click", "custom"] = "click"
    name: Annotated[str, Meta(description="what people see")] = ""
    element: Annotated[str, Meta(description="a selector; the element's key")] = ""
    position: Annotated[
        tuple[Px, Px] | None, Meta(description="x, y inside the element's border box")
    ] = None
    size: Annotated[tuple[Length, Length] | None, Meta(description="the border box")] = None
    page_position: Annotated[tuple[Px, Px] | None, Meta(description="x, y on the page")] = None
    clicks: Annotated[int, Meta(ge=1, le=65_535)] = 1
    signals: tuple[Literal["rage", "dead", "error"], ...] = ()
    errors: Count = 0
    loading: Annotated[float, Meta(ge=0, le=2**32 - 1, description="ms")] | None = None


class ErrorEvent(Common, tag="error", kw_only=True):
    """An error that the page raised."""

    view: Id
    message: str = ""
    kind: str = ""
    origin: str = ""


NativeEvent = ViewEvent | ActionEvent | ErrorEvent


class ClickRecord(Struct, tag="click", kw_only=True):
    """One physical click, as the script saw it."""

    t: EpochMs
    element: str = ""
    label: str = ""
    x: Px | None = None
    y: Px | None = None
    w: Length | None = None
    h: Length | None = None
    page_x: Px | None = None
    page_y: Px | None = None
    active: bool = True


class DepthRecord(Struct, kw_only=True):
    """How far down the view was seen by then."""

    t: EpochMs
    depth: Length | None = None
    height: Length | None = None


class PageRecord(DepthRecord, tag="page", kw_only=True):
    """The start of a view."""


class ScrollRecord(DepthRecord, tag="scroll", kw_only=True):
    """The view was scrolled further down than before."""


class EndRecord(DepthRecord, tag="end", kw_only=True):
    """The page was hidden or left."""

    spent: Annotated[float, Meta(ge=0, description="ms since the start of the view")] = 0


class ErrorRecord(Struct, tag="error", kw_only=True):
    """An uncaught error or rejected promise."""

    t: EpochMs
    message: str = ""
    kind: str = ""


Record = ClickRecord | PageRecord | ScrollRecord | EndRecord | ErrorRecord


class RawView(SessionFields, kw_only=True):
    """What the script sends: records of one view."""

    view: Id
    seq: Annotated[int, Meta(ge=0, lt=2**31)] = 0
    name: str = ""
    userName: str = ""  # noqa: N815 (as the script's tag spells it)
    token: str = ""
    sample: float | str | None = None  # type: ignore[assignment]  # an attribute is text
    referrer: str = ""
    records: list[Record]


class Batch(SessionFields, kw_only=True):
    """Complete events, with fields that apply to all of them."""

    events: list[Raw]


class DocumentedBatch(SessionFields, kw_only=True):
    """`Batch` as it is documented: with typed events."""

    events: list[NativeEvent]
