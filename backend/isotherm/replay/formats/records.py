"""The records of a recording, the same for every sender: what happened, and when."""

from enum import IntEnum
from typing import Any

from msgspec import Struct


class Record(Struct, frozen=True):
    """One thing that happened; `time_ms` is epoch ms of the client's clock."""

    time_ms: int


class Meta(Record, frozen=True):
    """A document begins: its URL and viewport, css px."""

    url: str
    width: int
    height: int


class PageUrl(Record, frozen=True):
    """The URL that a payload was sent from, the only sign of a route change in Faro."""

    url: str


class FullSnapshot(Record, frozen=True):
    """A whole document as a node tree (Datadog v4-v6, Guance, rrweb)."""

    data: dict[str, Any]
    rrweb: bool  # rrweb's node type numbers and shadow roots, else Datadog's


class ChangeSnapshot(Record, frozen=True):
    """A whole document in Datadog v7's Change format."""

    data: list[Any]


class Mutation(Record, frozen=True):
    """Nodes added, removed, or changed (all formats but v7)."""

    data: dict[str, Any]
    rrweb: bool


class Change(Record, frozen=True):
    """Changes in Datadog v7's format."""

    data: list[Any]


class Gesture(IntEnum):
    """What a pointer did; the numbers are rrweb's and Datadog's."""

    UP = 0
    DOWN = 1
    CLICK = 2
    CONTEXT_MENU = 3
    TOUCH_START = 7
    TOUCH_END = 9


class Pointer(Record, frozen=True):
    """A mouse button or a finger, at client px, on a node."""

    gesture: Gesture
    node: int
    x: float
    y: float
    record_id: int = 0  # the sender's own number of the record; 0 = none


class Scroll(Record, frozen=True):
    """A scroll position of a node (the document or an inner scroller), css px."""

    node: int
    left: float
    top: float


class Resize(Record, frozen=True):
    """The viewport has a new size, css px."""

    width: int
    height: int


class Zoom(Record, frozen=True):
    """The visual viewport: pinch scale, and its corner inside the layout viewport, css px."""

    scale: float
    left: float
    top: float


class Input(Record, frozen=True):
    """A form field has a new value or state."""

    node: int
    value: str | None
    checked: bool | None


class SheetChange(Record, frozen=True):
    """Rules inserted, deleted or edited, or sheets adopted; `source` is rrweb's number."""

    source: int
    data: dict[str, Any]


class Selection(Record, frozen=True):
    """Text was selected."""


class Frustration(Record, frozen=True):
    """Guance and Datadog v5: pointer records (by their number) that make one frustrated action."""

    types: tuple[str, ...]
    record_ids: tuple[int, ...]


class ViewEnd(Record, frozen=True):
    """The view ended."""


class Loaded(Record, frozen=True):
    """A document was loaded (rrweb only): the next Meta is a new page visit, not a checkpoint."""


class RecordsLost(Record, frozen=True):
    """Records between the one before and the next are missing: a segment never arrived."""
