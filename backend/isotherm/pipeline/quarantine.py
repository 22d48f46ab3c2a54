"""Recordings in quarantine: reading, rendering or playing them failed, so nobody tries again.

A recording stays there until a person asks for another try (`release`) or another version of
Isotherm runs, which may read what this one could not. Kept in the database of saved things, so a
restart does not begin the same failure in a loop.
"""

import logging
import time
from collections.abc import Callable, Iterable
from hashlib import blake2b
from typing import Final, Literal, get_args

import msgspec
from msgspec import Struct
from sqlalchemy import Engine, LargeBinary, delete, func, select
from sqlalchemy.orm import Mapped, mapped_column

from isotherm import __version__
from isotherm.storage.ports import Recording
from isotherm.storage.saved.db import Base, answered, put

Stage = Literal["reading", "picture", "playback"]
"""What failed: finding its clicks and views, making pictures of its pages, playing it."""

STAGES: Final[tuple[Stage, ...]] = get_args(Stage)
LISTED: Final = 1_000
REASON_MAX: Final = 2_000

_log = logging.getLogger(__name__)
_pack = msgspec.msgpack.Encoder().encode
_unpack = msgspec.msgpack.Decoder(Recording).decode


class QuarantineRow(Base):
    """One stage of one recording. Ids of strangers are in `recording`, as any bytes may be."""

    __tablename__ = "quarantine"

    id: Mapped[str] = mapped_column(primary_key=True)
    session: Mapped[str] = mapped_column(index=True)
    recording: Mapped[bytes] = mapped_column(LargeBinary)  # msgpack of `ports.Recording`
    stage: Mapped[str]
    reason: Mapped[str]
    version: Mapped[str]
    at_ms: Mapped[int] = mapped_column(sort_order=1)
    tries: Mapped[int] = mapped_column(sort_order=1)
    sender: Mapped[str]
    size_bytes: Mapped[int] = mapped_column(sort_order=1)
    events: Mapped[int] = mapped_column(sort_order=1)


class Quarantined(Struct, frozen=True, kw_only=True):
    """A recording that is in quarantine, and why."""

    id: str
    recording: Recording
    stage: Stage
    reason: str
    version: str  # of the Isotherm that failed
    at_ms: int  # when it failed last, epoch ms
    tries: int  # how often it was quarantined
    sender: str  # format of its segments; "" = not known
    size_bytes: int  # of its bodies, unpacked
    events: int  # received events that nothing counts until it can be read


class QuarantineCounts(Struct, frozen=True):
    """How much is in quarantine in a stage."""

    recordings: int = 0
    events: int = 0


class Quarantine:
    """The recordings that are in quarantine. Thread-safe; every method raises STORE_UNAVAILABLE."""

    def __init__(
        self,
        database: Engine,
        version: str = __version__,
        *,
        clock_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
    ) -> None:
        self._database = database
        self._version = version
        self._clock_ms = clock_ms

    def add(
        self,
        recording: Recording,
        stage: Stage,
        reason: str,
        *,
        sender: str = "",
        size_bytes: int = 0,
        events: int = 0,
    ) -> None:
        """Set a recording aside; when it is there already, the newer reason counts.

        `reason` is a sentence for a person; `events` are received events that are in no answer
        until the recording can be read (0 when its clicks came as events of their own).
        """
        _log.warning("%s is in quarantine (%s): %s", recording, stage, reason)
        values = {
            "reason": reason.replace("\0", "").strip()[:REASON_MAX] or "no reason was given",
            "version": self._version,
            "at_ms": self._clock_ms(),
            "sender": sender,
            "size_bytes": size_bytes,
            "events": events,
        }
        row = {
            "id": _id(recording, stage),
            "session": _session(recording.application, recording.session_id),
            "recording": _pack(recording),
            "stage": stage,
            "tries": 1,
            **values,
        }
        with answered(), self._database.begin() as connection:
            put(connection, QuarantineRow, [row], tries=QuarantineRow.tries + 1)

    def holds(self, recording: Recording, stage: Stage) -> bool:
        """Tell whether a stage of a recording is not to be tried by this version."""
        asked = select(QuarantineRow.version).where(QuarantineRow.id == _id(recording, stage))
        with answered(), self._database.connect() as connection:
            return connection.execute(asked).scalar() == self._version

    def recordings(self, stage: Stage) -> set[Recording]:
        """Return all recordings for which `holds` is true."""
        mine = (QuarantineRow.stage == stage, QuarantineRow.version == self._version)
        with answered(), self._database.connect() as connection:
            found = connection.execute(select(QuarantineRow.recording).where(*mine)).scalars()
            return {_unpack(body) for body in found}

    def release(self, recording: Recording, stage: Stage) -> bool:
        """Let it be tried again, or note that it works now; False when it was not in quarantine."""
        mine = QuarantineRow.id == _id(recording, stage)
        with answered(), self._database.connect() as connection:
            if connection.execute(select(QuarantineRow.id).where(mine)).first() is None:
                return False  # the usual case; writing would make others wait
        with answered(), self._database.begin() as connection:
            return bool(connection.execute(delete(QuarantineRow).where(mine)).rowcount)

    def erase(self, application: str, sessions: Iterable[str]) -> None:
        """Delete what is known of sessions that are deleted."""
        keys = [_session(application, session) for session in sessions]
        with answered(), self._database.begin() as connection:
            for start in range(0, len(keys), LISTED):
                gone = QuarantineRow.session.in_(keys[start : start + LISTED])
                connection.execute(delete(QuarantineRow).where(gone))

    def expire(self, before_ms: int) -> None:
        """Delete what failed before a time, when its recording is deleted, too."""
        with answered(), self._database.begin() as connection:
            connection.execute(delete(QuarantineRow).where(QuarantineRow.at_ms < before_ms))

    def all(self, limit: int | None = LISTED) -> list[Quarantined]:
        """Return what is in quarantine, the latest first."""
        asked = select(QuarantineRow).order_by(QuarantineRow.at_ms.desc(), QuarantineRow.id)
        with answered(), self._database.connect() as connection:
            return [_entry(row._asdict()) for row in connection.execute(asked.limit(limit))]

    def counts(self) -> dict[Stage, QuarantineCounts]:
        """Return how much is in quarantine in each stage."""
        asked = select(QuarantineRow.stage, func.count(), func.sum(QuarantineRow.events)).group_by(
            QuarantineRow.stage
        )
        with answered(), self._database.connect() as connection:
            found = {
                row[0]: QuarantineCounts(row[1], int(row[2])) for row in connection.execute(asked)
            }
        return {stage: found.get(stage, QuarantineCounts()) for stage in STAGES}


def _entry(row: dict[str, object]) -> Quarantined:
    fields = {name: row[name] for name in Quarantined.__struct_fields__ if name != "recording"}
    recording = _unpack(row["recording"])  # type: ignore[arg-type]  # the column's bytes
    return msgspec.convert({**fields, "recording": msgspec.to_builtins(recording)}, Quarantined)


def _id(recording: Recording, stage: Stage) -> str:
    return _digest(_pack((recording, stage)))


def _session(application: str, session_id: str) -> str:
    return _digest(_pack((application, session_id)))


def _digest(name: bytes) -> str:
    return blake2b(name, digest_size=16).hexdigest()
