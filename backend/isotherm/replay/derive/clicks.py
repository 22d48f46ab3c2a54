"""Physical clicks in a recording: what was clicked and where on the page; and how it scrolled.

A click counts when a pointer went down on the same node (or inside it) just before; a keyboard
activation, which recorders write as a click at 0, 0, has no such record. A recording that holds no
presses at all (rrweb with `sampling.mouseInteraction` of `Click` alone) is counted by its clicks.

A mouse button or finger that goes down and up at one place is a click, too, when the browser could
give none because what was pressed had left the document: menus that act on the press itself do
that, and cells of tables that become a field.
"""

from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import replace

from isotherm.replay.document import Document
from isotherm.replay.dom.tree import Kind, Node
from isotherm.replay.formats.json_values import many_objects
from isotherm.replay.formats.records import Change, Gesture, Mutation, Pointer, Record, Zoom
from isotherm.replay.recording import Recording
from isotherm.replay.scroll.history import ScrollHistory, Span
from isotherm.replay.scroll.positions import Scrolling

PRESSED_AT_MOST_MS = 10_000
EMULATED_MS = 1000
"""After a tap, browsers send the mouse events of old: within this time they are the tap's."""

ECHO_MS = 50
"""A click on a label is followed at once by one on its control; nobody clicks twice within this."""

GONE_MS = 150
"""Mutations are recorded in batches: what a click removes is known to be gone that much later."""

LONG_PRESS_MS = 500
"""A finger that stays longer asks for a menu; no click follows."""

STILL_PX = 8.0
"""A pointer that was lifted further away dragged something."""

FINGER_PX = 40.0
"""How far a tap's click may be from where the finger came down."""

MOST_HELD = 3
"""Presses that are open at once: pages pass on those of their frames as events of their own."""

_PRESSES = frozenset({Gesture.DOWN, Gesture.TOUCH_START})
_TREE = (Mutation, Change)

_BUTTON_LIKE = frozenset({"checkbox", "radio", "button", "submit", "reset", "range"})
"""Types of input that show a reaction to a click; the others are for typing."""

_LINKS = frozenset({"a", "area"})
_OPENING = frozenset({"contenteditable", "popovertarget", "commandfor"})
"""Attributes of elements that the browser itself answers for, without a change of the document."""


class Click(Struct, frozen=True, kw_only=True):
    """One physical click or tap. Times are epoch ms, lengths css px."""

    down_ms: int
    up_ms: int  # an SDK's action has this time
    click_ms: int
    node: int  # under the pointer when it went down
    element: str  # element key; "" = the root element, or unknown
    label: str
    fingerprint: str = ""  # what the element was (`model/fingerprints.py`)
    client_x: float
    client_y: float
    page_x: float | None  # None inside a frame, whose place is not recorded
    page_y: float | None
    viewport_w: int
    viewport_h: int
    reacts_alone: bool  # text field, select, link: never a dead click
    record_ids: tuple[int, ...] = ()  # of the sender's pointer records: down, up, click


class _Press(Struct):
    """A pointer that went down, and what it met."""

    record: Pointer
    element: str
    label: str
    fingerprint: str
    reacts_alone: bool
    framed: bool
    inside: tuple[int, ...]  # ids of the node and of all around it
    own: int  # id of its element
    record_ids: list[int]
    up_ms: int = 0
    still: bool = False  # lifted where it went down
    gone: bool = False  # the node has left the document
    click: Pointer | None = None
    viewport: tuple[int, int] = (0, 0)
    zoom: tuple[float, float] = (0.0, 0.0)
    scrolling: Scrolling | None = None


class Trail:
    """What pointers and scrolls tell about a recording, found in one walk through it."""

    def __init__(self, recording: Recording) -> None:
        self._recording = recording
        self._document = Document()
        self._history = ScrollHistory()
        self._zoom = (0.0, 0.0)
        self._held: list[_Press] = []  # presses that may still become the same click, by time
        self._clicked: list[_Press] = []
        self._clicks_alone = not any(
            isinstance(record, Pointer) and record.gesture in _PRESSES
            for record in recording.records
        )
        with many_objects():
            self._follow(recording.records)
        recording.followed = (self._history, self._document.used_again)

    def _follow(self, records: Iterable[Record]) -> None:
        for record in records:
            self._history.apply(record, self._document)
            if isinstance(record, Pointer):
                self._point(record)
            elif isinstance(record, Zoom):
                self._zoom = (record.left, record.top)
            elif self._held and isinstance(record, _TREE):
                self._look_after(record.time_ms)
        self._let_go()

    @property
    def clicks(self) -> list[Click]:
        """The clicks, by time."""
        return sorted(map(self._click, self._clicked), key=lambda c: (c.down_ms, c.click_ms))

    def seen(self, from_ms: int, to_ms: int) -> Span:
        """Return how deep the page was seen in [from_ms, to_ms]."""
        return self._history.seen(from_ms, to_ms)

    def _point(self, record: Pointer) -> None:
        held = self._held
        match record.gesture:
            case Gesture.TOUCH_START | Gesture.DOWN:
                if held and _emulated(held[-1], record):
                    held[-1].record_ids.append(record.record_id)
                else:
                    self._press(record)
            case Gesture.UP | Gesture.TOUCH_END if held:
                for press in held:
                    self._lift(press, record)
                held[-1].record_ids.append(record.record_id)
            case Gesture.CONTEXT_MENU:
                held.clear()  # the other button
            case Gesture.CLICK:
                self._click_on(record)
            case _:
                pass

    def _lift(self, press: _Press, record: Pointer) -> None:
        if press.up_ms:
            return
        press.up_ms = record.time_ms
        apart = (abs(record.x - press.record.x), abs(record.y - press.record.y))
        press.still = max(apart) <= STILL_PX
        self._situate(press)

    def _press(self, record: Pointer) -> None:
        """Begin a press; one that is not over yet is held beside it."""
        if self._held and self._held[-1].up_ms:
            self._let_go()
        self._held = [*self._held[1 - MOST_HELD :], self._pressed(record)]

    def _click_on(self, record: Pointer) -> None:
        own = next((press for press in reversed(self._held) if _completes(press, record)), None)
        own = own or self._beside(record)
        if own is not None:
            own.record_ids.append(record.record_id)
            self._complete(own, record)
        elif self._clicks_alone and self._stands_alone(record):
            self._complete(self._pressed(record), record)

    def _beside(self, click: Pointer) -> _Press | None:
        """Return the tap of a click on what is beside it: fingers are thick, browsers allow for it.

        Safari touches what is under the finger, and clicks the control that is nearest.
        """
        touch = self._held[-1] if self._held else None
        if touch is None or not touch.still or touch.record.gesture is not Gesture.TOUCH_START:
            return None
        if _from_keyboard(click, touch):
            return None
        apart = max(abs(click.x - touch.record.x), abs(click.y - touch.record.y))
        if apart > FINGER_PX or click.time_ms - touch.up_ms > EMULATED_MS:
            return None
        moved = self._pressed(replace(touch.record, node=click.node))
        moved.record_ids, moved.up_ms = touch.record_ids, touch.up_ms
        return moved

    def _look_after(self, time_ms: int) -> None:
        """Note which of the held presses are on what has just left the document."""
        for press in self._held:
            late = bool(press.up_ms) and time_ms - press.up_ms > GONE_MS
            if not late and press.record.node not in self._document.tree.nodes:
                press.gone = True

    def _let_go(self) -> None:
        """Forget the held presses; one whose node was gone before a click could come counts."""
        for press in self._held:
            touched = press.record.gesture is Gesture.TOUCH_START
            long = touched and press.up_ms - press.record.time_ms > LONG_PRESS_MS
            if press.gone and press.still and not long:
                self._clicked.append(press)
                break
        self._held = []

    def _complete(self, press: _Press, click: Pointer) -> None:
        press.click = click
        self._situate(press)
        self._clicked.append(press)
        self._held = []

    def _situate(self, press: _Press) -> None:
        press.viewport, press.zoom = self._document.viewport, self._zoom
        press.scrolling = self._history.current

    def _stands_alone(self, click: Pointer) -> bool:
        """Whether a click without a press was made by a pointer, and is no echo of the last."""
        last = self._clicked[-1].click if self._clicked else None
        echo = last is not None and click.time_ms - last.time_ms <= ECHO_MS
        return (click.x, click.y) != (0, 0) and not echo

    def _pressed(self, record: Pointer) -> _Press:
        document = self._document
        node = document.tree.nodes.get(record.node)
        around = [node, *node.ancestors()] if node is not None else []
        element = document.element(record.node)
        return _Press(
            record=record,
            element=document.element_key(record.node),
            label=document.label(record.node),
            fingerprint=document.fingerprint(record.node),
            reacts_alone=_reacts_alone(document, element),
            framed=any(above.kind is Kind.DOCUMENT and above.parent for above in around),
            inside=tuple(above.id for above in around) or (record.node,),
            own=element.id if element is not None else record.node,
            record_ids=[record.record_id],
        )

    def _click(self, press: _Press) -> Click:
        click = press.click or press.record
        x, y = click.x + press.zoom[0], click.y + press.zoom[1]
        page: tuple[float, float] | None = None
        if press.scrolling is not None and not press.framed:
            shell = self._recording.shell_at(click.time_ms)
            left, top = press.scrolling.offset(click.time_ms, press.inside, shell)
            page = (round(x + left, 1), round(y + top, 1))
        return Click(
            down_ms=press.record.time_ms,
            up_ms=press.up_ms or click.time_ms,
            click_ms=click.time_ms,
            node=press.record.node,
            element=press.element,
            label=press.label,
            fingerprint=self._recording.rows.added(
                press.fingerprint, press.own, _above(press), press.element
            ),
            client_x=x,
            client_y=y,
            page_x=page[0] if page else None,
            page_y=page[1] if page else None,
            viewport_w=press.viewport[0],
            viewport_h=press.viewport[1],
            reacts_alone=press.reacts_alone,
            record_ids=tuple(number for number in press.record_ids if number > 0),
        )


def _above(press: _Press) -> Iterable[int]:
    """Return the ids of what is around the element of a press, its parent first."""
    start = press.inside.index(press.own) + 1 if press.own in press.inside else 0
    return press.inside[start:]


def _emulated(press: _Press, record: Pointer) -> bool:
    return (
        press.record.gesture is Gesture.TOUCH_START
        and record.gesture is Gesture.DOWN
        and record.time_ms - (press.up_ms or press.record.time_ms) <= EMULATED_MS
    )


def _completes(press: _Press, click: Pointer) -> bool:
    """Whether a click record belongs to a press; a keyboard's click is at 0, 0 and does not."""
    if _from_keyboard(click, press):
        return False
    return click.node in press.inside and click.time_ms - press.record.time_ms <= PRESSED_AT_MOST_MS


def _from_keyboard(click: Pointer, press: _Press) -> bool:
    return click.x == 0 and click.y == 0 and (press.record.x, press.record.y) != (0, 0)


def _reacts_alone(document: Document, element: Node | None) -> bool:
    """Whether an element is one that Datadog never calls dead: its reaction shows nowhere."""
    if element is None:
        return False
    if element.tag == "label" and element.attrs.get("for"):
        element = next(document.tree.having("id", element.attrs["for"]), element)
    if element.tag == "input":
        return element.attrs.get("type", "text").lower() not in _BUTTON_LIKE
    if element.tag in {"textarea", "select", "canvas"}:
        return True
    return any(
        (around.tag in _LINKS and "href" in around.attrs) or not _OPENING.isdisjoint(around.attrs)
        for around in (element, *element.ancestors())
    )
