"""A recording of any sender as rrweb events, for a player: made of the page's states, not copied.

Every format is read once, by `document.py`; what a player gets is the difference between one
state of the page and the next. So it needs to know one format, and gets nothing that would load
or run anything (`playback_nodes.py`).
"""

from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from isotherm.model import Segment
from isotherm.replay.document import Document
from isotherm.replay.formats.records import (
    Change,
    ChangeSnapshot,
    FullSnapshot,
    Gesture,
    Input,
    Meta,
    Mutation,
    Pointer,
    Record,
    Resize,
    Scroll,
    SheetChange,
)
from isotherm.replay.playback.diff import Screen
from isotherm.replay.playback.images import Images
from isotherm.replay.playback.nodes import play_nodes
from isotherm.replay.recording import Recording

MAX_STEPS = 600
"""Changes of a recording are put together so that there are at most so many."""

MIN_STEP_MS = 100
META, FULL, INCREMENTAL, CUSTOM = 4, 2, 3, 5  # rrweb's EventType
MOVE, INTERACTION, SCROLL, RESIZE, INPUT = 1, 2, 3, 4, 5  # rrweb's IncrementalSource
CLICK_TAG = "click"


class PlayedClick(Struct, frozen=True):
    """A click to mark on the player's time line."""

    time_ms: int
    label: str


class Playback(Struct, frozen=True):
    """What a player plays."""

    start_ms: int
    end_ms: int
    complete: bool  # False: parts of the recording are missing
    events: tuple[dict[str, Any], ...]
    clicks: tuple[PlayedClick, ...]
    images: tuple[tuple[str, ...], ...] = ()
    """Addresses that may show image 0, 1 …, which the events name by number (`rr_src`)."""


def playback(segments: Sequence[Segment]) -> Playback | None:
    """Return the playback of a view's or a session's segments; None without a document."""
    recording = Recording.of_session(segments)
    if not recording.has_document:
        return None
    player = _Player(recording)
    for record in recording.records:
        player.take(record)
    player.flush()
    return Playback(
        start_ms=player.events[0]["timestamp"] if player.events else recording.start_ms,
        end_ms=recording.end_ms,
        complete=player.complete,
        events=tuple(player.events),
        clicks=tuple(player.clicks),
        images=player.images.candidates,
    )


class _Player:
    def __init__(self, recording: Recording) -> None:
        self.events: list[dict[str, Any]] = []
        self.clicks: list[PlayedClick] = []
        self.complete = True
        self.images = Images()
        self._document = Document()
        self._screen = Screen()
        self._drawn = False
        self._dirty_ms: int | None = None  # time of the first change that is not told yet
        self._now_ms = recording.start_ms
        length_ms = recording.end_ms - recording.start_ms
        self._step_ms = max(MIN_STEP_MS, length_ms // MAX_STEPS)

    def take(self, record: Record) -> None:
        """Move forward by one record."""
        if self._dirty_ms is not None and record.time_ms - self._dirty_ms >= self._step_ms:
            self.flush()
        self._now_ms = max(self._now_ms, record.time_ms)
        self._document.apply(record)
        match record:
            case FullSnapshot() | ChangeSnapshot():
                self._draw()
            case Mutation() | Change() | SheetChange() if self._drawn:
                self._dirty_ms = self._now_ms if self._dirty_ms is None else self._dirty_ms
            case Resize() if self._drawn:
                self._tell(RESIZE, width=record.width, height=record.height)
            case Meta() if self._drawn:
                self._tell(RESIZE, width=record.width, height=record.height)
            case Scroll() | Input() | Pointer() if self._drawn:
                self.flush()
                self._gesture(record)
            case _:
                pass

    def flush(self) -> None:
        """Tell what has changed since the last time."""
        if self._dirty_ms is None:
            return
        self._dirty_ms = None
        changes = list(self._screen.change(play_nodes(self._document.snapshot(), self.images)))
        self.complete = self.complete and not self._document.broken
        for change in changes:
            self._add(INCREMENTAL, change)

    def _draw(self) -> None:
        self._dirty_ms = None
        self._drawn = True
        state = self._document.snapshot()
        self.complete = self.complete and state.complete
        width, height = self._document.viewport
        self._add(META, {"href": state.url, "width": width, "height": height})
        whole = self._screen.whole(play_nodes(state, self.images), state.doctype)
        left, top = state.doc_scroll
        self._add(FULL, {"node": whole, "initialOffset": {"left": left, "top": top}})

    def _gesture(self, record: Scroll | Input | Pointer) -> None:
        root = self._document.root_id
        number = self._screen.number("document" if record.node == root else record.node)
        if number is None:
            return
        match record:
            case Scroll():
                self._tell(SCROLL, id=number, x=record.left, y=record.top)
            case Input():
                checked = bool(record.checked)
                self._tell(INPUT, id=number, text=record.value or "", isChecked=checked)
            case Pointer():
                x, y = record.x, record.y
                move = {"x": x, "y": y, "id": number, "timeOffset": 0}
                self._tell(MOVE, positions=[move])
                self._tell(INTERACTION, type=int(record.gesture), id=number, x=x, y=y)
                if record.gesture is Gesture.CLICK:
                    label = self._document.label(record.node)
                    self.clicks.append(PlayedClick(self._now_ms, label))
                    self._add(CUSTOM, {"tag": CLICK_TAG, "payload": {"label": label}})

    def _tell(self, source: int, **data: Any) -> None:
        self._add(INCREMENTAL, {"source": source, **data})

    def _add(self, kind: int, data: dict[str, Any]) -> None:
        self.events.append({"type": kind, "data": data, "timestamp": self._now_ms})
