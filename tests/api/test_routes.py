"""The other routes: selectors, pictures, replays, state, access."""

import io
from base64 import b64encode
from contextlib import closing
from typing import Any

import msgspec
import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from isotherm.api.routes import api_blueprint
from isotherm.api.services import Services
from isotherm.storage.duckdb.engine import DuckDBEngine
from tests.api.conftest import body
from tests.scenario import HOUR, NOON, strip, visit

SPAN = f"from={NOON}&to={NOON + 12 * HOUR}"
SHOP = f"application=shop&{SPAN}"


def get(http: FlaskClient, path: str) -> dict[str, Any]:
    response = http.get(f"/api/v1/{path}")
    assert response.status_code == 200, response.data
    assert isinstance(response.json, dict)
    return response.json


def test_applications(http: FlaskClient) -> None:
    assert get(http, f"applications?{SPAN}")["applications"] == [
        {
            "application": "shop",
            "name": "shop",
            "views": 4,
            "clicks": 9,
            "last_ms": NOON + 2 * HOUR + 3000,
        }
    ]
    assert get(http, f"applications?from=1&to={NOON}") == {"applications": [], "total": 0}


def test_many_applications_are_told_in_part_and_searched(served: Services) -> None:
    with closing(DuckDBEngine()) as engine:
        names = ["Loja Ção", *(f"tenant {n}" for n in range(1_203))]
        visits = [(visit("/", session=name), name) for name in names]
        engine.append([msgspec.structs.replace(one, application=name) for one, name in visits])
        made = Flask("crowded", static_folder=None)
        made.register_blueprint(api_blueprint(msgspec.structs.replace(served, engine=engine)))
        crowded = made.test_client()

        def told(query: str) -> tuple[int, int]:
            answer = get(crowded, f"applications?{SPAN}&{query}")
            return len(answer["applications"]), answer["total"]

        assert told("") == (1_000, 1_204)
        assert told("limit=10000") == (1_204, 1_204)
        assert told("search=TENANT 12&limit=5") == (5, 14)
        assert told("search=loja ção") == (1, 1)
        assert told("search=nobody") == (0, 0)
        assert crowded.get("/api/v1/applications?limit=0").status_code == 400


def test_pages(http: FlaskClient) -> None:
    pages = get(http, f"pages?{SHOP}")["pages"]
    assert [(page["rank"], page["page"], page["background"]) for page in pages] == [
        (1, "/cart", "initial"),
        (2, "/done", None),
    ]
    assert [page["page"] for page in get(http, f"pages?{SHOP}&search=DON")["pages"]] == ["/done"]
    assert len(get(http, f"pages?{SHOP}&limit=1")["pages"]) == 1


def test_facets_and_their_values(http: FlaskClient) -> None:
    facets = {facet["key"]: facet["custom"] for facet in get(http, f"facets?{SHOP}")["facets"]}
    assert (facets["browser"], facets["plan"]) == (False, True)
    values = get(http, f"facets/browser/values?{SHOP}")["values"]
    assert values == [{"value": "Chrome", "count": 3}, {"value": "Safari", "count": 1}]
    assert get(http, f"facets/plan/values?{SHOP}&page=/cart")["values"] == [
        {"value": "gold", "count": 1}
    ]
    filtered = f'{SHOP}&filters=[{{"key":"device","operator":"=","value":"mobile"}}]'
    assert get(http, f"facets/browser/values?{filtered}")["values"] == [
        {"value": "Safari", "count": 1}
    ]
    own = f'{SHOP}&filters=[{{"key":"browser","operator":"=","value":"Safari"}}]'
    assert len(get(http, f"facets/browser/values?{own}")["values"]) == 2


def test_elements(http: FlaskClient) -> None:
    elements = get(http, f"elements?{SHOP}&page=/cart")["elements"]
    assert elements[0] == {"element": "#pay", "count": 3}


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("pages", "application"),
        ("facets", "application"),
        (f"pages?{SHOP}&limit=0", "limit"),
        (f"pages?{SHOP}&limit=many", "limit"),
        ("pages?application=shop&from=then", "range.from"),
        (f"backgrounds?{SHOP}", "page"),
        ("replays/s1", "application"),
    ],
)
def test_a_wrong_parameter_is_named(http: FlaskClient, path: str, field: str) -> None:
    response = http.get(f"/api/v1/{path}")
    assert response.status_code == 400
    assert response.json["error"]["field"] == field


def test_backgrounds_of_a_page_and_the_one_that_is_taken(http: FlaskClient) -> None:
    listed = get(http, f"backgrounds?{SHOP}&page=/cart")
    assert [one["id"] for one in listed["backgrounds"]] == ["initial", "menu-open"]
    assert listed["automatic"] == "menu-open"
    assert listed["backgrounds"][1]["coverage"] == pytest.approx(7 / 9)  # one names no element


def test_a_background_with_its_boxes(http: FlaskClient) -> None:
    found = get(http, "backgrounds/initial")
    assert found["picture"] == "api/v1/backgrounds/initial/picture"
    assert found["boxes"]["#menu"]["visible"] is False
    assert found["boxes"] == get(http, "backgrounds/initial/boxes")["boxes"]


def test_pictures_are_whole_and_kept_by_the_browser(http: FlaskClient) -> None:
    response = http.get("/api/v1/backgrounds/initial/picture")
    assert Image.open(io.BytesIO(response.data)).size == (1440, 2000)
    assert response.mimetype == "image/webp"
    assert "immutable" in response.headers["Cache-Control"]
    etag = response.headers["ETag"]
    again = http.get("/api/v1/backgrounds/initial/picture", headers={"If-None-Match": etag})
    assert (again.status_code, again.data) == (304, b"")
    tile = http.get("/api/v1/backgrounds/initial/tiles/1")
    assert Image.open(io.BytesIO(tile.data)).size == (1440, 500)


@pytest.mark.parametrize(
    "path",
    [
        "backgrounds/none", "backgrounds/none/picture", "backgrounds/none/boxes",
        "backgrounds/initial/tiles/2", "backgrounds/none/tiles/0", "jobs/none",
        "replays/none?application=shop", "nothing",
    ],
)  # fmt: skip
def test_what_is_not_there_is_a_404_in_json(http: FlaskClient, path: str) -> None:
    response = http.get(f"/api/v1/{path}")
    assert response.status_code == 404
    assert response.json["error"]["code"] == "not_found"


def test_an_upload_can_be_pinned_and_removed(http: FlaskClient) -> None:
    form = {
        "application": "shop",
        "page": "/help",
        "viewport_w": "300",
        "boxes": '{"#a": {"left": 1, "top": 2, "width": 3, "height": 4}}',
        "picture": (io.BytesIO(strip(300, 200)), "page.webp"),
    }
    made = http.post("/api/v1/backgrounds/upload", data=form)
    assert made.status_code == 201, made.data
    name = made.json["background"]["id"]
    assert get(http, f"backgrounds/{name}/boxes")["boxes"]["#a"]["width"] == 3
    pinned = http.post(f"/api/v1/backgrounds/{name}/pin", json={})
    assert pinned.json["background"]["pinned"] is True
    assert http.delete(f"/api/v1/backgrounds/{name}").status_code == 204
    assert http.delete(f"/api/v1/backgrounds/{name}").status_code == 404


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"picture": None}, 400),
        ({"picture": b"no picture"}, 415),
        ({"application": ""}, 400),
        ({"viewport_w": "wide"}, 400),
        ({"viewport_w": "0"}, 400),
        ({"boxes": "{"}, 400),
    ],
)
def test_a_bad_upload_says_why(http: FlaskClient, change: dict, status: int) -> None:
    form: dict[str, Any] = {
        "application": "shop",
        "page": "/help",
        "viewport_w": "300",
        "picture": strip(9, 9),
    }
    form |= change
    if form["picture"] is None:
        del form["picture"]
    else:
        form["picture"] = (io.BytesIO(form["picture"]), "page.webp")
    response = http.post("/api/v1/backgrounds/upload", data=form)
    assert response.status_code == status, response.data


def test_a_replay_comes_with_its_records(http: FlaskClient) -> None:
    for path in ("replays/c", "replays/c/c%2Fcart"):
        found = get(http, f"{path}?application=shop")
        assert found["segments"][0]["format"] == "rrweb"
        assert found["segments"][0]["body"] == [1]


def test_state(http: FlaskClient) -> None:
    status = get(http, "status")
    assert status["version"] == "1.0.0"
    assert status["spool"] == {"pending": 0, "dead": 0}
    assert (status["intake"]["received"], status["intake"]["accepted"]) == (14, 13)
    assert status["intake"]["dropped"] == {"duplicate": 1}
    assert http.get("/health").json == {"status": "ok", "version": "1.0.0"}
    metrics = http.get("/metrics").text
    assert 'isotherm_intake_received_total{sender="native"} 14.0' in metrics
    assert "isotherm_answer_seconds_bucket" in metrics


class TestToken:
    @pytest.fixture
    def guarded(self, served: Services) -> FlaskClient:
        options = msgspec.structs.replace(
            served.options, tokens={"admin": "s3cret"}, loopback=False
        )
        made = Flask("guarded", static_folder=None)
        made.register_blueprint(api_blueprint(msgspec.structs.replace(served, options=options)))
        return made.test_client()

    @pytest.mark.parametrize(
        "header", [None, "Bearer", "Bearer wrong", "Basic s3cret", "s3cret", "Bearer s3cretx"]
    )
    def test_without_the_token_nothing_is_answered(
        self, guarded: FlaskClient, header: str | None
    ) -> None:
        headers = {"Authorization": header} if header else {}
        for path in ("/api/v1/status", "/grafana/", "/metrics", "/api/v1/backgrounds/initial"):
            response = guarded.get(path, headers=headers)
            assert response.status_code == 401, path
            assert response.json["error"]["code"] == "unauthorised"
        assert guarded.post("/api/v1/query", json=body("heat"), headers=headers).status_code == 401
        assert guarded.get("/health").status_code == 200

    def test_with_it_all_is(self, guarded: FlaskClient) -> None:
        headers = {"Authorization": "Bearer s3cret"}
        assert guarded.get("/api/v1/status", headers=headers).status_code == 200
        assert guarded.post("/grafana/search", json={}, headers=headers).status_code == 200

    def test_a_browser_may_send_it_as_a_password(self, guarded: FlaskClient) -> None:
        credentials = b64encode(b"anyone:s3cret").decode()
        headers = {"Authorization": f"Basic {credentials}"}
        asked, path = body("heat"), "/api/v1/query"
        assert guarded.get("/api/v1/status", headers=headers).status_code == 200
        own = headers | {"Sec-Fetch-Site": "same-origin"}
        assert guarded.post(path, json=asked, headers=own).status_code == 200
        for site in ("cross-site", "same-site", "none"):
            foreign = headers | {"Sec-Fetch-Site": site}
            assert guarded.post(path, json=asked, headers=foreign).status_code == 401, site

    def test_beyond_loopback_a_token_must_be_set(self, served: Services) -> None:
        options = msgspec.structs.replace(served.options, loopback=False)
        made = Flask("open", static_folder=None)
        made.register_blueprint(api_blueprint(msgspec.structs.replace(served, options=options)))
        assert made.test_client().get("/api/v1/status").status_code == 401


def test_a_body_that_is_too_large_is_refused(http: FlaskClient) -> None:
    response = http.post("/api/v1/query", data=b" " * (5 << 20))
    assert response.status_code == 413
    assert response.json["error"]["code"] == "too_large"
