"""Shared snapshots: frozen answers and picture of a saved heatmap, under an unguessable address."""

import hashlib
import re
import secrets
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Literal
from urllib.parse import parse_qsl, unquote

import msgspec
from msgspec import Struct
from sqlalchemy import Engine, ForeignKey, LargeBinary, delete, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from isotherm.model.errors import Code, IsothermError
from isotherm.storage.saved.db import Base, answered

DAY_MS = 86_400_000
VALIDITY_DAYS = {"1d": 1, "3d": 3, "7d": 7, "permanent": None}
if TYPE_CHECKING:
    Validity = str
else:
    Validity = Literal[tuple(VALIDITY_DAYS)]
"""A name in `VALIDITY_DAYS`; msgspec rejects any other."""
_PASSWORD = re.compile(r"[A-Za-z0-9]{4,128}")  # it travels in a header
_SCRYPT = {"n": 2**14, "r": 8, "p": 1}


class ShareRow(Base):
    """One snapshot. Only a hash of its token is kept: the database gives no access to it."""

    __tablename__ = "shares"

    id: Mapped[str] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    heatmap_id: Mapped[str] = mapped_column(index=True)
    name: Mapped[str]
    author: Mapped[str] = mapped_column(default="")
    created_ms: Mapped[int] = mapped_column(sort_order=1)
    expires_ms: Mapped[int | None] = mapped_column(sort_order=1)
    salt: Mapped[bytes | None] = mapped_column(LargeBinary)
    password_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    body: Mapped[bytes] = mapped_column(LargeBinary)


class ShareTileRow(Base):
    """One strip of a snapshot's own copy of the picture."""

    __tablename__ = "share_tiles"

    share_id: Mapped[str] = mapped_column(ForeignKey("shares.id"), primary_key=True)
    index: Mapped[int] = mapped_column(primary_key=True)
    picture: Mapped[bytes] = mapped_column(LargeBinary)


class Share(Struct, frozen=True, kw_only=True):
    """A snapshot in the list under management; never holds its token or password."""

    id: str
    heatmap_id: str
    name: str
    author: str
    created_ms: int
    expires_ms: int | None
    password: bool


class Snapshot(Struct, frozen=True, kw_only=True):
    """What a snapshot shows: the address it was taken at, and the answers of that moment."""

    name: str
    application: str
    page: str
    address: str
    taken_ms: int
    time_locked: bool
    answers: dict[str, msgspec.Raw]  # question -> its frames


def check_how(validity: str, password: str) -> None:
    """Raise INVALID for what `Shares.add` would not take; a snapshot takes long to freeze."""
    if validity not in VALIDITY_DAYS:
        message = f"validity must be one of {', '.join(VALIDITY_DAYS)}"
        raise IsothermError(Code.INVALID, message, field="validity")
    if password and not _PASSWORD.fullmatch(password):
        message = "A password has at least 4 letters and digits (A-Z, a-z, 0-9)"
        raise IsothermError(Code.INVALID, message, field="password")


class Shares:
    """The snapshots."""

    def __init__(self, database: Engine) -> None:
        self._database = database

    def add(
        self,
        heatmap_id: str,
        snapshot: Snapshot,
        tiles: Sequence[bytes],
        *,
        author: str,
        validity: str,
        password: str,
    ) -> tuple[Share, str]:
        """Keep a snapshot; return it and its token, which is shown only this once.

        `validity` is a key of VALIDITY_DAYS, `password` "" for a public one, else 4 letters
        and digits or more. What has expired is cleared away on the way. Raises INVALID,
        STORE_UNAVAILABLE.
        """
        check_how(validity, password)
        token = secrets.token_urlsafe(24)
        days = VALIDITY_DAYS[validity]
        salt = secrets.token_bytes(16) if password else None
        share = Share(
            id=secrets.token_hex(8),
            heatmap_id=heatmap_id,
            name=snapshot.name,
            author=author,
            created_ms=snapshot.taken_ms,
            expires_ms=None if days is None else snapshot.taken_ms + days * DAY_MS,
            password=bool(password),
        )
        row = {name: getattr(share, name) for name in share.__struct_fields__ if name != "password"}
        row |= {
            "token_hash": _hash(token),
            "salt": salt,
            "password_hash": hashlib.scrypt(password.encode(), salt=salt, **_SCRYPT)
            if salt
            else None,
            "body": msgspec.json.encode(snapshot),
        }
        with answered(), self._database.begin() as connection:
            over = select(ShareRow.id).where(ShareRow.expires_ms <= snapshot.taken_ms)
            connection.execute(delete(ShareTileRow).where(ShareTileRow.share_id.in_(over)))
            connection.execute(delete(ShareRow).where(ShareRow.expires_ms <= snapshot.taken_ms))
            connection.execute(insert(ShareRow).values(**row))
            for index, picture in enumerate(tiles):
                tile = {"share_id": share.id, "index": index, "picture": picture}
                connection.execute(insert(ShareTileRow).values(**tile))
        return share, token

    def open(self, token: str, password: str, now_ms: int) -> Snapshot:
        """Return a snapshot. Raises NOT_FOUND (unknown, revoked, expired), UNAUTHORISED."""
        return msgspec.json.decode(self._row(token, password, now_ms).body, type=Snapshot)

    def tile(self, token: str, password: str, index: int, now_ms: int) -> bytes:
        """Return the WebP bytes of a strip of its picture; raises as `open`."""
        share_id = self._row(token, password, now_ms).id
        asked = select(ShareTileRow.picture).where(
            ShareTileRow.share_id == share_id, ShareTileRow.index == index
        )
        with answered(), self._database.connect() as connection:
            picture = connection.execute(asked).scalar_one_or_none()
        if picture is None:
            raise IsothermError(Code.NOT_FOUND, "The picture has no such strip.")
        return picture

    def all(self, now_ms: int) -> list[Share]:
        """Return the snapshots that have not expired, newest first."""
        alive = ShareRow.expires_ms.is_(None) | (ShareRow.expires_ms > now_ms)
        asked = select(ShareRow).where(alive).order_by(ShareRow.created_ms.desc())
        with answered(), self._database.connect() as connection:
            rows = connection.execute(asked).all()
        return [
            Share(
                id=row.id,
                heatmap_id=row.heatmap_id,
                name=row.name,
                author=row.author,
                created_ms=row.created_ms,
                expires_ms=row.expires_ms,
                password=row.salt is not None,
            )
            for row in rows
        ]

    def revoke(self, share_id: str) -> None:
        """Remove a snapshot with its picture; its address stops working at once."""
        if not self._revoked(share_id):
            raise IsothermError(Code.NOT_FOUND, "There is no such snapshot.")

    def id_of(self, token: str) -> str:
        """Return the id of a snapshot, by which the list names it; "" when there is none."""
        asked = select(ShareRow.id).where(ShareRow.token_hash == _hash(token))
        with answered(), self._database.connect() as connection:
            return connection.execute(asked).scalar() or ""

    def revoke_naming(self, application: str, names: Collection[str]) -> int:
        """Remove an application's snapshots that hold one of these ids, of sessions or pictures.

        Returns how many.
        """
        wanted = {name: msgspec.json.encode(name) for name in names if name}
        asked = select(ShareRow.id, ShareRow.body)
        with answered(), self._database.connect() as connection:
            found = [
                row.id for row in connection.execute(asked) if _names(row.body, application, wanted)
            ]
        return sum(map(self._revoked, found))

    def _revoked(self, share_id: str) -> bool:
        """Remove a snapshot; False when there is none, as another process removed it."""
        with answered(), self._database.begin() as connection:
            connection.execute(delete(ShareTileRow).where(ShareTileRow.share_id == share_id))
            gone = connection.execute(delete(ShareRow).where(ShareRow.id == share_id)).rowcount
        return bool(gone)

    def _row(self, token: str, password: str, now_ms: int) -> ShareRow:
        asked = select(ShareRow).where(ShareRow.token_hash == _hash(token))
        with answered(), self._database.connect() as connection:
            row: ShareRow | None = connection.execute(asked).one_or_none()  # type: ignore[assignment]
        if row is None or (row.expires_ms is not None and row.expires_ms <= now_ms):
            message = "This snapshot does not exist any more. Ask who sent the link for a new one."
            raise IsothermError(Code.NOT_FOUND, message)
        if row.salt is not None and row.password_hash is not None:
            given = hashlib.scrypt(password.encode(), salt=row.salt, **_SCRYPT)
            if not secrets.compare_digest(given, row.password_hash):
                raise IsothermError(Code.UNAUTHORISED, "This snapshot needs a password.")
        return row


def _names(body: bytes, application: str, wanted: Mapping[str, bytes]) -> bool:
    """Tell whether a snapshot has one of the ids as a whole text, or in its address."""
    snapshot = msgspec.json.decode(body, type=Snapshot)
    if snapshot.application != application:
        return False
    values = (value for _, value in parse_qsl(snapshot.address.lstrip("?")))
    asked = {unquote(part) for value in values for part in value.split("|")}
    return not asked.isdisjoint(wanted) or any(written in body for written in wanted.values())


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
