"""Whoever has the link of a snapshot gets that snapshot, and nothing else of a real server."""

import http.client
import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.conftest import serve

pytestmark = pytest.mark.server

TOKEN = "server-token"


class Server:
    """Speaks HTTP as an attacker does: paths are sent as they are."""

    def __init__(self, base: str) -> None:
        self._host = base.removeprefix("http://")

    def ask(
        self, path: str, method: str = "GET", body: object = None, **headers: str
    ) -> tuple[int, bytes, dict[str, str]]:
        connection = http.client.HTTPConnection(self._host, timeout=30)
        sent = None if body is None else json.dumps(body)
        connection.request(method, path, sent, {"Content-Type": "application/json", **headers})
        answer = connection.getresponse()
        found = answer.status, answer.read(), dict(answer.getheaders())
        connection.close()
        return found

    def own(self, path: str, method: str = "GET", body: object = None) -> Any:
        status, answer, _ = self.ask(path, method, body, Authorization=f"Bearer {TOKEN}")
        assert status < 300, answer
        return json.loads(answer or b"null")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    for base in serve(tmp_path_factory.mktemp("attacked"), ISOTHERM_TOKEN=TOKEN):
        yield Server(base)


@pytest.fixture(scope="module")
def cart(server: Server) -> tuple[str, str]:
    """Return the path and the id of a snapshot that nobody may change."""
    return shared(server, "/cart")


def shared(server: Server, page: str, **how: object) -> tuple[str, str]:
    """Return the path of a new snapshot and its id."""
    given = {"name": page, "application": "shop", "page": page, "address": f"app=shop&page={page}"}
    heatmap = server.own("/api/v1/heatmaps", "POST", given)["heatmap"]
    made = server.own(f"/api/v1/heatmaps/{heatmap['id']}/share", "POST", how)
    return f"/{made['url']}", made["share"]["id"]


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/status",
        "/api/v1/heatmaps",
        "/api/v1/shares",
        "/api/v1/applications",
        "/api/v1/backgrounds?application=shop&page=/cart",
        "/metrics",
        "{snapshot}/../../api/v1/status",
        "{snapshot}/%2e%2e/%2e%2e/api/v1/heatmaps",
        "{snapshot}/..%2f..%2fapi%2fv1%2fheatmaps",
        "/s/../api/v1/status",
        "/s/%2e%2e/api/v1/status",
        "/s//api/v1/status",
        "//api/v1/status",
        "/s/x/../../api/v1/shares",
        "{snapshot}/heatmaps",
        "{snapshot}/data/../../shares",
        "{snapshot}/tiles/-1",
        "{snapshot}/tiles/../data/../../../etc/passwd",
        "/assets/../../../../etc/passwd",
        "/assets/%2e%2e/%2e%2e/%2e%2e/pyproject.toml",
        "/..%2f..%2fsaved.sqlite",
    ],
)
def test_the_link_opens_no_other_path(server: Server, cart: tuple[str, str], path: str) -> None:
    snapshot, _ = cart
    status, answer, _ = server.ask(path.format(snapshot=snapshot))
    assert status in {301, 308, 400, 401, 404, 405}, answer
    for secret in (
        b'"heatmaps"',
        b'"shares"',
        b'"spool"',
        b"root:",
        b"SQLite format",
        b"[project]",
    ):
        assert secret not in answer


@pytest.mark.parametrize("method", ["POST", "DELETE", "PUT"])
def test_the_link_changes_nothing(server: Server, cart: tuple[str, str], method: str) -> None:
    snapshot, share_id = cart
    for path in (f"/api/v1/shares/{share_id}", snapshot, f"{snapshot}/tiles/0"):
        status, _, _ = server.ask(path, method, {})
        assert status in {401, 404, 405}
    assert server.ask(f"{snapshot}/data")[0] == 200


def test_one_snapshot_says_nothing_of_another(server: Server, cart: tuple[str, str]) -> None:
    secret, secret_id = shared(server, "/secret", password="abcd1234")
    seen = server.ask(f"{cart[0]}/data")[1].decode()
    for other in ("/secret", secret.removeprefix("/s/"), secret_id, TOKEN):
        assert other not in seen
    right = {"X-Isotherm-Password": "abcd1234"}
    assert server.ask(f"{secret}/data", **right)[0] == 200
    assert server.ask(f"/s/{secret_id}/data", **right)[0] == 404  # the id of the list opens nothing


@pytest.mark.parametrize("change", [str.upper, str.lower, lambda token: token[:-1], "{}%00".format])
def test_almost_the_right_address_is_the_wrong_one(
    server: Server, cart: tuple[str, str], change: Any
) -> None:
    snapshot, _ = cart
    token = snapshot.removeprefix("/s/")
    assert len(token) >= 32
    if change(token) != token:
        assert server.ask(f"/s/{change(token)}/data")[0] == 404


def test_a_revoked_link_and_one_that_never_was_look_the_same(server: Server) -> None:
    snapshot, share_id = shared(server, "/cart")
    server.own(f"/api/v1/shares/{share_id}", "DELETE")
    gone, never = server.ask(f"{snapshot}/data"), server.ask("/s/never-was/data")
    assert gone[:2] == never[:2]
    assert gone[0] == 404


def test_a_password_is_not_taken_from_the_address(server: Server) -> None:
    snapshot, _ = shared(server, "/cart", password="abcd1234")
    assert server.ask(f"{snapshot}/data?password=abcd1234")[0] == 401


def test_the_pages_of_a_snapshot_stay_out_of_frames_indexes_and_referrers(
    server: Server, cart: tuple[str, str]
) -> None:
    snapshot, _ = cart
    for path in (snapshot, f"{snapshot}/data"):
        status, _, headers = server.ask(path)
        assert status == 200
        assert headers["Referrer-Policy"] == "no-referrer"
        assert "noindex" in headers["X-Robots-Tag"]
    policy = server.ask(snapshot)[2]["Content-Security-Policy"]
    for part in ("default-src 'self'", "frame-ancestors *;", "object-src 'none'"):
        assert part in policy
    assert "unsafe-eval" not in policy
