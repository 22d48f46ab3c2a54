"""A load of the demo that was interrupted anywhere goes on at the next start, and counts once."""

import random
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from sqlglot import parse_one

from isotherm.app.demo.loading import Step, load_demo, mark_for
from isotherm.app.demo.marker_file import Mark
from isotherm.app.settings import Settings
from isotherm.app.wiring import Components
from tests.conftest import environment

pytestmark = [pytest.mark.server, pytest.mark.measures]

SESSIONS = 450  # in three components
TABLES = {"actions": "event", "errors": "event", "views": "view", "replay_segments": "view"}
"""Table -> the column that, with the time, tells its rows apart."""


class BrokenOffError(Exception):
    pass


def settings(folder: Path) -> Settings:
    return Settings({"data": str(folder), "capture": False})


def load(folder: Path, steps: int | None = None) -> None:
    """Load the demo; with `steps`, break off after so many."""
    left = steps

    def tell(_: Step) -> None:
        nonlocal left
        if left is not None:
            left -= 1
            if left < 0:
                raise BrokenOffError

    with Components(settings(folder)) as components:
        load_demo(components, mark_for(folder, generated=SESSIONS, as_recorded=False), tell)


def content(folder: Path) -> dict[str, Counter[tuple[object, ...]]]:
    """Return the rows of each table, told by what makes an event that event."""
    found: dict[str, Counter[tuple[object, ...]]] = {}
    with Components(settings(folder)) as components:
        for table, name in TABLES.items():
            rows = components.engine.run(parse_one(f"SELECT {name}, time_ms FROM {table}"))
            keys = rows[name].tolist()
            if name == "view":  # numbers of a view differ by the order of arrival
                names = components.engine.terms("view")
                keys = [names.get(key, "") for key in keys]
            found[table] = Counter(zip(keys, rows["time_ms"].tolist(), strict=True))
    return found


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a demo that was loaded in one go."""
    folder = tmp_path_factory.mktemp("whole")
    load(folder)
    return folder


def begun_like(whole: Path, folder: Path) -> Path:
    """Return a folder whose load begins with the times of another."""
    mark = Mark.of(whole)
    assert mark
    assert mark.complete
    folder.mkdir()
    replace(mark, complete=False).write(folder)
    return folder


@pytest.mark.parametrize("steps", [0, 3, 120, 255, 257])
def test_broken_off_at_any_step_it_is_the_same_in_the_end(
    steps: int, whole: Path, tmp_path: Path
) -> None:
    folder = begun_like(whole, tmp_path / "data")
    with pytest.raises(BrokenOffError):
        load(folder, steps)
    mark = Mark.of(folder)
    assert mark
    assert not mark.complete
    load(folder)
    assert content(folder) == content(whole)
    mark = Mark.of(folder)
    assert mark
    assert mark.complete


def test_killed_at_any_moment_it_is_the_same_in_the_end(whole: Path, tmp_path: Path) -> None:
    folder, chance = begun_like(whole, tmp_path / "data"), random.Random(12)
    command = [sys.executable, "-m", "isotherm", "demo", "--data", str(folder)]
    for _ in range(4):
        process = subprocess.Popen(
            command, env=environment(ISOTHERM_CAPTURE="false"), stderr=subprocess.DEVNULL
        )
        try:
            process.wait(chance.uniform(0.7, 3.5))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    load(folder)
    assert content(folder) == content(whole)


def test_the_times_of_a_load_that_was_begun_are_kept(tmp_path: Path) -> None:
    begun = Mark(shift_ms=5, generated_sessions=7, loaded_ms=9, complete=False)
    begun.write(tmp_path)
    assert mark_for(tmp_path, generated=3000, as_recorded=True) == begun
