"""Every sample request posted as it was: the answers equal what the driver did."""

import json
from collections import Counter
from typing import Any

import pytest

from isotherm.app.demo.sessions import SAMPLES
from isotherm.pipeline.recorded_requests import StoredRequest
from tests.acceptance.conftest import Isotherm, Start

pytestmark = pytest.mark.server

DATADOG = "6f1c2b1e-0000-4000-8000-00000000abcd"
GUANCE = "appid_6f1c2b1e00004000800000000000abcd"
FARO = "kestrel-shop"
RRWEB = "kestrel-shop (rrweb)"
ASKED: list[dict[str, Any]] = [
    {"question": "actions"},
    {"question": "actions", "signal": "rage"},
    {"question": "heat", "background": ""},
    {"question": "heat", "metric": "users"},
    {"question": "scroll"},
    {"question": "page_stats"},
    {"question": "replays", "limit": 100},
    {"question": "timeseries", "measure": "clicks", "by": "element", "limit": 100},
    {"question": "timeseries", "measure": "errors", "intervalMs": 1000},
    {"question": "action", "element": "#dead-badge"},
]
PAGES = ["/", "/checkout", "/checkout.html"]


def truth(session: str) -> dict[str, Any]:
    """Return what the driver did in a session."""
    file = next(
        iter([*SAMPLES.glob(f"*/{session}/truth.json"), *SAMPLES.glob(f"*/{session}.truth.json")])
    )
    known: dict[str, Any] = json.loads(file.read_text())
    return known


def all_answers(isotherm: Isotherm) -> dict[str, Any]:
    """Return the answers to every question about every page."""
    answers: dict[str, Any] = {}
    for application in (DATADOG, GUANCE, FARO, RRWEB):
        answers[application] = isotherm.ask("pages", application)
        for page in PAGES:
            for asked in ASKED:
                key = f"{application} {page} {asked}"
                answers[key] = isotherm.ask(application=application, page=page, **asked)
    return answers


def test_order_and_repetition_change_no_answer(
    start: Start, in_order: Isotherm, shuffled: list[StoredRequest]
) -> None:
    other = start(shuffled)
    expected, found = all_answers(in_order), all_answers(other)
    for key, rows in expected.items():
        assert found[key] == rows, key
    # an old version of a view that comes late is outdated instead of accepted
    once, thrice = in_order.counts(), other.counts()
    assert thrice["received"] == 3 * once["received"]
    assert thrice["accepted"] <= once["accepted"]


@pytest.mark.parametrize(
    ("application", "sessions"),
    [
        (
            DATADOG,
            [
                "dd4-desktop-short",
                "dd6-desktop-short",
                "dd7-desktop-allow",
                "dd7-desktop-scrollclick",
                "dd7-desktop-viewupdate",
                "dd7-mobile-allow",
                "dd7-tablet-abandon",
            ],
        ),
        (GUANCE, ["guance-desktop", "guance-mobile"]),
        (RRWEB, ["rrweb-desktop"]),
    ],
)
def test_clicks_equal_the_physical_clicks(
    in_order: Isotherm, application: str, sessions: list[str]
) -> None:
    done = sum(len(truth(session)["clicks"]) for session in sessions)
    pages = in_order.ask("pages", application)
    assert sum(int(str(row["clicks"]).split(".")[0]) for row in pages) == done


def test_a_desktop_session_has_the_actions_and_signals_of_its_bodies(in_order: Isotherm) -> None:
    filters = [{"key": "user", "operator": "=", "value": "u-1"}]
    rows = [
        row
        for page in PAGES
        for row in in_order.ask("page_stats", DATADOG, page=page, filters=filters)
    ]
    total = Counter[str]()
    for row in rows:
        total.update({name: row[name] for name in ("actions", "clicks", "rage_actions")})  # type: ignore[misc]
    assert (total["actions"], total["clicks"], total["rage_actions"]) == (32, 39, 2)


def test_depth_is_the_true_one_where_the_sdk_reports_less(in_order: Isotherm) -> None:
    filters = [{"key": "version", "operator": "=", "value": "1.4.2"}]
    curve = in_order.ask(
        "scroll", DATADOG, page="/", filters=filters, width={"min": 1440, "max": 1440}
    )
    assert max(float(str(row["depth_px"])) for row in curve if row["views"]) > 2399
