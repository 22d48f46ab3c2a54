"""Wrong passwords of shares, counted for all processes together (`api/sharing/limiter.py`)."""

import secrets
import time
from collections.abc import Callable
from hashlib import blake2b

from sqlalchemy import Engine, delete, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from isotherm.storage.saved.db import Base, answered

_WINDOW_MS = 60_000


class AttemptRow(Base):
    """One attempt; whose is a hash, because it holds what opens a share."""

    __tablename__ = "attempts"

    id: Mapped[str] = mapped_column(primary_key=True)
    of: Mapped[str] = mapped_column(index=True)
    at_ms: Mapped[int]
    given: Mapped[str] = mapped_column(default="", server_default="")
    """A digest of the password while it is checked; "" = it was wrong."""


class Attempts:
    """The attempts of the last minutes. Every method raises STORE_UNAVAILABLE."""

    def __init__(
        self,
        database: Engine,
        clock_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
    ) -> None:
        self._database = database
        self._clock_ms = clock_ms

    def add(self, name: str, given: str) -> tuple[str, list[float]]:
        """Count an attempt; return its id and how many seconds ago others were, the latest first.

        Not among the others are those with the same `given` that are still being checked.
        """
        now_ms = self._clock_ms()
        mine = secrets.token_hex(16)
        with answered(), self._database.begin() as connection:
            first, last = now_ms - _WINDOW_MS, now_ms + _WINDOW_MS
            old = (AttemptRow.at_ms < first) | (AttemptRow.at_ms > last)  # the clock was set back
            connection.execute(delete(AttemptRow).where(old))
            # first its own row: of two at the same moment, each sees at least the earlier one
            row = {"id": mine, "of": _of(name), "at_ms": now_ms, "given": given}
            connection.execute(insert(AttemptRow).values(**row))
        others = AttemptRow.of == _of(name), AttemptRow.id != mine, AttemptRow.given != given
        asked = select(AttemptRow.at_ms).where(*others).order_by(AttemptRow.at_ms.desc())
        with answered(), self._database.connect() as connection:
            return mine, [(now_ms - at_ms) / 1000 for at_ms in connection.scalars(asked)]

    def wrong(self, attempt: str) -> None:
        """Keep an attempt whatever was `given` with it."""
        mine = AttemptRow.id == attempt
        with answered(), self._database.begin() as connection:
            connection.execute(update(AttemptRow).where(mine).values(given=""))

    def take_back(self, attempt: str) -> None:
        """Forget an attempt."""
        with answered(), self._database.begin() as connection:
            connection.execute(delete(AttemptRow).where(AttemptRow.id == attempt))


def _of(name: str) -> str:
    return blake2b(name.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
