"""Pictures: strips of a page as lossless WebP, and the whole one put together again."""

import base64
import io
import math
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from hashlib import blake2b
from typing import TYPE_CHECKING

from PIL import Image

if TYPE_CHECKING:
    from playwright.sync_api import CDPSession

WHOLE_PIXELS = 60_000_000
WEBP_MAX_PX = 16_000  # the format ends at 16,383


def strips(height: int, tile_px: int) -> list[tuple[int, int]]:
    """Return (top, height) of each strip of a picture of this height, in px."""
    return [(top, min(tile_px, height - top)) for top in range(0, height, tile_px)]


def shoot(cdp: "CDPSession", width: int, height: int, tile_px: int) -> Iterator[bytes]:
    """Picture the page in strips, the document at its top: fixed parts are drawn once.

    Chromium writes PNG (its WebP comes back empty above 16,383 px, without an error); Pillow
    makes it a lossless WebP of a third of the size.
    """
    known: dict[bytes, bytes] = {}
    waiting: Future[bytes] | None = None
    with ThreadPoolExecutor(1) as encoder:  # one strip is encoded while the next is drawn
        for top, part in strips(height, tile_px):
            clip = {"x": 0, "y": top, "width": width, "height": part, "scale": 1}
            shot = cdp.send(
                "Page.captureScreenshot",
                {
                    "format": "png",
                    "clip": clip,
                    "captureBeyondViewport": True,
                    "optimizeForSpeed": True,
                },
            )
            following = encoder.submit(_encoded, shot["data"], known)
            if waiting is not None:
                yield waiting.result()
            waiting = following
        if waiting is not None:
            yield waiting.result()


def _encoded(png: str, known: dict[bytes, bytes]) -> bytes:
    """Return a strip as WebP; most strips of a very long page look like the one before."""
    data = base64.b64decode(png)
    name = blake2b(data, digest_size=16).digest()
    if name not in known:
        with Image.open(io.BytesIO(data)) as image:
            known[name] = webp(image.convert("RGB"))
    return known[name]


def webp(image: Image.Image) -> bytes:
    """Return the picture as lossless WebP."""
    out = io.BytesIO()
    image.save(out, "WEBP", lossless=True, quality=40, method=2)
    return out.getvalue()


def tiles_of(image: Image.Image, tile_px: int) -> list[bytes]:
    """Cut a picture into strips of lossless WebP."""
    return [
        webp(image.crop((0, top, image.width, top + part)))
        for top, part in strips(image.height, tile_px)
    ]


def whole(tiles: Iterable[bytes], width: int, height: int) -> tuple[bytes, str]:
    """Put the strips together for a download: WebP, or PNG above its largest height.

    Above `WHOLE_PIXELS` the picture is made smaller: it is put together in memory. Returns the
    bytes and their media type.
    """
    parts: Sequence[bytes] = list(tiles)
    if len(parts) == 1 and height <= WEBP_MAX_PX:
        return parts[0], "image/webp"
    scale = min(1.0, math.sqrt(WHOLE_PIXELS / (width * height)))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    canvas = Image.new("RGB", size, "white")
    top = 0
    for part in parts:
        with Image.open(io.BytesIO(part)) as image:
            bottom = top + image.height
            edges = round(top * scale), round(bottom * scale)
            if edges[0] < edges[1]:
                fitted = image if scale == 1 else image.resize((size[0], edges[1] - edges[0]))
                canvas.paste(fitted, (0, edges[0]))
            top = bottom
    if size[1] <= WEBP_MAX_PX:
        return webp(canvas), "image/webp"
    out = io.BytesIO()
    canvas.save(out, "PNG")
    return out.getvalue(), "image/png"
