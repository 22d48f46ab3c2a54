"""`isotherm demo --serve` shows its page at once; the demo comes in while it is looked at."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from isotherm.app.cli.demo import empty
from isotherm.app.demo.loading import SAMPLED
from isotherm.app.demo.traffic import APPLICATION
from tests.conftest import environment, free_port, wait_until_alive

pytestmark = pytest.mark.server

TRIES = 600


def start(data: Path, port: int) -> list[str]:
    command = [sys.executable, "-m", "isotherm", "demo", "--serve", "--generated", "30"]
    return [*command, "--data", str(data), "--port", str(port)]


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[str]:
    """Yield the address of a demo that has just started to answer."""
    port, log = free_port(), tmp_path / "demo.log"
    command = start(tmp_path / "data", port)
    with log.open("wb") as out:
        server = subprocess.Popen(command, env=environment(), stdout=out, stderr=out)
        try:
            wait_until_alive(f"http://127.0.0.1:{port}", server, log)
            yield f"http://127.0.0.1:{port}/api/v1/"
        finally:
            os.kill(server.pid, signal.SIGTERM)
            server.wait(60)


def ask(api: str, question: str, **more: object) -> dict[str, Any]:
    """Ask one question about all times, and return its result."""
    query = {"refId": "A", "question": question, **more}
    body = {"range": {"from": 0, "to": 4_000_000_000_000}, "queries": [query]}
    found: dict[str, Any] = requests.post(f"{api}query", json=body, timeout=30).json()
    result: dict[str, Any] = found["results"]["A"]
    return result


def until(found: Callable[[], bool]) -> None:
    """Return when something is so; fail when it is not within minutes."""
    for _ in range(TRIES):
        if found():
            return
        threading.Event().wait(0.5)
    pytest.fail("It has not come about")


def stage(api: str) -> str:
    name: str = requests.get(f"{api}status", timeout=30).json()["demo"]["stage"]
    return name


def backgrounds(api: str, application: str) -> list[dict[str, Any]]:
    scope: dict[str, str | int] = {"application": application, "page": "/", "from": 0}
    scope["to"] = 4_000_000_000_000
    answer = requests.get(f"{api}backgrounds", params=scope, timeout=30)
    found: list[dict[str, Any]] = answer.json()["backgrounds"]
    return found


def test_a_fresh_demo_answers_at_once_and_has_its_heat_soon(demo: str) -> None:
    page = requests.get(demo.removesuffix("api/v1/"), timeout=30)
    assert (page.status_code, page.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    until(lambda: stage(demo) != "sessions")
    for application in (SAMPLED, APPLICATION):
        heat = ask(demo, "heat", application=application, page="/")
        assert heat["frames"][0]["schema"]["meta"]["custom"]["isotherm"]["clicks"] > 0


def test_the_generated_shop_gets_the_pictures_of_the_recorded_one(demo: str) -> None:
    until(lambda: stage(demo) == "done")
    own, shared = backgrounds(demo, SAMPLED), backgrounds(demo, APPLICATION)
    assert "found" in {one["state"]["kind"] for one in shared}
    assert {one["id"].removesuffix("-generated") for one in shared} <= {one["id"] for one in own}


def test_what_was_loaded_is_in_the_history_of_the_server(demo: str) -> None:
    def rates() -> dict[str, float]:
        frames = ask(demo, "operations", measure="received")["frames"]
        return {
            frame["schema"]["fields"][1]["labels"]["sender"]: max(frame["data"]["values"][1])
            for frame in frames
        }

    until(lambda: rates().keys() >= {"datadog", "guance", "faro", "rrweb", "events"})
    assert min(rates().values()) > 0


@pytest.mark.usefixtures("demo")
def test_a_second_demo_on_the_same_data_ends_and_says_why(tmp_path: Path) -> None:
    second = subprocess.run(
        start(tmp_path / "data", free_port()),
        env=environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert second.returncode != 0
    assert "belongs to another process" in second.stderr
    assert "Traceback" not in second.stderr


def test_a_fresh_start_empties_the_folder_and_leaves_it_where_it_is(tmp_path: Path) -> None:
    """In a container the data folder is a volume: it cannot be taken away."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    data = tmp_path / "data"
    (data / "spool").mkdir(parents=True)
    (data / "spool" / "one").write_text("1")
    (data / "store.duckdb").write_text("2")
    (data / "link").symlink_to(elsewhere)
    (data / "demo.json").write_text("{}")
    place = data.stat().st_ino
    empty(data)
    assert (data.stat().st_ino, list(data.iterdir())) == (place, [])
    assert elsewhere.is_dir()
