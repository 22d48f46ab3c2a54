"""Pictures of the sample shop from recordings, beside opening the shop in a warm browser."""

import http.server
import threading
import time
from functools import partial
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from isotherm.app.settings import Settings
from isotherm.app.wiring import Components
from isotherm.intake.requests import IntakeRequest
from isotherm.pipeline.pictures.sessions import visit_of
from isotherm.pipeline.recorded_requests import read_requests
from isotherm.render.messages import Look, Picture, Session, Target
from isotherm.render.options import RenderOptions
from isotherm.render.process import RenderProcess, find_chromium
from isotherm.render.time_budget import TimeBudget
from tests.bench.figures import Figure, Times
from tests.bench.work import Work

SAMPLES = Path(__file__).parent.parent / "samples"
NAMES = ("datadog/dd7-desktop-allow", "datadog/dd4-desktop-short", "faro/faro-desktop")
RUNS = 8
MOST = 2.0
LIMIT_S = 120


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves the shop without a word."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Stay silent."""


def measure(work: Work) -> list[Figure]:
    """Picture the visits of some sessions again and again, and open the page in between."""
    options = RenderOptions()
    process = RenderProcess(options)
    site = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), partial(Quiet, directory=str(SAMPLES / "site"))
    )
    threading.Thread(target=site.serve_forever, daemon=True).start()
    settings = Settings(
        {"data": str(work.root / "pictures"), "capture": False, "quiet_period_s": 0.05}
    )
    with Components(settings) as components, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(options)[0])
        try:
            sessions = {who for name in NAMES for who in _load(components, name)}
            ours: list[float] = []
            opened: list[float] = []
            builds = pictures = 0
            for run in range(RUNS + 1):
                for who in sorted(sessions):
                    seconds, made, built = _picture(components, process, *who)
                    if run and made:  # the first run warms both up
                        ours += [1000 * seconds / made] * made
                        pictures += made
                        builds += built
                opened += [_open(browser, site.server_port)] if run else []
        finally:
            browser.close()
            process.close()
            site.shutdown()
            site.server_close()
    mine, other = Times(ours), Times(opened)
    return [
        Figure(
            f"a picture from a recording, {len(sessions)} sessions, {pictures // RUNS} pictures",
            f"{mine} each; {builds / pictures:.2f} documents built for one",
            f"opening the page and its screenshot: {other}",
            ratio=mine.median / other.median,
            most=MOST,
        )
    ]


def _load(components: Components, name: str) -> set[tuple[str, str]]:
    sessions = set()
    for stored in read_requests(SAMPLES / name / "requests.json"):
        request = IntakeRequest.of_path(
            stored.path, query=stored.query, headers=stored.headers, body=stored.body
        )
        events = components.steps.run(request).events
        components.spool.append(events)
        sessions |= {(event.application, event.session_id) for event in events}
    components.worker.flush()
    return sessions


def _picture(
    components: Components, process: RenderProcess, application: str, session_id: str
) -> tuple[float, int, int]:
    """Return the seconds for all pictures of a session, their number, and documents built."""
    actions = components.engine.actions_of(application, session_id)
    views = components.engine.views_of(application, session_id)
    segments = components.replays.bodies(application, session_id)
    session = Session(application, f"{session_id} {time.monotonic_ns()}")  # read anew
    made = built = 0
    start = time.perf_counter()
    for view in views:
        own = tuple(action for action in actions if action.view_id == view.view_id)
        if not process.look(
            session, segments, Look(view.view_id, view.time_ms), TimeBudget(LIMIT_S)
        ):
            continue
        targets = tuple({Target(a.element, a.element_path): None for a in own if a.element})
        asked = Picture(visit=visit_of(view, own), targets=targets, pictures=True)
        answer, _ = process.picture(asked, TimeBudget(LIMIT_S))
        made += len(answer.backgrounds)
        built += answer.builds
    return time.perf_counter() - start, made, built


def _open(browser: Browser, port: int) -> float:
    """Return the ms until the page is loaded and pictured."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    start = time.perf_counter()
    page.goto(f"http://127.0.0.1:{port}/", wait_until="load")
    page.screenshot(full_page=True)
    taken = time.perf_counter() - start
    context.close()
    return 1000 * taken
