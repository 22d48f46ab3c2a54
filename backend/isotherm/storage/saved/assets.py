"""The index of fetched images, fonts and style sheets: what each address gave, and when."""

from collections.abc import Callable, Mapping, Sequence
from hashlib import blake2b
from typing import Any

from msgspec import Struct
from sqlalchemy import Engine, Row, delete, not_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from isotherm.model.sites import Lack
from isotherm.storage.saved.db import Base, alone, answered, put

DAY_MS = 86_400_000
AT_ONCE = 500
_TURN = "assets"


class AssetRow(Base):
    """What an address gave; `content` "" = nothing, and `why` says why."""

    __tablename__ = "assets"

    id: Mapped[str] = mapped_column(primary_key=True)  # hash of the address
    url: Mapped[str]
    kind: Mapped[str]
    content: Mapped[str]
    media: Mapped[str]
    size: Mapped[int] = mapped_column(sort_order=1)  # bytes
    fetched_ms: Mapped[int] = mapped_column(sort_order=1)
    used_ms: Mapped[int] = mapped_column(sort_order=1)  # to the day
    why: Mapped[str]
    detail: Mapped[str]


class Fetched(Struct, frozen=True, kw_only=True):
    """What an address gave. Times are epoch ms."""

    url: str
    kind: str
    content: str = ""  # name of its bytes
    media: str = ""
    size: int = 0
    fetched_ms: int
    why: Lack | None = None
    detail: str = ""


class AssetIndex:
    """The addresses that were asked. Raises STORE_UNAVAILABLE."""

    def __init__(self, database: Engine) -> None:
        self._database = database

    def of(self, urls: Sequence[str], now_ms: int) -> Mapping[str, Fetched]:
        """Return what is known of these addresses, and note that it is used."""
        found: dict[str, Fetched] = {}
        stale: list[str] = []
        with answered(), self._database.connect() as connection:
            for first in range(0, len(urls), AT_ONCE):
                ids = [_id(url) for url in urls[first : first + AT_ONCE]]
                rows = connection.execute(select(AssetRow).where(AssetRow.id.in_(ids))).all()
                found |= {row.url: _fetched(row) for row in rows}
                stale += [row.id for row in rows if now_ms - row.used_ms > DAY_MS]
        if stale:
            self._note_use(stale, now_ms)
        return found

    def _note_use(self, ids: Sequence[str], now_ms: int) -> None:
        with answered(), alone(self._database, _TURN) as connection:
            for first in range(0, len(ids), AT_ONCE):
                some = AssetRow.id.in_(ids[first : first + AT_ONCE])
                connection.execute(update(AssetRow).where(some).values(used_ms=now_ms))

    def keep(self, fetched: Sequence[Fetched]) -> None:
        """Note what addresses gave; what was known of them is replaced."""
        rows = {
            _id(one.url): {
                "id": _id(one.url),
                "url": one.url,
                "kind": one.kind,
                "content": one.content,
                "media": one.media[:64],
                "size": one.size,
                "fetched_ms": one.fetched_ms,
                "used_ms": one.fetched_ms,
                "why": one.why or "",
                "detail": one.detail[:200],
            }
            for one in fetched
        }
        if not rows:
            return
        with answered(), alone(self._database, _TURN) as connection:
            put(connection, AssetRow, rows.values())

    def expire(self, before_ms: int, remove: Callable[[list[str]], None]) -> None:
        """Forget what no picture has used since a time; `remove` gets what nobody names then.

        If it raises, all is still there, and is found again.
        """
        old = AssetRow.used_ms < before_ms
        with answered(), alone(self._database, _TURN) as connection:
            gone = set(connection.scalars(select(AssetRow.content).where(old)))
            kept = set(connection.scalars(select(AssetRow.content).where(not_(old))))
            remove(sorted(gone - kept - {""}))
            connection.execute(delete(AssetRow).where(old))

    def totals(self) -> tuple[int, int]:
        """Return how many are kept, and their bytes."""
        asked = select(AssetRow.content, AssetRow.size).where(AssetRow.content != "").distinct()
        with answered(), self._database.connect() as connection:
            rows = connection.execute(asked).all()
        return len(rows), sum(row.size for row in rows)


def _id(url: str) -> str:
    return blake2b(url.encode(), digest_size=16).hexdigest()


def _fetched(row: Row[Any]) -> Fetched:
    return Fetched(
        url=row.url,
        kind=row.kind,
        content=row.content,
        media=row.media,
        size=row.size,
        fetched_ms=row.fetched_ms,
        why=Lack(row.why) if row.why else None,
        detail=row.detail,
    )
