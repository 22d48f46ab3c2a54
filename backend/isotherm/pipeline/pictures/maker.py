"""Makes page pictures in the background: from new recordings by itself, and on demand."""

import logging
import threading
from collections.abc import Sequence
from typing import Any, Literal

import msgspec

from isotherm.model.errors import Code, IsothermError
from isotherm.model.faults import reported, worded
from isotherm.model.sites import Lack, Missing, site_of
from isotherm.pipeline.pictures.allowed_hosts import AllowedSites, may_fetch
from isotherm.pipeline.pictures.assets import Assets
from isotherm.pipeline.pictures.inventory import Stock
from isotherm.pipeline.pictures.jobs import Job, Jobs, Queue, Turn
from isotherm.pipeline.pictures.page_facts import (
    elements,
    latest_url,
    recorded_elements,
    recorded_visits,
    usual_height,
    visits,
)
from isotherm.pipeline.pictures.sessions import Recordings, Stores
from isotherm.pipeline.quarantine import Quarantine
from isotherm.render.from_url import PHONE, LivePage, capture
from isotherm.render.messages import Target
from isotherm.render.options import RenderOptions
from isotherm.render.process import NICE, RenderProcess, SpoiltError, find_chromium
from isotherm.storage.ports import Backgrounds, Engine, Journal, ReplayStore

PAGE_RECORDINGS = 3  # tried when a person asks for new pictures of a page
SLOW_NICE = 15
log = logging.getLogger(__name__)


class BackgroundMaker:
    """The queue, its lanes and their processes. Nothing starts before the first job."""

    def __init__(
        self,
        options: RenderOptions,
        backgrounds: Backgrounds,
        engine: Engine,
        replays: ReplayStore,
        *,
        journal: Journal | None = None,
        quarantine: Quarantine | None = None,
        sites: AllowedSites | None = None,
        assets: Assets | None = None,
        jobs: Queue | None = None,
    ) -> None:
        """Take the parts; with `jobs` of several processes, this one works only once it is told to.

        That is what `resume` says.
        """
        self._options = options
        self._sites = sites or AllowedSites(settings=options.hosts)
        self._backgrounds = backgrounds
        self._engine = engine
        self._jobs = jobs or Jobs(options.queue)
        self._works = jobs is None
        self._stock = Stock(backgrounds, options)
        stores = Stores(engine, replays, journal, assets)
        self._recordings = Recordings(options, stores, self._stock, quarantine)
        self._lanes = [Lane(options, slow=False) for _ in range(max(1, options.processes))]
        self._lanes.append(Lane(options, slow=True))
        self._starting = threading.Lock()
        self._last_error = ""

    def offer(self, application: str, session_id: str, view_id: str | None) -> None:
        """Say that a recording is new or has grown; a full queue leaves it out."""
        if not self._options.automatic or find_chromium(self._options)[1]:
            return
        self._offered("recording", application, session_id=session_id, view_id=view_id)

    def resume(self) -> None:
        """Work, and offer recordings of pages without a picture: a stop may forget them."""
        if not self._works:
            self._works = True
            self._start_lanes()
        if self._options.automatic and not find_chromium(self._options)[1]:
            self._offered("missing", "")

    def make_again(self, application: str) -> int:
        """Make those pictures again that lack what may be fetched now; return how many.

        For when a site was allowed.
        """
        if find_chromium(self._options)[1]:
            return 0
        visits = {
            (one.page, one.session_id, one.view_id): None
            for one in self._backgrounds.lacking(application)
            if one.origin == "replay" and any(self._curable(application, m) for m in one.missing)
        }
        for page, session_id, view_id in visits:
            self._offered("again", application, page=page, session_id=session_id, view_id=view_id)
        return len(visits)

    def _offered(
        self, kind: Literal["recording", "again", "missing"], application: str, **about: Any
    ) -> None:
        """Queue a job for which nobody waits; what cannot be queued now is left out."""
        try:
            self._add(Job(id="", kind=kind, application=application, **about))
        except IsothermError as error:
            full = error.code is Code.CAPTURE_UNAVAILABLE
            level = logging.INFO if full else logging.WARNING
            what = " ".join(filter(None, (application, about.get("session_id", ""))))
            log.log(level, "No picture of %s: %s", what or "what was missing", error.message)

    def _curable(self, application: str, missing: Missing) -> bool:
        if missing.why not in {Lack.NOT_ALLOWED, Lack.PRIVATE}:
            return False
        return may_fetch(missing.url, self._sites.hosts(application))

    def from_replays(self, application: str, page: str) -> str:
        """Ask for new pictures of a page from its recordings; return the job's id.

        Raises CAPTURE_UNAVAILABLE without Chromium or with a full queue, NOT_FOUND when the page
        has no recording.
        """
        self._need_chromium()
        if not visits(self._engine, application, page, 1):
            raise IsothermError(
                Code.NOT_FOUND,
                f"No visit of {page!r} has a recording yet; capture it from its address instead.",
            )
        return self._add(
            Job(
                id="",
                kind="page",
                urgent=True,
                turn=Turn.LONGER,
                application=application,
                page=page,
            )
        ).id

    def capture_url(
        self,
        application: str,
        page: str,
        url: str = "",
        *,
        viewport_w: int = 1440,
        viewport_h: int = 0,
        hide: Sequence[str] = (),
        click: Sequence[str] = (),
    ) -> str:
        """Ask for a picture of a live page; return the job's id.

        Without `url` the address of the page's latest visit is taken; without `viewport_h` (css
        px) a usual one for the width. What the selectors `hide` name is taken away before the
        picture, what `click` names is clicked: both after those of the settings.
        Raises CAPTURE_UNAVAILABLE, INVALID, NOT_FOUND, FORBIDDEN.
        """
        self._need_chromium()
        url = url or latest_url(self._engine, application, page)
        if not url:
            raise IsothermError(Code.NOT_FOUND, f"No address of {page!r} is known.", field="url")
        if not url.startswith(("http://", "https://")) or len(url) > 8_000:
            raise IsothermError(
                Code.INVALID, "An address must start with http:// or https://.", field="url"
            )
        site = site_of(url)
        if site and not may_fetch(url, self._sites.hosts(application)):
            raise IsothermError(
                Code.FORBIDDEN,
                f"The page may not be captured: {site} is not one of the application's sites.",
                field="url",
                allow={"site": site, "private": False},
            )
        if not 200 <= viewport_w <= 4_000 or not 0 <= viewport_h <= 4_000:
            raise IsothermError(
                Code.INVALID, "A window is 200 to 4000 px wide.", field="viewport_w"
            )
        job = Job(
            id="",
            kind="url",
            urgent=True,
            turn=Turn.SLOW,
            application=application,
            page=page,
            url=url,
            viewport_w=viewport_w,
            viewport_h=viewport_h or (844 if viewport_w <= PHONE else 900),
            hide=tuple(hide),
            click=tuple(click),
        )
        return self._add(job).id

    def job(self, job_id: str) -> dict[str, Any]:
        """Return how a job stands: `id, kind, state, progress, message, backgrounds`, ...

        Raises NOT_FOUND.
        """
        known: dict[str, Any] = msgspec.to_builtins(self._jobs.get(job_id))
        return known

    def wait_idle(self, limit_s: float) -> bool:
        """Wait until every job is done (imports, tests); False when the time is over."""
        return self._jobs.wait_idle(limit_s)

    def status(self) -> dict[str, Any]:
        """Return `ok`, what is missing, the browser, whether its sandbox is on, and job counts.

        There are no counts while the queue is in a database that is away.
        """
        chromium, missing = find_chromium(self._options)
        last_error, jobs, lanes = self._last_error, {}, {}
        try:
            jobs, lanes = self._jobs.counts(), self._jobs.lanes()
        except IsothermError as away:
            last_error = away.message
        return {
            "ok": not missing,
            "message": missing,
            "chromium": chromium,
            "sandbox": next(
                (lane.process.sandbox for lane in self._lanes if lane.process.sandbox is not None),
                None,
            ),
            "automatic": self._options.automatic,
            "jobs": jobs,
            "lanes": lanes,
            "last_error": last_error,
        }

    def close(self) -> None:
        """Forget waiting jobs, end the running ones and the browsers."""
        self._jobs.close()
        for lane in self._lanes:
            lane.process.abort()
        for lane in self._lanes:
            if lane.thread is not None:
                lane.thread.join()
            lane.process.close()

    def _need_chromium(self) -> None:
        missing = find_chromium(self._options)[1]
        if missing:
            raise IsothermError(Code.CAPTURE_UNAVAILABLE, missing)

    def _add(self, job: Job) -> Job:
        added = self._jobs.add(job)
        if self._works:
            self._start_lanes()
        return added

    def _start_lanes(self) -> None:
        with self._starting:
            for lane in self._lanes:
                if lane.thread is None or not lane.thread.is_alive():
                    lane.thread = threading.Thread(
                        target=self._run, args=(lane,), name=lane.name, daemon=True
                    )
                    lane.thread.start()

    def _run(self, lane: "Lane") -> None:
        while not self._jobs.closed:
            job = self._jobs.take(self._options.idle_s, slow=lane.slow)
            if job is None:
                lane.process.close()  # frees its memory until the next job
                continue
            error = ""
            left: list[tuple[str, str]] = []
            try:
                left = self._do(job, lane.process)
            except IsothermError as failed:
                error, job.allow = worded(failed), failed.allow
            except Exception as failed:  # one bad recording must not end the thread
                log.exception("A picture could not be made")
                error = reported(failed)
            if error:
                what = " ".join(filter(None, (job.application, job.page, job.session_id)))
                self._last_error = f"{what}: {error}"
                log.warning("Picture of %s: %s", what, error)
            if left:
                log.info("A session of %s takes long; it continues later.", job.application)
                self._jobs.again(job, left)
            else:
                self._jobs.finish(job, error)
            if job.state == "failed":
                self._recordings.give_up(job)

    def _do(self, job: Job, process: RenderProcess) -> list[tuple[str, str]]:
        """Do a job; return the visits (session, view) that were cut short."""
        if job.left:
            return self._go_on(job, process)
        match job.kind:
            case "recording":
                only = None if job.view_id is None else (job.view_id,)
                left = self._recordings.session(job, process, job.session_id, only)
                return [(job.session_id, view_id) for view_id in left]
            case "page":
                return self._page(job, process)
            case "again":
                left = self._recordings.session(
                    job, process, job.session_id, (job.view_id or "",), wanted=True
                )
                return [(job.session_id, view_id) for view_id in left]
            case "missing":
                for one in recorded_visits(self._engine, PAGE_RECORDINGS, self._options.queue):
                    if not self._stock.has(one.application, one.page, one.viewport_w):
                        self.offer(one.application, one.session_id, one.view_id)
            case "url":
                self._live(job, process)
        return []

    def _live(self, job: Job, process: RenderProcess) -> None:
        targets, clicks = elements(self._engine, job.application, job.page)
        known = {target.key for target in targets}
        others = self._stock.keys(job.application, job.page)
        targets += [Target(key) for key in others if key not in known]
        where = (self._engine, job.application, job.page, job.viewport_w)
        live = LivePage(
            application=job.application,
            page=job.page,
            url=job.url,
            hosts=self._sites.hosts(job.application),
            viewport_w=job.viewport_w,
            viewport_h=job.viewport_h,
            hide=job.hide,
            click=job.click,
        )
        background, tiles = capture(
            process,
            self._options,
            live,
            targets,
            recorded_elements(*where),
            page_height=usual_height(*where),
        )
        self._stock.add([(background, tiles)], clicks)
        job.backgrounds = [background.id]

    def _page(self, job: Job, process: RenderProcess) -> list[tuple[str, str]]:
        left: list[tuple[str, str]] = []
        for visit in visits(self._engine, job.application, job.page, PAGE_RECORDINGS):
            late = self._recordings.session(
                job, process, visit.session_id, (visit.view_id,), wanted=True
            )
            left += [(visit.session_id, view_id) for view_id in late]
            job.progress = min(1.0, job.progress + 1 / PAGE_RECORDINGS)
        if job.backgrounds:
            return []  # the person has a picture
        if not left:
            raise IsothermError(
                Code.NOT_FOUND,
                "No recording of this page has a document, or those that do are in quarantine.",
            )
        return left

    def _go_on(self, job: Job, process: RenderProcess) -> list[tuple[str, str]]:
        left: list[tuple[str, str]] = []
        sessions: dict[str, list[str]] = {}
        for session_id, view_id in job.left:
            sessions.setdefault(session_id, []).append(view_id)
        failed: IsothermError | None = None
        for session_id, views in sessions.items():
            try:
                late = self._recordings.session(
                    job, process, session_id, views, wanted=job.kind != "recording"
                )
                left += [(session_id, view_id) for view_id in late]
            except SpoiltError as error:
                failed = failed or error
                if process.aborted:
                    break
        if failed is not None:
            raise failed
        return left


class Lane:
    """One picture process and the thread that talks to it."""

    def __init__(self, options: RenderOptions, *, slow: bool) -> None:
        self.slow = slow
        self.name = "slow pictures" if slow else "pictures"
        self.process = RenderProcess(options, nice=SLOW_NICE if slow else NICE)
        self.thread: threading.Thread | None = None
