"""Texts are as long as our own checks allow, and names of pages and applications can be looked up.

SQLite never minded the lengths; PostgreSQL would refuse what SQLite holds. A row of its usual index
has at most 2,704 bytes, which the name of a page may exceed: indexes of names are of their hashes.
"""

from alembic import op
from sqlalchemy import String, Text, inspect

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Change types where they matter, and the indexes."""
    bind = op.get_bind()
    if bind.dialect.name == "postgresql":
        known = inspect(bind)
        for table in _TABLES:
            for there in known.get_columns(table):
                if isinstance(there["type"], String) and not isinstance(there["type"], Text):
                    op.alter_column(table, there["name"], type_=Text())
    op.drop_index("backgrounds_of_page", "backgrounds", if_exists=True)
    op.drop_index("ix_zones_application", "zones", if_exists=True)
    for table, column in _INDEXES:
        name = f"ix_{table}_{column}"
        op.create_index(name, table, [column], if_not_exists=True, postgresql_using="hash")


_TABLES = (
    "heatmaps", "shares", "share_tiles", "zones", "sites", "application_names", "samples",
    "audit", "assets", "backgrounds", "quarantine",
)  # fmt: skip
_INDEXES = (
    ("backgrounds", "application"),
    ("backgrounds", "page"),
    ("zones", "application"),
    ("sites", "application"),
)
