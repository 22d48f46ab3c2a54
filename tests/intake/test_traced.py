"""Traced calls of real SDKs against what the server saw: each once, with trace and click."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from isotherm.app.wiring import Components
from isotherm.model import Action, LongTask, PageError, Resource, View, Vital
from isotherm.model.event_ids import short_hash
from isotherm.pipeline.import_files import take_in
from isotherm.pipeline.recorded_requests import read_requests
from tests.storage.influxdb.places import settings_of

pytestmark = pytest.mark.server

TRACED = Path(__file__).parent / "traced"
SESSIONS = sorted(index.parent.name for index in TRACED.glob("*/requests.json"))
PATHS = {"/api/stock/17": "/api/stock/?", "/api/orders/4711": "/api/orders/?"}
CAUSES = {"/api/stock/?": "#stock", "/api/orders/?": "#order", "/api/coupons/abc": "#coupon",
          "/api/pay": "#pay", "/api/poll": ""}  # fmt: skip


class Stored:
    """What the store has of a session that was sent twice, in no order."""

    def __init__(self, name: str, folder: Path) -> None:
        self.truth: dict[str, Any] = json.loads((TRACED / name / "truth.json").read_text())
        requests = list(read_requests(TRACED / name / "requests.json"))
        with Components(settings_of(folder, None)) as components:
            for request in [*reversed(requests), *requests]:
                take_in(components, request)
            components.worker.flush()
            now = components.counters.snapshot()
            self.balance = sum(now.received.values()) - now.accepted - sum(now.dropped.values())
            engine = components.engine
            sessions = engine.terms("session").values()
            [key] = {("6f1c2b1e-0000-4000-8000-00000000abcd", one) for one in sessions} if (
                name.startswith("datadog")
            ) else {("traced-shop", one) for one in sessions}  # fmt: skip
            self.actions: list[Action] = engine.actions_of(*key)
            self.errors: list[PageError] = engine.errors_of(*key)
            self.views: list[View] = engine.views_of(*key)
            self.details = engine.details_of(*key)

    @property
    def calls(self) -> list[Resource]:
        found = [one for one in self.details if isinstance(one, Resource)]
        return [one for one in found if one.path.startswith("/api/")]

    def clicked(self, action_ids: tuple[str, ...]) -> str:
        """Return the button behind some ids; "" when no stored action is among them."""
        # What is stored points at its actions by their short numbers.
        wanted = {short_hash("", one) for one in action_ids}
        names = {one.action_name for one in self.actions if short_hash("", one.event_id) in wanted}
        assert len(names) <= 1
        return f"#{names.pop()}" if names else ""


@pytest.fixture(scope="module", params=SESSIONS)
def stored(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Stored:
    return Stored(request.param, tmp_path_factory.mktemp(request.param))


def test_every_call_of_the_server_is_there_once_with_its_trace(stored: Stored) -> None:
    seen = Counter(
        (
            one["method"],
            PATHS.get(one["path"], one["path"]),
            one["status"],
            one["traceparent"][3:35],
        )
        for one in stored.truth["calls"]
    )
    assert Counter((one.method, one.path, one.status, one.trace_id) for one in stored.calls) == seen
    assert all(one.host == "shop.example.test" for one in stored.calls)
    assert stored.balance == 0


def test_calls_took_at_least_as_long_as_the_server_waited(stored: Stored) -> None:
    waits = {one["traceparent"][3:35]: one for one in stored.truth["calls"]}
    for call in stored.calls:
        truth = waits[call.trace_id]
        assert call.duration_ms is not None
        assert call.duration_ms >= truth["ms"]
        assert truth["at"] - 1_000 < call.time_ms <= truth["at"] + 5


def test_every_call_belongs_to_the_click_that_made_it(stored: Stored) -> None:
    for call in stored.calls:
        assert stored.clicked(call.action_ids) == CAUSES[call.path], call.path


def test_the_release_that_broke_a_button_has_its_errors(stored: Stored) -> None:
    broken = stored.truth["version"] == "1.1.0"
    assert bool(stored.errors) == broken
    # Faro makes no user action of a click that nothing follows, so its error has none.
    pay = "#pay" if "pay" in {action.action_name for action in stored.actions} else ""
    for error in stored.errors:
        assert stored.clicked(error.action_ids) == pay
        assert "payNow" in error.frames
        assert error.kind == "TypeError"
        assert error.facets["version"] == "1.1.0"
    paid = [one for one in stored.calls if one.path == "/api/pay"]
    assert len(paid) == (0 if broken else 2)


def test_the_site_s_own_measurement_is_there_once(stored: Stored) -> None:
    [vital] = [one for one in stored.details if isinstance(one, Vital)]
    assert (vital.name, vital.kind, vital.value) in {
        ("checkout", "duration", 17.0), ("steps", "checkout", 3.0),
    }  # fmt: skip


def test_the_button_that_blocked_the_page_has_its_long_task(stored: Stored) -> None:
    tasks = [one for one in stored.details if isinstance(one, LongTask)]
    blocked = [one for one in tasks if one.duration_ms >= 180]
    if any(one.facets.get("service") for one in stored.details):  # Faro sends no long tasks
        [task] = [one for one in blocked if one.invoker == "BUTTON#sort.onclick"]
        [click] = [one for one in stored.actions if one.action_name == "sort"]
        # The frame may begin before the pointer is up, and then the SDK links it to nothing.
        begun = task.time_ms >= click.time_ms
        assert stored.clicked(task.action_ids) == ("#sort" if begun else "")
        assert task.script_ms is not None
        assert task.script_ms >= 180
    else:
        assert tasks == []


def test_views_have_their_interaction_to_next_paint(stored: Stored) -> None:
    """The slowest interaction was the one that blocked for 180 ms."""
    slowest = max((view.inp_ms or 0.0, view.inp_element) for view in stored.views)
    assert slowest[0] >= 180
    assert slowest[1] == "#sort"
