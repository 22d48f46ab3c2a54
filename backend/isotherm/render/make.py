"""Makes backgrounds of one page visit from its recording, and places clicks in their elements."""

import secrets
import time
from collections.abc import Callable, Sequence
from typing import Protocol

import msgspec
from msgspec import Struct

from isotherm.model import Action, Background, Tile
from isotherm.model.elements import Element
from isotherm.render.images import Anchor, anchors_of, sizes_from
from isotherm.render.images import Sizes as ImageSizes
from isotherm.render.messages import Layout, Point, Scene, Target
from isotherm.render.options import RenderOptions
from isotherm.render.states import CONTROL_FONTS, Size, cover, fit, moments, sizes_of
from isotherm.replay.document import Document, PageState
from isotherm.replay.dom.prints import prints_of
from isotherm.replay.dom.tree import STABLE_ATTRIBUTES
from isotherm.replay.recording import Recording

INCOMPLETE = "parts of the recording are missing"
PHONE_PX = 600
MOST_BOXES = 2_000
CLICKED_TAGS = frozenset(
    {"a", "button", "input", "label", "option", "select", "summary", "textarea"}
)
CLICKED_MARKS = frozenset({"role", "tabindex", "onclick", *STABLE_ATTRIBUTES})
UNSEEN_TAGS = frozenset({"html", "head", "link", "meta", "noscript", "script", "style", "title"})
EDGE = 0.02  # a click this far (of the size) outside its element counts as on its edge

Made = list[tuple[Background, tuple[bytes, ...]]]
Anchors = dict[str, tuple[float, float, float, float]]
Ask = Callable[[tuple[Scene, ...]], tuple[Layout, ...]]
"""Has scenes rendered; raises CAPTURE_UNAVAILABLE."""


class FillSheets(Protocol):
    """Gives style sheets that a recording lacks."""

    def __call__(self, page: PageState) -> PageState:
        """Return the page with what could be fetched."""


class Visit(Struct, frozen=True, kw_only=True):
    """One page visit of a recording, as the store knows it. Times are epoch ms."""

    application: str
    page: str
    session_id: str
    view_id: str
    url: str
    start_ms: int
    end_ms: int
    actions: tuple[Action, ...]  # of this visit
    page_height: float | None = None  # css px, the greatest that the sender saw


class Fonts:
    """Which font a session's buttons have where its pages name none: found once, by sizes."""

    def __init__(self) -> None:
        self._found: str | None = None

    def of(self, ask: Ask, scene: Scene, sizes: Sequence[Size]) -> str:
        """Return the font with which most elements of a document have their recorded size."""
        if self._found is not None:
            return self._found
        if not sizes:  # nothing to decide by
            return CONTROL_FONTS[0]
        bare = msgspec.structs.replace(scene, points=())
        tried = ask(
            tuple(msgspec.structs.replace(bare, control_font=font) for font in CONTROL_FONTS)
        )
        fits = [fit(layout.boxes, sizes) or 0.0 for layout in tried]
        best = CONTROL_FONTS[fits.index(max(fits))]
        if max(fits) > min(fits):
            self._found = best
        return best


class _Moment(Struct):
    time_ms: int
    page: PageState
    body: bytes
    own: list[Action]  # made on this document


def make(
    ask: Ask,
    recording: Recording,
    visit: Visit,
    targets: Sequence[Target],
    options: RenderOptions,
    *,
    fonts: "Fonts",
    fill_sheets: FillSheets | None = None,
    pictures: bool = True,
) -> tuple[Made, Anchors]:
    """Return the backgrounds with their tiles, and the places of clicks that had a page point only.

    Without `pictures` only the latter. Raises CAPTURE_UNAVAILABLE, NOT_FOUND without a document.
    """
    found = _moments(recording, visit, options, fill_sheets)
    if not found:
        return [], {}
    sizes = sizes_of(visit.actions, found[0].page.viewport_w)
    mobile = _is_mobile(visit, found[0].page.viewport_w)
    scenes = [_scene(moment, targets, mobile) for moment in found]
    if not pictures:
        scenes = [scene for scene in scenes if scene.points]
    if not scenes:
        return [], {}
    font = fonts.of(ask, scenes[0], sizes)
    layouts = ask(tuple(msgspec.structs.replace(scene, control_font=font) for scene in scenes))
    fitted = (
        _image_sizes(recording, visit, found, layouts, sizes) if len(scenes) == len(found) else {}
    )
    if fitted:
        found = [_with_images(moment, fitted) for moment in found]
        scenes = [_scene(moment, targets, mobile) for moment in found]
        layouts = ask(tuple(msgspec.structs.replace(scene, control_font=font) for scene in scenes))
    anchors = {
        key: place for layout in layouts for key, place in layout.anchors.items() if _inside(place)
    }
    if not pictures:
        return [], anchors
    layouts = tuple(
        _with_prints(recording, moment, layout)
        for moment, layout in zip(found, layouts, strict=True)
    )
    acted = [
        (Element.of(action), index)
        for index, moment in enumerate(found)
        for action in moment.own
        if action.kind == "click" and (action.element or action.element_path)
    ]
    chosen = cover([layout.boxes for layout in layouts], acted, options.states)
    shots = ask(
        tuple(
            msgspec.structs.replace(
                scenes[index],
                control_font=font,
                points=(),
                targets=_all_elements(recording, found[index], targets),
                picture=True,
            )
            for index in chosen
        )
    )
    made: Made = []
    for number, (index, shot) in enumerate(zip(chosen, shots, strict=True), start=1):
        moment = found[index]
        shot = _with_prints(recording, moment, shot)  # noqa: PLW2901 (the same, described)
        background = as_background(
            shot,
            application=visit.application,
            page=visit.page,
            state="initial" if number == 1 else f"state {number}",
            origin="replay",
            seen_ms=moment.time_ms,
            viewport_w=moment.page.viewport_w,
            viewport_h=moment.page.viewport_h,
            fit=fit(shot.boxes, sizes),
            notes=_notes(shot, moment.page, fitted),
            session_id=visit.session_id,
            view_id=visit.view_id,
            url=visit.url,
        )
        made.append((background, shot.tiles))
    return made, anchors


def as_background(layout: Layout, **known: object) -> Background:
    """Return the stored form of a pictured layout."""
    background_id = secrets.token_hex(8)
    now = time.time_ns() // 1_000_000
    tops = []
    top = 0
    for height in _tile_heights(layout):
        tops.append((top, height))
        top += height
    return msgspec.convert(
        {
            "id": background_id,
            "created_ms": now,
            "seen_ms": now,
            "width": layout.width,
            "height": layout.height,
            "page_height": layout.page_height,
            "tiles": [
                Tile(top=top, height=height, path=f"{background_id}/{index}.webp")
                for index, (top, height) in enumerate(tops)
            ],
            "boxes": layout.boxes,
            "notes": layout.notes,
            **known,
        },
        Background,
        from_attributes=True,
    )


def _tile_heights(layout: Layout) -> list[int]:
    if not layout.tiles:
        return []
    full = -(-layout.height // len(layout.tiles))
    return [min(full, layout.height - top) for top in range(0, layout.height, full)]


def _moments(
    recording: Recording, visit: Visit, options: RenderOptions, fill_sheets: FillSheets | None
) -> list[_Moment]:
    clicks = sorted(
        (action for action in visit.actions if action.kind == "click"), key=lambda a: a.time_ms
    )
    times = moments(
        visit.start_ms,
        visit.end_ms,
        [action.time_ms for action in clicks],
        options.settle_ms,
        options.candidates,
    )
    found: list[_Moment] = []
    known: dict[bytes, _Moment] = {}
    for index, time_ms in enumerate(times):
        until = times[index + 1] if index + 1 < len(times) else None
        own = [a for a in clicks if until is None or a.time_ms - 1 < until]
        clicks = clicks[len(own) :]
        document = recording.state_at(time_ms)
        page = document.snapshot()
        if not page.nodes:
            continue
        page = msgspec.structs.replace(page, open_popovers=_popovers(document, page, own))
        still = msgspec.json.encode(msgspec.structs.replace(page, doc_scroll=(0.0, 0.0)))
        if still in known:
            known[still].own += own
            continue
        filled = page if fill_sheets is None else fill_sheets(page)
        moment = _Moment(time_ms, filled, msgspec.json.encode(filled), own)
        known[still] = moment
        found.append(moment)
    return found


def _with_prints(recording: Recording, moment: _Moment, layout: Layout) -> Layout:
    """Return the layout with the fingerprint of the element in each box."""
    document = recording.state_at(moment.time_ms)
    return layout.described(prints_of(document.tree, layout.nodes.values(), document.url))


def _image_sizes(
    recording: Recording,
    visit: Visit,
    found: Sequence[_Moment],
    layouts: Sequence[Layout],
    sizes: Sequence[Size],
) -> ImageSizes:
    """Return sizes for the images of the first document that have none."""
    first, images = found[0], layouts[0].images
    if not images or first.page.shell_scroller is not None:
        return {}
    anchors = [
        anchor
        for moment, layout in zip(found, layouts, strict=True)
        if moment.page.viewport_w == first.page.viewport_w
        for anchor in anchors_of(moment.own, layout.boxes)
    ]
    document = recording.state_at(first.time_ms)
    by_key = {element.key: (width, height) for element, width, height in sizes}
    keys = {image.node: document.element_key(image.node) for image in images}
    clicked = {node: by_key[key] for node, key in keys.items() if key in by_key}
    bottom = layouts[0].page_height
    end = Anchor(bottom, visit.page_height - bottom) if visit.page_height else None
    return sizes_from(images, sorted(anchors), clicked, end)


def _with_images(moment: _Moment, fitted: ImageSizes) -> _Moment:
    page = msgspec.structs.replace(moment.page, image_sizes=fitted)
    return _Moment(moment.time_ms, page, msgspec.json.encode(page), moment.own)


def _notes(shot: Layout, page: PageState, fitted: ImageSizes) -> tuple[str, ...]:
    notes = list(shot.notes)
    if fitted:
        notes.append(f"images as large as the clicks around them say: {len(fitted)}")
    if not page.complete:
        notes.append(INCOMPLETE)
    return tuple(notes)


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


def _scene(moment: _Moment, targets: Sequence[Target], mobile: bool) -> Scene:
    page = moment.page
    return Scene(
        page=moment.body,
        viewport_w=page.viewport_w or 1280,
        viewport_h=page.viewport_h or 720,
        mobile=mobile,
        targets=tuple(targets),
        points=tuple(
            Point(
                action.event_id,
                action.element,
                action.element_path,
                action.page_x,
                action.page_y,
                page.doc_scroll,
            )
            for action in moment.own
            if action.fx is None
            and action.page_x is not None
            and action.page_y is not None
            and (action.element or action.element_path)
        ),
    )


def _all_elements(
    recording: Recording, moment: _Moment, known: Sequence[Target]
) -> tuple[Target, ...]:
    """Return the known elements and all others of the document: those clicked later have boxes too.

    The keys are those that an SDK would send. What is made to be clicked comes first.
    """
    document = recording.state_at(moment.time_ms)
    elements = [node for node in moment.page.nodes if not node.tag.startswith("#") and not node.svg]
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


def _is_mobile(visit: Visit, viewport_w: int) -> bool:
    devices = {action.facets.get("device", "") for action in visit.actions}
    return bool(devices & {"mobile", "tablet"}) or 0 < viewport_w <= PHONE_PX


def _inside(place: tuple[float, float, float, float]) -> bool:
    return all(-EDGE <= fraction <= 1 + EDGE for fraction in place[:2])
