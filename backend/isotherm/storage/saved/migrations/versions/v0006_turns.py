"""Jobs of the picture maker record their turn: a recording that takes long has several."""

from alembic import op
from sqlalchemy import BigInteger, Column, inspect

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the column, unless it is there."""
    known = inspect(op.get_bind()).get_columns("picture_jobs")
    if "turn" not in {column["name"] for column in known}:
        op.add_column(
            "picture_jobs", Column("turn", BigInteger, nullable=False, server_default="0")
        )
