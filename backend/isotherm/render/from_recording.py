"""Makes backgrounds of one page visit from its recording, and places clicks in their elements."""

import secrets
import time
from collections.abc import Callable, Sequence
from typing import Any

import msgspec
from msgspec import Struct

from isotherm.model import Background, Measured, State, Tile
from isotherm.model.elements import Element
from isotherm.render.asset_cache import AssetCache
from isotherm.render.control_fonts import Fonts
from isotherm.render.device_width import follows_device, in_window, laid_out_for
from isotherm.render.images import Anchor, anchors_of, sizes_from
from isotherm.render.images import Sizes as ImageSizes
from isotherm.render.masked_values import Values, clicked_of, joined
from isotherm.render.masked_words import Spaces, wanted_of
from isotherm.render.measure import (
    Visited,
    in_its_visit,
    measured,
    of_picture,
    on_own_documents,
    seen_when_clicked,
)
from isotherm.render.messages import Layout, Scene, Target, Visit
from isotherm.render.moments import (
    Moment,
    Walked,
    all_elements,
    is_mobile,
    taken_apart,
    walk,
)
from isotherm.render.options import RenderOptions
from isotherm.render.picture import strips
from isotherm.render.recorded_page import Recorded, Stage
from isotherm.render.state_names import clicked_before, newly_visible, shown_label, state_of
from isotherm.render.states import cover, sizes_of
from isotherm.replay.dom.fingerprints import fingerprints_of
from isotherm.replay.recording import Recording

INCOMPLETE = "parts of the recording are missing"
MOST_APART = 8  # documents of a visit that differ in masked values only
EDGE = 0.02  # a click this far (of the size) outside its element counts as on its edge

Anchors = dict[str, tuple[float, float, float, float]]
Out = Callable[[bytes], None]


class Made(Struct):
    """What came out of a visit."""

    backgrounds: list[Background]
    anchors: Anchors
    builds: int = 0  # documents built in the browser


def make(
    recorded: Recorded,
    recording: Recording,
    visit: Visit,
    targets: Sequence[Target],
    options: RenderOptions,
    *,
    fonts: Fonts,
    out: Out,
    asset_cache: AssetCache | None = None,
    pictures: bool = True,
) -> Made:
    """Return the backgrounds, and the places of clicks that had a page point only.

    Without `pictures` only the latter. The strips of the pictures go to `out`, in the order of the
    backgrounds. Raises Playwright's errors.
    """
    walked = walk(recording, visit, targets, options)
    if not pictures:
        walked.found = [moment for moment in walked.found if moment.points]
    if not walked.found:
        return Made([], {})
    first = walked.found[0].scene(targets, mobile=is_mobile(visit, walked.found[0].viewport_w))
    with recorded.stage(first) as stage:
        built = stage.built
        about = _About(recording, visit, targets, options, fonts, out, asset_cache or AssetCache())
        one = _Visit(stage, about, walked)
        backgrounds = one.picture() if pictures else one.place()
        return Made(backgrounds, one.anchors, stage.built - built)


class _About(Struct):
    """What a visit's pictures are made from and go to."""

    recording: Recording
    visit: Visit
    targets: Sequence[Target]
    options: RenderOptions
    fonts: Fonts
    out: Out
    asset_cache: AssetCache


class _Visit:
    """The work on one visit."""

    def __init__(self, stage: Stage, about: _About, walked: Walked) -> None:
        self.anchors: Anchors = {}
        self._stage = stage
        self._recording = about.recording
        self._visit = visit = about.visit
        self._targets = about.targets
        self._options = about.options
        self._out = about.out
        self._fonts = about.fonts
        self._asset_cache = about.asset_cache
        self._walked = walked
        self._found = walked.found.copy()
        self._mobile = is_mobile(visit, self._found[0].viewport_w)
        self._sizes = sizes_of(visit.actions, self._found[0].viewport_w)
        self._images: ImageSizes = {}
        self._font = ""
        self._spaces: Spaces = {}  # of masked letters, as clicks on all documents tell
        self._values: dict[int, Values] = {}  # of masked attributes, by document
        self._copied: dict[int, int] = {}  # document -> the one it was taken apart from
        self._widths: dict[int, int] = {}  # recorded -> laid out for, see `device_width`
        self._sheets = self._missing_sheets = 0
        self._first: Layout | None = None  # of the page as found, with all its elements
        self._made: list[Background] = []
        self._lacking: list[dict[str, int]] = []  # of each picture

    def place(self) -> list[Background]:
        """Find the places of clicks only."""
        self._trust(self._visited(self._looks(0)))
        return []

    def picture(self) -> list[Background]:
        """Find the places of clicks and picture the documents that show what was clicked."""
        layouts = [self._look(0)]
        told = bool(layouts[0].images) or self._stage.masks
        if not told:  # nothing that other documents tell can change it
            self._shoot(0)
        layouts += self._looks(1)
        fitted = self._image_sizes(layouts)
        if fitted:
            self._images = fitted
            if len(self._found) == 1:
                self._stage.fit_images(fitted)
                layouts = [self._look(0, stands=True)]
            else:
                layouts = self._looks(0)
        if len(layouts) > 1:
            layouts = [self._described(index, layout) for index, layout in enumerate(layouts)]
        acted = [
            (Element.of(action), index)
            for index, moment in enumerate(self._found)
            for action in moment.own
            if action.kind == "click" and (action.element or action.element_path)
        ]
        chosen = cover([layout.boxes for layout in layouts], acted, self._options.states)
        for index in chosen[len(self._made) :]:
            self._shoot(index)
        visited = self._visited(layouts)
        self._trust(visited)
        return self._compared(visited, layouts)

    def _visited(self, layouts: Sequence[Layout]) -> list[Visited]:
        """Compare the clicks with the documents they were made in."""
        return on_own_documents(
            (layout.boxes, moment.own, moment.viewport_w, layout.before)
            for layout, moment in zip(layouts, self._found, strict=True)
        )

    def _trust(self, visited: Sequence[Visited]) -> None:
        """Forget where clicks were in their elements if the rebuilt page is not the true one."""
        whole = self._of_visit(visited)
        if whole is not None and whole.verdict == "unusable":
            self.anchors = {}

    def _of_visit(self, visited: Sequence[Visited]) -> Measured | None:
        """Sum up all its clicks, each on its own document."""
        return measured(
            [one.apart for one in visited],
            sheets=self._sheets,
            lacking={"styles": self._missing_sheets},
        )

    def _compared(self, visited: Sequence[Visited], layouts: Sequence[Layout]) -> list[Background]:
        """Return the pictures with what the visit says about each."""
        pages = [
            layout.page_height
            for layout, moment in zip(layouts, self._found, strict=True)
            if not moment.in_shell
        ]
        highest, recorded = max(pages, default=0), self._visit.page_height
        visit = self._of_visit(visited)
        found = []
        for background, lacking in zip(self._made, self._lacking, strict=True):
            whole = background.page_height == highest and recorded
            known = measured(
                of_picture(background.boxes, visited),
                height_px=highest - recorded if whole and recorded else None,
                page_height=background.page_height,
                sheets=self._sheets,
                lacking=lacking,
            )
            known = in_its_visit(known, visit)
            found.append(msgspec.structs.replace(background, measured=known))
        return found

    def _looks(self, start: int) -> list[Layout]:
        """Look at the documents from one on; some are taken apart only then."""
        layouts: list[Layout] = []
        while start + len(layouts) < len(self._found):
            layouts.append(self._look(start + len(layouts)))
        return layouts

    def _look(self, index: int, *, stands: bool = False) -> Layout:
        """Build one of the documents and measure it."""
        scene = self._scene(index)
        if not stands:
            self._stage.show(scene, self._asset_cache)
            if self._found[index].viewport_w not in self._widths:
                scene = self._laid_out(scene, self._found[index].time_ms)
            if index == 0:
                self._font = self._fonts.of(self._stage, scene, self._sizes)
        if self._stage.starred and index not in self._values:
            scene = self._told(index, scene)
        found = self._stage.anchors(scene)
        self.anchors |= {key: place for key, place in found.items() if _inside(place)}
        layout = self._stage.layout(scene, grown=False)
        if self._stage.masks and self._roomier(index, layout, scene):
            layout = self._stage.layout(scene, grown=False)
        layout = self._as_clicked(index, layout)
        if index == 0:
            self._sheets, self._missing_sheets = layout.sheets, layout.lacking.get("styles", 0)
        return layout

    def _as_clicked(self, index: int, layout: Layout) -> Layout:
        """Return a document's layout with what was clicked in it shown, as it was then."""
        moment = self._found[index]
        boxes = seen_when_clicked(layout.boxes, moment.own, moment.viewport_w, layout.before)
        return msgspec.structs.replace(layout, boxes=boxes)

    def _told(self, index: int, scene: Scene) -> Scene:
        """Give masked attributes of the standing document the values that its clicks tell.

        Clicks that were made on other values (a theme was changed) get a document of their own.
        """
        moment, layout = self._found[index], self._stage.layout(scene, grown=False)
        told = self._stage.tell(scene, clicked_of(layout, moment.own, scene.viewport_w))
        self._values[index] = joined(scene.values, told.values)
        hidden = {
            one.event_id for one in moment.own if layout.nodes.get(one.element) in told.hidden
        }
        if len(moment.own) > len(hidden) > 0 and len(self._copied) < MOST_APART:
            self._copied[len(self._found)] = index
            self._found[index], other = taken_apart(moment, hidden)
            self._found.append(other)
        return self._scene(index)

    def _roomier(self, index: int, layout: Layout, scene: Scene) -> bool:
        """Give masked letters of the standing document their room; True when some have moved."""
        moment, others = self._found[index], self._visit.actions
        asked = wanted_of(layout, moment.own, others, scene.viewport_w, placed=not moment.in_shell)
        found = self._stage.spread(scene, asked)
        self._spaces |= found
        return bool(found)

    def _laid_out(self, scene: Scene, time_ms: int) -> Scene:
        """Return the scene in the window that its standing page was laid out for."""

        def inside(narrower: Scene) -> int:
            return sum(map(_inside, self._stage.anchors(narrower).values()))

        width = scene.viewport_w
        if scene.mobile and follows_device(self._recording.state_at(time_ms).tree):
            width = laid_out_for(self._stage, scene, inside)
        self._widths[scene.viewport_w] = width
        return in_window(scene, width)

    def _shoot(self, index: int) -> None:
        moment = self._found[index]
        scene = self._scene(index)
        targets = self._walked.first_targets
        if index:
            document = self._recording.state_at(moment.time_ms)
            targets = all_elements(document, document.snapshot(), self._targets)
        if len(self._found) > 1:
            self._stage.show(scene, self._asset_cache)
        asked = msgspec.structs.replace(scene, targets=targets)
        shot = self._as_clicked(index, self._stage.layout(asked, grown=True))
        shot = self._described(index, shot)
        for strip in self._stage.strips(shot):
            self._out(strip)
        self._first = self._first or shot
        self._lacking.append(shot.lacking)
        self._made.append(
            as_background(
                shot,
                self._options.tile_px,
                application=self._visit.application,
                page=self._visit.page,
                state=self._state(index, shot),
                origin="replay",
                seen_ms=moment.time_ms,
                viewport_w=moment.viewport_w,
                viewport_h=moment.viewport_h,
                notices=self._notices(shot, moment),
                session_id=self._visit.session_id,
                view_id=self._visit.view_id,
                url=self._visit.url,
            )
        )

    def _state(self, index: int, shot: Layout) -> State:
        """Return what the state of a document is called."""
        if index == 0 or self._first is None:
            return State("found")
        moment = self._found[index]
        before = clicked_before(self._visit.actions, moment.time_ms)
        if before is None:
            return State("later")
        new, seen = newly_visible(shot.boxes, shot.nodes, self._first.boxes, self._first.nodes)
        document = self._recording.state_at(moment.time_ms)
        return state_of(document.tree, new, seen, shown_label(before))

    def _described(self, index: int, layout: Layout) -> Layout:
        """Return a layout with what stands in each box, by the document it is of."""
        document = self._recording.state_at(self._found[index].time_ms)
        prints = fingerprints_of(document.tree, layout.nodes.values(), document.url)
        return layout.described(self._recording.rows.all_added(prints))

    def _scene(self, index: int) -> Scene:
        scene = self._found[index].scene(
            self._targets, mobile=self._mobile, control_font=self._font, sizes=self._images
        )
        before = self._copied.get(index, index - 1)
        values = self._values.get(index, self._values.get(before, {}))
        scene = msgspec.structs.replace(scene, spaces=self._spaces.copy(), values=values)
        return in_window(scene, self._widths.get(scene.viewport_w, scene.viewport_w))

    def _image_sizes(self, layouts: Sequence[Layout]) -> ImageSizes:
        """Return sizes for the images of the first document that have none."""
        first, images = self._found[0], layouts[0].images
        if not images or first.in_shell:
            return {}
        anchors = [
            anchor
            for moment, layout in zip(self._found, layouts, strict=True)
            if moment.viewport_w == first.viewport_w
            for anchor in anchors_of(moment.own, layout.boxes)
        ]
        by_key = {element.key: (width, height) for element, width, height in self._sizes}
        keys = self._walked.image_keys
        clicked = {
            image.node: by_key[key]
            for image in images
            if (key := keys.get(image.node, "")) in by_key
        }
        bottom, height = layouts[0].page_height, self._visit.page_height
        end = Anchor(bottom, height - bottom) if height else None
        return sizes_from(images, sorted(anchors), clicked, end)

    def _notices(self, shot: Layout, moment: Moment) -> tuple[str, ...]:
        notices = list(shot.notices)
        hidden = {image.node for image in shot.images if image.hidden}
        if images := self._images.keys() - hidden:
            notices.append(f"images as large as the clicks around them say: {len(images)}")
        if not moment.complete:
            notices.append(INCOMPLETE)
        return tuple(notices)


def as_background(layout: Layout, tile_px: int, **known: Any) -> Background:
    """Return the stored form of a pictured layout; `known` are more fields of it, or others."""
    background_id = secrets.token_hex(8)
    now = time.time_ns() // 1_000_000
    of_layout: dict[str, Any] = {
        "id": background_id,
        "created_ms": now,
        "seen_ms": now,
        "width": layout.width,
        "height": layout.height,
        "page_height": layout.page_height,
        "tiles": tuple(
            Tile(top=top, height=height, path=f"{background_id}/{index}.webp")
            for index, (top, height) in enumerate(strips(layout.height, tile_px))
        ),
        "boxes": layout.boxes,
        "notices": layout.notices,
        "missing": layout.missing,
    }
    return Background(**of_layout | known)


def _inside(place: tuple[float, float, float, float]) -> bool:
    return all(-EDGE <= fraction <= 1 + EDGE for fraction in place[:2])
