"""Attempts record which of several at the same moment used the same password."""

from alembic import op
from sqlalchemy import Column, Text, inspect

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the column, unless it is there."""
    known = inspect(op.get_bind()).get_columns("attempts")
    if "given" not in {column["name"] for column in known}:
        op.add_column("attempts", Column("given", Text, nullable=False, server_default=""))
