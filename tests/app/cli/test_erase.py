"""`isotherm erase`: what runs beside an erasure makes nothing new of the person."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from isotherm.app.cli import erase, group
from isotherm.app.settings import load
from isotherm.app.stores import ENGINE_FILE
from isotherm.app.wiring import Components
from isotherm.pipeline.erasure import Erased
from isotherm.pipeline.pictures.jobs import Job
from isotherm.pipeline.pictures.shared_jobs import SharedJobs
from isotherm.storage.saved.db import open_database
from tests.storage.conftest import Scenario


@pytest.mark.server
def test_no_pictures_are_made_while_a_person_is_erased(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    automatic: list[bool] = []

    def look(components: Components, *_: str) -> Erased:
        automatic.append(components.maker.status()["automatic"])
        return Erased(0, 0)

    monkeypatch.setattr(erase, "erase_user", look)
    told = CliRunner().invoke(group, ["erase", "--data", str(tmp_path), "ann"])
    assert told.exit_code == 0, told.output
    assert automatic == [False]


def test_the_file_has_nothing_of_the_user_any_more_and_all_of_the_others(tmp_path: Path) -> None:
    """DuckDB itself leaves texts that were deleted in the file."""
    data = tmp_path / "data"
    settings = load({"ISOTHERM_DATA": str(data), "ISOTHERM_CAPTURE": "false"})
    with Components(settings) as components:
        for number in range(300):
            who = {"session_id": f"bob-session-{number}", "user_id": f"bob-{number}"}
            components.spool.append([Scenario.click(f"b{number}", **who)])
        components.spool.append([Scenario.click("a", session_id="ann-session", user_id="ann-zq9")])
        assert components.worker.flush()
        components.engine.checkpoint()
    assert "ann-session" in texts_in(data)
    told = CliRunner().invoke(group, ["erase", "--data", str(data), "ann-zq9"])
    assert "Erased: 1 sessions" in told.output
    assert not {"ann-session", "ann-zq9"} & texts_in(data)
    assert not list(data.glob("*.rewritten*"))
    with Components(settings) as components:
        assert components.engine.actions_of("shop", "bob-session-7")
        components.engine.append([Scenario.click("c", session_id="later", user_id="cleo")])
        assert len(components.engine.terms("user")) == 301


def texts_in(folder: Path) -> set[str]:
    """Return which of the user's texts the bytes of any file have."""
    texts = ("ann-session", "ann-zq9")
    contents = [file.read_bytes() for file in folder.rglob("*") if file.is_file()]
    return {text for text in texts if any(text.encode() in content for content in contents)}


def test_without_room_for_the_new_file_the_old_one_stays_and_the_command_says_so(
    tmp_path: Path,
) -> None:
    data = tmp_path / "data"
    settings = load({"ISOTHERM_DATA": str(data), "ISOTHERM_CAPTURE": "false"})
    with Components(settings) as components:
        components.spool.append([Scenario.click("a", session_id="hers", user_id="ann")])
        components.spool.append([Scenario.click("b", session_id="his", user_id="bob")])
        assert components.worker.flush()
    (data / f"{ENGINE_FILE}.rewritten").mkdir()  # no file can be made there
    told = CliRunner().invoke(group, ["erase", "--data", str(data), "ann"])
    assert "free some disk space and run the command again" in str(told.exception)
    with Components(settings) as components:
        assert not components.engine.actions_of("shop", "hers")
        assert components.engine.actions_of("shop", "his")


def test_pictures_that_were_asked_of_an_erased_recording_are_forgotten(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with Components(load({"ISOTHERM_DATA": str(data), "ISOTHERM_CAPTURE": "false"})) as components:
        components.spool.append([Scenario.click("a", session_id="hers", user_id="ann")])
        assert components.worker.flush()
        queue = SharedJobs(components.database, 5)
        for session in ("hers", "another"):
            queue.add(Job(id="", kind="recording", application="shop", session_id=session))
    told = CliRunner().invoke(group, ["erase", "--data", str(data), "ann"])
    assert "Erased: 1 sessions" in told.output
    database = open_database("", data)
    assert SharedJobs(database, 5).counts()["queued"] == 1
