"""Builds recorded documents in a sealed page, one scene after the other."""

from contextlib import suppress

import msgspec
from playwright.sync_api import BrowserContext
from playwright.sync_api import Error as PlaywrightError

from isotherm.render.browser import Chromium, blank_page
from isotherm.render.measured import find_shell, grow_shell, measure, pictured, places
from isotherm.render.messages import Layout, Render, Scene, Start
from isotherm.render.world import BUILDER, World


class _Doctype(msgspec.Struct):
    doctype: str | None = None


class Recorded:
    """Renders recorded documents; keeps its page from one request to the next."""

    def __init__(self, chromium: Chromium, start: Start) -> None:
        self._chromium = chromium
        self._start = start
        self._stage: _Stage | None = None

    def layouts(self, request: Render) -> tuple[Layout, ...]:
        """Return the layout of each scene, with pictures where a scene asks for one."""
        stage = self._ready(request.scenes[0])
        try:
            return tuple(stage.layout(scene) for scene in request.scenes)
        except PlaywrightError:
            self._leave(stage)  # whatever this document did to the page ends with it
            raise

    def _ready(self, scene: Scene) -> "_Stage":
        """Return the page, a new one for another kind of device or after many documents."""
        stage = self._stage
        if stage is not None and (
            stage.mobile != scene.mobile or stage.built >= self._start.renders_per_browser
        ):
            self._leave(stage)
            stage = None
        if stage is None:
            stage = self._stage = _Stage(self._chromium.context(scene), scene.mobile, self._start)
        return stage

    def _leave(self, stage: "_Stage") -> None:
        self._stage = None
        with suppress(PlaywrightError):  # a crashed browser has closed it already
            stage.context.close()


class _Stage:
    """The page on which one document after the other is built."""

    def __init__(self, context: BrowserContext, mobile: bool, start: Start) -> None:
        self.context = context
        self.mobile = mobile
        self.built = 0
        self._page = context.new_page()
        self._cdp = context.new_cdp_session(self._page)
        self._start = start
        self._world: World | None = None
        self._doctype: str | None = None

    def layout(self, scene: Scene) -> Layout:
        """Build a document, measure it, and picture it if asked for."""
        self.built += 1
        world, most_px = self._blank(scene), self._start.max_height_px
        notes = _build(world, scene)
        anchors = places(world, scene.points) if scene.points else {}
        # a window of the page's height is slow to lay out: only a picture needs it
        shell = grow_shell(self._page, world, most_px) if scene.picture else find_shell(world) > 0
        if shell:
            notes.append("an app shell, pictured with its main scroller opened")
        layout = measure(world, scene.targets, most_px)
        layout = msgspec.structs.replace(layout, anchors=anchors, notes=(*notes, *layout.notes))
        return pictured(self._cdp, layout, self._start.tile_px) if scene.picture else layout

    def _blank(self, scene: Scene) -> World:
        """Return the world of an empty page; only another doctype needs a new one."""
        window = {"width": scene.viewport_w, "height": scene.viewport_h}
        if self._page.viewport_size != window:
            self._page.set_viewport_size(window)  # type: ignore[arg-type]  # the same two keys
        doctype = msgspec.json.decode(scene.page, type=_Doctype).doctype
        if self._world is None or doctype != self._doctype:
            blank_page(self._page, doctype)
            self._world, self._doctype = World(self._page, self._cdp), doctype
        return self._world


def _build(world: World, scene: Scene) -> list[str]:
    asked = {
        "page": msgspec.Raw(scene.page),
        "control_font": scene.control_font,
        "mobile": scene.mobile,
    }
    count = world.call(BUILDER, msgspec.json.encode(asked).decode())
    notes = []
    if count["missing_sheets"]:
        notes.append(f"{count['missing_sheets']} of {count['sheets']} style sheets missing")
    if count["masked"] * 2 > count["texts"]:
        notes.append("text is masked, so widths may differ")
    if count["too_deep"]:
        notes.append(f"{count['too_deep']} elements nested too deep were left out")
    return notes
