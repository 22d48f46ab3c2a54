"""Walks through a recording once and takes the documents that are worth a look."""

import zlib
from bisect import bisect_right
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from hashlib import blake2b

import msgspec
from msgspec import Struct

from isotherm.model import Action
from isotherm.render.messages import Point, Scene, Target, Visit
from isotherm.render.options import RenderOptions
from isotherm.render.states import moments
from isotherm.replay.derive.clicks import Trail
from isotherm.replay.document import Document, PageState
from isotherm.replay.dom.element_keys import FRAME
from isotherm.replay.dom.tree import STABLE_ATTRIBUTES
from isotherm.replay.formats.records import (
    Change,
    Gesture,
    Mutation,
    Pointer,
    Record,
    SheetChange,
)
from isotherm.replay.recording import Recording

PHONE_PX = 600
MOST_BOXES = 2_000
MOST_IMAGES = 2_000
BUILDING = (1, 7, 8)  # kinds of Datadog v7's changes: nodes added, style sheets made and attached
LONG_PRESS_MS = 1_000  # what was pressed longer ago belongs to no click
CLICKED_TAGS = frozenset(
    {"a", "button", "input", "label", "option", "select", "summary", "textarea"}
)
CLICKED_MARKS = frozenset({"role", "tabindex", "onclick", *STABLE_ATTRIBUTES})
UNSEEN_TAGS = frozenset({"html", "head", "link", "meta", "noscript", "script", "style", "title"})


class Moment(Struct):
    """A document of a visit and the clicks that were made on it."""

    time_ms: int
    body: bytes  # compressed JSON of the page state, without image sizes
    viewport_w: int
    viewport_h: int
    complete: bool
    in_shell: bool  # a scroller stands for the page
    own: list[Action]
    points: list[Point]

    def scene(
        self,
        targets: Sequence[Target],
        *,
        mobile: bool,
        control_font: str = "",
        sizes: dict[int, tuple[float, float]] | None = None,
    ) -> Scene:
        """Return what is to be built and measured."""
        page = zlib.decompress(self.body)
        if sizes:
            # the last of two equal names counts
            page = page[:-1] + b',"image_sizes":' + msgspec.json.encode(sizes) + b"}"
        return Scene(
            page=page,
            viewport_w=self.viewport_w,
            viewport_h=self.viewport_h,
            mobile=mobile,
            control_font=control_font,
            targets=tuple(targets),
            points=tuple(self.points),
        )


def taken_apart(moment: Moment, later: AbstractSet[str]) -> tuple[Moment, Moment]:
    """Return a document without some of its clicks (by event id), and one that has only these."""
    clicks = [one for one in moment.own if one.event_id in later]
    return (
        msgspec.structs.replace(
            moment,
            own=[one for one in moment.own if one.event_id not in later],
            points=[one for one in moment.points if one.id not in later],
        ),
        msgspec.structs.replace(
            moment,
            time_ms=max(moment.time_ms, clicks[0].time_ms - 1),
            own=clicks,
            points=[one for one in moment.points if one.id in later],
        ),
    )


class Walked(Struct):
    """The different documents of a visit, and the keys in the first one."""

    found: list[Moment]
    first_targets: tuple[Target, ...] = ()  # the known elements and all others, see `all_elements`
    image_keys: dict[int, str] = {}  # node -> element key


def walk(
    recording: Recording,
    visit: Visit,
    targets: Sequence[Target],
    options: RenderOptions,
) -> Walked:
    """Return the documents at the settled beginning and just before each press, each once."""
    clicks = sorted(
        (action for action in visit.actions if action.kind == "click"), key=lambda a: a.time_ms
    )
    pressed_ms = _pressed(recording, clicks)
    start_ms = max(visit.start_ms, recording.start_ms)  # some pages start to record late
    times = moments(
        start_ms,
        visit.end_ms,
        pressed_ms,
        options.stable_after_ms,
        options.candidates,
        built_ms=_built(recording, start_ms),
    )
    walked = Walked([])
    framed = _framed(recording, clicks)
    known: dict[bytes, Moment] = {}
    for index, time_ms in enumerate(times):
        until = times[index + 1] if index + 1 < len(times) else None
        made = len(clicks) if until is None else bisect_right(pressed_ms, until)
        own, clicks, pressed_ms = clicks[:made], clicks[made:], pressed_ms[made:]
        document = recording.state_at(time_ms)
        page = document.snapshot()
        if not page.nodes:
            continue
        page = msgspec.structs.replace(page, open_popovers=_popovers(document, page, own))
        scroll = page.doc_scroll
        body = msgspec.json.encode(msgspec.structs.replace(page, doc_scroll=(0.0, 0.0)))
        still = blake2b(body, digest_size=16).digest()
        points = [point for action in own if (point := _point(action, scroll, framed))]
        if still in known:
            known[still].own += own
            known[still].points += points
            continue
        known[still] = Moment(
            time_ms=time_ms,
            body=zlib.compress(body, 1),
            viewport_w=page.viewport_w or 1280,
            viewport_h=page.viewport_h or 720,
            complete=page.complete,
            in_shell=page.shell_scroller is not None,
            own=own,
            points=points,
        )
        if not walked.found:
            walked.first_targets = all_elements(document, page, targets)
            images = [node.id for node in page.nodes if node.tag in {"img", "input"}]
            walked.image_keys = {n: document.element_key(n) for n in images[:MOST_IMAGES]}
        walked.found.append(known[still])
    return walked


def _built(recording: Recording, start_ms: int) -> list[int]:
    """Return when nodes or style sheets came to the document, from a time on, sorted."""
    return sorted(
        record.time_ms
        for record in recording.records
        if record.time_ms >= start_ms and _builds(record)
    )


def _builds(record: Record) -> bool:
    if isinstance(record, Mutation):
        return bool(record.data.get("adds"))
    if isinstance(record, Change):
        return any(isinstance(one, list) and one and one[0] in BUILDING for one in record.data)
    return isinstance(record, SheetChange)


def _pressed(recording: Recording, clicks: Sequence[Action]) -> list[int]:
    """Return when the press of each click began (epoch ms, never less than the one before).

    A click has the time when its button or finger was lifted. By then the press may have changed
    what it was made on: a search field is wider once it has the focus. Where no press is recorded,
    it is the click's own time.
    """
    presses = sorted(
        record.time_ms
        for record in recording.records
        if isinstance(record, Pointer) and record.gesture in {Gesture.DOWN, Gesture.TOUCH_START}
    )
    found: list[int] = []
    for action in clicks:
        last = bisect_right(presses, action.time_ms)
        began = presses[last - 1] if last else 0
        known = action.time_ms - began <= LONG_PRESS_MS
        found.append(max([began if known else action.time_ms, *found[-1:]]))
    return found


def is_mobile(visit: Visit, viewport_w: int) -> bool:
    """Say whether a visit was made with a phone or a tablet."""
    devices = {action.facets.get("device", "") for action in visit.actions}
    return bool(devices & {"mobile", "tablet"}) or 0 < viewport_w <= PHONE_PX


def all_elements(
    document: Document, page: PageState, known: Sequence[Target]
) -> tuple[Target, ...]:
    """Return the known elements and all others of the document: those clicked later have boxes too.

    The keys are those that an SDK would send. What is made to be clicked comes first.
    """
    elements = [node for node in page.nodes if not node.tag.startswith("#") and not node.svg]
    elements.sort(
        key=lambda node: not (node.tag in CLICKED_TAGS or CLICKED_MARKS & node.attrs.keys())
    )
    keys = dict.fromkeys(target.key for target in known)
    targets = list(known)
    for node in elements:
        if len(targets) >= MOST_BOXES:
            break
        key = document.element_key(node.id) if node.tag not in UNSEEN_TAGS else ""
        if key and key not in keys:
            keys[key] = None
            targets.append(Target(key))
    return tuple(targets)


def _popovers(document: Document, page: PageState, acted: Sequence[Action]) -> tuple[int, ...]:
    """Return the popovers that were clicked in, so were open."""
    keys = {action.element for action in acted}
    return tuple(
        node.id
        for node in page.nodes
        if "popover" in node.attrs
        and any(
            document.element_key(inner.id) in keys for inner in document.tree.nodes[node.id].walk()
        )
    )


def _framed(recording: Recording, clicks: Sequence[Action]) -> dict[str, tuple[float, float]]:
    """Return where clicks inside frames were, px of the frame's window, by event id."""
    inside = [action for action in clicks if FRAME in action.element]
    if not inside:
        return {}
    points = {click.up_ms: (click.client_x, click.client_y) for click in Trail(recording).clicks}
    return {one.event_id: points[one.time_ms] for one in inside if one.time_ms in points}


def _point(
    action: Action, scroll: tuple[float, float], framed: dict[str, tuple[float, float]]
) -> Point | None:
    """Return the point of a click whose place inside its element is not known."""
    key, path = action.element, action.element_path
    if action.fx is not None or not (key or path):
        return None
    if action.event_id in framed:
        x, y = framed[action.event_id]
        return Point(action.event_id, key, path, x, y, scroll, framed=True)
    if action.page_x is None or action.page_y is None:
        return None
    return Point(action.event_id, key, path, action.page_x, action.page_y, scroll)
