"""All scrolling of a recording, document by document."""

from collections.abc import Iterable

from msgspec import Struct

from isotherm.replay.document import Document
from isotherm.replay.formats.json_values import integer, mapping
from isotherm.replay.formats.records import (
    ChangeSnapshot,
    FullSnapshot,
    Meta,
    Record,
    Resize,
    Scroll,
)
from isotherm.replay.scroll.positions import Scrolling


class Span(Struct, frozen=True):
    """How a page was seen between two times."""

    depth_px: float | None  # lowest px seen; None = no document was recorded
    shell_scroller: int | None  # node that scrolled in place of the page (app shell)


class ScrollHistory:
    """Follows a document through its records and notes where it was scrolled."""

    def __init__(self) -> None:
        self._documents: list[Scrolling] = []

    @property
    def current(self) -> Scrolling | None:
        """The scrolling of the document that is loaded now."""
        return self._documents[-1] if self._documents else None

    def apply(self, record: Record, document: Document) -> None:
        """Apply a record to the document, and note what it says about scrolling."""
        if isinstance(record, Scroll) and self._documents:
            self._documents[-1].scroll(record.time_ms, record.node, record.left, record.top)
        document.apply(record)
        if type(record) not in _NOTED:
            return
        if isinstance(record, FullSnapshot | ChangeSnapshot):
            view_h = document.viewport[1]
            self._documents.append(Scrolling(document.tree, record.time_ms, view_h))
        elif isinstance(record, Resize | Meta) and self._documents:
            self._documents[-1].resize(record.time_ms, document.viewport[1])

    def seen(self, from_ms: int, to_ms: int) -> Span:
        """Return how deep the page was seen in [from_ms, to_ms]."""
        ends = [scrolling.start_ms for scrolling in self._documents[1:]]
        depths: list[float] = []
        shell = None
        for scrolling, end_ms in zip(self._documents, [*ends, to_ms + 1], strict=False):
            if scrolling.start_ms <= to_ms and end_ms > from_ms:
                depths.append(scrolling.depth(from_ms, min(to_ms, end_ms)))
                own = scrolling.shell(from_ms, min(to_ms, end_ms))
                shell = shell if own is None else own
        return Span(max(depths, default=None), shell)


_NOTED = frozenset({FullSnapshot, ChangeSnapshot, Resize, Meta})


def scrolls_inside(records: Iterable[Record]) -> bool:
    """Whether anything but the documents themselves was scrolled: else there is no app shell."""
    roots: set[int] = set()
    for record in records:
        if isinstance(record, ChangeSnapshot):
            roots.add(0)
        elif isinstance(record, FullSnapshot):
            roots.add(integer(mapping(record.data.get("node")).get("id")))
        elif isinstance(record, Scroll) and record.node not in roots and record.top > 0:
            return True
    return False
