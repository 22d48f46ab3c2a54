"""The render process: its rights, its limits, its end; and what works without Chromium."""

import inspect
import os
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from isotherm.model.errors import Code, IsothermError
from isotherm.pipeline.pictures.jobs import Job, Jobs
from isotherm.pipeline.pictures.maker import BackgroundMaker
from isotherm.render.messages import Layout, Render, Scene, Target
from isotherm.render.options import RenderOptions
from isotherm.render.process import RenderProcess, driver_fault, find_chromium
from isotherm.storage.duckdb.engine import DuckDBEngine
from isotherm.storage.objects.replays import LocalReplays
from isotherm.storage.saved.backgrounds import StoredBackgrounds
from isotherm.storage.saved.db import open_database
from tests.render.loopback import document, element

pytestmark = [pytest.mark.browser, pytest.mark.measures]


def scene() -> Render:
    page = document(element("p", "text", id="a"))
    body = msgspec.json.encode(page)
    return Render((Scene(page=body, viewport_w=800, viewport_h=600, targets=(Target("#a"),)),))


def family(pid: int) -> dict[int, int]:
    """Return the living processes below a process, and whose they are (user id)."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
            if fields[0] != "Z":
                parents[int(stat.parent.name)] = (int(fields[1]), stat.parent.stat().st_uid)
        except OSError:
            continue
    found, grown = {pid}, True
    while grown:
        below = {child for child, (parent, _) in parents.items() if parent in found} - found
        found |= below
        grown = bool(below)
    return {child: parents[child][1] for child in found if child in parents}


def test_it_runs_without_root_and_with_chromiums_sandbox(
    process: RenderProcess, render: Callable[..., Layout]
) -> None:
    render(document(element("p", "text")))
    assert process._process is not None
    users = set(family(process._process.pid).values())
    if os.geteuid() == 0:
        assert 0 not in users
        assert process.sandbox


def test_a_question_that_takes_too_long_ends_everything_and_the_next_one_works() -> None:
    one = RenderProcess(RenderOptions())
    try:
        assert one.ask(scene(), 60).layouts[0].boxes["#a"].visible
        assert one._process is not None
        before = family(one._process.pid)
        with pytest.raises(IsothermError, match="not ready") as late:
            one.ask(scene(), 0.0)
        assert late.value.code == Code.CAPTURE_UNAVAILABLE
        assert one.ask(scene(), 60).layouts[0].boxes["#a"].visible
        assert one._process is not None
        assert not before.keys() & family(one._process.pid).keys()
    finally:
        one.close()


def test_a_browser_is_replaced_after_some_renders() -> None:
    one = RenderProcess(RenderOptions(renders_per_browser=1))
    try:
        for _ in range(3):
            assert one.ask(scene(), 60).layouts[0].boxes["#a"].visible
    finally:
        one.close()


def test_a_driver_that_lacks_a_library_says_what_to_install(tmp_path: Path) -> None:
    """Slim images of containers have no libatomic; playwright's own Node.js needs it."""
    node = tmp_path / "node"
    lacks = "error while loading shared libraries: libatomic.so.1: cannot open shared object file"
    node.write_text(f"#!/bin/sh\necho 'node: {lacks}' >&2\nexit 127\n")
    node.chmod(0o755)
    assert driver_fault(str(node)) == (
        f"The browser driver does not run: node: {lacks}. Install it: apt-get install libatomic1."
    )
    node.write_text("#!/bin/sh\necho v24\n")
    assert driver_fault(str(node)) == ""  # cured without a new start
    assert "No such file" in driver_fault(str(tmp_path / "gone"))


def test_without_chromium_the_rest_works_and_says_what_is_missing(tmp_path: Path) -> None:
    engine = DuckDBEngine()
    stored = StoredBackgrounds(open_database("", tmp_path), "", tmp_path)
    options = RenderOptions(chromium="/no/such/chromium", hosts=("shop.example",))
    maker = BackgroundMaker(options, stored, engine, LocalReplays(tmp_path / "replays"))
    try:
        status = maker.status()
        assert (status["ok"], status["message"]) == (
            False,
            "There is no Chromium at /no/such/chromium.",
        )
        maker.offer("shop", "session", None)  # nobody is troubled
        assert maker.status()["jobs"]["queued"] == 0
        for ask in (
            lambda: maker.capture_url("shop", "/", "http://shop.example/"),
            lambda: maker.from_replays("shop", "/"),
        ):
            with pytest.raises(IsothermError, match="no Chromium") as missing:
                ask()
            assert missing.value.code == Code.CAPTURE_UNAVAILABLE
        with pytest.raises(IsothermError) as unknown:
            maker.job("nothing")
        assert unknown.value.code == Code.NOT_FOUND
    finally:
        maker.close()
        engine.close()


def job(session_id: str) -> Job:
    return Job(id="", kind="recording", application="shop", session_id=session_id)


def test_equal_jobs_wait_once_and_the_queue_is_bounded() -> None:
    jobs = Jobs(2)
    assert jobs.add(job("a")).id == jobs.add(job("a")).id
    jobs.add(job("b"))
    with pytest.raises(IsothermError) as full:
        jobs.add(job("c"))
    assert (full.value.code, full.value.retry_after_s) == (Code.CAPTURE_UNAVAILABLE, 30)
    assert jobs.counts() == {"queued": 2, "running": 0, "done": 0, "failed": 0, "skipped": 1}


def test_who_waits_at_a_screen_goes_first() -> None:
    jobs = Jobs(9)
    jobs.add(job("a"))
    urgent = job("b")
    urgent.urgent = True
    jobs.add(urgent)
    first = jobs.take(0)
    assert first is not None
    assert (first.session_id, first.state) == ("b", "running")
    jobs.finish(first, "no document")
    assert (jobs.get(first.id).state, jobs.get(first.id).message) == ("failed", "no document")
    assert not jobs.wait_idle(0)
    jobs.close()
    assert jobs.take(0) is None


def test_a_driver_without_node_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PLAYWRIGHT_NODEJS_PATH", raising=False)
    monkeypatch.setattr(inspect, "getfile", lambda _: str(tmp_path / "__init__.py"))
    path, missing = find_chromium(RenderOptions())
    assert path == ""
    assert "PLAYWRIGHT_NODEJS_PATH" in missing
