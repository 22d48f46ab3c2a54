"""A whole Isotherm among strangers: headers, logs, and a person who wants to be erased."""

import json
import logging
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from flask.testing import FlaskClient

from isotherm.app.settings import Settings
from isotherm.app.web import app_of
from isotherm.app.wiring import Components
from isotherm.model.background import Background, State, Tile
from isotherm.pipeline.erasure import Erased, _entry, erase_user
from tests.intake.test_hostile import line

pytestmark = pytest.mark.server

SECRET = "k9-Secret-77xyz"
NOW = 1_795_364_509_169


class Whole:
    """A running one."""

    def __init__(self, folder: Path, **settings: Any) -> None:
        values = {"data": str(folder), "capture": False, "quiet_period_s": 0.05, **settings}
        self.components = Components(Settings(values)).start()
        self.http: FlaskClient = app_of(self.components).test_client()

    def send(self, user: str, session: str, **changes: Any) -> None:
        changes |= {"usr": {"id": user, "name": user.title()}, "session": {"id": session}}
        changes |= {"view": {"id": f"v-{session}", "url": "http://shop.test/cart"}}
        changes |= {"action": {"id": f"a-{session}", "type": "click", "target": {"name": "Buy"}}}
        assert self.http.post("/intake/datadog", data=line(**changes)).status_code == 202


@pytest.fixture
def whole(tmp_path: Path) -> Iterator[Whole]:
    made = Whole(tmp_path, grafana_url="https://me:pw@grafana.test/sub/")
    yield made
    made.components.close()


def picture(name: str, session: str) -> Background:
    return Background(
        id=name, application="shop", page="/cart", state=State("found"), origin="replay",
        created_ms=1, seen_ms=1, viewport_w=100, viewport_h=100, width=100, height=10,
        tiles=(Tile(0, 10, f"{name}/0.webp"),), session_id=session,
    )  # fmt: skip


def snapshot(whole: Whole, address: str) -> str:
    new = {"name": "x", "application": "shop", "page": "/cart", "address": address}
    made = whole.http.post("/api/v1/heatmaps", json=new).json["heatmap"]["id"]
    shared = whole.http.post(f"/api/v1/heatmaps/{made}/share", json={})
    assert shared.status_code == 201, shared.data
    return str(shared.json["url"])


@pytest.mark.parametrize("hashed", [False, True])
def test_of_an_erased_person_nothing_is_left_and_others_stay(tmp_path: Path, hashed: bool) -> None:
    whole = Whole(tmp_path, hash_users=hashed)
    of = whole.components
    whole.send("ann", "sess-ann")
    whole.send("bob", "sess-bob")
    assert of.worker.flush()
    of.backgrounds.add(picture("of-ann", "sess-ann"), [b"webp"])
    of.backgrounds.add(picture("of-bob", "sess-bob"), [b"webp"])
    span = f"from={NOW - 1000}&to={NOW + 1000}"
    links = {
        name: snapshot(whole, f"?app=shop&page=/cart&{span}&background={name}")
        for name in ("of-ann", "of-bob")
    }
    found = erase_user(of, "ann")
    assert (found.sessions, found.pictures, found.snapshots) == (1, 1, 1)
    assert [one.id for one in of.backgrounds.of_page("shop", "/cart")] == ["of-bob"]
    assert whole.http.get(f"/{links['of-ann']}/data").status_code == 404
    assert whole.http.get(f"/{links['of-bob']}/data").status_code == 200
    [noted] = [one for one in of.audit.all() if one.did == "erased a user"]
    assert "ann" not in noted.what
    assert "1 pictures" in noted.what
    of.close()
    traces = (b"sess-ann", b"of-ann/0.webp", b"Ann")  # a saved heatmap may still ask for "of-ann"
    for file in tmp_path.rglob("*"):
        if file.is_file() and file.suffix != ".duckdb":
            assert not any(trace in file.read_bytes() for trace in traces), file
    again = Whole(tmp_path, hash_users=hashed)
    terms = set(again.components.engine.terms("user").values()) | set(
        again.components.engine.terms("session").values()
    )
    assert "sess-bob" in terms
    assert not {"ann", "sess-ann", of.steps.options.privacy.user("ann")} & terms
    again.components.close()


def test_an_erasure_that_was_interrupted_is_finished(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = Whole(tmp_path)
    of = whole.components
    whole.send("ann", "sess-ann")
    assert of.worker.flush()
    of.backgrounds.add(picture("of-ann", "sess-ann"), [b"webp"])
    span = f"from={NOW - 1000}&to={NOW + 1000}"
    snapshot(whole, f"?app=shop&page=/cart&{span}&background=of-ann")

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    for part, step in (
        (of.replays, "delete"), (of.quarantine, "erase"), (of.shares, "revoke_naming"),
        (of.backgrounds, "delete"), (of.engine, "erase"),
    ):  # fmt: skip
        with monkeypatch.context() as patch:
            patch.setattr(part, step, interrupted)
            with pytest.raises(KeyboardInterrupt):
                erase_user(of, "ann")
        assert of.engine.sessions_of_user("shop", "ann") == ["sess-ann"], step
    assert erase_user(of, "ann").sessions == 1
    assert of.engine.sessions_of_user("shop", "ann") == of.shares.all(NOW) == []
    assert of.backgrounds.of_page("shop", "/cart") == []
    of.close()


def test_a_user_without_a_name_is_noted_by_number(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(os, "getuid", lambda: 54_321)
    assert _entry(Erased(0, 0), "").who.startswith("user 54321 on ")


def test_every_answer_says_that_it_is_inert(whole: Whole) -> None:
    for path in (
        "/", "/health", "/api/v1/status", "/metrics", "/api/v1/none", "/s/none/data",
        "/intake/isotherm.js", "/grafana/", "/none.html",
    ):  # fmt: skip
        answer = whole.http.get(path)
        assert answer.headers["X-Content-Type-Options"] == "nosniff", path
        policy = answer.headers["Content-Security-Policy"]
        assert "frame-ancestors" in policy, path
        assert answer.headers["Referrer-Policy"] in {"no-referrer", "same-origin"}, path
    page, shared = (whole.http.get(path) for path in ("/", "/s/x"))
    if page.status_code == 200:  # it is built
        policies = [one.headers["Content-Security-Policy"] for one in (page, shared)]
        assert "frame-ancestors 'self' https://grafana.test;" in policies[0]
        assert "frame-ancestors *;" in policies[1]


def test_no_secret_is_in_a_log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    names = ("token", "write_token", "read_token", "user_key", "grafana_token")
    secrets = {name: f"{SECRET}-{name}" for name in names}
    whole = Whole(tmp_path, intake_tokens=[f"shop={SECRET}"], hash_users=True, **secrets)
    try:
        http = whole.http
        for given in (SECRET, f"{SECRET}-wrong"):
            for body in (line(), b"{", b"\xff"):
                http.post(f"/intake/datadog?token={given}", data=body)
                http.post("/intake/datadog", data=body, headers={"x-api-key": given})
        for token in (*secrets.values(), f"{SECRET}-wrong"):
            headers = {"Authorization": f"Bearer {token}"}
            for path in ("status", "audit", "replays/x?application=shop", "none"):
                answer = http.get(f"/api/v1/{path}", headers=headers)
                assert SECRET.encode() not in answer.data
        assert whole.components.worker.flush()
    finally:
        whole.components.close()
    assert SECRET not in caplog.text
    assert SECRET not in json.dumps(msgspec.to_builtins(whole.components.worker.state()))
    for file in tmp_path.rglob("*"):
        assert not file.is_file() or SECRET.encode() not in file.read_bytes(), file
