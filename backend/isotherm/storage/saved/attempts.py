"""Wrong passwords of shares, counted for all processes together (`api/sharing/limiter.py`)."""

import secrets
import time
from collections.abc import Callable
from hashlib import blake2b

from sqlalchemy import Engine, delete, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from isotherm.storage.saved.db import Base, answered


class AttemptRow(Base):
    """One attempt; whose is a hash, because it holds what opens a share."""

    __tablename__ = "attempts"

    id: Mapped[str] = mapped_column(primary_key=True)
    of: Mapped[str] = mapped_column(index=True)
    at_ms: Mapped[int]


class Attempts:
    """The attempts of the last minutes. Every method raises STORE_UNAVAILABLE."""

    def __init__(
        self,
        database: Engine,
        window_ms: int = 60_000,
        clock_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
    ) -> None:
        self._database = database
        self._window_ms = window_ms
        self._clock_ms = clock_ms

    def add(self, name: str) -> list[float]:
        """Count an attempt; return how many seconds ago the others were, the latest first."""
        now_ms = self._clock_ms()
        mine = secrets.token_hex(16)
        with answered(), self._database.begin() as connection:
            old = AttemptRow.at_ms < now_ms - self._window_ms
            connection.execute(delete(AttemptRow).where(old))
            # first its own row: of two at the same moment, each sees at least the earlier one
            row = {"id": mine, "of": _of(name), "at_ms": now_ms}
            connection.execute(insert(AttemptRow).values(**row))
        others = AttemptRow.of == _of(name), AttemptRow.id != mine
        asked = select(AttemptRow.at_ms).where(*others).order_by(AttemptRow.at_ms.desc())
        with answered(), self._database.connect() as connection:
            return [(now_ms - at_ms) / 1000 for at_ms in connection.scalars(asked)]

    def take_back(self, name: str) -> None:
        """Forget the latest attempt."""
        latest = (
            select(AttemptRow.id)
            .where(AttemptRow.of == _of(name))
            .order_by(AttemptRow.at_ms.desc())
            .limit(1)
        )
        with answered(), self._database.begin() as connection:
            found = connection.scalar(latest)
            connection.execute(delete(AttemptRow).where(AttemptRow.id == found))


def _of(name: str) -> str:
    return blake2b(name.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
