"""The sites an application is connected to: pictures are made of what is there."""

import secrets
from collections.abc import Sequence

from msgspec import Struct
from sqlalchemy import Connection, Engine, Index, delete, false, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from isotherm.model.errors import Code, IsothermError
from isotherm.model.sites import normal_site
from isotherm.storage.saved.db import Base, alone, answered, refuse_nul

MOST_SITES = 200  # of one application


class SiteRow(Base):
    """One site."""

    __tablename__ = "sites"
    __table_args__ = (Index("ix_sites_application", "application", postgresql_using="hash"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    application: Mapped[str]
    site: Mapped[str]
    private: Mapped[bool] = mapped_column(default=False, server_default=false())
    author: Mapped[str] = mapped_column(default="")
    created_ms: Mapped[int] = mapped_column(sort_order=1)


class Site(Struct, frozen=True, kw_only=True):
    """A host, or `host:port`, that may be asked; `private`: at a private address, too."""

    id: str
    application: str
    site: str
    private: bool
    author: str
    created_ms: int


class NewSite(Struct, frozen=True, kw_only=True):
    """What a person allows. `site`: a host, host:port, or an origin."""

    application: str
    site: str
    author: str = ""

    def __post_init__(self) -> None:
        """Refuse what no row can hold."""
        if not 0 < len(self.application) <= 1024:
            raise ValueError("application must have 1 to 1024 characters")
        refuse_nul(self.application, self.site, self.author)


class Sites:
    """The sites of all applications. Every method raises STORE_UNAVAILABLE."""

    def __init__(self, database: Engine) -> None:
        self._database = database

    def add(self, new: NewSite, now_ms: int) -> Site:
        """Allow a site; return the one that is there already. Raises INVALID, CONFLICT."""
        try:
            text = normal_site(new.site)
        except ValueError as error:
            message = f"This is not a site: {error}."
            raise IsothermError(Code.INVALID, message, field="site") from error
        made = Site(
            id=secrets.token_hex(8),
            application=new.application,
            site=text,
            private=False,
            author=new.author[:200],
            created_ms=now_ms,
        )
        with answered(), alone(self._database, f"sites {new.application}") as connection:
            there = _select(connection, SiteRow.application == new.application)
            same = next((one for one in there if one.site == text), None)
            if same is not None:
                return same
            if len(there) >= MOST_SITES:
                message = f"An application has at most {MOST_SITES} sites."
                raise IsothermError(Code.CONFLICT, message, field="site")
            row = {name: getattr(made, name) for name in made.__struct_fields__}
            connection.execute(insert(SiteRow).values(**row))
        return made

    def allow_private(self, site_id: str) -> Site:
        """Let a site be at a private address, too. Raises NOT_FOUND, INVALID for a wildcard."""
        site = self.get(site_id)
        if site.site.startswith("*."):
            message = "Name the host itself to allow its private address."
            raise IsothermError(Code.INVALID, message, field="site")
        with answered(), self._database.begin() as connection:
            change = update(SiteRow).where(SiteRow.id == site_id).values(private=True)
            connection.execute(change)
        return self.get(site_id)

    def get(self, site_id: str) -> Site:
        """Return a site. Raises NOT_FOUND."""
        found = self._select(SiteRow.id == site_id)
        if not found:
            raise IsothermError(Code.NOT_FOUND, "There is no such site; was it removed?")
        return found[0]

    def of(self, application: str) -> list[Site]:
        """Return an application's sites by name."""
        return self._select(SiteRow.application == application)

    def remove(self, site_id: str) -> Site:
        """Allow a site no longer; return it. Raises NOT_FOUND."""
        site = self.get(site_id)
        with answered(), self._database.begin() as connection:
            connection.execute(delete(SiteRow).where(SiteRow.id == site_id))
        return site

    def _select(self, *conditions: object) -> list[Site]:
        with answered(), self._database.connect() as connection:
            return _select(connection, *conditions)


def _select(connection: Connection, *conditions: object) -> list[Site]:
    fields: Sequence[str] = Site.__struct_fields__
    asked = (
        select(*(getattr(SiteRow, name) for name in fields))
        .where(*conditions)  # type: ignore[arg-type]
        .order_by(SiteRow.site)
    )
    return [Site(**row._asdict()) for row in connection.execute(asked)]
