"""The audit log: who read recordings, shared and deleted."""

from msgspec import Struct
from sqlalchemy import BigInteger, Engine, Integer, delete, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from isotherm.storage.saved.db import Base, alone, answered

LISTED = 1_000
_HOUR_MS = 3_600_000


class AuditRow(Base):
    """One thing that somebody did."""

    __tablename__ = "audit"

    number: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"),  # which numbers rows of this type only
        primary_key=True,
        autoincrement=True,
    )
    at_ms: Mapped[int] = mapped_column(index=True, sort_order=1)
    who: Mapped[str]
    did: Mapped[str]
    what: Mapped[str]
    address: Mapped[str]


class Entry(Struct, frozen=True, kw_only=True):
    """Who did what, when and from which address."""

    at_ms: int
    who: str
    did: str
    what: str
    address: str = ""  # of the connection: a proxy's, if there is one; "" = on the server itself


class Noted(Entry, frozen=True, kw_only=True):
    """An entry of the log; a later one has a higher number."""

    number: int


class AuditLog:
    """The log; nothing is changed in it, and only what is too old is deleted."""

    def __init__(self, database: Engine) -> None:
        self._database = database

    def note(self, entry: Entry, *, hourly: bool = False) -> None:
        """Keep an entry; `hourly`: unless the hour has one alike. Raises STORE_UNAVAILABLE."""
        values = {name: getattr(entry, name).replace("\0", "") if name != "at_ms" else entry.at_ms
                  for name in Entry.__struct_fields__}  # fmt: skip
        same = {name: values[name] for name in ("who", "did", "what", "address")}
        hour = entry.at_ms // _HOUR_MS * _HOUR_MS
        alike = select(AuditRow.number).filter_by(**same).where(AuditRow.at_ms >= hour)
        turn = alone(self._database, "audit") if hourly else self._database.begin()
        with answered(), turn as connection:
            if not hourly or connection.execute(alike.limit(1)).first() is None:
                connection.execute(insert(AuditRow).values(**values))

    def all(self, limit: int = LISTED, before: int = 0) -> list[Noted]:
        """Return the entries, the latest first; `before`: those before the one of this number."""
        fields = [getattr(AuditRow, name) for name in Noted.__struct_fields__]
        asked = select(*fields).order_by(AuditRow.number.desc()).limit(limit)
        if before:
            asked = asked.where(AuditRow.number < before)
        with answered(), self._database.connect() as connection:
            return [Noted(**row._asdict()) for row in connection.execute(asked)]

    def expire(self, before_ms: int) -> None:
        """Delete what happened before a time."""
        with answered(), self._database.begin() as connection:
            connection.execute(delete(AuditRow).where(AuditRow.at_ms < before_ms))
