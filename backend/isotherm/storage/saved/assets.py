"""The index of fetched images, fonts and style sheets: what each address gave, and when."""

from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import Any

from msgspec import Struct
from sqlalchemy import Engine, Row, String, Text, delete, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from isotherm.model.sites import Lack
from isotherm.storage.saved.db import Base, answered

DAY_MS = 86_400_000
AT_ONCE = 500


class AssetRow(Base):
    """What an address gave; `content` "" = nothing, and `why` says why."""

    __tablename__ = "assets"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)  # hash of the address
    url: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(String(16))
    content: Mapped[str] = mapped_column(String(32))
    media: Mapped[str] = mapped_column(String(64))
    size: Mapped[int] = mapped_column(sort_order=1)  # bytes
    fetched_ms: Mapped[int] = mapped_column(sort_order=1)
    used_ms: Mapped[int] = mapped_column(sort_order=1)  # to the day
    why: Mapped[str] = mapped_column(String(16))
    detail: Mapped[str] = mapped_column(String(200))


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
        with answered(), self._database.begin() as connection:
            for first in range(0, len(urls), AT_ONCE):
                ids = [_id(url) for url in urls[first : first + AT_ONCE]]
                rows = connection.execute(select(AssetRow).where(AssetRow.id.in_(ids))).all()
                found |= {row.url: _fetched(row) for row in rows}
                if any(now_ms - row.used_ms > DAY_MS for row in rows):
                    used = update(AssetRow).where(AssetRow.id.in_(ids)).values(used_ms=now_ms)
                    connection.execute(used)
        return found

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
        with answered(), self._database.begin() as connection:
            connection.execute(delete(AssetRow).where(AssetRow.id.in_(rows)))
            connection.execute(insert(AssetRow), list(rows.values()))

    def expire(self, before_ms: int) -> list[str]:
        """Forget what no picture has used since a time; return the contents nobody names now."""
        old = AssetRow.used_ms < before_ms
        with answered(), self._database.begin() as connection:
            gone = set(connection.scalars(select(AssetRow.content).where(old)))
            connection.execute(delete(AssetRow).where(old))
            kept = set(connection.scalars(select(AssetRow.content)))
        return sorted(gone - kept - {""})

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
