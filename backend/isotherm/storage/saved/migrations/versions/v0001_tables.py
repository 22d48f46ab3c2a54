"""The tables as they were before there were steps; an installation of that time is taken over.

What it has stays as it is. Missing tables are made, and columns that an older release did not have.
"""

from alembic import op
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    inspect,
)

revision = "0001"
down_revision = None

_then = MetaData()


def _ms(name: str, *, nullable: bool = False) -> Column[int]:
    return Column(name, BigInteger, nullable=nullable)


def _text(name: str, most: int, *, key: bool = False) -> Column[str]:
    return Column(name, String(most), primary_key=key, nullable=False)


def _bytes(name: str, *, nullable: bool = False) -> Column[bytes]:
    return Column(name, LargeBinary, nullable=nullable)


def _flag(name: str) -> Column[bool]:
    return Column(name, Boolean, nullable=False, server_default=false())


Table(
    "heatmaps", _then, _text("id", 32, key=True), _text("name", 200), _text("application", 1024),
    _text("page", 4096), Column("address", Text, nullable=False), _text("author", 200),
    _ms("created_ms"), _ms("opened_ms"), _ms("deleted_ms", nullable=True),
)  # fmt: skip
Table(
    "shares", _then, _text("id", 32, key=True), _text("token_hash", 64), _text("heatmap_id", 32),
    _text("name", 200), _text("author", 200), _bytes("salt", nullable=True),
    _bytes("password_hash", nullable=True), _bytes("body"), _ms("created_ms"),
    _ms("expires_ms", nullable=True),
    UniqueConstraint("token_hash"), Index("ix_shares_heatmap_id", "heatmap_id"),
)  # fmt: skip
Table(
    "share_tiles", _then,
    Column("share_id", String(32), ForeignKey("shares.id"), primary_key=True),
    Column("index", BigInteger, primary_key=True, autoincrement=False), _bytes("picture"),
)  # fmt: skip
Table(
    "zones", _then, _text("id", 32, key=True), _text("application", 1024), _text("page", 4096),
    _text("name", 200), _text("element", 4096), _ms("left"), _ms("top"), _ms("width"),
    _ms("height"), _text("background", 200), _text("author", 200), _ms("created_ms"),
    Index("ix_zones_application", "application"),
)  # fmt: skip
Table(
    "sites", _then, _text("id", 32, key=True), _text("application", 1024), _text("site", 310),
    _flag("private"), _text("author", 200), _ms("created_ms"),
)  # fmt: skip
Table("application_names", _then, _text("application", 1024, key=True), _text("name", 200))
Table(
    "samples", _then, _text("server", 200, key=True),
    Column("time_ms", BigInteger, primary_key=True, autoincrement=False), _bytes("reading"),
)  # fmt: skip
Table(
    "audit", _then,
    Column("number", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    _text("who", 200), _text("did", 200), Column("what", Text, nullable=False),
    _text("address", 200), _ms("at_ms"), Index("ix_audit_at_ms", "at_ms"),
)  # fmt: skip
Table(
    "assets", _then, _text("id", 32, key=True), Column("url", Text, nullable=False),
    _text("kind", 16), _text("content", 32), _text("media", 64), _text("why", 16),
    _text("detail", 200), _ms("size"), _ms("fetched_ms"), _ms("used_ms"),
)  # fmt: skip
Table(
    "backgrounds", _then, _text("id", 64, key=True), _text("application", 1024),
    _text("page", 4096), _flag("pinned"), _bytes("body"),
    Column("version", BigInteger, nullable=False, server_default="0"), _ms("created_ms"),
    Index("backgrounds_of_page", "application", "page"),
)  # fmt: skip
Table(
    "quarantine", _then, _text("id", 32, key=True), _text("session", 32), _bytes("recording"),
    _text("stage", 16), _text("reason", 2000), _text("version", 64), _text("sender", 32),
    _ms("at_ms"), _ms("tries"), _ms("size_bytes"), _ms("events"),
    Index("ix_quarantine_session", "session"),
)  # fmt: skip


def upgrade() -> None:
    """Make what is missing."""
    _then.create_all(op.get_bind())
    known = inspect(op.get_bind())
    for table in _then.sorted_tables:
        there = {column["name"] for column in known.get_columns(table.name)}
        for column in table.columns:
            if column.name not in there:
                op.add_column(table.name, column)
