"""`isotherm erase`: what runs beside an erasure makes nothing new of the person."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from isotherm.app.cli import erase, group
from isotherm.app.wiring import Components
from isotherm.pipeline.erasure import Erased


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
