"""A shop with a scenario that every question has something to say about, served over HTTP."""

from collections.abc import Iterator, Mapping
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from isotherm.api.routes import api_blueprint
from isotherm.api.services import Options, Services
from isotherm.intake.drops import Counters, DropReason
from isotherm.model import Box, Segment, SegmentFormat
from isotherm.pipeline.pictures.allowed_hosts import AllowedSites
from isotherm.pipeline.pictures.maker import BackgroundMaker
from isotherm.pipeline.pictures.site_connections import SiteConnections
from isotherm.pipeline.quarantine import Quarantine
from isotherm.pipeline.readers.messages import Start
from isotherm.pipeline.readers.playing import Playing
from isotherm.pipeline.readers.process import ReaderProcess
from isotherm.pipeline.spool import Spool
from isotherm.query.kept_results import KEPT_MS, KeptResults
from isotherm.render.options import RenderOptions
from isotherm.render.upload import uploaded
from isotherm.storage.objects.replays import open_replays
from isotherm.storage.saved.audit import AuditLog
from isotherm.storage.saved.heatmaps import SavedHeatmaps
from isotherm.storage.saved.names import ApplicationNames
from isotherm.storage.saved.shares import Shares
from isotherm.storage.saved.sites import Sites
from isotherm.storage.saved.zones import Zones
from tests.scenario import HOUR, MINUTE, NOON, Shop, call, click, error, picture, visit

PAY, MENU, GONE = "#pay", "#menu", "#banner"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--write-golden", action="store_true", help="Rewrite the golden bodies.")


def scenario() -> list[Any]:
    """Three sessions: one buys, one rages and leaves, one looks around on a phone."""
    desk = {"facets": {"browser": "Chrome", "os": "Windows", "device": "desktop", "env": "prod",
                       "version": "1.4.2", "country": "Norway"}}  # fmt: skip
    phone = {"facets": {"browser": "Safari", "os": "iOS", "device": "mobile", "env": "prod",
                        "version": "1.5.0", "country": "Chile"}}  # fmt: skip
    ann = {"user_id": "u1", "user_name": "Ann", "attributes": {"plan": "gold"}, **desk}
    pay = click(PAY, at=(0.5, 0.5), t=NOON + 10_000, session="a", action_name="Pay",
                loading_ms=120.0, **ann)  # fmt: skip
    on_phone = click(PAY, at=(0.75, 0.5), t=NOON + 2 * HOUR + 2000, session="c", width=390,
                     action_name="Pay", **phone)  # fmt: skip
    return [
        visit("/cart", session="a", depth=1800, height=2000, spent_ms=40_000, **ann),
        pay,
        visit("/done", session="a", t=NOON + 40_000, spent_ms=5_000, depth=900, height=900, **ann),
        visit("/cart", session="b", t=NOON + HOUR, depth=1000, height=2000, spent_ms=20_000,
              **desk),
        click(PAY, at=(0.25, 0.5), t=NOON + HOUR + 1000, session="b", action_name="Pay", clicks=4,
              rage=True, dead=True, **desk),
        click(MENU, t=NOON + HOUR + 5000, session="b", action_name="Menu", **desk),
        click(GONE, t=NOON + HOUR + 6000, session="b", action_name="Close", **desk),
        error(session="b", t=NOON + HOUR + 6500),
        visit("/cart", session="c", t=NOON + 2 * HOUR, depth=700, height=2000, width=390,
              window=700, spent_ms=60_000, has_replay=True, **phone),
        on_phone,
        error(session="c", t=NOON + 2 * HOUR + 2500, message="no stock", kind="TypeError",
              action_ids=(on_phone.event_id,)),
        click("", at=None, t=NOON + 2 * HOUR + 3000, session="c", width=390,
              action_name="Somewhere", **phone),
        call(pay, path="/api/pay", method="POST", t=NOON + 10_020, status=503, duration_ms=80.0,
             trace_id="0af7651916cd43dd8448eb211c80319c"),
    ]  # fmt: skip


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    folder: Path = tmp_path_factory.mktemp("shop")
    shop = Shop(folder).tells(*scenario())
    boxes = {PAY: Box(600, 400, 200, 40), MENU: Box(0, 0, 80, 40, visible=False)}
    shop.shows(
        picture("initial", boxes),
        picture("menu-open", {**boxes, MENU: Box(0, 0, 80, 40)}, created_ms=NOON - MINUTE),
    )
    replays = open_replays(str(folder / "replays"))
    segment = Segment(
        segment_id="seg1", time_ms=NOON, end_ms=NOON + MINUTE, application="shop",
        session_id="c", view_id="c/cart", format=SegmentFormat.RRWEB, records=1, body=b"[1]",
    )  # fmt: skip
    replays.put(segment)
    shop.engine.append([segment])
    render = RenderOptions(automatic=False, hosts=())
    counters = Counters(lambda: NOON)
    counters.received("native", 14)
    counters.accepted(13)
    counters.dropped(DropReason.DUPLICATE)
    spool = Spool(folder / "spool", quota_bytes=1 << 20)
    quarantine = Quarantine(shop.database, "1.0.0", clock_ms=lambda: shop.now_ms)
    reader = ReaderProcess(Start(replays_url=str(folder / "replays")))
    playing = Playing([reader], quarantine)
    sites = Sites(shop.database)
    allowed = AllowedSites(sites)
    maker = BackgroundMaker(render, shop.backgrounds, shop.engine, replays, sites=allowed)
    yield Services(
        engine=shop.engine,
        backgrounds=shop.backgrounds,
        maker=maker,
        upload=lambda data, **facts: uploaded(data, options=render, **facts),
        replays=replays,
        playback=playing,
        quarantine=quarantine,
        try_again=lambda _recording, _stage: None,
        heatmaps=SavedHeatmaps(shop.database),
        names=ApplicationNames(shop.database),
        shares=Shares(shop.database),
        back_up=lambda name, _: {
            "folder": name,
            "rows": {},
            "files": {},
            "elsewhere": {},
        },
        audit=AuditLog(shop.database),
        sites=SiteConnections(sites, allowed, shop.engine, shop.backgrounds, maker.make_again),
        zones=Zones(shop.database),
        counters=counters,
        spool=spool,
        parts={"store": lambda: {"kind": "embedded", "ok": True}},
        options=Options(version="1.0.0"),
        clock_ms=lambda: shop.now_ms,
        kept=KeptResults(count(0, KEPT_MS).__next__),  # too old at once: no test needs another
    )
    maker.close()
    playing.close()
    spool.close()
    shop.close()


@pytest.fixture(scope="module")
def app(served: Services) -> Flask:
    made = Flask("isotherm-test", static_folder=None)
    made.register_blueprint(api_blueprint(served))
    return made


@pytest.fixture
def http(app: Flask) -> FlaskClient:
    return app.test_client()


def body(question: str, **params: Any) -> Mapping[str, Any]:
    """Return a request about the cart from noon to midnight."""
    query = {"refId": "A", "question": question, "application": "shop", "page": "/cart", **params}
    return {"range": {"from": NOON, "to": NOON + 12 * HOUR}, "queries": [query]}
