"""Keeps page pictures: what is known about them in the database, the strips as files."""

from collections import OrderedDict
from collections.abc import Collection, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import Final

import msgspec
from msgspec import Struct
from sqlalchemy import (
    Connection,
    Engine,
    Index,
    Insert,
    LargeBinary,
    bindparam,
    delete,
    false,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from isotherm.model import Background
from isotherm.model.errors import Code, IsothermError
from isotherm.storage.files import Files
from isotherm.storage.ports import Lacking
from isotherm.storage.saved.db import Base, alone, answered

VERSION: Final = 2
"""Of the rows' bodies; a step of `migrations` has rewritten older ones."""

WHAT: Final = "Page pictures"

MOST_VALUES: Final = 1_000
"""Of one statement; databases take some ten thousands."""

KEPT: Final = 200
"""Backgrounds held in memory: their boxes take longer to read than to look through."""


class BackgroundRow(Base):
    """One background; `body` is the whole `model.Background` as msgpack."""

    __tablename__ = "backgrounds"
    __table_args__ = tuple(
        Index(f"ix_backgrounds_{name}", name, postgresql_using="hash")
        for name in ("application", "page")
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    application: Mapped[str]
    page: Mapped[str]
    created_ms: Mapped[int] = mapped_column(sort_order=1)
    pinned: Mapped[bool] = mapped_column(default=False, server_default=false())
    body: Mapped[bytes] = mapped_column(LargeBinary)
    version: Mapped[int] = mapped_column(default=VERSION, server_default="0")


_OF_PAGE: Final = (  # every question about a page asks it: built once, which takes longest
    select(BackgroundRow.id, BackgroundRow.pinned)
    .where(
        BackgroundRow.application == bindparam("application"),
        BackgroundRow.page == bindparam("page"),
    )
    .order_by(BackgroundRow.created_ms.desc(), BackgroundRow.id)
)

_lacking = msgspec.msgpack.Decoder(Lacking).decode


class _Source(Struct, frozen=True):
    """What of a row's body tells where the picture comes from."""

    id: str
    session_id: str = ""


_source = msgspec.msgpack.Decoder(_Source).decode


class StoredBackgrounds:
    """Implements `ports.Backgrounds`. A background is there only when its whole picture is."""

    def __init__(self, database: Engine, pictures_url: str, folder: Path) -> None:
        """Keep pictures under an fsspec URL; "" = the folder `pictures` in `folder`."""
        self._database = database
        self._files = Files(pictures_url or str((folder / "pictures").absolute()), WHAT)
        self._held: OrderedDict[str, Background] = OrderedDict()  # without `pinned`
        self._turn = Lock()
        self.changes = 0  # made by this process

    def add(self, background: Background, tiles: Sequence[bytes]) -> None:
        """Keep a background. Raises CONFLICT for a known id, STORE_UNAVAILABLE."""
        if len(tiles) != len(background.tiles):
            raise IsothermError(Code.INVALID, "Each strip of a picture needs its bytes.")
        if self._body(background.id) is not None:
            raise _taken()
        # files first: a row without its picture would be worse than a file without its row
        strips = zip(background.tiles, tiles, strict=True)
        self._files.write({tile.path: body for tile, body in strips})
        row = insert(BackgroundRow).values(
            id=background.id,
            application=background.application,
            page=background.page,
            created_ms=background.created_ms,
            pinned=background.pinned,
            body=msgspec.msgpack.encode(background),
        )
        try:
            with answered(), self._database.begin() as connection:
                _insert(connection, row)
            self.changes += 1
        except IsothermError as error:
            # CONFLICT: the strips are the other one's. STORE_UNAVAILABLE: the row may be there
            if error.code not in {Code.CONFLICT, Code.STORE_UNAVAILABLE}:
                with suppress(IsothermError):  # what stays takes room and does nothing else
                    self._remove(background)
            raise

    def get(self, background_id: str) -> Background:
        """Return one background with its boxes. Raises NOT_FOUND."""
        row = self._body(background_id)
        if row is None:
            raise _unknown(background_id)
        return self._read(background_id, row[0], pinned=row[1])

    def of_page(self, application: str, page: str) -> list[Background]:
        """All backgrounds of a page with boxes, newest first."""
        asked = {"application": application, "page": page}
        with answered(), self._database.connect() as connection:
            rows = list(connection.execute(_OF_PAGE, asked))
            with self._turn:  # taken now: what is read below may push it out
                found: dict[str, Background | bytes] = {
                    row.id: self._held[row.id] for row in rows if row.id in self._held
                }
            new = [row.id for row in rows if row.id not in found]
            bodies = select(BackgroundRow.id, BackgroundRow.body).where(BackgroundRow.id.in_(new))
            found |= {row.id: row.body for row in connection.execute(bodies)} if new else {}
        return [
            self._read(row.id, found[row.id], pinned=row.pinned)
            for row in rows
            if row.id in found  # else another process removed it in between
        ]

    def newest(self, application: str, pages: Sequence[str]) -> dict[str, str]:
        """Return the id of the newest background of each page that has one."""
        found: dict[str, str] = {}
        for start in range(0, len(pages), MOST_VALUES):
            asked = (
                select(BackgroundRow.page, BackgroundRow.id)
                .where(
                    BackgroundRow.application == application,
                    BackgroundRow.page.in_(pages[start : start + MOST_VALUES]),
                )
                .order_by(BackgroundRow.created_ms.desc(), BackgroundRow.id)
            )
            with answered(), self._database.connect() as connection:
                for row in connection.execute(asked):
                    found.setdefault(row.page, row.id)
        return found

    def lacking(self, application: str) -> list[Lacking]:
        """Return those of an application that lack images, fonts or style sheets."""
        asked = select(BackgroundRow.body).where(BackgroundRow.application == application)
        with answered(), self._database.connect() as connection:
            found = [_lacking(body) for body in connection.scalars(asked)]
        return [one for one in found if one.missing]

    def tile(self, background_id: str, index: int) -> bytes:
        """Return the WebP bytes of one strip. Raises NOT_FOUND."""
        tiles = self.get(background_id).tiles
        if not 0 <= index < len(tiles):
            raise IsothermError(Code.NOT_FOUND, f"The picture has {len(tiles)} strips.")
        try:
            return self._files.read(tiles[index].path)
        except FileNotFoundError as error:
            raise IsothermError(
                Code.NOT_FOUND, "The file of the picture is missing; make the background again."
            ) from error

    def pin(self, background_id: str, *, pinned: bool = True) -> Background:
        """Make this background the one that is chosen for its page. Raises NOT_FOUND."""
        chosen = self.get(background_id)
        page = f"pin {chosen.application} {chosen.page}"
        with answered(), alone(self._database, page) as connection:
            if pinned:  # one at a time
                connection.execute(
                    update(BackgroundRow)
                    .where(
                        BackgroundRow.application == chosen.application,
                        BackgroundRow.page == chosen.page,
                    )
                    .values(pinned=False)
                )
            one = update(BackgroundRow).where(BackgroundRow.id == background_id)
            if not connection.execute(one.values(pinned=pinned)).rowcount:
                raise _unknown(background_id)  # deleted in between: those of the page stay as set
        self.changes += 1
        return msgspec.structs.replace(chosen, pinned=pinned)

    def delete(self, background_id: str) -> None:
        """Remove a background and its picture. Raises NOT_FOUND."""
        self._remove(self.get(background_id))  # first: without the row nobody would find it
        with answered(), self._database.begin() as connection:
            connection.execute(delete(BackgroundRow).where(BackgroundRow.id == background_id))
        self.changes += 1
        with self._turn:
            self._held.pop(background_id, None)

    def made_of(self, application: str, sessions: Collection[str]) -> list[str]:
        """Return the ids of the pictures made from recordings of these sessions."""
        asked = select(BackgroundRow.body).where(BackgroundRow.application == application)
        with answered(), self._database.connect() as connection:
            made = [_source(body) for body in connection.scalars(asked)]
        return [one.id for one in made if one.session_id and one.session_id in sessions]

    def _read(self, background_id: str, found: Background | bytes, *, pinned: bool) -> Background:
        """Return a background that was held, or from its body, and hold it."""
        with self._turn:
            if isinstance(found, bytes):
                known = self._held.get(background_id)
                found = known or msgspec.msgpack.decode(found, type=Background)
            self._held[background_id] = found
            self._held.move_to_end(background_id)
            while len(self._held) > KEPT:
                self._held.popitem(last=False)
        return found if found.pinned == pinned else msgspec.structs.replace(found, pinned=pinned)

    def _body(self, background_id: str) -> tuple[bytes, bool] | None:
        asked = select(BackgroundRow.body, BackgroundRow.pinned).where(
            BackgroundRow.id == background_id
        )
        with answered(), self._database.connect() as connection:
            row = connection.execute(asked).first()
        return None if row is None else (row.body, row.pinned)

    def _remove(self, background: Background) -> None:
        for folder in {tile.path.rpartition("/")[0] for tile in background.tiles}:
            self._files.remove_folder(folder)


def _insert(connection: Connection, row: Insert) -> None:
    try:
        connection.execute(row)
    except IntegrityError as error:
        raise _taken() from error


def _unknown(background_id: str) -> IsothermError:
    return IsothermError(Code.NOT_FOUND, f"There is no background {background_id!r}.")


def _taken() -> IsothermError:
    return IsothermError(Code.CONFLICT, "There is a background of this id already.")
