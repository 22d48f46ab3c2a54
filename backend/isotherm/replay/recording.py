"""One recording: its document at any moment, and the page visits in it."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import accumulate

from msgspec import Struct

from isotherm.model import Segment
from isotherm.replay.document import Document
from isotherm.replay.dom.fingerprints import Rows
from isotherm.replay.dom.recycled_nodes import UsedAgain
from isotherm.replay.formats.json_values import many_objects
from isotherm.replay.formats.records import (
    ChangeSnapshot,
    FullSnapshot,
    Loaded,
    Meta,
    PageUrl,
    RecordsLost,
    Resize,
    SheetChange,
)
from isotherm.replay.formats.streams import Stream, same_page, stream_of
from isotherm.replay.scroll.history import ScrollHistory, scrolls_inside


class Visit(Struct, frozen=True):
    """A visit to one page: [start_ms, end_ms), epoch ms; the last one ends with the recording."""

    url: str
    start_ms: int
    end_ms: int
    first: int  # its records are records[first:last]
    last: int


class Recording:
    """The records of one view (Datadog, Guance) or one tab's recording (Faro, rrweb)."""

    def __init__(self, stream: Stream) -> None:
        self.segments = stream.segments
        self.records = stream.records
        self.unreadable = stream.unreadable
        self.around = stream.around
        self._document = Document()
        self._position = 0

    @classmethod
    def of_view(cls, segments: Sequence[Segment]) -> "Recording":
        """Return the recording of one view's segments, in any order, with repetitions."""
        return cls(stream_of(segments))

    @classmethod
    def of_session(cls, segments: Sequence[Segment]) -> "Recording":
        """Return a session's recording; of several (tabs), the one with the most records."""
        recordings = recordings_of(segments)
        return max(recordings, key=lambda r: len(r.records)) if recordings else cls(stream_of(()))

    @property
    def start_ms(self) -> int:
        """Epoch ms of the first record; 0 when there is none."""
        return self.records[0].time_ms if self.records else 0

    @property
    def end_ms(self) -> int:
        """Epoch ms of the last thing known of it; 0 when there is nothing."""
        ends = [segment.end_ms for segment in self.segments]
        return max(ends + [record.time_ms for record in self.records], default=0)

    @property
    def has_document(self) -> bool:
        """Whether a full snapshot is there, without which nothing can be drawn."""
        return any(type(record) in _WHOLE for record in self.records)

    def state_at(self, time_ms: int) -> Document:
        """Return the document after all records up to and including this time.

        It is the recording's own, valid until the next call. Increasing times cost one pass
        together; to an earlier one it goes from the last full snapshot before it.
        """
        end = bisect_right(self._latest, time_ms)
        start = bisect_left(self._snapshots, end, key=lambda known: known[0]) - 1
        first, url, viewport = self._snapshots[start] if start >= 0 else (0, "", (0, 0))
        if not first < self._position <= end:
            self._document, self._position = Document(), first
            self._document.url, self._document.viewport = url, viewport
        with many_objects():
            for record in self.records[self._position : end]:
                self._document.apply(record)
        self._position = end
        self._document.shell_scroller = self.shell_at(time_ms)
        return self._document

    def shell_at(self, time_ms: int) -> int | None:
        """Return the scroller that stands for the page in the visit at a time (app shell)."""
        shell = None
        for start_ms, scroller in self._shells:
            if start_ms > time_ms:
                break
            shell = scroller
        return shell

    @cached_property
    def _latest(self) -> list[int]:
        """The latest time up to each record: clocks go back at times."""
        return list(accumulate((record.time_ms for record in self.records), max))

    @cached_property
    def _snapshots(self) -> list[tuple[int, str, tuple[int, int]]]:
        """Where the whole document is recorded again, with URL and viewport before that."""
        found: list[tuple[int, str, tuple[int, int]]] = []
        known = Document()
        for number, record in enumerate(self.records):
            kind = type(record)
            if kind in _WHOLE:
                found.append((number, known.url, known.viewport))
            elif kind in _FRAMES:
                known.apply(record)
        return found

    @property
    def history(self) -> ScrollHistory:
        """All scrolling."""
        return self.followed[0]

    @property
    def rows(self) -> Rows:
        """What tells apart the rows of lists whose places are used again.

        A node keeps its number in all views of a session, but for Datadog v7, which counts anew.
        """
        segment = self.segments[0] if self.segments else None
        keeps = any(type(record) is FullSnapshot for record in self.records)
        name = "" if segment is None else f"{segment.session_id} {'' if keeps else segment.view_id}"
        return Rows(name, self.followed[1])

    @cached_property
    def followed(self) -> tuple[ScrollHistory, UsedAgain]:
        """All scrolling, and the nodes whose children came and went.

        It is found in a walk of its own unless a walk gave it (`Trail`).
        """
        document, history = Document(), ScrollHistory()
        for record in self.records:
            history.apply(record, document)
        return history, document.used_again

    @cached_property
    def _shells(self) -> list[tuple[int, int | None]]:
        """Start and scroller of the visits; empty when nothing inside a page scrolled."""
        if not scrolls_inside(self.records):
            return []
        return [
            (visit.start_ms, self.history.seen(visit.start_ms, visit.end_ms).shell_scroller)
            for visit in self.visits
        ]

    @cached_property
    def visits(self) -> list[Visit]:
        """The page visits, in order.

        A visit begins when the URL's path changes or a document is loaded again. rrweb's
        checkpoints (Meta and snapshot of the same document) begin none. Nor do the style sheets
        that web components adopt while the page loads: rrweb writes them before its first Meta.
        """
        starts: list[tuple[int, str]] = []  # (record number, URL)
        loaded = False  # since the last Meta
        untouched = False  # nothing has happened in the visit yet
        drawn = False  # there is a document
        for number, record in enumerate(self.records):
            if not untouched and type(record) not in _TURNS:  # nearly always
                continue
            if isinstance(record, Loaded):
                loaded = True
            elif isinstance(record, PageUrl | Meta) and record.url:
                moved = not starts or not same_page(record.url, starts[-1][1])
                again = isinstance(record, Meta) and loaded and not untouched
                if moved or again:
                    starts.append((number, record.url))
                    untouched = True
                if isinstance(record, Meta):
                    loaded = False
            elif isinstance(record, FullSnapshot | ChangeSnapshot):
                drawn = True
            elif not isinstance(record, RecordsLost) and (
                drawn or not isinstance(record, SheetChange)
            ):
                untouched = False
        return self._cut(starts)

    def _cut(self, starts: list[tuple[int, str]]) -> list[Visit]:
        """Return the visits from their first records; what comes before the first belongs to it."""
        edges = [0, *(number for number, _ in starts[1:]), len(self.records)]
        times = [self.start_ms, *(self.records[number].time_ms for number, _ in starts[1:])]
        times.append(self.end_ms)
        return [
            Visit(url, times[at], max(times[at], times[at + 1]), edges[at], edges[at + 1])
            for at, (_, url) in enumerate(starts)
        ]


_WHOLE = frozenset({FullSnapshot, ChangeSnapshot})
_FRAMES = frozenset({Meta, PageUrl, Resize})
_TURNS = frozenset({Loaded, PageUrl, Meta, *_WHOLE})
"""Records with which a visit may begin, or from when on there is a document."""


def recordings_of(segments: Iterable[Segment]) -> list[Recording]:
    """Return a session's recordings, one per view (Datadog, Guance) or per tab, by start.

    Faro requests without recorder events name no recording: they go to the one they fall into.
    """
    groups: defaultdict[str, list[Segment]] = defaultdict(list)
    for segment in segments:
        groups[segment.view_id or segment.recording_id].append(segment)
    nameless = groups.pop("", [])
    if nameless and not groups:
        groups[""] = []
    spans = {
        name: (min(s.time_ms for s in group), max(s.end_ms for s in group))
        for name, group in groups.items()
        if group
    }
    for segment in nameless:
        at = segment.time_ms
        name = min(spans, key=lambda n: (_distance(spans[n], at), n), default="")
        groups[name].append(segment)
    recordings = [Recording(stream_of(groups[name])) for name in sorted(groups)]
    return sorted(recordings, key=lambda recording: recording.start_ms)


def _distance(span: tuple[int, int], time_ms: int) -> int:
    """Return how far a time is outside a span; 0 inside."""
    return max(span[0] - time_ms, time_ms - span[1], 0)
