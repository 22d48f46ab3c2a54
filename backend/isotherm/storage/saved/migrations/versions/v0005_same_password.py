"""Attempts tell which of those at the same moment are of the same password."""

from alembic import op
from sqlalchemy import Column, Text

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the column."""
    op.add_column("attempts", Column("given", Text, nullable=False, server_default=""))
