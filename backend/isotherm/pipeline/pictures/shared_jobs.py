"""The queue of the picture maker in the database, for a server of several processes.

Any process adds a job and can say how it stands; each is taken once. A process that works on one
renews its lease. A job whose process has ended is queued again, and given up after `TRIES`.
"""

import logging
import secrets
import threading
import time
from collections.abc import Collection, Sequence
from hashlib import blake2b
from typing import Final

import msgspec
from sqlalchemy import (
    Connection,
    Engine,
    LargeBinary,
    Select,
    delete,
    func,
    insert,
    not_,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from isotherm.model.errors import Code, IsothermError
from isotherm.pipeline.pictures.jobs import LANES, Job, Turn, takes_oldest, too_many, turns_of
from isotherm.storage.saved.db import Base, alone, answered

TRIES: Final = 3
KEPT_MS: Final = 3_600_000
"""How long a finished job can still be asked about."""

LEASE_MS: Final = 20_000
_RENEW_S: Final = 1.0
_LOOK_S: Final = 0.5
_QUEUE: Final = "pictures"

_log = logging.getLogger(__name__)
_pack = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Job).decode


class JobRow(Base):
    """One job; `body` is msgpack of `Job`."""

    __tablename__ = "picture_jobs"

    id: Mapped[str] = mapped_column(primary_key=True)
    same: Mapped[str] = mapped_column(index=True)
    state: Mapped[str] = mapped_column(index=True)
    slow: Mapped[bool]  # what the release before has instead of `turn`
    turn: Mapped[int]
    urgent: Mapped[bool]
    tries: Mapped[int]
    at_ms: Mapped[int]
    lease_ms: Mapped[int]
    body: Mapped[bytes] = mapped_column(LargeBinary)


class SharedJobs:
    """Like `jobs.Jobs`, for all processes that share a database. Thread-safe."""

    def __init__(self, database: Engine, most: int) -> None:
        self._database = database
        self._most = most
        self._change = threading.Condition()
        self._running: dict[str, Job] = {}  # of this process
        self._renewing: threading.Thread | None = None
        self._closed = False
        self._slow_takes = 0
        self.done = self.failed = self.skipped = 0

    def add(self, job: Job) -> Job:
        """Queue a job, or return the waiting one that does the same.

        Raises CAPTURE_UNAVAILABLE (with a time to come back) when too many wait for this turn,
        STORE_UNAVAILABLE.
        """
        with answered(), alone(self._database, _QUEUE) as connection:
            waiting = connection.execute(_waiting_like(job)).first()
            if waiting is not None:
                if job.urgent:
                    mine = JobRow.id == waiting.id
                    connection.execute(update(JobRow).where(mine).values(urgent=True))
                return _unpack(waiting.body)
            count = connection.execute(_waiting_for(job.turn)).scalar_one()
            if count >= self._most or self._closed:
                self.skipped += 1
                raise too_many(count)
            job.id = secrets.token_hex(8)
            connection.execute(insert(JobRow).values(id=job.id, tries=0, **_values(job)))
        with self._change:
            self._change.notify_all()
        return job

    def get(self, job_id: str) -> Job:
        """Return a job. Raises NOT_FOUND, CONFLICT (of another release), STORE_UNAVAILABLE."""
        with answered(), self._database.connect() as connection:
            body = connection.execute(select(JobRow.body).where(JobRow.id == job_id)).scalar()
        if body is None:
            raise IsothermError(Code.NOT_FOUND, f"There is no job {job_id!r}.")
        return _unpack(body)

    def take(self, wait_s: float, *, slow: bool = False) -> Job | None:
        """Return the next job of a lane as running; None after `wait_s` seconds or when closed.

        Those that a person waits for come first.
        """
        until_s, fault = time.monotonic() + wait_s, ""
        while not self._closed:
            try:
                job = self._take(slow)
            except IsothermError as error:
                if error.message != fault:
                    _log.warning("The picture queue cannot be read: %s", error.message)
                job, fault = None, error.message
            if job is not None:
                return job
            left_s = until_s - time.monotonic()
            if left_s <= 0:
                return None
            with self._change:
                self._change.wait(min(_LOOK_S, left_s))  # other processes add, too
        return None

    def again(self, job: Job, left: Sequence[tuple[str, str]]) -> None:
        """Let a running job wait for its next turn with these visits; too many are given up."""
        job.turn, job.left, job.state = Turn(job.turn + 1), tuple(left), "queued"
        try:
            with answered(), alone(self._database, _QUEUE) as connection:
                waiting = None if job.urgent else connection.execute(_waiting_like(job)).first()
                if waiting is not None:
                    same = _unpack(waiting.body)
                    same.join(job)
                    mine = JobRow.id == same.id
                    connection.execute(update(JobRow).where(mine).values(body=_pack(same)))
                    job.state = "done"
                elif not job.urgent:
                    count = connection.execute(_waiting_for(job.turn)).scalar_one()
                    if count >= self._most:
                        job.state, job.message = "failed", too_many(count).message
                connection.execute(update(JobRow).where(JobRow.id == job.id).values(**_values(job)))
            self.done += job.state == "done"
            self.skipped += job.state == "failed"
        except IsothermError as away:  # it is taken again when its lease is over
            _log.warning("The next turn of a picture could not be stored: %s", away.message)
        finally:
            self._let_go(job)

    def finish(self, job: Job, error: str = "") -> None:
        """Mark a job as done, or as failed with a sentence; one that was cut short is queued."""
        if self._closed and error:
            job.state = "queued"
        else:
            job.state = "failed" if error else "done"
            job.message = error or job.message
            job.progress = 1.0
        try:
            with answered(), self._database.begin() as connection:
                mine = JobRow.id == job.id
                connection.execute(update(JobRow).where(mine).values(**_values(job)))
                over = JobRow.state.in_(("done", "failed")), JobRow.at_ms < _now_ms() - KEPT_MS
                connection.execute(delete(JobRow).where(*over))
            self.failed += job.state == "failed"
            self.done += job.state == "done"
        except IsothermError as away:  # it is taken again when its lease is over
            _log.warning("The result of a picture could not be stored: %s", away.message)
        finally:
            self._let_go(job)

    def wait_idle(self, limit_s: float) -> bool:
        """Wait until nothing waits or runs; False when the time is over."""
        until_s = time.monotonic() + limit_s
        while any(self._counted().values()):
            if time.monotonic() > until_s:
                return False
            with self._change:
                self._change.wait(_LOOK_S)
        return True

    @property
    def closed(self) -> bool:
        """No more jobs are taken by this process."""
        return self._closed

    def counts(self) -> dict[str, int]:
        """Return how many jobs wait and run, and what became of those of this process."""
        counted = self._counted()
        return {
            "queued": sum(n for (state, _), n in counted.items() if state == "queued"),
            "running": sum(n for (state, _), n in counted.items() if state == "running"),
            "done": self.done,
            "failed": self.failed,
            "skipped": self.skipped,
        }

    def lanes(self) -> dict[str, dict[str, int]]:
        """Return how many jobs wait and run in each lane."""
        counted = self._counted()
        return {
            name: {
                state: sum(counted.get((state, turn), 0) for turn in turns)
                for state in ("queued", "running")
            }
            for name, turns in LANES.items()
        }

    def close(self) -> None:
        """Take no more jobs; those that wait are left to other processes, and to the next start."""
        with self._change:
            self._closed = True
            self._change.notify_all()

    def _take(self, slow: bool) -> Job | None:
        now_ms = _now_ms()
        with answered(), alone(self._database, _QUEUE) as connection:
            over = or_(JobRow.lease_ms < now_ms, JobRow.lease_ms > now_ms + 2 * LEASE_MS)
            here = JobRow.id.in_(list(self._running))  # its lane works, however late the lease is
            lost = JobRow.state == "running", over, not_(here)
            asked = select(JobRow.id, JobRow.tries, JobRow.body).where(*lost)
            for row in connection.execute(asked).all():
                try:
                    job = _unpack(row.body)
                except IsothermError as error:
                    _give_up(connection, row.id, error)
                    continue
                job.state = "queued"
                if row.tries >= TRIES:
                    job.state = "failed"
                    job.message = f"The process that made it ended {row.tries} times."
                there = JobRow.id == row.id, *lost
                connection.execute(update(JobRow).where(*there).values(**_values(job)))
            mine = JobRow.state == "queued", JobRow.turn.in_(turns_of(slow=slow))
            oldest = takes_oldest(self._slow_takes, slow=slow)
            by_turn = () if oldest else (JobRow.turn,)
            order = JobRow.urgent.desc(), *by_turn, JobRow.at_ms, JobRow.id
            first = connection.execute(
                select(JobRow.id, JobRow.tries, JobRow.urgent, JobRow.body)
                .where(*mine).order_by(*order).limit(1)
            ).first()  # fmt: skip
            if first is None:
                return None
            try:
                job = _unpack(first.body)
            except IsothermError as error:
                _give_up(connection, first.id, error)
                return None
            job.state, job.urgent = "running", first.urgent
            still = JobRow.id == first.id, JobRow.state == "queued"
            taken = connection.execute(
                update(JobRow).where(*still).values(**_values(job), tries=first.tries + 1)
            )
            if not taken.rowcount:
                return None  # another process was quicker
        with self._change:
            self._slow_takes += slow
            self._running[job.id] = job
            if self._renewing is None:
                self._renewing = threading.Thread(target=self._renew, name="leases", daemon=True)
                self._renewing.start()
        return job

    def _renew(self) -> None:
        """Keep what this process works on, and tell how far it is."""
        fault = ""  # said once, not every second
        while True:
            time.sleep(_RENEW_S)
            with self._change:
                running = list(self._running.values())
                if self._closed and not running:
                    return
            for job in running:
                try:
                    with answered(), self._database.begin() as connection:
                        mine = JobRow.id == job.id, JobRow.state == "running"
                        values = {"body": _pack(job), "lease_ms": _now_ms() + LEASE_MS}
                        connection.execute(update(JobRow).where(*mine).values(**values))
                    fault = ""
                except IsothermError as error:
                    if error.message != fault:
                        _log.warning(
                            "The lease of a picture could not be renewed: %s", error.message
                        )
                    fault = error.message

    def _let_go(self, job: Job) -> None:
        with self._change:
            self._running.pop(job.id, None)
            self._change.notify_all()

    def _counted(self) -> dict[tuple[str, int], int]:
        asked = (
            select(JobRow.state, JobRow.turn, func.count())
            .where(JobRow.state.in_(("queued", "running")))
            .group_by(JobRow.state, JobRow.turn)
        )
        with answered(), self._database.connect() as connection:
            return {(state, turn): n for state, turn, n in connection.execute(asked)}


def _unpack(body: bytes) -> Job:
    try:
        return _decode(body)
    except msgspec.ValidationError as error:  # while one release is replaced by the other
        message = f"This picture was requested from another release of Isotherm: {error}"
        raise IsothermError(Code.CONFLICT, message) from error


def _give_up(connection: Connection, job_id: str, why: IsothermError) -> None:
    """Take a job out of the queue that would hold up all others for ever."""
    _log.warning("A picture could not be made: %s", why.message)
    connection.execute(update(JobRow).where(JobRow.id == job_id).values(state="failed"))


def erase_jobs(database: Engine, application: str, sessions: Collection[str]) -> None:
    """Delete the jobs that name sessions, also those that are done. Raises STORE_UNAVAILABLE."""
    with answered(), alone(database, _QUEUE) as connection:
        for row in connection.execute(select(JobRow.id, JobRow.body)).all():
            try:
                job = _unpack(row.body)
            except IsothermError:  # which sessions it names is not known
                connection.execute(delete(JobRow).where(JobRow.id == row.id))
                continue
            named = {job.session_id, *(session for session, _ in job.left)}
            if job.application == application and not named.isdisjoint(sessions):
                connection.execute(delete(JobRow).where(JobRow.id == row.id))


def _waiting_like(job: Job) -> Select[str, bytes]:
    return select(JobRow.id, JobRow.body).where(
        JobRow.same == _same(job), JobRow.state == "queued", JobRow.id != job.id
    )


def _waiting_for(turn: Turn) -> Select[int]:
    return select(func.count()).where(JobRow.state == "queued", JobRow.turn == turn)


def _values(job: Job) -> dict[str, object]:
    now_ms = _now_ms()
    return {
        "same": _same(job),
        "state": job.state,
        "slow": job.turn is Turn.SLOW,
        "turn": job.turn,
        "urgent": job.urgent,
        "at_ms": now_ms,
        "lease_ms": now_ms + LEASE_MS,
        "body": _pack(job),
    }


def _same(job: Job) -> str:
    return blake2b(_pack(job.same_as), digest_size=16).hexdigest()


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
