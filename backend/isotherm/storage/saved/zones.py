"""The zones that people keep: a part of a page with a name, looked at again and again."""

import secrets

from msgspec import Struct
from sqlalchemy import Engine, Index, delete, func, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from isotherm.model.errors import Code, IsothermError
from isotherm.storage.saved.db import Base, alone, answered, refuse_nul

MOST_ZONES = 100  # of one page
MOST_OF_APPLICATION = 5_000
NAME_MAX = 200
PX_MAX = 1_000_000


class ZoneRow(Base):
    """One zone."""

    __tablename__ = "zones"
    __table_args__ = (Index("ix_zones_application", "application", postgresql_using="hash"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    application: Mapped[str]
    page: Mapped[str]
    name: Mapped[str]
    element: Mapped[str] = mapped_column(default="")
    left: Mapped[int] = mapped_column(default=0)
    top: Mapped[int] = mapped_column(default=0)
    width: Mapped[int] = mapped_column(default=0)
    height: Mapped[int] = mapped_column(default=0)
    background: Mapped[str] = mapped_column(default="")
    author: Mapped[str] = mapped_column(default="")
    created_ms: Mapped[int] = mapped_column(sort_order=1)


class NewZone(Struct, frozen=True, kw_only=True):
    """An element, or a rectangle in px of the background that it was drawn on."""

    application: str
    page: str
    name: str
    element: str = ""
    left: int = 0
    top: int = 0
    width: int = 0
    height: int = 0
    background: str = ""
    author: str = ""

    def __post_init__(self) -> None:
        """Refuse what is no zone, or what no row can hold."""
        for field, most in (("application", 1024), ("page", 4096), ("name", NAME_MAX)):
            if not 0 < len(getattr(self, field).strip()) <= most:
                raise ValueError(f"{field} must have 1 to {most} characters")
        if len(self.element) > 4096 or len(self.background) > 200:
            raise ValueError("element and background must be keys of this page")
        if any(not 0 <= px <= PX_MAX for px in (self.left, self.top, self.width, self.height)):
            raise ValueError(f"a rectangle lies between 0 and {PX_MAX} px")
        if bool(self.element) == bool(self.width and self.height):
            raise ValueError("a zone is an element, or a rectangle with a width and a height")
        refuse_nul(self.application, self.page, self.name, self.element)
        refuse_nul(self.background, self.author)


class Zone(NewZone, frozen=True, kw_only=True):
    """A zone that is kept."""

    id: str
    created_ms: int


class Zones:
    """The zones of all pages. Every method raises STORE_UNAVAILABLE."""

    def __init__(self, database: Engine) -> None:
        self._database = database

    def add(self, new: NewZone, now_ms: int) -> Zone:
        """Keep a zone. Raises CONFLICT when the page or application has as many as it can."""
        given = {name: getattr(new, name) for name in NewZone.__struct_fields__}
        given |= {"name": new.name.strip(), "author": new.author[:200]}
        made = Zone(id=secrets.token_hex(8), created_ms=now_ms, **given)
        with answered(), alone(self._database, f"zones {new.application}") as connection:
            of = select(func.count()).where(ZoneRow.application == new.application)
            of_page = connection.execute(of.where(ZoneRow.page == new.page)).scalar_one()
            if of_page >= MOST_ZONES:
                raise _too_many("A page", MOST_ZONES)
            if connection.execute(of).scalar_one() >= MOST_OF_APPLICATION:
                raise _too_many("An application", MOST_OF_APPLICATION)
            row = {name: getattr(made, name) for name in Zone.__struct_fields__}
            connection.execute(insert(ZoneRow).values(**row))
        return made

    def of(self, application: str, page: str) -> list[Zone]:
        """Return a page's zones by name."""
        fields = [getattr(ZoneRow, name) for name in Zone.__struct_fields__]
        asked = (
            select(*fields)
            .where(ZoneRow.application == application, ZoneRow.page == page)
            .order_by(ZoneRow.name, ZoneRow.id)
        )
        with answered(), self._database.connect() as connection:
            return [Zone(**row._asdict()) for row in connection.execute(asked)]

    def remove(self, zone_id: str) -> None:
        """Delete a zone. Raises NOT_FOUND."""
        with answered(), self._database.begin() as connection:
            gone = connection.execute(delete(ZoneRow).where(ZoneRow.id == zone_id)).rowcount
        if not gone:
            raise IsothermError(Code.NOT_FOUND, "There is no such zone; was it removed?")


def _too_many(what: str, most: int) -> IsothermError:
    message = f"{what} has at most {most} zones. Remove one that nobody needs."
    return IsothermError(Code.CONFLICT, message, field="name")
