"""Pictures with the images, fonts and sheets of the site, against its own screenshot."""

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser

from isotherm.app.settings import Settings
from isotherm.app.wiring import Components
from isotherm.intake.requests import IntakeRequest
from isotherm.model import Background
from isotherm.model.sites import Lack
from isotherm.storage.saved.sites import NewSite
from tests.accuracy.likeness import ssim
from tests.render.asset_site import AssetSite, asset_site

NOW_MS = 1_800_000_000_000


@pytest.fixture(scope="module", params=[True, False], ids=["sheets inlined", "bare"])
def inlined(request: pytest.FixtureRequest) -> bool:
    """Return whether the recording holds the page's style sheets, or only names them."""
    held: bool = request.param
    return held


@pytest.fixture(scope="module")
def site(inlined: bool, chromium: Browser) -> Iterator[AssetSite]:
    with asset_site(chromium, inlineStylesheet=inlined) as running:
        yield running


def take_in(components: Components, site: AssetSite) -> None:
    body = {"application": "shop", "session": "s-1", "events": site.events}
    request = IntakeRequest.of_path("/intake/rrweb", body=json.dumps(body).encode())
    components.spool.append(components.steps.run(request).events)
    assert components.worker.flush()
    assert components.maker.wait_idle(120)


def pictured(components: Components) -> tuple[Background, Image.Image]:
    (background,) = components.backgrounds.of_page("shop", "/")
    whole = Image.new("RGB", (background.width, background.height))
    for number, tile in enumerate(background.tiles):
        strip = Image.open(io.BytesIO(components.backgrounds.tile(background.id, number)))
        whole.paste(strip, (0, tile.top))
    return background, whole


def images_of_replay(components: Components) -> list[str]:
    images: list[str] = json.loads(bytes(components.playing("shop", "s-1", None)["images"]))
    return images


def test_a_picture_becomes_like_the_page_when_its_sites_are_allowed(
    site: AssetSite, inlined: bool, tmp_path: Path
) -> None:
    site.shop.asked.clear()
    site.cdn.asked.clear()
    with Components(Settings({"data": str(tmp_path), "settle_s": 0.05})) as components:
        take_in(components, site)
        bare, without = pictured(components)
        assert site.shop.asked == site.cdn.asked == []  # nobody has allowed anything
        assert {one.why for one in bare.missing} == {Lack.NOT_ALLOWED}
        assert {one.site for one in bare.missing} == {site.shop.host, site.cdn.host}
        lacking = bare.measured.lacking.get("styles", 0) if bare.measured else 0
        assert lacking == (1 if inlined else 2)  # rrweb cannot read the CDN's
        assert bare.usable == inlined
        assert set(images_of_replay(components)) <= {""}
        named = {one.site: one for one in components.site_connections.suggestions("shop")}
        assert named[site.shop.host].why == "own"

        connecting = components.site_connections
        for host in (site.shop.host, site.cdn.host):
            before = [*site.shop.asked, *site.cdn.asked]
            allowed, again = connecting.allow(NewSite(application="shop", site=host), NOW_MS)
            assert again == 1
            assert components.maker.wait_idle(120)
            assert [*site.shop.asked, *site.cdn.asked] == before  # it is at a private address
            lacks = {(one.site, one.why) for one in pictured(components)[0].missing}
            assert (host, Lack.PRIVATE) in lacks
            connecting.allow_private(allowed.id)
            assert components.maker.wait_idle(120)
        made, with_assets = pictured(components)
        assert made.missing == ()
        assert made.usable
        assert with_assets.size == site.shot.size
        assert ssim(with_assets, site.shot) > 0.99
        assert ssim(without, site.shot) < 0.9

        asked = [*site.shop.asked, *site.cdn.asked]
        assert len(asked) == len(set(asked))  # each was fetched once
        kept = images_of_replay(components)
        assert kept
        assert all(image.startswith("data:image/") for image in kept)
        assert [*site.shop.asked, *site.cdn.asked] == asked  # a replay shows what is kept
        components.maker.from_replays("shop", "/")
        assert components.maker.wait_idle(120)
        assert [*site.shop.asked, *site.cdn.asked] == asked
