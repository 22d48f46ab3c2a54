"""Drives a site in Chromium: physical clicks, with the truth of each beside it.

A site is first rehearsed without an SDK: there a plan becomes steps with points of the window (of
an application: the seeded clicker finds them), and every state is photographed. Then each sender
records the same steps.
"""

import io
import json
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Error, Page

from tests.accuracy.corpus import Site
from tests.accuracy.serving import Corpus, Stage

HERE = Path(__file__).parent
TRUTH = (HERE / "truth.js").read_text("utf-8")
BROWSER = ("--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1")
"""Nothing is loaded from elsewhere: the corpus is what it is on every machine."""
REST_MS = 1100
"""Between two clicks: SDKs join what is closer into one (rage)."""
STABLE_AFTER_MS = 900
PHOTO_W = 600
PHOTO_H = 6_000
WINDOWS = {1440: (1440, 900), 820: (820, 1180), 390: (390, 844)}
HIDE = """hide => {
  const state = { value: 'hidden', configurable: true }
  if (hide) Object.defineProperty(document, 'visibilityState', state)
  else delete document.visibilityState
  const said = new Event('visibilitychange', { bubbles: true })
  said.__ddIsTrusted = true
  document.dispatchEvent(said)
}"""

Step = dict[str, Any]
Truth = dict[str, Any]


@dataclass
class Rehearsed:
    """What will be done, and how the page looked before each click."""

    steps: list[Step]
    photos: list[Image.Image]  # grey, PHOTO_W wide; one per click


@dataclass
class Recorded:
    """What was done: the truth of each click and the layout of the page just before it."""

    clicks: list[Truth] = field(default_factory=list)
    layouts: list[list[Truth]] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    left_at: float = 0.0  # monotonic s, when the page was hidden


class Driver:
    """A browser, at one window width."""

    def __init__(self, browser: Browser, corpus: Corpus, width: int) -> None:
        self._browser, self.corpus = browser, corpus
        self.width = width
        self._size = WINDOWS[width]
        self.touch = width < 1000

    def rehearse(self, site: Site, steps: list[Step] | None = None) -> Rehearsed:
        """Find out where to click, unless the steps are known, and photograph the states."""
        self.corpus.stage = Stage(site)
        photos: list[Image.Image] = []
        done: list[Step] = []
        with self._page({}) as page:
            for step in steps or self._steps(site, page):
                if "click" in step:
                    if steps is None:
                        done += self._brought_into_view(page, step)
                    photos.append(photograph(page))
                    done.append({**step, "click": pointed_at(page, step)})
                else:
                    done.append(step)
                self._do(page, done[-1])
        return Rehearsed(done, photos)

    def record(
        self, site: Site, script: bytes, config: dict[str, Any], steps: list[Step]
    ) -> Recorded:
        """Do the steps while an SDK records; what it sends is in the corpus's stage."""
        self.corpus.stage = Stage(site, script)
        recorded = Recorded()
        tapped: list[Truth] = []
        with self._page(config) as page:
            page.expose_binding("__tapped", lambda _, truth: tapped.append(truth))
            page.on("pageerror", lambda error: recorded.troubles.append(f"page: {error}"[:300]))
            for step in steps:
                if "click" in step:
                    recorded.layouts.append(page.evaluate("__truth.layout()"))
                    truth = page.evaluate("at => __truth.at(at)", step["click"])
                    recorded.clicks.append(
                        {**truth, "counts": step.get("counts", 1), "note": step.get("note", "")}
                    )
                tapped.clear()
                self._do(page, step)
                if "click" in step and tapped:  # the first: a label's click goes on to its input
                    recorded.clicks[-1] |= tapped[0]
            page.wait_for_timeout(1200)
            recorded.left_at = time.monotonic()
            for hidden in (True, False):  # SDKs send what they have when a page is hidden
                page.evaluate(HIDE, hidden)
                page.wait_for_timeout(400)
            page.goto("about:blank")
            page.wait_for_timeout(700)
        return recorded

    def _brought_into_view(self, page: Page, step: Step) -> list[Step]:
        """Scroll to what will be clicked if it is outside the window; return the step for it."""
        x, y = pointed_at(page, step)
        width, height = page.evaluate("[innerWidth, innerHeight]")  # a phone may have zoomed out
        if 0 <= x < width and 0 <= y < height:
            return []
        there = page.evaluate("[scrollX, scrollY]")
        by = (0 if 0 <= x < width else x - width // 2, 0 if 0 <= y < height else y - height // 2)
        scrolled = {"scroll": [there[0] + by[0], there[1] + by[1]]}
        self._do(page, scrolled)
        return [scrolled]

    def _steps(self, site: Site, page: Page) -> Iterator[Step]:
        if site.plan is not None:
            for step in site.plan["steps"]:
                yield dict(step)
        else:
            yield from clicked_through(
                page, random.Random(f"{site.name} {self._size}"), site.clicks
            )

    @contextmanager
    def _page(self, config: dict[str, Any]) -> Iterator[Page]:
        site = self.corpus.stage.site
        width, height = self._size
        plan = site.plan or {}
        context = self._browser.new_context(
            viewport={"width": width, "height": height},
            device_scale_factor=plan.get("dpr", 1),
            has_touch=self.touch,
            is_mobile=self.touch and bool(plan.get("mobile", site.plan is None)),
        )
        try:
            context.add_init_script(f"window.__accuracy = {json.dumps(config)}")
            context.add_init_script(TRUTH)
            page = context.new_page()
            page.on("dialog", lambda dialog: dialog.dismiss())
            site.served("")  # some are built when they are first asked for
            page.goto(self.corpus.address)
            page.wait_for_timeout(STABLE_AFTER_MS if site.plan is not None else 3 * STABLE_AFTER_MS)
            yield page
        finally:
            context.close()

    def _do(self, page: Page, step: Step) -> None:
        if "wait" in step:
            page.wait_for_timeout(step["wait"])
        if "scroll" in step:
            x, y, *inside = step["scroll"]
            page.evaluate(
                "([x, y, s]) => (s ? document.querySelector(s) : window).scrollTo(x, y)",
                [x, y, inside[0] if inside else None],
            )
            page.wait_for_timeout(450)
        if "wheel" in step:
            x, y, dy = step["wheel"]
            page.mouse.move(x, y)
            page.mouse.wheel(0, dy)
            page.wait_for_timeout(500)
        if "eval" in step:
            page.evaluate(step["eval"])
            page.wait_for_timeout(350)
        if "type" in step:
            page.keyboard.type(step["type"], delay=30)
            page.wait_for_timeout(300)
        if "press" in step:
            page.keyboard.press(step["press"])
            page.wait_for_timeout(600)
        if "zoom" in step:
            session = page.context.new_cdp_session(page)
            session.send("Emulation.setPageScaleFactor", {"pageScaleFactor": step["zoom"]})
            page.wait_for_timeout(300)
        if "click" in step:
            x, y = step["click"]
            if self.touch and not step.get("mouse"):
                page.touchscreen.tap(x, y)
            else:
                page.mouse.move(x, y)
                page.mouse.down()
                page.wait_for_timeout(30)
                page.mouse.up()
            page.wait_for_timeout(step.get("after", REST_MS))
            with suppress(Error):  # a link to another document
                page.wait_for_load_state("load", timeout=4000)


def clicked_through(page: Page, chance: random.Random, clicks: int) -> Iterator[Step]:
    """Yield random but sensible steps: mostly fresh controls, some scrolling and typing."""
    seen: set[str] = set()
    done = 0
    for _ in range(4 * clicks):
        if done >= clicks:
            return
        found = page.evaluate("__truth.candidates()")
        away = chance.random() < 0.12
        controls = [one for one in found if not one["plain"] and one["away"] <= away]
        fresh = [one for one in controls if one["number"] not in seen]
        dice = chance.random()
        if dice < 0.15 or not (controls or found):
            width, height = page.viewport_size["width"], page.viewport_size["height"]
            yield {"wheel": [width // 2, height // 2, chance.choice((-400, 300, 600, 900))]}
            continue
        plain = [one for one in found if one["plain"]]
        pool = plain if (dice < 0.25 and plain) or not controls else fresh or controls
        # later elements (menus and dialogs lie at the end of the body) get half of the clicks
        one = chance.choice(pool[-12:] if chance.random() < 0.5 else pool)
        seen.add(one["number"])
        x, y, w, h = one["box"]
        at = [round(x + w * chance.uniform(0.25, 0.75)), round(y + h * chance.uniform(0.25, 0.75))]
        done += 1
        yield {"click": at}
        if page.evaluate(
            "document.activeElement?.matches('input:not([type]),input[type=text],input[type=search]')"
        ):
            yield {"type": chance.choice(("a", "o", "or"))}


def pointed_at(page: Page, step: Step) -> list[int]:
    """Return the point of the window that a step clicks."""
    if not isinstance(step["click"], str):
        return list(step["click"])
    asked = [step["click"], step.get("at", [0.5, 0.5])]
    return list(page.evaluate("([a, b]) => __truth.find(a, b)", asked))


def photograph(page: Page) -> Image.Image:
    """Take the whole page as it is, scrolled to its start; grey, PHOTO_W px wide."""
    page.evaluate("__truth.hold(true)")
    there = page.evaluate("() => { const at = [scrollX, scrollY]; scrollTo(0, 0); return at }")
    page.wait_for_timeout(150)
    size = page.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
    )
    clip = {"x": 0, "y": 0, "width": min(size[0], 4000), "height": min(size[1], PHOTO_H)}
    data = page.screenshot(full_page=True, clip=clip, animations="allow")
    page.evaluate("at => scrollTo(...at)", there)
    page.wait_for_timeout(100)
    page.evaluate("__truth.hold(false)")
    picture = Image.open(io.BytesIO(data)).convert("L")
    return scaled(picture)


def scaled(picture: Image.Image) -> Image.Image:
    """Return a picture at PHOTO_W px of width."""
    height = max(1, round(picture.height * PHOTO_W / picture.width))
    return picture.resize((PHOTO_W, height), Image.Resampling.BOX)
