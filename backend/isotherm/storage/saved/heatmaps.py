"""Saved heatmaps: a name for a view of a page with its filters; deleting can be undone."""

import secrets
from collections.abc import Sequence

from msgspec import Struct
from sqlalchemy import Engine, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from isotherm.model.errors import Code, IsothermError
from isotherm.storage.saved.db import Base, answered, refuse_nul

NAME_MAX = 200
ADDRESS_MAX = 16_000


class HeatmapRow(Base):
    """One saved heatmap; `deleted_ms` is set instead of removing the row."""

    __tablename__ = "heatmaps"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    application: Mapped[str]
    page: Mapped[str]
    address: Mapped[str]
    author: Mapped[str] = mapped_column(default="")
    created_ms: Mapped[int] = mapped_column(sort_order=1)
    opened_ms: Mapped[int] = mapped_column(sort_order=1)
    deleted_ms: Mapped[int | None] = mapped_column(sort_order=1)


class Heatmap(Struct, frozen=True, kw_only=True):
    """A saved heatmap as people see it. `address` is the page's whole state, as in its URL."""

    id: str
    name: str
    application: str
    page: str
    address: str
    author: str
    created_ms: int
    opened_ms: int


class NewHeatmap(Struct, frozen=True, kw_only=True):
    """What a person saves."""

    name: str
    application: str
    page: str
    address: str
    author: str = ""

    def __post_init__(self) -> None:
        """Refuse what no row can hold."""
        for field, limit in (("name", NAME_MAX), ("application", 1024), ("address", ADDRESS_MAX)):
            if not 0 < len(getattr(self, field)) <= limit:
                raise ValueError(f"{field} must have 1 to {limit} characters")
        refuse_nul(self.name, self.application, self.page, self.address, self.author)


class SavedHeatmaps:
    """The list of saved heatmaps."""

    def __init__(self, database: Engine) -> None:
        self._database = database

    def add(self, new: NewHeatmap, now_ms: int) -> Heatmap:
        """Save one. Raises STORE_UNAVAILABLE."""
        saved = Heatmap(
            id=secrets.token_hex(8),
            name=new.name,
            application=new.application,
            page=new.page,
            address=new.address,
            author=new.author,
            created_ms=now_ms,
            opened_ms=now_ms,
        )
        with answered(), self._database.begin() as connection:
            row = {name: getattr(saved, name) for name in saved.__struct_fields__}
            connection.execute(insert(HeatmapRow).values(**row))
        return saved

    def get(self, heatmap_id: str) -> Heatmap:
        """Return one that is not deleted. Raises NOT_FOUND."""
        found = self._select(HeatmapRow.id == heatmap_id)
        if not found:
            raise IsothermError(Code.NOT_FOUND, "There is no such saved heatmap; was it deleted?")
        return found[0]

    def all(self) -> list[Heatmap]:
        """Return those that are not deleted, last opened first."""
        return self._select()

    def opened(self, heatmap_id: str, now_ms: int) -> None:
        """Note that someone opened it."""
        self._set(heatmap_id, opened_ms=now_ms)

    def rename(self, heatmap_id: str, name: str) -> Heatmap:
        """Give it another name. Raises INVALID, NOT_FOUND."""
        if not 0 < len(name.strip()) <= NAME_MAX:
            message = f"A name has 1 to {NAME_MAX} characters."
            raise IsothermError(Code.INVALID, message, field="name")
        try:
            refuse_nul(name)
        except ValueError as error:
            raise IsothermError(Code.INVALID, str(error), field="name") from error
        self.get(heatmap_id)
        self._set(heatmap_id, name=name.strip())
        return self.get(heatmap_id)

    def delete(self, heatmap_id: str, now_ms: int) -> None:
        """Take it from the list. Raises NOT_FOUND."""
        self.get(heatmap_id)
        self._set(heatmap_id, deleted_ms=now_ms)

    def restore(self, heatmap_id: str) -> Heatmap:
        """Undo a deletion. Raises NOT_FOUND."""
        self._set(heatmap_id, deleted_ms=None)
        return self.get(heatmap_id)

    def _set(self, heatmap_id: str, **values: int | str | None) -> None:
        with answered(), self._database.begin() as connection:
            change = update(HeatmapRow).where(HeatmapRow.id == heatmap_id).values(**values)
            connection.execute(change)

    def _select(self, *conditions: object) -> list[Heatmap]:
        fields: Sequence[str] = Heatmap.__struct_fields__
        asked = (
            select(*(getattr(HeatmapRow, name) for name in fields))
            .where(HeatmapRow.deleted_ms.is_(None), *conditions)  # type: ignore[arg-type]
            .order_by(HeatmapRow.opened_ms.desc(), HeatmapRow.id)
        )
        with answered(), self._database.connect() as connection:
            return [Heatmap(**row._asdict()) for row in connection.execute(asked)]
