"""Clients of the last version go on working: no route, parameter or field disappears."""

import copy

from isotherm import __version__
from isotherm.api.openapi import document
from tests.api.compatibility import RELEASED, missing, offered


def test_everything_that_the_last_version_offered_is_still_there() -> None:
    before = set(RELEASED.read_text(encoding="utf-8").splitlines())
    gone = missing(before, offered(document(__version__)))
    assert gone == [], "clients of the last version break; a major version may do this"


def test_what_breaks_a_client_is_named() -> None:
    now = document(__version__)
    changed = copy.deepcopy(now)
    del changed["paths"]["/api/v1/heatmaps"]["post"]
    [pages] = [route for path, route in changed["paths"].items() if path == "/api/v1/pages"]
    pages["get"]["parameters"][0]["name"] += "_renamed"
    named = missing(offered(now), offered(changed))
    assert "POST /api/v1/heatmaps" in named
    renamed = now["paths"]["/api/v1/pages"]["get"]["parameters"][0]["name"]
    assert f"GET /api/v1/pages parameter query {renamed}" in named


def test_a_field_that_becomes_required_is_named_and_a_new_one_is_not() -> None:
    before = {"POST /a", "POST /a request application/json name"}
    after = {*before, "POST /a requires name", "POST /b", "POST /b requires id"}
    assert missing(before, after) == ["POST /a requires name"]
