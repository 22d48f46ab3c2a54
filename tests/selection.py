"""What a test needs, and so which tests `make test-fast` runs: those that need only this process.

What a test needs is read at collection from its fixtures and marks; no list names files or tests.
A test of the fast run that starts a process fails and says which mark is missing.
"""

import sys
from collections import Counter
from collections.abc import Generator
from typing import Any

import pytest

FIXTURES = {
    "chromium": "browser",
    "process": "browser",
    "sample_data": "browser",
    "clickhouse_server": "server",
    "fetcher": "server",
    "influxd": "server",
    "journal_with_users": "server",
    "postgres": "server",
    "s3_server": "server",
}
"""Fixtures that start what takes long, and the mark of each test that uses one."""

KINDS = {
    "browser": "Chromium",
    "server": "a server or another process",
    "thorough": "many tries or long",
}
STARTS = ("subprocess.Popen", "os.posix_spawn", "os.fork", "os.system")
"""What the interpreter reports when a process is started."""


class FastRun:
    """Leaves out what takes long, says so, and watches that no process is started."""

    def __init__(self) -> None:
        self._running = ""
        self._started: list[str] = []
        self._left_out: Counter[str] = Counter()
        self._collected = 0
        sys.addaudithook(self._watch)

    def _watch(self, event: str, args: tuple[Any, ...]) -> None:
        if event in STARTS and self._running:
            self._started.append(str(args[1] if len(args) > 1 else event))
            raise RuntimeError("a test of the fast run starts a process")

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(
        self, config: pytest.Config, items: list[pytest.Item]
    ) -> None:
        """Keep the tests that need nothing."""
        left_out = [item for item in items if _kind(item)]
        self._collected = len(items)
        self._left_out = Counter(_kind(item) for item in left_out)
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not _kind(item)]

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Note which test runs."""
        self._running = item.nodeid
        try:
            return (yield)
        finally:
            self._running = ""

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Fail a test that has started a process."""
        report = yield
        if self._started:
            report.outcome = "failed"
            report.longrepr = (
                f"{item.nodeid} starts a process: mark it `server` or `browser`, or let it use "
                f"a fixture of tests/selection.py.\nStarted: {self._started}"
            )
            self._started.clear()
        return report

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Tell the process that distributes tests what was left out."""
        if hasattr(session.config, "workeroutput"):
            session.config.workeroutput["fast"] = (self._collected, dict(self._left_out))

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Take over what a worker has left out; all workers collect the same."""
        if "fast" in getattr(node, "workeroutput", {}):
            self._collected, left_out = node.workeroutput["fast"]
            self._left_out = Counter(left_out)

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Say how many tests ran, and what the others need."""
        runs = self._collected - self._left_out.total()
        others = ", ".join(f"{KINDS[kind]} ({n:,})" for kind, n in self._left_out.most_common())
        terminalreporter.write_line(
            f"make test-fast runs {runs:,} of {self._collected:,} tests; the others need {others}"
        )


def pytest_addoption(parser: pytest.Parser) -> None:
    """Know `--fast`."""
    parser.addoption("--fast", action="store_true", help="Only tests that need no other process.")


def pytest_configure(config: pytest.Config) -> None:
    """Leave out what takes long, if that is asked for."""
    if config.getoption("--fast"):
        config.pluginmanager.register(FastRun(), "fast-run")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests by what their fixtures start."""
    for item in items:
        for mark in {FIXTURES[name] for name in FIXTURES.keys() & _fixtures(item)}:
            item.add_marker(mark)
        # a browser, its server and the sample sessions exist once for each worker of a parallel run
        group = "browser" if item.get_closest_marker("browser") else item.path.as_posix()
        item.add_marker(pytest.mark.xdist_group(group))


def _fixtures(item: pytest.Item) -> set[str]:
    return set(getattr(item, "fixturenames", ()))


def _kind(item: pytest.Item) -> str:
    """Return what a test needs; "" if nothing."""
    return next((kind for kind in KINDS if item.get_closest_marker(kind)), "")
