"""Builds recorded documents in a sealed page, one after the other."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit, urlunsplit

import msgspec
from playwright.sync_api import BrowserContext
from playwright.sync_api import Error as PlaywrightError

from isotherm.model import Box
from isotherm.render.asset_cache import AssetCache
from isotherm.render.browser import BLANK, Chromium, blank_html
from isotherm.render.isolated_world import BUILDER, VALUES, WORDS, IsolatedWorld
from isotherm.render.masked_values import Clicked, Told, Values, joined
from isotherm.render.masked_words import Spaces, Wanted
from isotherm.render.messages import Layout, Render, Scene
from isotherm.render.options import RenderOptions
from isotherm.render.page_measurements import Window, find_shell, grow_shell, measure, places
from isotherm.render.picture import shoot
from isotherm.render.request_interception import Loads

SHELL_NOTICE = "an app shell, pictured with its main scroller opened"
FONT = "(text) => { globalThis.isothermFont(JSON.parse(text)); return '{}'; }"
FINISH = "(text) => globalThis.isothermFinish(JSON.parse(text))"
IMAGES = "(text) => { globalThis.isothermFit(JSON.parse(text)); return '{}'; }"


class _Head(msgspec.Struct):
    doctype: str | None = None
    url: str = ""

    @property
    def address(self) -> str:
        """Where the empty document is opened: what is relative leads on from here."""
        parts = urlsplit(self.url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            return BLANK
        host = parts.netloc.rpartition("@")[2]
        return urlunsplit((parts.scheme, host, parts.path or "/", "", ""))


class Recorded:
    """Renders recorded documents; keeps its page from one request to the next."""

    def __init__(self, chromium: Chromium, options: RenderOptions) -> None:
        self._chromium = chromium
        self._options = options
        self._stage: Stage | None = None

    def layouts(self, request: Render) -> tuple[Layout, ...]:
        """Return the layout of each scene, with pictures where a scene asks for one."""
        layouts = []
        with self.stage(request.scenes[0]) as stage:
            for scene in request.scenes:
                stage.show(scene, AssetCache())
                anchors = stage.anchors(scene)
                layout = stage.layout(scene, grown=scene.picture)
                tiles = tuple(stage.strips(layout)) if scene.picture else ()
                layouts.append(msgspec.structs.replace(layout, anchors=anchors, tiles=tiles))
        return tuple(layouts)

    @contextmanager
    def stage(self, scene: Scene) -> Iterator["Stage"]:
        """Lend the page, a new one for another kind of device or after many documents.

        Whatever a document that fails did to the page ends with it.
        """
        stage = self._stage
        if stage is not None and (
            stage.mobile != scene.mobile or stage.built >= self._options.renders_per_browser
        ):
            self._leave(stage)
            stage = None
        if stage is None:
            stage = self._stage = Stage(self._chromium.context(scene), scene, self._options)
        try:
            yield stage
        except PlaywrightError:
            self._leave(stage)
            raise

    def _leave(self, stage: "Stage") -> None:
        self._stage = None
        with suppress(PlaywrightError):  # a crashed browser has closed it already
            stage.context.close()


class Stage:
    """The page on which one document after the other is built."""

    def __init__(self, context: BrowserContext, scene: Scene, options: RenderOptions) -> None:
        self.context = context
        self.mobile = scene.mobile
        self.built = 0
        self._page = context.new_page()
        self._cdp = context.new_cdp_session(self._page)
        self._window = Window(self._cdp, scene.viewport_w, scene.viewport_h, scene.mobile)
        self._options = options
        self._loads = Loads(self._cdp)
        self._world: IsolatedWorld | None = None
        self._head: tuple[str | None, str] = (None, "")
        self._counts: Mapping[str, int] = {}
        self._standing = b""
        self._spaces: Mapping[int, tuple[float, int]] | None = None  # as the page stands
        self._values: Values | None = None  # the same
        self._visit: object = None  # what was missing for another visit may be there now

    def show(self, scene: Scene, asset_cache: AssetCache) -> None:
        """Build a scene's document in its window, with the assets that can be had.

        One that stands there already stays.
        """
        self._window.resize(scene.viewport_w, scene.viewport_h)
        if self._visit is not asset_cache.visit and self._loads.missing:
            self._world, self._standing = None, b""  # what failed once is not asked for again there
        self._visit = asset_cache.visit
        if self._standing == scene.page:
            self.font(scene.control_font)
            self.tell(scene)
            self.spread(scene)
            return
        self.built += 1
        self._standing = b""
        world = self._blank(scene)
        asked = {
            "page": msgspec.Raw(scene.page),
            "control_font": scene.control_font,
            "mobile": scene.mobile,
        }
        self._loads.begin()
        world.call(BUILDER, msgspec.json.encode(asked).decode())
        self._loads.settle(world, asset_cache)
        served = msgspec.json.encode(self._loads.served).decode()
        self._counts = world.call(FINISH, served)
        self._standing, self._spaces, self._values = scene.page, None, None
        self.tell(scene)
        self.spread(scene)

    @property
    def masks(self) -> bool:
        """Whether any text of the standing document is masked."""
        return bool(self._counts["masked"])

    @property
    def starred(self) -> bool:
        """Whether any `data-*` attribute of the standing document is masked."""
        return bool(self._counts["starred"])

    def tell(self, scene: Scene, clicked: Sequence[Clicked] = ()) -> Told:
        """Give masked attributes the values that a scene knows; find more by what was `clicked`."""
        if not self.starred or (not clicked and scene.values == self._values):
            return Told({})
        asked = msgspec.json.encode({"values": scene.values, "clicked": clicked}).decode()
        found = msgspec.convert(self._there.call(VALUES, asked), Told, strict=False)
        self._values = joined(scene.values, found.values)
        return found

    def spread(self, scene: Scene, wanted: Mapping[int, Wanted] | None = None) -> Spaces:
        """Give masked letters the room that a scene knows; find more by what is `wanted`.

        Returns what was found now.
        """
        if not self.masks or (not wanted and scene.spaces == self._spaces):
            return {}
        asked = msgspec.json.encode({"spaces": scene.spaces, "wanted": wanted or {}}).decode()
        found = msgspec.convert(self._there.call(WORDS, asked), Spaces, strict=False)
        self._spaces = {**scene.spaces, **found}
        return found

    def font(self, family: str) -> None:
        """Give the standing document's controls another font, where the page names none."""
        self._there.call(FONT, msgspec.json.encode(family).decode())

    def fit_images(self, sizes: Mapping[int, tuple[float, float]]) -> None:
        """Give images of the standing document, by node, a size in css px."""
        self._there.call(IMAGES, msgspec.json.encode(sizes).decode())

    def anchors(self, scene: Scene) -> dict[str, tuple[float, float, float, float]]:
        """Return the places of a scene's points, see `places`."""
        return places(self._there, scene.points) if scene.points else {}

    def width_in(self, scene: Scene) -> int:
        """Lay the standing document out for a scene's window; return how wide it is, in css px."""
        self._window.resize(scene.viewport_w, scene.viewport_h)
        return measure(self._there, (), window_w=scene.viewport_w, max_height_px=1).width

    def boxes(self, scene: Scene) -> dict[str, Box]:
        """Return where a scene's targets are; inner scrollers stay as they are."""
        most_px = self._options.max_height_px
        asked = measure(
            self._there, scene.targets, window_w=scene.viewport_w, max_height_px=most_px
        )
        return asked.boxes

    def layout(self, scene: Scene, *, grown: bool) -> Layout:
        """Measure the standing document; `grown` = as it is pictured, with an app shell opened."""
        most_px, notices = self._options.max_height_px, _notices(self._counts)
        # a window of the page's height is slow to lay out: only a picture needs it
        shell = (
            grow_shell(self._window, self._there, most_px)
            if grown
            else find_shell(self._window, self._there) > 0
        )
        if shell:
            notices.append(SHELL_NOTICE)
        layout = measure(
            self._there, scene.targets, window_w=scene.viewport_w, max_height_px=most_px
        )
        lacking = dict(layout.lacking)
        if sheets := self._counts["missing_sheets"]:
            lacking["styles"] = sheets
        return msgspec.structs.replace(
            layout,
            notices=(*notices, *layout.notices),
            sheets=self._counts["sheets"],
            lacking=lacking,
            missing=self._loads.missing,
        )

    def strips(self, layout: Layout) -> Iterator[bytes]:
        """Picture the standing document as it was measured last."""
        return shoot(self._cdp, layout.width, layout.height, self._options.tile_px)

    @property
    def _there(self) -> IsolatedWorld:
        assert self._world is not None
        return self._world

    def _blank(self, scene: Scene) -> IsolatedWorld:
        """Return the world of an empty page; only another doctype or address needs a new one."""
        head = msgspec.json.decode(scene.page, type=_Head)
        wanted = (head.doctype, head.address)
        if self._world is None or wanted != self._head:
            self._world = None
            try:
                self._loads.open(self._page, head.address, blank_html(head.doctype))
            except PlaywrightError:  # a port that no browser opens
                self._loads.open(self._page, BLANK, blank_html(head.doctype))
            self._world, self._head = IsolatedWorld(self._page, self._cdp), wanted
        return self._world


def _notices(count: Mapping[str, int]) -> list[str]:
    notices = []
    if count["masked"] * 2 > count["texts"]:
        notices.append("text is masked, so widths may differ")
    if count["too_deep"]:
        notices.append(f"{count['too_deep']} elements nested too deep were left out")
    if count["plain"]:
        notices.append(f"{count['plain']} costly filters were left out")
    return notices
