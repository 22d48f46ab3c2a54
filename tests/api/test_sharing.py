"""Saved heatmaps and shared snapshots over HTTP: what was frozen stays, whatever happens later."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from msgspec import structs

from isotherm.api.openapi import document
from isotherm.api.routes import api_blueprint
from isotherm.api.services import Services
from isotherm.api.sharing.address import read_address, span_of
from isotherm.api.sharing.limiter import WINDOW_S, WRONG_MAX, HeldAttempts, PasswordLimiter
from isotherm.model.errors import Code, IsothermError
from tests.api.conftest import PAY, body
from tests.scenario import HOUR, NOON, click

RANGE = f"from={NOON}&to={NOON + 12 * HOUR}"
ADDRESS = f"app=shop&page=%2Fcart&{RANGE}"
CART = {"name": "Cart", "application": "shop", "page": "/cart", "address": ADDRESS}


def saved(http: FlaskClient, **more: Any) -> dict[str, Any]:
    answer = http.post("/api/v1/heatmaps", json={**CART, **more})
    assert answer.status_code == 201, answer.text
    heatmap: dict[str, Any] = answer.json["heatmap"]
    return heatmap


def shared(http: FlaskClient, heatmap: dict[str, Any], **how: Any) -> dict[str, Any]:
    answer = http.post(f"/api/v1/heatmaps/{heatmap['id']}/share", json=how)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json
    return made


def listed(http: FlaskClient) -> list[str]:
    return [one["id"] for one in http.get("/api/v1/heatmaps").json["heatmaps"]]


@pytest.fixture(scope="module")
def frozen(app: Flask) -> str:
    """Return the address of a snapshot that nobody changes."""
    http = app.test_client()
    address: str = shared(http, saved(http))["url"]
    return address


def serving(served: Services, **options: Any) -> FlaskClient:
    """Return a client of the same server under other options."""
    other = structs.replace(served, options=structs.replace(served.options, **options))
    made = Flask("isotherm-test", static_folder=None)
    made.register_blueprint(api_blueprint(other))
    return made.test_client()


def test_a_heatmap_is_saved_with_its_filters_and_author(http: FlaskClient) -> None:
    made = saved(http, address=ADDRESS + "&filter=env%7C%3D%7Cprod", author="ana")
    again = http.get(f"/api/v1/heatmaps/{made['id']}").json["heatmap"]
    assert again == made
    assert again["author"] == "ana"
    assert read_address(again["address"]).scope["filters"] == [
        {"key": "env", "operator": "=", "value": "prod"}
    ]


@pytest.mark.thorough
def test_grafana_says_who_saves_and_is_believed_only_with_the_token(
    http: FlaskClient, served: Services
) -> None:
    said = {**CART, "author": "someone else"}
    user = {"X-Grafana-User": "ana"}
    guarded = serving(served, tokens={"admin": "secret"})
    bearer = {"Authorization": "Bearer secret"}
    assert guarded.post("/api/v1/heatmaps", json=said, headers=user).status_code == 401
    made = guarded.post("/api/v1/heatmaps", json=said, headers={**user, **bearer}).json["heatmap"]
    assert made["author"] == "ana"
    shares = f"/api/v1/heatmaps/{made['id']}/share"
    share = guarded.post(shares, json={"author": "x"}, headers={**user, **bearer}).json["share"]
    assert share["author"] == "ana"
    open_to_all = http.post("/api/v1/heatmaps", json=said, headers=user).json["heatmap"]
    assert open_to_all["author"] == "someone else"


@pytest.mark.thorough
def test_a_snapshots_address_is_the_public_one_where_that_is_set(
    http: FlaskClient, served: Services
) -> None:
    assert re.fullmatch(r"s/[\w-]+", shared(http, saved(http))["url"])
    public = serving(served, public_url="https://heat.example.org/rum")
    url = shared(public, saved(public))["url"]
    assert re.fullmatch(r"https://heat\.example\.org/rum/s/[\w-]+", url)
    assert public.get("/api/v1/status").json["public_url"] == "https://heat.example.org/rum"


def test_a_deletion_can_be_undone(http: FlaskClient) -> None:
    heatmap = saved(http)
    assert http.delete(f"/api/v1/heatmaps/{heatmap['id']}").status_code == 204
    assert heatmap["id"] not in listed(http)
    assert http.post(f"/api/v1/heatmaps/{heatmap['id']}/restore").json["heatmap"] == heatmap
    assert heatmap["id"] in listed(http)


@pytest.mark.parametrize("change", [{"name": ""}, {"address": "app=shop"}, {"author": 7}])
def test_what_cannot_be_shown_again_is_not_saved(http: FlaskClient, change: Any) -> None:
    refused = http.post("/api/v1/heatmaps", json={**CART, **change})
    assert refused.status_code == 400
    assert next(iter(change)) in refused.text


def test_a_snapshot_holds_the_answers_of_its_moment(http: FlaskClient, served: Services) -> None:
    before = http.post("/api/v1/query", json=body("heat")).json["results"]["A"]["frames"][0]
    url = shared(http, saved(http))["url"]
    late = click(PAY, t=NOON + 3 * HOUR, session="late")
    served.engine.append([late])
    after = http.post("/api/v1/query", json=body("heat")).json["results"]["A"]["frames"][0]
    assert after["data"] != before["data"]
    frozen = http.get(f"/{url}/data").json
    key = f"heat|{NOON}/{NOON + 12 * HOUR}|all|"
    assert frozen["answers"][key][0]["data"] == before["data"]
    assert frozen["taken_ms"] == served.clock_ms()


def test_a_snapshot_has_a_copy_of_the_picture_and_says_no_address_of_the_api(
    http: FlaskClient, frozen: str
) -> None:
    answer = http.get(f"/{frozen}/data")
    tiles = re.findall(r'"url":"(tiles/\d+)"', answer.text)
    assert set(tiles) == {"tiles/0", "tiles/1"}
    strip = http.get(f"/{frozen}/tiles/1")
    assert strip.mimetype == "image/webp"
    assert strip.data == http.get("/api/v1/backgrounds/initial/tiles/1").data
    assert http.get(f"/{frozen}/tiles/2").status_code == 404
    assert "api/v1" not in answer.text
    assert "SELECT" not in answer.text


@pytest.mark.thorough
def test_a_locked_snapshot_has_one_range_and_a_free_one_more(http: FlaskClient) -> None:
    heatmap = saved(http)
    ranges = []
    for time_locked in (True, False):
        url = shared(http, heatmap, time_locked=time_locked)["url"]
        answers = http.get(f"/{url}/data").json["answers"]
        ranges.append({key.split("|")[1] for key in answers})
    assert ranges[0] == {f"{NOON}/{NOON + 12 * HOUR}"}
    assert ranges[1] == ranges[0] | {f"now-{span}/now" for span in ("24h", "7d", "30d", "90d")}


def test_details_of_the_actions_are_part_of_it(http: FlaskClient, frozen: str) -> None:
    answers = http.get(f"/{frozen}/data").json["answers"]
    place = f"{NOON}/{NOON + 12 * HOUR}|all|{PAY}"
    names = [field["name"] for field in answers[f"action|{place}"][0]["schema"]["fields"]]
    assert "clicks" in names
    assert f"timeseries|{place}" in answers
    assert not any(key.startswith("replays") for key in answers)


def test_a_password_opens_it_and_nothing_else(http: FlaskClient) -> None:
    url = shared(http, saved(http), password="pass1234")["url"]
    assert http.get(f"/{url}/data").status_code == 401
    assert http.get(f"/{url}/tiles/0").status_code == 401
    right = {"X-Isotherm-Password": "pass1234"}
    assert http.get(f"/{url}/data", headers=right).status_code == 200
    assert http.get(f"/{url}/tiles/0", headers=right).status_code == 200
    assert http.post(f"/{url}/data", json={"password": "pass1234"}).status_code == 200


@pytest.mark.thorough
def test_guessing_passwords_is_slowed_down(http: FlaskClient) -> None:
    url = shared(http, saved(http), password="pass1234")["url"]
    guesses = [
        http.get(f"/{url}/data", headers={"X-Isotherm-Password": f"wrong{n}"}).status_code
        for n in range(WRONG_MAX + 1)
    ]
    assert guesses == [401] * WRONG_MAX + [429]
    refused = http.get(f"/{url}/data", headers={"X-Isotherm-Password": "pass1234"})
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= WINDOW_S + 1


def test_the_pause_after_wrong_passwords_ends() -> None:
    now = [0.0]
    limiter = PasswordLimiter(HeldAttempts(lambda: now[0]))
    for _ in range(WRONG_MAX):
        limiter.end(limiter.begin("a", "same"), wrong=True)
    for _ in range(2 * WRONG_MAX):
        limiter.end(limiter.begin("b", "right"), wrong=False)
    with pytest.raises(IsothermError) as caught:
        limiter.begin("a", "same")
    assert caught.value.code is Code.TOO_OFTEN
    now[0] = WINDOW_S
    limiter.begin("a", "same")


@pytest.mark.thorough
def test_a_revoked_snapshot_is_gone(http: FlaskClient) -> None:
    made = shared(http, saved(http), validity="permanent")
    assert made["share"]["expires_ms"] is None
    share_id = made["share"]["id"]
    assert share_id in [one["id"] for one in http.get("/api/v1/shares").json["shares"]]
    assert http.delete(f"/api/v1/shares/{share_id}").status_code == 204
    assert http.get(f"/{made['url']}/data").status_code == 404
    assert http.get(f"/{made['url']}/tiles/0").status_code == 404


@pytest.mark.parametrize(
    "how", [{"validity": "2d"}, {"password": "abc"}, {"password": "with space"}]
)
def test_how_to_share_is_checked(http: FlaskClient, how: Any) -> None:
    heatmap = saved(http)
    refused = http.post(f"/api/v1/heatmaps/{heatmap['id']}/share", json=how)
    assert refused.status_code == 400
    assert refused.json["error"]["field"] == next(iter(how))


def test_a_snapshot_is_kept_out_of_caches_and_search_engines(
    http: FlaskClient, frozen: str
) -> None:
    answer = http.get(f"/{frozen}/data")
    assert "no-store" in answer.headers["Cache-Control"]
    assert "noindex" in answer.headers["X-Robots-Tag"]


def test_an_address_is_read_as_the_page_writes_it() -> None:
    read = read_address(
        "?app=shop&page=%2Fp%2F%3F&filter=city%7Cin%7CSan%2520Jos%25C3%25A9%7Ca%257Cb"
        "&width=768-&metric=users&signal=rage&from=now-2h&to=now&zoom=1.5"
    )
    assert read.page == "/p/?"
    assert read.scope["filters"] == [
        {"key": "city", "operator": "in", "values": ["San José", "a|b"]}
    ]
    assert read.scope["width"] == {"min": "768", "max": ""}
    assert read.scope["metric"] == "users"
    assert (read.signal, read.background) == ("rage", "auto")
    assert span_of(read.start, read.end, NOON) == (NOON - 2 * HOUR, NOON)


def test_the_api_document_names_the_routes() -> None:
    paths = document("1.0.0")["paths"]
    assert set(paths["/api/v1/heatmaps/{heatmap_id}"]) == {"get", "delete"}
    assert "/s/{token}/data" in paths


@pytest.mark.parametrize(
    ("start", "end", "between"),
    [
        ("now/d", "now/d", ("2026-11-21", "2026-11-22")),
        ("now-1d/d", "now-1d/d", ("2026-11-20", "2026-11-21")),
        ("now/w", "now/w", ("2026-11-16", "2026-11-23")),
        ("now/M", "now/M", ("2026-11-01", "2026-12-01")),
        ("now-1y/y", "now/d", ("2025-01-01", "2026-11-22")),
        ("now-90m/h", "now/h", ("2026-11-21T10:00", "2026-11-21T13:00")),
    ],
)
def test_whole_days_weeks_and_months_of_grafanas_time_picker(
    start: str, end: str, between: tuple[str, str]
) -> None:
    noon = datetime(2026, 11, 21, 12, 0, 1, tzinfo=UTC)
    begun, ended = (datetime.fromisoformat(one).replace(tzinfo=UTC) for one in between)
    found = span_of(start, end, int(noon.timestamp() * 1000))
    assert found == (begun.timestamp() * 1000, ended.timestamp() * 1000)
