"""Zones over HTTP: kept, listed by page, removed, and refused with a sentence."""

from typing import Any

import pytest
from flask.testing import FlaskClient

ZONES = "/api/v1/zones"
HERO: dict[str, Any] = {
    "application": "shop", "page": "/", "name": " Hero ",
    "left": 10, "top": 20, "width": 300, "height": 120, "background": "b1",
}  # fmt: skip


def test_zones_are_kept_listed_by_page_and_removed(http: FlaskClient) -> None:
    hero = http.post(ZONES, json=HERO)
    assert hero.status_code == 201
    button = {"application": "shop", "page": "/", "name": "Buy", "element": "#buy"}
    assert http.post(ZONES, json=button).status_code == 201
    assert http.post(ZONES, json={**button, "page": "/cart"}).status_code == 201
    listed = http.get(f"{ZONES}?application=shop&page=/").json["zones"]  # type: ignore[index]
    assert [zone["name"] for zone in listed] == ["Buy", "Hero"]
    assert listed[1] == hero.json
    assert (listed[1]["left"], listed[1]["height"]) == (10, 120)
    assert http.delete(f"{ZONES}/{listed[0]['id']}").status_code == 204
    assert http.delete(f"{ZONES}/{listed[0]['id']}").status_code == 404
    left = http.get(f"{ZONES}?application=shop&page=/").json["zones"]  # type: ignore[index]
    assert [zone["name"] for zone in left] == ["Hero"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "x" * 201},
        {"width": 0},
        {"element": "#buy"},
        {"left": -1},
        {"name": "a\0"},
        {"background": "a\0"},
    ],
)
def test_what_is_no_zone_is_refused(http: FlaskClient, wrong: dict[str, Any]) -> None:
    answer = http.post(ZONES, json={**HERO, "application": "other", **wrong})
    assert answer.status_code == 400
    assert answer.json["error"]["message"]  # type: ignore[index]
    assert http.get(f"{ZONES}?application=other&page=/").json == {"zones": []}


def test_zones_are_asked_for_one_page(http: FlaskClient) -> None:
    answer = http.get(f"{ZONES}?application=shop")
    assert answer.status_code == 400
    assert answer.json["error"]["field"] == "page"  # type: ignore[index]
