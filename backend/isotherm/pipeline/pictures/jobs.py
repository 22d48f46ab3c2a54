"""Jobs of the picture maker: two lanes, bounded, one of a kind at a time, progress by id."""

import secrets
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Any, Literal, Protocol

from msgspec import Struct

from isotherm.model.errors import Code, IsothermError

KEPT = 500  # finished jobs that can still be asked about


class Job(Struct, kw_only=True):
    """One piece of work and how it stands."""

    id: str
    kind: Literal["recording", "page", "url", "missing", "again"]
    application: str
    urgent: bool = False  # a person waits for it
    slow: bool = False  # of the slow lane
    left: tuple[tuple[str, str], ...] = ()  # (session, view) of its second try
    page: str = ""
    session_id: str = ""
    view_id: str | None = None
    url: str = ""
    viewport_w: int = 0
    viewport_h: int = 0
    hide: tuple[str, ...] = ()
    click: tuple[str, ...] = ()
    state: Literal["queued", "running", "done", "failed"] = "queued"
    progress: float = 0.0  # 0..1
    message: str = ""
    backgrounds: list[str] = []
    allow: Mapping[str, Any] | None = None  # what would cure it, see `IsothermError`

    @property
    def same_as(self) -> tuple[object, ...]:
        """Two waiting jobs with the same value would do the same work."""
        return (
            self.kind,
            self.slow,
            self.application,
            self.page,
            self.session_id,
            self.view_id,
            self.url,
            self.viewport_w,
            self.hide,
            self.click,
        )


class Queue(Protocol):
    """What the maker asks of a queue of jobs (`Jobs`, `shared_jobs.SharedJobs`)."""

    def add(self, job: Job) -> Job:
        """Queue a job, or return the waiting one that does the same."""

    def get(self, job_id: str) -> Job:
        """Return a job. Raises NOT_FOUND."""

    def take(self, wait_s: float, *, slow: bool = False) -> Job | None:
        """Return the next job of a lane as running; None after `wait_s` seconds or when closed."""

    def again(self, job: Job, left: Sequence[tuple[str, str]]) -> None:
        """Give a running job its second try with these visits, at the end of the slow lane."""

    def finish(self, job: Job, error: str = "") -> None:
        """Mark a job as done, or as failed with a sentence."""

    def wait_idle(self, limit_s: float) -> bool:
        """Wait until nothing waits or runs; False when the time is over."""

    @property
    def closed(self) -> bool:
        """No more jobs are taken."""

    def counts(self) -> dict[str, int]:
        """Return how many jobs wait, run, are done, failed or were not taken."""

    def lanes(self) -> dict[str, dict[str, int]]:
        """Return how many jobs wait and run in each lane."""

    def close(self) -> None:
        """Take no more jobs."""


def too_many(waiting: int) -> IsothermError:
    """Return what says that no more jobs are taken now."""
    message = f"{waiting} pictures are waiting to be made; try again later."
    return IsothermError(Code.CAPTURE_UNAVAILABLE, message, retry_after_s=30)


class Jobs:
    """The queue of both lanes. Thread-safe.

    In the quick lane everything has its first try, within short limits; what takes longer goes to
    the end of the slow lane, as do pictures of live pages, which wait for somebody else's server.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._waiting: list[Job] = []
        self._known: OrderedDict[str, Job] = OrderedDict()
        self._change = threading.Condition()
        self._running: list[Job] = []
        self._closed = False
        self.done = self.failed = self.skipped = 0

    def add(self, job: Job) -> Job:
        """Queue a job, or return the waiting one that does the same.

        Raises CAPTURE_UNAVAILABLE (with a time to come back) when too many wait.
        """
        with self._change:
            for waiting in self._waiting:
                if waiting.same_as == job.same_as:
                    waiting.urgent |= job.urgent
                    return waiting
            if len(self._waiting) >= self._most or self._closed:
                self.skipped += 1
                raise too_many(len(self._waiting))
            job.id = secrets.token_hex(8)
            self._known[job.id] = job
            while len(self._known) > KEPT + self._most:
                self._known.popitem(last=False)
            self._waiting.append(job)
            self._change.notify_all()
            return job

    def get(self, job_id: str) -> Job:
        """Return a job. Raises NOT_FOUND."""
        with self._change:
            if job_id not in self._known:
                raise IsothermError(Code.NOT_FOUND, f"There is no job {job_id!r}.")
            return self._known[job_id]

    def take(self, wait_s: float, *, slow: bool = False) -> Job | None:
        """Return the next job of a lane as running; None after `wait_s` seconds or when closed.

        Those that a person waits for come first.
        """
        with self._change:
            self._change.wait_for(lambda: self._closed or self._next(slow) is not None, wait_s)
            job = self._next(slow)
            if self._closed or job is None:
                return None
            self._waiting.remove(job)
            self._running.append(job)
            job.state = "running"
            return job

    def again(self, job: Job, left: Sequence[tuple[str, str]]) -> None:
        """Give a running job its second try with these visits, at the end of the slow lane."""
        with self._change:
            self._running.remove(job)
            job.slow, job.left, job.state = True, tuple(left), "queued"
            same = next((one for one in self._waiting if one.same_as == job.same_as), None)
            if same is not None and not job.urgent:
                same.left = tuple(dict.fromkeys([*same.left, *job.left]))
                job.state = "done"
                self.done += 1
            elif not self._closed:
                self._waiting.append(job)
            self._change.notify_all()

    def finish(self, job: Job, error: str = "") -> None:
        """Mark a job as done, or as failed with a sentence."""
        with self._change:
            job.state = "failed" if error else "done"
            job.message = error or job.message
            job.progress = 1.0
            self.failed += bool(error)
            self.done += not error
            self._running.remove(job)
            self._change.notify_all()

    def wait_idle(self, limit_s: float) -> bool:
        """Wait until nothing waits or runs; False when the time is over."""
        with self._change:
            return self._change.wait_for(lambda: not self._waiting and not self._running, limit_s)

    @property
    def closed(self) -> bool:
        """No more jobs are taken."""
        return self._closed

    def counts(self) -> dict[str, int]:
        """Return how many jobs wait, run, are done, failed or were not taken."""
        with self._change:
            return {
                "queued": len(self._waiting),
                "running": len(self._running),
                "done": self.done,
                "failed": self.failed,
                "skipped": self.skipped,
            }

    def lanes(self) -> dict[str, dict[str, int]]:
        """Return how many jobs wait and run in each lane."""
        with self._change:
            return {
                name: {
                    "queued": sum(job.slow == slow for job in self._waiting),
                    "running": sum(job.slow == slow for job in self._running),
                }
                for name, slow in (("quick", False), ("slow", True))
            }

    def close(self) -> None:
        """Take no more jobs and forget those that wait."""
        with self._change:
            self._closed = True
            self._waiting.clear()
            self._change.notify_all()

    def _next(self, slow: bool) -> Job | None:
        mine = [job for job in self._waiting if job.slow == slow]
        return min(mine, key=lambda job: not job.urgent, default=None)
