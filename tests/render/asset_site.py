"""A small site with what a recording names and does not hold, and its CDN on another port.

It is recorded by the real rrweb, and photographed by the browser that it was recorded in.
"""

import http.server
import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from PIL import Image, ImageDraw
from playwright.sync_api import Browser

from tests.render.loopback import Server, reply

PLUGIN = Path(__file__).parents[2] / "grafana-plugin"
RRWEB = PLUGIN / "node_modules" / "rrweb" / "dist" / "rrweb.umd.min.cjs"
FONT = Path("/usr/share/fonts/truetype/dejavu/DejaVuSansMono-Bold.ttf")
WIDTH, HEIGHT = 1000, 700

SPRITE = """<svg xmlns="http://www.w3.org/2000/svg"><symbol id="bag" viewBox="0 0 10 10">
<path d="M1 3h8v6H1z" fill="#c33"/><circle cx="5" cy="3" r="2" fill="#333"/></symbol></svg>"""
BANNER = """<svg xmlns="http://www.w3.org/2000/svg" width="300" height="120">
<rect width="300" height="120" fill="#246"/><circle cx="80" cy="60" r="50" fill="#fc3"/></svg>"""
PAGE = """<!doctype html><html><head><meta charset="utf-8"><title>Shop</title>
<link rel="stylesheet" href="/css/shop.css"><link rel="stylesheet" href="http://{cdn}/theme.css">
<script src="/rrweb.js"></script></head><body><h1>Summer shop</h1>
<img id="photo" src="/photo.png"><p>What stands below an image without a size moves with it.</p>
<img srcset="/small.png 1x, /large.png 2x" src="/fallback.png" alt="">
<picture><source srcset="http://{cdn}/wide.png" media="(min-width: 600px)">
<img src="/narrow.png"></picture>
<svg width="60" height="60"><use href="/sprite.svg#bag"></use></svg>
<div class="hero">Hero</div><img src="/banner.svg" alt=""><ul><li>One</li><li>Two</li></ul>
<button id="buy">Buy now</button></body></html>"""
SHOP = """@import "base/type.css";
.hero {{ height: 160px; background: url(../hero.png) 0 0 / 80px; color: #fff }}
li {{ list-style-image: url(/dot.png) }}"""
TYPE = """@font-face {{ font-family: Brand; src: url(http://{cdn}/brand.ttf) }}
body {{ margin: 20px; font: 20px/1.4 Brand, serif }}"""
THEME = (
    "button { padding: 12px 30px; border: 0; background: #0a7 url(tick.png) no-repeat 8px / 16px }"
)


def drawing(width: int, height: int, colour: str) -> bytes:
    """Return a PNG with a pattern that no grey box is like."""
    image = Image.new("RGB", (width, height), colour)
    draw = ImageDraw.Draw(image)
    for x in range(0, width, 24):
        draw.line((x, 0, width - x, height), fill="white", width=3)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


class AssetSite(NamedTuple):
    """The running site, its CDN, what rrweb recorded of it, and how it looked."""

    shop: Server
    cdn: Server
    events: list[dict[str, Any]]
    shot: Image.Image


@contextmanager
def asset_site(browser: Browser, **options: Any) -> Iterator[AssetSite]:
    """Serve and record the site; `options` are rrweb's."""
    cdn_files = {
        "/theme.css": (THEME.encode(), "text/css"),
        "/brand.ttf": (FONT.read_bytes(), "font/ttf"),
        "/wide.png": (drawing(420, 90, "#a3c"), "image/png"),
        "/tick.png": (drawing(32, 32, "#063"), "image/png"),
    }
    cdn = Server(lambda handler: _serve(handler, cdn_files))
    files = {
        "/": (PAGE.format(cdn=cdn.host).encode(), "text/html; charset=utf-8"),
        "/rrweb.js": (RRWEB.read_bytes(), "text/javascript"),
        "/css/shop.css": (SHOP.format().encode(), "text/css"),
        "/css/base/type.css": (TYPE.format(cdn=cdn.host).encode(), "text/css"),
        "/photo.png": (drawing(640, 260, "#d63"), "image/png"),
        "/small.png": (drawing(200, 80, "#36d"), "image/png"),
        "/hero.png": (drawing(160, 160, "#555"), "image/png"),
        "/dot.png": (drawing(14, 14, "#d33"), "image/png"),
        "/sprite.svg": (SPRITE.encode(), "image/svg+xml"),
        "/banner.svg": (BANNER.encode(), "image/svg+xml"),
    }
    shop = Server(lambda handler: _serve(handler, files))
    try:
        yield _recorded(browser, shop, cdn, options)
    finally:
        for server in (shop, cdn):
            server.shutdown()
            server.server_close()


def _serve(
    handler: http.server.BaseHTTPRequestHandler, files: dict[str, tuple[bytes, str]]
) -> None:
    if handler.path in files:
        body, kind = files[handler.path]
        reply(handler, body, kind, **{"Access-Control-Allow-Origin": "*"})
    else:
        reply(handler, "not found", status=404)


def _recorded(browser: Browser, shop: Server, cdn: Server, options: dict[str, Any]) -> AssetSite:
    page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
    try:
        page.goto(f"http://{shop.host}/", wait_until="networkidle")
        page.evaluate("document.fonts.ready.then(() => 0)")
        shot = Image.open(io.BytesIO(page.screenshot(full_page=True))).convert("RGB")
        record = "(o) => { window.got = []; rrweb.record({ ...o, emit: (e) => got.push(e) }); }"
        page.evaluate(record, options)
        page.mouse.move(60, 40)
        page.click("#buy")
        page.wait_for_function("got.some((e) => e.type === 3 && e.data.source === 2)")
        events = json.loads(page.evaluate("JSON.stringify(got)"))
    finally:
        page.close()
    shop.asked.clear()
    cdn.asked.clear()
    return AssetSite(shop, cdn, events, shot)
