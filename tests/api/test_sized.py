"""Pictures at the width of a screen, and answers as small as a phone network needs them."""

import io

import pytest
from flask.testing import FlaskClient
from PIL import Image

from isotherm.api.pictures.sized import SizedPictures, step_of
from isotherm.api.services import Services
from isotherm.model import Background, Tile


def opened(http: FlaskClient, path: str) -> Image.Image:
    response = http.get(f"/api/v1/backgrounds/initial/{path}")
    assert response.status_code == 200
    return Image.open(io.BytesIO(response.data))


def test_a_picture_comes_at_the_next_larger_width(http: FlaskClient, served: Services) -> None:
    found = served.backgrounds.get("initial")
    whole = opened(http, "picture?w=60")
    assert whole.size == (64, round(found.height * 64 / found.width))


def test_a_strip_is_scaled_down_unless_it_is_smaller_as_it_is(http: FlaskClient) -> None:
    assert opened(http, "tiles/1?w=65").size == (1440, 500)  # of one colour: a few hundred bytes
    strip = io.BytesIO()
    Image.effect_noise((600, 300), 90).convert("RGB").save(strip, "WEBP", lossless=True)
    page = noisy(600)
    small = SizedPictures().strip(page, 0, 65, strip.getvalue())
    assert Image.open(io.BytesIO(small)).size == (128, 64)


def noisy(width: int) -> Background:
    return Background(
        id="one", application="shop", page="/", state="initial", origin="url", created_ms=1,
        seen_ms=1, viewport_w=width, viewport_h=300, width=width, height=300,
        tiles=(Tile(0, 300, "0.webp"),),
    )  # fmt: skip


def test_a_thumbnail_shows_the_first_view_only(http: FlaskClient, served: Services) -> None:
    found = served.backgrounds.get("initial")
    seen = min(found.viewport_h or found.width * 3 / 4, found.height)
    assert opened(http, "thumbnail?w=128").size == (128, round(seen * 128 / found.width))


def test_the_browser_keeps_each_size(http: FlaskClient) -> None:
    path = "/api/v1/backgrounds/initial/picture?w=64"
    etag = http.get(path).headers["ETag"]
    assert http.get(path, headers={"If-None-Match": etag}).status_code == 304
    other = http.get(path.replace("64", "128"), headers={"If-None-Match": etag})
    assert other.status_code == 200


@pytest.mark.parametrize("width", ["0", "-1", "wide", "99999", "²"])
def test_a_width_that_is_none_is_refused(http: FlaskClient, width: str) -> None:
    response = http.get("/api/v1/backgrounds/initial/thumbnail", query_string={"w": width})
    assert response.status_code == 400
    assert response.get_json()["error"]["field"] == "w"


def test_no_picture_is_made_wider_than_it_is_or_higher_than_webp_can_be() -> None:
    assert step_of(2000, 390) == 390
    strip = io.BytesIO()
    Image.new("RGB", (1024, 2000), "navy").save(strip, "WEBP", lossless=True)
    long = Background(
        id="long", application="shop", page="/", state="initial", origin="url", created_ms=1,
        seen_ms=1, viewport_w=1024, viewport_h=700, width=1024, height=40_000,
        tiles=tuple(Tile(top, 2000, f"{top}.webp") for top in range(0, 40_000, 2000)),
    )  # fmt: skip
    made = SizedPictures().whole(long, 1024, lambda _: strip.getvalue())
    assert Image.open(io.BytesIO(made)).height <= 16_000


def test_what_was_made_last_is_kept_and_the_oldest_given_up() -> None:
    made: list[int] = []
    strip = io.BytesIO()
    Image.effect_noise((300, 300), 90).convert("RGB").save(strip, "WEBP", lossless=True)
    page = noisy(300)

    def read(number: int) -> bytes:
        made.append(number)
        return strip.getvalue()

    sizes = SizedPictures(kept_bytes=30_000)
    for width in (64, 64, 128, 300, 64):
        sizes.whole(page, width, read)
    assert len(made) == 4  # 64 once from memory; it had to go for 300
