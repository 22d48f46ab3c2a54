"""Pictures a live page: its own scripts run, every connection passes the deciding proxy."""

from urllib.parse import urlsplit

import msgspec
from playwright.sync_api import CDPSession, Page
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from isotherm.render.browser import ONLY_PROXY, Chromium
from isotherm.render.isolated_world import LAZY, NODES, IsolatedWorld
from isotherm.render.live_tree import live_tree
from isotherm.render.messages import Capture, Layout
from isotherm.render.options import RenderOptions
from isotherm.render.page_measurements import Window, grow_shell, measure
from isotherm.render.picture import shoot
from isotherm.replay.dom.fingerprints import fingerprints_of

STEP_PX = 600
PAUSE_MS = 60
STEPPING_MS = 15_000
QUIET_MS = 5_000  # wait this long at most for the network to fall silent
AFTER_CLICK_MS = 500
APPEARS_MS = 2_000  # wait this long for what is to be clicked
CLICK_MS = 10_000  # what is there may take longer: it must stand still, and machines are busy
FIRST = """(text) => {
  const { hide, control_font } = JSON.parse(text);
  const sheet = new CSSStyleSheet();
  sheet.replaceSync((hide.length ? `:is(${hide.join(',')}){display:none!important}` : '') +
    '*,*::before,*::after{caret-color:transparent!important;transition:none!important}' +
    'html,body{scroll-behavior:auto!important}');
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  if (control_font && document.head) {
    const first = document.createElement('style');
    first.textContent = `:where(button,input,select,textarea){font-family:${control_font}}`;
    document.head.prepend(first);
  }
  return '{}';
}"""


def capture(chromium: Chromium, request: Capture, options: RenderOptions) -> Layout:
    """Open the page, make it ready, measure and picture it."""
    browser = chromium.launch(ONLY_PROXY, proxy_port=request.proxy_port)
    try:
        context = browser.new_context(
            viewport={"width": request.viewport_w, "height": request.viewport_h},
            is_mobile=request.mobile,
            has_touch=request.mobile,
            accept_downloads=False,
            service_workers="block",
            reduced_motion="reduce",
        )
        context.set_default_timeout(request.load_s * 1000)
        page = context.new_page()
        page.on("dialog", lambda dialog: dialog.dismiss())
        context.on("page", lambda opened: opened.close() if opened != page else None)
        asked: set[str] = set()
        context.on("request", lambda sent: asked.add(urlsplit(sent.url).hostname or ""))
        cdp = context.new_cdp_session(page)
        layout = _picture(page, cdp, request, options)
        return msgspec.structs.replace(layout, hosts=tuple(sorted(asked)))
    finally:
        browser.close()


def _picture(page: Page, cdp: CDPSession, request: Capture, options: RenderOptions) -> Layout:
    notices = []
    answer = page.goto(request.url, wait_until="load")
    if answer is not None and not answer.ok:
        notices.append(f"the page answered with status {answer.status}")
    _quiet(page)
    for selector in request.click:
        try:
            there = page.locator(selector).first
            if not there.is_visible():
                there.wait_for(timeout=APPEARS_MS)
            there.click(timeout=CLICK_MS)
            page.wait_for_timeout(AFTER_CLICK_MS)
        except PlaywrightError:
            notices.append(f"nothing to click at {selector}")
    world = IsolatedWorld(page, cdp)
    first = {"hide": request.hide, "control_font": request.control_font}
    world.call(FIRST, msgspec.json.encode(first).decode())
    stepping = {
        "step_px": STEP_PX,
        "pause_ms": PAUSE_MS,
        "max_px": options.max_height_px,
        "max_ms": STEPPING_MS,
    }
    world.call(LAZY, msgspec.json.encode(stepping).decode())
    _quiet(page)
    window = Window(cdp, request.viewport_w, request.viewport_h, request.mobile)
    grow_shell(window, world, options.max_height_px)
    tree = live_tree(world.call(NODES))
    layout = measure(
        world,
        request.targets,
        window_w=request.viewport_w,
        max_height_px=options.max_height_px,
    )
    layout = layout.described(fingerprints_of(tree, layout.nodes.values(), page.url))
    tiles = tuple(shoot(cdp, layout.width, layout.height, options.tile_px))
    notices += layout.notices
    return msgspec.structs.replace(layout, tiles=tiles, notices=tuple(notices), url=page.url)


def _quiet(page: Page) -> None:
    """Wait until the network is silent, or long enough: some pages poll for ever."""
    try:
        page.wait_for_load_state("networkidle", timeout=QUIET_MS)
    except PlaywrightTimeout:
        return
