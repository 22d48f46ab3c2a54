"""`isotherm erase`: what runs beside an erasure makes nothing new of the person."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from isotherm.app.cli import erase, group
from isotherm.app.settings import load
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
