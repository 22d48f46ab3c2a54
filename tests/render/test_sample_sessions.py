"""Every recorded session, from its raw requests to pictures: each click is where it truly was."""

import json
import math
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from isotherm.app.demo.sessions import sample_requests
from isotherm.app.settings import Settings
from isotherm.app.wiring import Components
from isotherm.intake.requests import IntakeRequest
from isotherm.model import FRACTION_MAX, Action, Background, Box
from isotherm.model.background import AS_FOUND, shows
from isotherm.pipeline.recorded_requests import StoredRequest, read_requests
from tests.render.loopback import Server

pytestmark = pytest.mark.browser

SAMPLES = Path(__file__).parent.parent / "samples"
AT_REST = [
    "datadog/dd4-desktop-short",
    "datadog/dd6-desktop-short",
    "datadog/dd7-desktop-allow",
    "datadog/dd7-mobile-allow",
    "guance/guance-desktop",
    "guance/guance-mobile",
    "faro/faro-desktop",
    "rrweb/rrweb-desktop",
]
LIVE = ["datadog/dd7-desktop-allow", "datadog/dd7-mobile-allow"]  # captured too
EXACT_PX = 1.5
JOIN_MS = 400  # an action and the truth about it are at most this far apart


class Result(NamedTuple):
    """A session's clicks and pictures."""

    actions: list[Action]
    backgrounds: dict[str, list[Background]]  # by page
    clicks: list[dict[str, Any]]  # the truth

    def errors_px(self, *, live: bool = False) -> tuple[list[float], list[Action]]:
        """Distance of each click to the truth on the picture that shows it best; the unplaced."""
        placed, left = [], []
        for action in self.actions:
            points = [
                (
                    box.left + action.fx / FRACTION_MAX * box.width,
                    box.top + action.fy / FRACTION_MAX * box.height,
                )
                for item in self.backgrounds[action.page]
                if (item.origin == "url") == live
                and shows(box := item.boxes.get(action.element, Box(0, 0, 0, 0, visible=False)))
                and action.fx is not None
                and action.fy is not None
            ]
            truth = min(self.clicks, key=lambda click: abs(click["at"] - action.time_ms))
            assert abs(truth["at"] - action.time_ms) < JOIN_MS
            right = (truth["page_x"], truth["page_y"])
            if points:
                placed.append(min(math.dist(point, right) for point in points))
            else:
                left.append(action)
        return placed, left


def requests_of(name: str) -> Iterator[StoredRequest]:
    if name.startswith("rrweb/"):
        return (found for found in sample_requests() if found.path == "/intake/rrweb")
    return read_requests(SAMPLES / name / "requests.json")


def load(components: Components, name: str) -> set[tuple[str, str]]:
    """Send a session's requests through intake, spool and worker; return who was in them."""
    sessions = set()
    for stored in requests_of(name):
        request = IntakeRequest.of_path(
            stored.path, query=stored.query, headers=stored.headers, body=stored.body
        )
        events = components.steps.run(request).events
        components.spool.append(events)
        sessions |= {(event.application, event.session_id) for event in events}
    assert components.worker.flush()
    return sessions


@pytest.fixture(scope="module")
def pictured(tmp_path_factory: pytest.TempPathFactory, shop: Server) -> Callable[[str], Result]:
    @cache
    def make(name: str) -> Result:
        host = f"shop.example.test@{shop.host}"
        settings = Settings(
            {
                "data": str(tmp_path_factory.mktemp("session")),
                "quiet_period_s": 0.05,
                "sheet_hosts": [host],  # Faro records no style sheets
                "capture_hosts": [host],
            }
        )
        with Components(settings) as components:
            sessions = load(components, name)
            assert components.maker.wait_idle(120)
            assert components.maker.status()["last_error"] == ""
            views = [view for who in sessions for view in components.engine.views_of(*who)]
            for view in {view.page: view for view in views if name in LIVE}.values():
                components.maker.capture_url(
                    view.application,
                    view.page,
                    f"http://shop.example.test{view.page}",
                    viewport_w=view.viewport_w,
                )
            assert components.maker.wait_idle(120)
            assert components.maker.status()["last_error"] == ""
            actions = [one for who in sessions for one in components.engine.actions_of(*who)]
            pages = {(view.application, view.page) for view in views}
            backgrounds = {page: components.backgrounds.of_page(app, page) for app, page in pages}
        file = SAMPLES / (
            f"{name}.truth.json" if name.startswith("rrweb") else f"{name}/truth.json"
        )
        clicks = [c for c in json.loads(file.read_text())["clicks"] if not c.get("skipped")]
        return Result([one for one in actions if one.kind == "click"], backgrounds, clicks)

    return make


@pytest.mark.parametrize("name", AT_REST)
def test_clicks_at_rest_are_where_they_were(pictured: Callable[[str], Result], name: str) -> None:
    placed, left = pictured(name).errors_px()
    assert sum(error <= EXACT_PX for error in placed) >= 0.98 * len(placed)
    assert max(placed) <= 12
    assert len(placed) >= 10
    assert [action.element for action in left] in ([], [""])  # a tap on the page itself has none


@pytest.mark.parametrize("name", LIVE)
def test_so_they_are_on_the_live_page(pictured: Callable[[str], Result], name: str) -> None:
    """What a click had changed (dialogs, menus, a text inserted above) is not on a live page."""
    placed, left = pictured(name).errors_px(live=True)
    moved = [error for error in placed if error > EXACT_PX]
    assert len(moved) <= 1
    assert all(error == pytest.approx(24, abs=0.5) for error in moved)  # the message's height
    assert len(left) <= 4


def test_clicks_while_scrolling_are_near(pictured: Callable[[str], Result]) -> None:
    placed, left = pictured("datadog/dd7-desktop-scrollclick").errors_px()
    assert sum(error <= EXACT_PX for error in placed) >= 0.85 * len(placed)
    assert max(placed) <= 12
    assert left == []


@pytest.mark.parametrize("name", ["datadog/dd7-desktop-allow", "datadog/dd7-mobile-allow"])
def test_boxes_are_those_of_the_true_page(pictured: Callable[[str], Result], name: str) -> None:
    device = "mobile" if "mobile" in name else "desktop"
    reference = {
        state["state"]: {box["selector"]: box for box in state["boxes"]}
        for state in json.loads((SAMPLES / "site" / "element-boxes.json").read_text())
        if state["viewport"] == device
    }
    compared = 0
    for item in pictured(name).backgrounds["/"]:
        if item.state.kind not in AS_FOUND:
            continue
        assert item.measured is not None
        assert (item.measured.verdict, item.measured.apart) == ("true", 0)
        assert item.measured.clicks >= 5
        for key, box in item.boxes.items():
            true = reference["product"].get(key)
            if true is None or not box.visible or "cart" in key:  # its number has grown
                continue
            compared += 1
            here = (box.left, box.top, box.width, box.height)
            assert here == pytest.approx(tuple(true[k] for k in ("x", "y", "width", "height")))
    assert compared >= 30


def test_few_pictures_serve_a_page(pictured: Callable[[str], Result]) -> None:
    backgrounds = pictured("datadog/dd7-desktop-allow").backgrounds
    from_replay = [item for item in backgrounds["/"] if item.origin == "replay"]
    assert 2 <= len(from_replay) <= 4
    assert {item.state.kind for item in from_replay} >= {"found"}
    assert all((item.width, item.height, item.notices) == (1440, 2812, ()) for item in from_replay)
