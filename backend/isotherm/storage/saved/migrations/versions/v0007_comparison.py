"""How far the comparison of InfluxDB and a shared store is, for all processes."""

from alembic import op
from sqlalchemy import Column, Text

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "comparison",
        Column("of", Text, primary_key=True),
        Column("progress", Text, nullable=False),
        if_not_exists=True,
    )
