"""`make accuracy`: how often clicks are drawn where they were, per site and sender."""

import argparse
import os
import pickle
import shutil
import signal
import sys
import tempfile
import traceback
from collections.abc import Iterator
from itertools import product
from pathlib import Path

from playwright.sync_api import sync_playwright
from rich.console import Console

from tests.accuracy.applications import applications
from tests.accuracy.corpus import Site, pages
from tests.accuracy.driving import BROWSER, WINDOWS, Driver
from tests.accuracy.isotherm import Isotherm
from tests.accuracy.measuring import (
    Measured,
    Taken,
    measure,
    measure_again,
    read_all,
    rehearsed,
    take,
)
from tests.accuracy.report import failing, summary_line, written
from tests.accuracy.senders import SENDERS, USUAL, Sender
from tests.accuracy.serving import Corpus, Stage, ports_of
from tests.bench.servers import running

RESULTS = Path("build/accuracy")
SETTINGS = {
    "ISOTHERM_SETTLE_S": "0.5",
    # places are measured, not a busy machine
    "ISOTHERM_PICTURE_VISIT_S": "120",
    "ISOTHERM_PICTURE_SESSION_S": "600",
}
CONSOLE = Console(width=240, highlight=False, markup=False)


def main() -> None:
    """Run what is asked for, and write the report over everything in the results' folder."""
    sites = {**pages(), **applications()}
    parser = argparse.ArgumentParser(prog="python -m tests.accuracy", description=__doc__)
    parser.add_argument("--site", choices=sites, nargs="+", default=list(sites), metavar="SITE")
    parser.add_argument("--sender", choices=SENDERS, nargs="+", default=list(USUAL))
    parser.add_argument("--width", choices=WINDOWS, nargs="+", type=int, default=list(WINDOWS))
    parser.add_argument("--results", type=Path, default=RESULTS, help="one file per run")
    parser.add_argument(
        "--recordings", type=Path, help="keep visits here; those kept are sent again"
    )
    parser.add_argument(
        "--record-only", action="store_true", help="fill that folder, judge nothing"
    )
    parser.add_argument(
        "--without-assets", action="store_true", help="Isotherm may fetch nothing of the sites"
    )
    parser.add_argument("--again", action="store_true", help="also what has a result already")
    parser.add_argument("--report-only", action="store_true", help="write the report, run nothing")
    parser.add_argument("--out", type=Path, help="Markdown file for the report")
    parser.add_argument("--note", default="", help="a sentence for the report")
    parser.add_argument("--failing", type=Path, help="Markdown file for the list of failing clicks")
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # or server and browser would stay
    asked.results.mkdir(parents=True, exist_ok=True)
    if not asked.report_only:
        _run(asked)
    found = read_all(asked.results)
    if asked.out:
        failed = sorted(file.stem for file in asked.results.glob("*.failed"))
        asked.out.write_text(written(found, failed, asked.note), "utf-8")
    if asked.failing:
        asked.failing.write_text(failing(found), "utf-8")


def _run(asked: argparse.Namespace) -> None:
    sites = {**pages(), **applications()}
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or "google-chrome"
    corpus = Corpus()
    settings = SETTINGS | {
        # pictures of what is only recorded would take the processor from the page that is driven
        "ISOTHERM_CAPTURE": str(not asked.record_only),
        "ISOTHERM_CAPTURE_HOSTS": "" if asked.without_assets else _hosts(asked, corpus.server_port),
    }
    with (
        tempfile.TemporaryDirectory(prefix="isotherm-accuracy-") as folder,
        running(["isotherm", "serve", "--data", folder], settings) as server,
        sync_playwright() as playwright,
    ):
        corpus.isotherm_port = server.port
        isotherm = Isotherm(server.port)
        browser = playwright.chromium.launch(executable_path=chromium, args=list(BROWSER))
        for name, sender, width in _todo(asked):
            driver = Driver(browser, corpus, width)
            _visit(sites[name], SENDERS[sender], driver, isotherm, asked)
        browser.close()
    corpus.shutdown()


def _todo(asked: argparse.Namespace) -> Iterator[tuple[str, str, int]]:
    """Yield what has no result yet; of recordings only, what is not recorded."""
    for name, width, sender in product(asked.site, asked.width, asked.sender):
        result = asked.results / f"{name}.{sender}.{width}.json"
        done = _recording(asked, name, sender, width) if asked.record_only else result
        if asked.again or done is None or not done.exists():
            yield name, sender, width


def _hosts(asked: argparse.Namespace, port: int) -> str:
    """Return the corpus as a site of the applications, also where it was when it was recorded."""
    ports = {port}
    for one in _todo(asked):
        kept = _recording(asked, *one)
        if kept is not None and kept.exists():
            ports |= ports_of(pickle.loads(kept.read_bytes()).sent)
    return ",".join(f"127.0.0.1:{one}@127.0.0.1:{port}" for one in sorted(ports))


def _visit(
    site: Site, sender: Sender, driver: Driver, isotherm: Isotherm, asked: argparse.Namespace
) -> None:
    """Measure one visit and keep the result; a visit that fails is kept as failed."""
    folder = asked.results
    failed = folder / f"{site.name}.{sender.name}.{driver.width}.failed"
    try:
        one = _measured(site, sender, driver, isotherm, asked)
    except Exception:  # noqa: BLE001 - the others are still measured, and the report names this one
        failed.write_text(traceback.format_exc(), "utf-8")
        CONSOLE.print(f"{failed.stem}: failed\n{traceback.format_exc()}")
    else:
        failed.unlink(missing_ok=True)
        if one is not None:
            one.write(folder)
            CONSOLE.print(summary_line(one))


def _measured(
    site: Site, sender: Sender, driver: Driver, isotherm: Isotherm, asked: argparse.Namespace
) -> Measured | None:
    steps = rehearsed(driver, site, asked.results)
    file = _recording(asked, site.name, sender.name, driver.width)
    if file is None:
        return measure(site, sender, steps, driver=driver, isotherm=isotherm)
    file.parent.mkdir(parents=True, exist_ok=True)
    if not file.exists():
        file.write_bytes(pickle.dumps(take(site, sender, steps, driver)))
    if asked.record_only:
        return None
    taken: Taken = pickle.loads(file.read_bytes())
    driver.corpus.stage = Stage(site)  # pictures ask for its files
    return measure_again(taken, steps, isotherm)


def _recording(asked: argparse.Namespace, site: str, sender: str, width: int) -> Path | None:
    """Return where a recorded visit is kept; None: none are."""
    folder: Path | None = asked.recordings
    return folder and folder / f"{site}.{sender}.{width}.pickle"


if __name__ == "__main__":
    main()
