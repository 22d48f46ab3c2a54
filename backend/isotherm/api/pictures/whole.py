"""Joins the strips of a picture, in a format that every browser shows."""

import io
from collections.abc import Callable, Sequence
from functools import lru_cache

from PIL import Image
from PIL.Image import DecompressionBombError

from isotherm.model import Background
from isotherm.model.errors import Code, IsothermError

WEBP_MAX_PX = 16_000
"""WebP cannot be higher than 16,383 px (`docs/backgrounds.md`); PNG can."""

Picture = tuple[bytes, str]
"""Bytes and media type."""


def whole_picture(background: Background, tile: Callable[[int], bytes]) -> Picture:
    """Return one picture: a single strip unchanged, or all strips joined.

    Raises NOT_FOUND for a background without a picture, INTERNAL for a broken strip.
    """
    if not background.tiles:
        message = f"Background {background.id} has no picture"
        raise IsothermError(Code.NOT_FOUND, message)
    strips = tuple(tile(number) for number in range(len(background.tiles)))
    if len(strips) == 1:
        return strips[0], "image/webp"
    tops = tuple(strip.top for strip in background.tiles)
    return _joined(strips, tops, background.height)


@lru_cache(maxsize=8)
def _joined(strips: Sequence[bytes], tops: Sequence[int], height: int) -> Picture:
    try:
        opened = [Image.open(io.BytesIO(strip)).convert("RGB") for strip in strips]
    except (OSError, DecompressionBombError) as error:
        raise IsothermError(Code.INTERNAL, "A strip of the picture is damaged") from error
    whole = Image.new("RGB", (max(image.width for image in opened), height), "white")
    for image, top in zip(opened, tops, strict=True):
        whole.paste(image, (0, top))
    out = io.BytesIO()
    if height <= WEBP_MAX_PX:
        whole.save(out, "WEBP", lossless=True, method=0)
        return out.getvalue(), "image/webp"
    whole.save(out, "PNG", compress_level=3)
    return out.getvalue(), "image/png"
