"""Takes a picture that a person uploads: bounded, decoded and re-encoded."""

import io
import math
import secrets
import time
import warnings

import msgspec
from PIL import Image, UnidentifiedImageError

from isotherm.model import Background, Box, State, Tile
from isotherm.model.background import UPLOAD_MAX
from isotherm.model.errors import Code, IsothermError
from isotherm.render.options import RenderOptions
from isotherm.render.picture import strips, tiles_of

FORMATS = ("PNG", "JPEG", "WEBP")

MAX_PIXELS = 150_000_000
MAX_WIDTH_PX = 10_000
MAX_BOXES = 10_000


def uploaded(
    picture: bytes,
    *,
    application: str,
    page: str,
    viewport_w: int,
    options: RenderOptions,
    boxes: bytes | None = None,
    shows: str = "",
) -> tuple[Background, list[bytes]]:
    """Return the background of an uploaded picture and its tiles.

    `shows` is what a person says of the state it shows. `viewport_w` (css px) is the window's width
    the picture shows; a picture of another width (a screen of twice the pixels) is scaled to it.
    `boxes` is JSON: element key -> `model.Box`.
    Raises INVALID, TOO_LARGE or UNSUPPORTED.
    """
    known = _boxes(boxes) if boxes else {}
    image = _decoded(picture)
    if viewport_w <= 0 or viewport_w > MAX_WIDTH_PX:
        raise IsothermError(
            Code.INVALID,
            f"viewport_w must be between 1 and {MAX_WIDTH_PX} css px.",
            field="viewport_w",
        )
    page_height = max(1, round(image.height * viewport_w / image.width))
    height = min(page_height, options.max_height_px)
    if height < page_height:
        image = image.crop((0, 0, image.width, round(height * image.width / viewport_w)))
    if image.size != (viewport_w, height):
        image = image.resize((viewport_w, height), Image.Resampling.LANCZOS)
    background_id = secrets.token_hex(8)
    now = time.time_ns() // 1_000_000
    background = Background(
        id=background_id,
        application=application,
        page=page,
        state=State("uploaded", shows),
        origin="upload",
        created_ms=now,
        seen_ms=now,
        viewport_w=viewport_w,
        viewport_h=min(height, round(viewport_w * 0.625)),
        width=viewport_w,
        height=height,
        tiles=tuple(
            Tile(top, part, f"{background_id}/{index}.webp")
            for index, (top, part) in enumerate(strips(height, options.tile_px))
        ),
        boxes=known,
        page_height=page_height,
        notices=(f"cut at {height:,} px of {page_height:,} px",) if height < page_height else (),
    )
    return background, tiles_of(image, options.tile_px)


def _decoded(picture: bytes) -> Image.Image:
    if len(picture) > UPLOAD_MAX:
        raise IsothermError(
            Code.TOO_LARGE, f"The picture is larger than {UPLOAD_MAX >> 20} MB.", field="picture"
        )
    try:
        with warnings.catch_warnings():
            # our own bound, below, is read from the header before anything is decoded
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(picture), formats=FORMATS) as image:
                if image.width * image.height > MAX_PIXELS or image.width > MAX_WIDTH_PX:
                    raise IsothermError(
                        Code.TOO_LARGE,
                        f"The picture has {image.width} x {image.height} px; at most "
                        f"{MAX_WIDTH_PX} px wide and {MAX_PIXELS:,} px in all are taken.",
                        field="picture",
                    )
                flat = Image.new("RGB", image.size, "white")
                seen = image.convert("RGBA")  # what is transparent shows white
                flat.paste(seen, mask=seen.getchannel("A"))
                return flat
    except UnidentifiedImageError as error:
        raise IsothermError(
            Code.UNSUPPORTED, "The picture must be PNG, JPEG or WebP.", field="picture"
        ) from error
    except Image.DecompressionBombError as error:
        raise IsothermError(Code.TOO_LARGE, f"{error}.", field="picture") from error
    except (OSError, ValueError, SyntaxError) as error:
        raise IsothermError(
            Code.INVALID, "The picture is damaged or cannot be read.", field="picture"
        ) from error


def _boxes(text: bytes) -> dict[str, Box]:
    try:
        boxes = msgspec.json.decode(text, type=dict[str, Box])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise IsothermError(
            Code.INVALID, f"The boxes cannot be read: {error}", field="boxes"
        ) from error
    if len(boxes) > MAX_BOXES:
        raise IsothermError(
            Code.TOO_LARGE, f"There are more than {MAX_BOXES} boxes.", field="boxes"
        )
    for key, box in boxes.items():
        sizes = (box.left, box.top, box.width, box.height)
        if not all(math.isfinite(size) for size in sizes) or min(box.width, box.height) < 0:
            raise IsothermError(
                Code.INVALID, f"The box of {key!r} has no usable size.", field="boxes"
            )
    return boxes
