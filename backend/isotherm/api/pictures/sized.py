"""Pictures in the size that a screen needs: a 64 px strip beside the map loads no megabytes."""

import io
from collections.abc import Callable, Iterable
from threading import Lock

from PIL import Image
from PIL.Image import DecompressionBombError

from isotherm.model import Background
from isotherm.model.errors import Code, IsothermError

STEPS = (64, 128, 256, 384, 512, 768, 1024, 1440, 2048)
"""Widths that are made, in device px; a screen asks for any and gets the next larger."""

_QUALITY = 80
_HIGHEST_PX = 16_000  # WebP ends at 16,383
_KEPT_BYTES = 48 * 1024 * 1024
_FIRST_VIEW = 3 / 4
"""Height of a first view of unknown height, in widths."""

ReadStrip = Callable[[int], bytes]


class SizedPictures:
    """Makes smaller pictures, and keeps the latest. Thread-safe."""

    def __init__(self, kept_bytes: int = _KEPT_BYTES) -> None:
        """Keep about this many bytes."""
        self._kept: dict[str, bytes] = {}
        self._room = kept_bytes
        self._lock = Lock()

    def strip(self, background: Background, number: int, width: int, stored: bytes) -> bytes:
        """Return one strip as WebP: scaled down, or as it is stored when that is smaller."""
        step = step_of(width, background.width)
        name = f"{background.id}-{number}-{step}"
        height = background.tiles[number].height
        return self._made(name, lambda: _smaller(stored, step, background.width, height))

    def whole(self, background: Background, width: int, read: ReadStrip) -> bytes:
        """Return the whole picture as WebP. Raises NOT_FOUND for one without strips."""
        step = _low_enough(step_of(width, background.width), background.width, background.height)
        name = f"{background.id}-whole-{step}"
        return self._made(name, lambda: _joined(background, step, background.height, read))

    def first_view(self, background: Background, width: int, read: ReadStrip) -> bytes:
        """Return what a visitor saw first, before scrolling, as WebP."""
        step = step_of(width, background.width)
        height = background.viewport_h or round(background.width * _FIRST_VIEW)
        name = f"{background.id}-first-{step}"
        return self._made(
            name, lambda: _joined(background, step, min(height, background.height), read)
        )

    def _made(self, name: str, make: Callable[[], bytes]) -> bytes:
        with self._lock:
            if (known := self._kept.pop(name, None)) is not None:
                self._kept[name] = known  # now the latest
                return known
        made = make()
        with self._lock:
            self._kept[name] = made
            while sum(map(len, self._kept.values())) > self._room and len(self._kept) > 1:
                del self._kept[next(iter(self._kept))]
        return made


def step_of(width: int, widest: int) -> int:
    """Return the width that is made for one asked for: never wider than the picture itself."""
    return min(next((step for step in STEPS if step >= width), STEPS[-1]), widest)


def _low_enough(step: int, width: int, height: int) -> int:
    """Return a width at which the picture is no higher than the format allows."""
    return max(1, min(step, width * _HIGHEST_PX // max(1, height)))


def _smaller(stored: bytes, step: int, width: int, height: int) -> bytes:
    scale = step / width
    made = _webp(_scaled([(0, stored)], step, scale, max(1, round(height * scale))))
    return stored if len(stored) <= len(made) else made


def _joined(background: Background, step: int, height: int, read: ReadStrip) -> bytes:
    if not background.tiles:
        message = f"Background {background.id} has no picture"
        raise IsothermError(Code.NOT_FOUND, message)
    scale = step / background.width
    # one strip is open at a time: a long page at its full size takes hundreds of megabytes
    strips = (
        (tile.top, read(number))
        for number, tile in enumerate(background.tiles)
        if tile.top < height
    )
    return _webp(_scaled(strips, step, scale, max(1, round(height * scale))))


def _scaled(
    strips: Iterable[tuple[int, bytes]], width: int, scale: float, height: int
) -> Image.Image:
    whole = Image.new("RGB", (width, height), "white")
    for top, data in strips:
        try:
            with Image.open(io.BytesIO(data)) as strip:
                start, end = round(top * scale), round((top + strip.height) * scale)
                size = (width, max(1, end - start))
                whole.paste(strip.convert("RGB").resize(size, Image.Resampling.BOX), (0, start))
        except (OSError, DecompressionBombError) as error:
            raise IsothermError(Code.INTERNAL, "A strip of the picture is damaged") from error
    return whole


def _webp(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "WEBP", quality=_QUALITY, method=4)
    return out.getvalue()
