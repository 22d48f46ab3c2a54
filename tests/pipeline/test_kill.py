"""Killed at any moment: what was answered is stored, and nothing is stored twice."""

import contextlib
import random
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from sqlglot import parse_one

from isotherm.model.event_ids import event_hash
from isotherm.storage.duckdb.engine import DuckDBEngine

pytestmark = [pytest.mark.thorough, pytest.mark.measures]

SERVER = Path(__file__).with_name("served_by_pipe.py")
ROUNDS = 8
VIEWS = 10


class Server:
    """One life of the server."""

    def __init__(self, folder: Path) -> None:
        command = [sys.executable, str(SERVER), str(folder)]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self.ask("") == "ready"

    def ask(self, line: str) -> str:
        """Send a line and return the answer, "" when the server has gone."""
        assert self.process.stdin
        assert self.process.stdout
        try:
            if line:
                self.process.stdin.write(line + "\n")
                self.process.stdin.flush()
            return self.process.stdout.readline().strip()
        except BrokenPipeError:
            return ""

    def end(self) -> None:
        """Wait for the process and close its pipes."""
        assert self.process.stdin
        assert self.process.stdout
        with contextlib.suppress(BrokenPipeError):  # it was killed with a line unread
            self.process.stdin.close()
        self.process.wait(timeout=60)
        self.process.stdout.close()


def test_killed_at_any_moment_nothing_is_lost_and_nothing_is_twice(tmp_path: Path) -> None:
    chance = random.Random(20_260)
    number, answered = 0, 0
    for _ in range(ROUNDS):
        server = Server(tmp_path)
        end = threading.Timer(chance.uniform(0.02, 0.9), server.process.kill)
        end.start()
        while server.ask(str(number)):  # a post without an answer is sent again by the next life
            answered = number + 1
            number += 1
        end.cancel()
        server.end()
    last = Server(tmp_path)
    assert last.ask(str(number)) == str(number)
    assert last.ask("end") == "stored"
    last.end()
    assert answered > ROUNDS

    engine = DuckDBEngine(tmp_path / "store.duckdb")
    found = engine.run(parse_one("SELECT event, time_ms, page_x, view FROM actions"))
    assert Counter(found["event"].tolist()) == Counter(
        event_hash("a", f"click {sent}") for sent in range(number + 1)
    )
    segments = Counter(sent % VIEWS for sent in range(0, number + 1, 7))
    views = engine.terms("view")
    read = [segments[int(views[view][1:])] or np.nan for view in found["view"].tolist()]
    np.testing.assert_array_equal(found["page_x"], read, "each was read with all its segments")
    assert {view.view_id: view.version for view in engine.views_of("a", "s")} == {
        f"v{view}": max(sent for sent in range(number + 1) if sent % VIEWS == view)
        for view in range(min(VIEWS, number + 1))
    }
    assert len(engine.segments_of("a", "s")) == segments.total()
    engine.close()
