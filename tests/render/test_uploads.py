"""Pictures that people upload are bounded, decoded and written anew."""

import io
import json
import struct
import zlib

import pytest
from PIL import Image

from isotherm.model import Background, Box
from isotherm.model.errors import Code, IsothermError
from isotherm.render.options import RenderOptions
from isotherm.render.upload import uploaded


def picture(width: int, height: int, kind: str = "PNG", **more: object) -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").resize((width, height)).convert("RGB").save(out, kind, **more)
    return out.getvalue()


def take(
    data: bytes, viewport_w: int = 400, boxes: object = None
) -> tuple[Background, list[bytes]]:
    return uploaded(
        data,
        application="shop",
        page="/",
        viewport_w=viewport_w,
        options=RenderOptions(tile_px=1000, max_height_px=3000),
        boxes=None if boxes is None else json.dumps(boxes).encode(),
    )


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_picture_becomes_strips(kind: str) -> None:
    background, tiles = take(picture(400, 2500, kind))
    assert (background.width, background.height, background.viewport_w) == (400, 2500, 400)
    assert [(tile.top, tile.height) for tile in background.tiles] == [
        (0, 1000),
        (1000, 1000),
        (2000, 500),
    ]
    assert [Image.open(io.BytesIO(tile)).format for tile in tiles] == ["WEBP"] * 3


def test_a_picture_of_a_dense_screen_is_scaled_to_css_px() -> None:
    assert take(picture(800, 1200))[0].height == 600


def test_a_tall_picture_is_cut_with_a_notice() -> None:
    background, tiles = take(picture(400, 5000))
    assert (background.height, background.page_height, len(tiles)) == (3000, 5000, 3)
    assert background.notices == ("cut at 3,000 px of 5,000 px",)


def test_what_was_hidden_in_the_file_is_gone() -> None:
    info = Image.Exif()
    info[0x010E] = "secret place"
    data = picture(400, 100, "JPEG", exif=info)
    assert b"secret place" in data
    assert not any(b"secret place" in tile for tile in take(data)[1])


def test_boxes_come_with_it() -> None:
    boxes = {"#buy": {"left": 1, "top": 2, "width": 3, "height": 4}}
    assert take(picture(400, 100), boxes=boxes)[0].boxes == {"#buy": Box(1, 2, 3, 4)}


def bomb() -> bytes:
    """Return a PNG of 50,000 x 50,000 px in some kB."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        )

    size = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"\0" * 1_000_000, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", Code.UNSUPPORTED),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", Code.UNSUPPORTED),
        (picture(400, 100, "GIF"), Code.UNSUPPORTED),
        (picture(400, 400)[:300], Code.INVALID),
        (picture(400, 400, "JPEG")[:400], Code.INVALID),
        (bomb(), Code.TOO_LARGE),
    ],
    ids=["empty", "svg", "gif", "cut png", "cut jpeg", "bomb"],
)
def test_bad_pictures_are_refused(data: bytes, code: Code) -> None:
    with pytest.raises(IsothermError) as refused:
        take(data)
    assert (refused.value.code, refused.value.field) == (code, "picture")


@pytest.mark.parametrize(
    "boxes",
    [
        [],
        {"a": 1},
        {"a": {"left": 0}},
        {"a": {"left": 0, "top": 0, "width": -1, "height": 1}},
        {"a": {"left": 1e400, "top": 0, "width": 1, "height": 1}},
    ],
)
def test_bad_boxes_are_refused(boxes: object) -> None:
    with pytest.raises(IsothermError) as refused:
        take(picture(400, 100), boxes=boxes)
    assert (refused.value.code, refused.value.field) == (Code.INVALID, "boxes")


def test_a_width_is_needed() -> None:
    with pytest.raises(IsothermError, match="viewport_w"):
        take(picture(400, 100), viewport_w=0)
