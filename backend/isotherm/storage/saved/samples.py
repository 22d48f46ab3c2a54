"""The server's own counters over the last hours, so that a restart does not forget them."""

from collections.abc import Mapping

import msgspec
from sqlalchemy import Engine, LargeBinary, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from isotherm.storage.saved.db import Base, answered, put

Reading = Mapping[tuple[str, str], float]
"""Name of a count and what tells several of it apart -> value."""


class SampleRow(Base):
    """The counters of one server at one moment; `reading` is msgpack: [name, label, value]."""

    __tablename__ = "samples"

    server: Mapped[str] = mapped_column(primary_key=True)
    time_ms: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    reading: Mapped[bytes] = mapped_column(LargeBinary)


class StoredSamples:
    """The samples of one server; several may share a database."""

    def __init__(self, database: Engine, server: str) -> None:
        self._database = database
        self._server = server[-200:]

    def since(self, from_ms: int) -> list[tuple[int, Reading]]:
        """Return the samples from a time on, oldest first. Raises STORE_UNAVAILABLE."""
        asked = (
            select(SampleRow.time_ms, SampleRow.reading)
            .where(SampleRow.server == self._server, SampleRow.time_ms >= from_ms)
            .order_by(SampleRow.time_ms)
        )
        with answered(), self._database.connect() as connection:
            return [(row.time_ms, _read(row.reading)) for row in connection.execute(asked)]

    def add(self, time_ms: int, reading: Reading, keep_from_ms: int) -> None:
        """Keep a sample, and drop those before `keep_from_ms`. Raises STORE_UNAVAILABLE.

        Those of other servers, too: one that is gone for good does not do it.
        """
        body = msgspec.msgpack.encode([(*key, value) for key, value in reading.items()])
        with answered(), self._database.begin() as connection:
            connection.execute(delete(SampleRow).where(SampleRow.time_ms < keep_from_ms))
            row = {"server": self._server, "time_ms": time_ms, "reading": body}
            put(connection, SampleRow, [row])


def _read(body: bytes) -> Reading:
    rows = msgspec.msgpack.decode(body, type=list[tuple[str, str, float]])
    return {(name, label): value for name, label, value in rows}
