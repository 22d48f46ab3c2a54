"""Pictures: strips of a page as lossless WebP, and the whole one put together again."""

import base64
import io
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from PIL import Image

if TYPE_CHECKING:
    from playwright.sync_api import CDPSession

WEBP_MAX_PX = 16_000  # the format ends at 16,383


def strips(height: int, tile_px: int) -> list[tuple[int, int]]:
    """Return (top, height) of each strip of a picture of this height, in px."""
    return [(top, min(tile_px, height - top)) for top in range(0, height, tile_px)]


def shoot(cdp: "CDPSession", width: int, height: int, tile_px: int) -> tuple[bytes, ...]:
    """Picture the page in strips, the document at its top: fixed parts are drawn once.

    Chromium writes PNG (its WebP comes back empty above 16,383 px, without an error); Pillow
    makes it a lossless WebP of a third of the size.
    """
    tiles = []
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
        with Image.open(io.BytesIO(base64.b64decode(shot["data"]))) as image:
            tiles.append(webp(image.convert("RGB")))
    return tuple(tiles)


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

    Returns the bytes and their media type.
    """
    parts: Sequence[bytes] = list(tiles)
    if len(parts) == 1 and height <= WEBP_MAX_PX:
        return parts[0], "image/webp"
    canvas = Image.new("RGB", (width, height), "white")
    top = 0
    for part in parts:
        with Image.open(io.BytesIO(part)) as image:
            canvas.paste(image, (0, top))
            top += image.height
    if height <= WEBP_MAX_PX:
        return webp(canvas), "image/webp"
    out = io.BytesIO()
    canvas.save(out, "PNG")
    return out.getvalue(), "image/png"
