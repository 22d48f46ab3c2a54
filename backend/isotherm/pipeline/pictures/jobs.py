"""Jobs of the picture maker: three turns in two lanes, bounded, one of a kind at a time.

Nobody can tell a recording that takes long from one that is made to. So each has a short first
turn; what is left of it waits behind all that had none, and has a longer one, twice.
"""

import secrets
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from enum import IntEnum
from typing import Any, Literal, Protocol

from msgspec import Struct

from isotherm.model.errors import Code, IsothermError

KEPT = 500  # finished jobs that can still be asked about


class Turn(IntEnum):
    """How often a job was cut short: the next turn is longer, and comes later."""

    FIRST = 0
    LONGER = 1  # of a recording that goes on, or of one that a person waits for
    SLOW = 2  # the last; also of live pages, which wait for somebody else's server


JobState = Literal["queued", "running", "done", "failed"]


class Job(Struct, kw_only=True):
    """One piece of work and how it stands."""

    id: str
    kind: Literal["recording", "page", "url", "missing", "again"]
    application: str
    urgent: bool = False  # a person waits for it
    turn: Turn = Turn.FIRST
    left: tuple[tuple[str, str], ...] = ()  # (session, view) that were cut short
    worth: tuple[tuple[str, str], ...] = ()  # the same, found worth picturing in an earlier turn
    page: str = ""
    session_id: str = ""
    view_id: str | None = None
    url: str = ""
    viewport_w: int = 0
    viewport_h: int = 0
    hide: tuple[str, ...] = ()
    click: tuple[str, ...] = ()
    state: JobState = "queued"
    progress: float = 0.0  # 0..1
    message: str = ""
    backgrounds: list[str] = []
    allow: Mapping[str, Any] | None = None  # what would cure it, see `IsothermError`

    @property
    def same_as(self) -> tuple[object, ...]:
        """Two waiting jobs with the same value would do the same work."""
        return (
            self.kind,
            self.turn,
            self.application,
            self.page,
            self.session_id,
            self.view_id,
            self.url,
            self.viewport_w,
            self.hide,
            self.click,
        )

    def join(self, other: "Job") -> None:
        """Do what another job has left, too."""
        self.left = tuple(dict.fromkeys([*self.left, *other.left]))
        self.worth = tuple(dict.fromkeys([*self.worth, *other.worth]))


class Queue(Protocol):
    """What the maker asks of a queue of jobs (`Jobs`, `shared_jobs.SharedJobs`)."""

    def add(self, job: Job) -> Job:
        """Queue a job, or return the waiting one that does the same."""

    def get(self, job_id: str) -> Job:
        """Return a job. Raises NOT_FOUND."""

    def take(self, wait_s: float, *, slow: bool = False) -> Job | None:
        """Return the next job of a lane as running; None after `wait_s` seconds or when closed."""

    def again(self, job: Job, left: Sequence[tuple[str, str]]) -> None:
        """Let a running job wait for its next turn with these visits; too many are given up."""

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


LANES = {"quick": (Turn.FIRST, Turn.LONGER), "slow": (Turn.SLOW,)}
"""Which turns are told of as whose, on the status page."""


def turns_of(*, slow: bool) -> tuple[Turn, ...]:
    """Return which turns a lane takes."""
    return (Turn.LONGER, Turn.SLOW) if slow else (Turn.FIRST, Turn.LONGER)


def takes_oldest(takes: int, *, slow: bool) -> bool:
    """Tell whether a lane that took so many jobs takes the oldest next, whatever its turn."""
    return slow and takes % 2 == 1


def too_many(waiting: int) -> IsothermError:
    """Return what says that no more jobs are taken now."""
    message = f"{waiting} pictures are waiting to be made; try again later."
    return IsothermError(Code.CAPTURE_UNAVAILABLE, message, retry_after_s=30)


class Jobs:
    """The queue of both lanes. Thread-safe.

    The quick lane has the first turns, and the longer ones while nobody waits for a first. The
    slow lane has the longer and the slow ones: those that were cut short less often go first every
    other time, the one that waits longest in between, so that none waits for ever.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._waiting: list[Job] = []
        self._known: OrderedDict[str, Job] = OrderedDict()
        self._change = threading.Condition()
        self._running: list[Job] = []
        self._closed = False
        self._slow_takes = 0
        self.done = self.failed = self.skipped = 0

    def add(self, job: Job) -> Job:
        """Queue a job, or return the waiting one that does the same.

        Raises CAPTURE_UNAVAILABLE (with a time to come back) when too many wait for this turn.
        """
        with self._change:
            for waiting in self._waiting:
                if waiting.same_as == job.same_as:
                    waiting.urgent |= job.urgent
                    return waiting
            waiting_too = sum(other.turn == job.turn for other in self._waiting)
            if waiting_too >= self._most or self._closed:
                self.skipped += 1
                raise too_many(waiting_too)
            job.id = secrets.token_hex(8)
            self._known[job.id] = job
            while len(self._known) > KEPT + len(Turn) * self._most:
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
            self._slow_takes += slow
            self._waiting.remove(job)
            self._running.append(job)
            job.state = "running"
            return job

    def again(self, job: Job, left: Sequence[tuple[str, str]]) -> None:
        """Let a running job wait for its next turn with these visits; too many are given up."""
        with self._change:
            self._running.remove(job)
            job.turn, job.left, job.state = Turn(job.turn + 1), tuple(left), "queued"
            same = next((one for one in self._waiting if one.same_as == job.same_as), None)
            waiting_too = sum(other.turn == job.turn for other in self._waiting)
            if same is not None and not job.urgent:
                same.join(job)
                job.state = "done"
                self.done += 1
            elif waiting_too >= self._most and not job.urgent:
                job.state, job.message = "failed", too_many(waiting_too).message
                self.skipped += 1
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
                    "queued": sum(job.turn in turns for job in self._waiting),
                    "running": sum(job.turn in turns for job in self._running),
                }
                for name, turns in LANES.items()
            }

    def close(self) -> None:
        """Take no more jobs and forget those that wait."""
        with self._change:
            self._closed = True
            self._waiting.clear()
            self._change.notify_all()

    def _next(self, slow: bool) -> Job | None:
        mine = [job for job in self._waiting if job.turn in turns_of(slow=slow)]
        oldest = takes_oldest(self._slow_takes, slow=slow)
        return min(mine, key=lambda job: (not job.urgent, 0 if oldest else job.turn), default=None)
