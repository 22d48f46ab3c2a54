"""What the processes of a server share: jobs of the picture maker, and wrong passwords."""

from alembic import op
from sqlalchemy import BigInteger, Boolean, Column, LargeBinary, Text

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "picture_jobs",
        Column("id", Text, primary_key=True),
        Column("same", Text, nullable=False),
        Column("state", Text, nullable=False),
        Column("slow", Boolean, nullable=False),
        Column("urgent", Boolean, nullable=False),
        Column("tries", BigInteger, nullable=False),
        Column("at_ms", BigInteger, nullable=False),
        Column("lease_ms", BigInteger, nullable=False),
        Column("body", LargeBinary, nullable=False),
        if_not_exists=True,
    )
    op.create_table(
        "attempts",
        Column("id", Text, primary_key=True),
        Column("of", Text, nullable=False),
        Column("at_ms", BigInteger, nullable=False),
        if_not_exists=True,
    )
    for table, column in (("picture_jobs", "same"), ("picture_jobs", "state"), ("attempts", "of")):
        op.create_index(f"ix_{table}_{column}", table, [column], if_not_exists=True)
