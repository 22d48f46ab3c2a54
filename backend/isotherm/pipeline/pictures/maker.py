"""Makes page pictures in the background: from new recordings by itself, and on demand."""

import logging
import threading
from collections.abc import Sequence
from typing import Any

import msgspec

from isotherm.model.errors import Code, IsothermError
from isotherm.pipeline.pictures.inventory import Stock
from isotherm.pipeline.pictures.jobs import Job, Jobs
from isotherm.pipeline.pictures.page_facts import (
    elements,
    latest_url,
    recorded_visits,
    sizes,
    visits,
)
from isotherm.pipeline.pictures.sessions import Recordings, Stores
from isotherm.render.from_url import PHONE, LivePage, capture
from isotherm.render.messages import Target
from isotherm.render.options import RenderOptions
from isotherm.render.process import RenderProcess, find_chromium
from isotherm.storage.ports import Backgrounds, Engine, Journal, ReplayStore

PAGE_RECORDINGS = 3  # tried when a person asks for new pictures of a page
log = logging.getLogger(__name__)


class BackgroundMaker:
    """The queue, its thread and the render process. Nothing starts before the first job."""

    def __init__(
        self,
        options: RenderOptions,
        backgrounds: Backgrounds,
        engine: Engine,
        replays: ReplayStore,
        *,
        journal: Journal | None = None,
    ) -> None:
        self._options = options
        self._engine = engine
        self._jobs = Jobs(options.queue)
        self._process = RenderProcess(options)
        self._stock = Stock(backgrounds, options)
        self._recordings = Recordings(
            options, Stores(engine, replays, journal), self._process, self._stock
        )
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()
        self._last_error = ""

    def offer(self, application: str, session_id: str, view_id: str | None) -> None:
        """Say that a recording is new or has grown; a full queue leaves it out."""
        if not self._options.automatic or find_chromium(self._options)[1]:
            return
        job = Job(
            id="",
            kind="recording",
            application=application,
            session_id=session_id,
            view_id=view_id,
        )
        try:
            self._add(job)
        except IsothermError:
            log.info("Too many pictures are waiting; session %s is left out.", session_id)

    def resume(self) -> None:
        """Offer recordings of pages without a picture: a stop forgets what was waiting."""
        if self._options.automatic and not find_chromium(self._options)[1]:
            self._add(Job(id="", kind="missing", application=""))

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
        return self._add(Job(id="", kind="page", application=application, page=page)).id

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
        if not self._options.hosts:
            raise IsothermError(
                Code.FORBIDDEN,
                "No host may be captured yet: name it in the setting capture_hosts.",
                field="url",
            )
        url = url or latest_url(self._engine, application, page)
        if not url:
            raise IsothermError(Code.NOT_FOUND, f"No address of {page!r} is known.", field="url")
        if not url.startswith(("http://", "https://")) or len(url) > 8_000:
            raise IsothermError(
                Code.INVALID, "An address must start with http:// or https://.", field="url"
            )
        if not 200 <= viewport_w <= 4_000 or not 0 <= viewport_h <= 4_000:
            raise IsothermError(
                Code.INVALID, "A window is 200 to 4000 px wide.", field="viewport_w"
            )
        job = Job(
            id="",
            kind="url",
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
        """Return `ok`, what is missing, the browser, whether its sandbox is on, and job counts."""
        chromium, missing = find_chromium(self._options)
        return {
            "ok": not missing,
            "message": missing,
            "chromium": chromium,
            "sandbox": self._process.sandbox,
            "automatic": self._options.automatic,
            "jobs": self._jobs.counts(),
            "last_error": self._last_error,
        }

    def close(self) -> None:
        """Forget waiting jobs, end the running one and the browser."""
        self._jobs.close()
        self._process.abort()
        if self._thread is not None:
            self._thread.join()
        self._process.close()

    def _need_chromium(self) -> None:
        missing = find_chromium(self._options)[1]
        if missing:
            raise IsothermError(Code.CAPTURE_UNAVAILABLE, missing)

    def _add(self, job: Job) -> Job:
        added = self._jobs.add(job, first=job.kind != "recording")  # a person is waiting
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="backgrounds", daemon=True)
                self._thread.start()
        return added

    def _run(self) -> None:
        while not self._jobs.closed:
            job = self._jobs.take(self._options.idle_s)
            if job is None:
                self._process.close()  # frees its memory until the next job
                continue
            error = ""
            try:
                self._do(job)
            except IsothermError as failed:
                error = failed.message
            except Exception:  # one bad recording must not end the thread
                log.exception("A picture could not be made")
                error = "The picture could not be made; the log says why."
            if error:
                self._last_error = error
                log.warning("Picture of %s %s: %s", job.application, job.page, error)
            self._jobs.finish(job, error)

    def _do(self, job: Job) -> None:
        match job.kind:
            case "recording":
                self._recordings.session(job, job.session_id, job.view_id)
            case "page":
                for visit in visits(self._engine, job.application, job.page, PAGE_RECORDINGS):
                    self._recordings.session(job, visit.session_id, visit.view_id, wanted=True)
                    job.progress = min(1.0, job.progress + 1 / PAGE_RECORDINGS)
                if not job.backgrounds:
                    raise IsothermError(
                        Code.NOT_FOUND, "No recording of this page holds a document."
                    )
            case "missing":
                for one in recorded_visits(self._engine, PAGE_RECORDINGS, self._options.queue):
                    if not self._stock.has(one.application, one.page, one.viewport_w):
                        self.offer(one.application, one.session_id, one.view_id)
            case "url":
                targets, clicks = elements(self._engine, job.application, job.page)
                known = {target.key for target in targets}
                others = self._stock.keys(job.application, job.page)
                targets += [Target(key) for key in others if key not in known]
                recorded = sizes(self._engine, job.application, job.page, job.viewport_w)
                live = LivePage(
                    application=job.application,
                    page=job.page,
                    url=job.url,
                    viewport_w=job.viewport_w,
                    viewport_h=job.viewport_h,
                    hide=job.hide,
                    click=job.click,
                )
                background, tiles = capture(self._process, self._options, live, targets, recorded)
                self._stock.add([(background, tiles)], clicks)
                job.backgrounds = [background.id]
