"""`isotherm dead`: events and recordings that failed, listed and tried again."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from werkzeug.serving import make_server

from isotherm.app.cli import group
from isotherm.app.settings import Settings
from isotherm.app.stores import open_spool
from isotherm.app.web import app_of
from isotherm.app.wiring import Components
from isotherm.model import Action
from isotherm.pipeline.quarantine import Quarantine
from isotherm.storage.ports import Recording
from isotherm.storage.saved.db import open_database
from tests.conftest import free_port

CLICK = Action(
    event_id="a",
    time_ms=1_790_000_000_000,
    page="/",
    application="shop",
    session_id="s",
    view_id="v",
)
RECORDING = Recording("shop", "broken\x1b[2J", None)


@pytest.fixture
def flags(tmp_path: Path) -> list[str]:
    """Return the flags of a data folder with one event and one recording that failed."""
    spool = open_spool(Settings({"data": str(tmp_path)}))
    spool.add_dead_letter(CLICK, "no row can hold it")
    spool.close()
    quarantine_of(tmp_path).add(RECORDING, "reading", "It is too long.", events=7)
    return ["--data", str(tmp_path), "--port", str(free_port())]


def quarantine_of(folder: Path) -> Quarantine:
    return Quarantine(open_database("", folder))


def run(*arguments: str) -> Any:
    return CliRunner().invoke(group, ["dead", *arguments], env={"COLUMNS": "80"})


def test_both_are_listed_with_their_reasons(flags: list[str]) -> None:
    answer = run("list", "--json", *flags[:2])
    letter, recording = map(json.loads, answer.output.splitlines())
    assert (letter["reason"], letter["event"]["event_id"]) == ("no row can hold it", "a")
    assert (recording["session"], recording["events"]) == (RECORDING.session_id, 7)
    told = run("list", *flags[:2]).output
    assert "It is too long." in told
    assert recording["id"] in told
    assert "broken\N{REPLACEMENT CHARACTER}[2J" in told, "no terminal obeys a session's id"


def test_without_a_server_they_wait_for_its_start(flags: list[str], tmp_path: Path) -> None:
    answer = run("retry", *flags)
    assert "1 recordings and 1 events are tried again when the server starts." in answer.output
    assert quarantine_of(tmp_path).all() == []
    spool = open_spool(Settings({"data": str(tmp_path)}))
    assert (spool.pending, spool.dead_count) == (1, 0)
    spool.close()


def test_one_that_is_not_there_is_said(flags: list[str], tmp_path: Path) -> None:
    answer = run("retry", "--id", "nothing", *flags)
    assert answer.exit_code != 0
    assert len(quarantine_of(tmp_path).all()) == 1


@pytest.fixture
def server(flags: list[str], tmp_path: Path) -> Iterator[Components]:
    """Run a server over the folder, as it is asked by the command."""
    settings = Settings({"data": str(tmp_path), "capture": False, "port": int(flags[-1])})
    with Components(settings) as parts:
        serving = make_server("127.0.0.1", settings.port, app_of(parts), threaded=True)
        thread = threading.Thread(target=serving.serve_forever)
        thread.start()
        yield parts
        serving.shutdown()
        thread.join()


def test_a_running_server_does_it_at_once(server: Components, flags: list[str]) -> None:
    answer = run("retry", *flags)
    assert "1 recordings and 1 events are tried again now." in answer.output
    assert server.worker.flush()
    assert server.quarantine.all() == []
    assert len(server.engine.actions_of("shop", "s")) == 1


@pytest.mark.server
def test_doctor_tells_what_nobody_counts(server: Components, flags: list[str]) -> None:
    assert server.worker.flush()
    answer = CliRunner().invoke(group, ["doctor", *flags])
    assert "recordings, reading: 1 in quarantine, 7 events of them are not counted" in answer.output
