"""Each route is answered to the roles that may call it, and to nobody else."""

import re
from base64 import b64encode
from pathlib import Path
from typing import get_args

import msgspec
import pytest
from flask import Flask
from flask.testing import FlaskClient

from isotherm.api.access import RANK
from isotherm.api.route_table import ROUTES
from isotherm.api.route_types import Role, Route
from isotherm.api.routes import api_blueprint
from isotherm.api.services import Services
from isotherm.storage.saved.audit import AuditLog

TOKENS: dict[Role, str] = {"read": "r-1", "write": "w-2", "admin": "a-3"}
ROUTES_GO = Path(__file__).parents[2] / "grafana-plugin/pkg/plugin/routes.go"
GRAFANA = {"viewer": "read", "editor": "write", "admin": "admin"}


@pytest.fixture(scope="module")
def guarded(served: Services) -> FlaskClient:
    options = msgspec.structs.replace(served.options, tokens=TOKENS, loopback=False)
    made = Flask("guarded", static_folder=None)
    made.register_blueprint(api_blueprint(msgspec.structs.replace(served, options=options)))
    return made.test_client()


def call(client: FlaskClient, route: Route, headers: dict[str, str]) -> int:
    """Call a route about things that are not there, so that nothing changes."""
    path = re.sub(r"{number}", "0", route.path)
    path = re.sub(r"{\w+}", "none", path)
    answer = client.open(path, method=route.method.upper(), headers=headers, data=b"?")
    return answer.status_code


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_a_route_is_for_its_role_and_those_above(guarded: FlaskClient, route: Route) -> None:
    assert route.role == "open" or route.role in RANK
    stranger = call(guarded, route, {})
    assert (stranger == 401) == (route.role != "open")
    for role in get_args(Role):
        status = call(guarded, route, {"Authorization": f"Bearer {TOKENS[role]}"})
        may = route.role == "open" or RANK[role] >= RANK[route.role]
        assert (status not in {401, 403}) == may, (role, status)
        if not may:
            assert status == 403


def test_a_foreign_page_cannot_use_a_browsers_token(guarded: FlaskClient) -> None:
    credentials = b64encode(f"me:{TOKENS['admin']}".encode()).decode()
    headers = {"Authorization": f"Basic {credentials}", "Sec-Fetch-Site": "cross-site"}
    for route in ROUTES:
        if route.role != "open" and route.method != "get":
            assert call(guarded, route, headers) == 401, route.path


def test_grafanas_roles_and_the_tokens_roles_are_the_same() -> None:
    """The plugin sends one token for all; what a Viewer may do must not depend on it."""
    rows = re.findall(r'{http\.Method(\w+), "([^"]+)", (\w+)}', ROUTES_GO.read_text())
    ours = {
        (route.method, re.sub(r"{\w+}", "*", route.path.removeprefix("/"))): route.role
        for route in ROUTES
    }
    assert len(rows) > 30
    for method, pattern, role in rows:
        assert ours[method.lower(), pattern] == GRAFANA[role], pattern


def test_an_unknown_address_is_no_way_around(guarded: FlaskClient) -> None:
    for path in ("/api/v1/none", "/api/v1//status", "/grafana/none", "/api/v1/status/"):
        assert guarded.get(path).status_code in {308, 401, 404}, path


@pytest.mark.thorough
def test_who_read_shared_and_deleted_is_noted(guarded: FlaskClient) -> None:
    admin = {"Authorization": f"Bearer {TOKENS['admin']}"}
    ana = {**admin, "X-Grafana-User": "ana"}
    assert guarded.get("/api/v1/replays/c?application=shop", headers=ana).status_code == 200
    assert guarded.get("/api/v1/replays/no?application=shop", headers=ana).status_code == 404
    new = {
        "name": "Cart", "application": "shop", "page": "/cart", "address": "?app=shop&page=/cart"
    }  # fmt: skip
    made = guarded.post("/api/v1/heatmaps", json=new, headers=ana).json["heatmap"]["id"]
    shared = guarded.post(f"/api/v1/heatmaps/{made}/share", json={}, headers=admin).json
    link = shared["url"]
    assert guarded.get(f"/{link}/data").status_code == 200
    assert guarded.delete(f"/api/v1/heatmaps/{made}", headers=ana).status_code == 204
    entries = guarded.get("/api/v1/audit", headers=admin).json["entries"][:4]
    assert [(one["who"], one["did"], one["what"]) for one in reversed(entries)] == [
        ("ana (admin token)", "read a recording", "session c, application shop"),
        ("holder of the admin token", "shared a saved heatmap", f"heatmap_id {made}"),
        ("whoever has the link", "read a shared snapshot", f"share {shared['share']['id']}"),
        ("ana (admin token)", "deleted a saved heatmap", f"heatmap_id {made}"),
    ]
    assert link.rpartition("/")[2] not in str(entries)
    assert guarded.get("/api/v1/audit", headers=admin).json["entries"][0]["did"] == (
        "read the audit log"
    )


@pytest.mark.thorough
def test_whoever_opens_a_link_pushes_nothing_out_of_the_log(guarded: FlaskClient) -> None:
    admin = {"Authorization": f"Bearer {TOKENS['admin']}"}
    new = {
        "name": "Cart", "application": "shop", "page": "/cart", "address": "?app=shop&page=/cart"
    }  # fmt: skip
    made = guarded.post("/api/v1/heatmaps", json=new, headers=admin).json["heatmap"]["id"]
    link = guarded.post(f"/api/v1/heatmaps/{made}/share", json={}, headers=admin).json["url"]
    for number in range(3):
        assert guarded.get(f"/{link}/data?application={number}").status_code == 200
    entries = guarded.get("/api/v1/audit", headers=admin).json["entries"]
    assert [one["did"] for one in entries[:2]] == [
        "read a shared snapshot", "shared a saved heatmap",
    ]  # fmt: skip
    earlier = f"/api/v1/audit?before={entries[0]['number']}"
    assert guarded.get(earlier, headers=admin).json["entries"] == entries[1:]
    assert guarded.get("/api/v1/audit?before=x", headers=admin).status_code == 400


def test_a_fault_of_the_log_spoils_no_answer(
    guarded: FlaskClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def away(*_: object, **__: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(AuditLog, "note", away)
    admin = {"Authorization": f"Bearer {TOKENS['admin']}"}
    assert guarded.get("/api/v1/audit", headers=admin).status_code == 200
    assert "the disk is full" in caplog.text
