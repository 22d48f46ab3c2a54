"""Progress of the comparison of InfluxDB and the store, for all processes."""

from sqlalchemy import Engine, select
from sqlalchemy.orm import Mapped, mapped_column

from isotherm.storage.saved.db import Base, answered, put


class ComparisonRow(Base):
    """How far it is `of` what; `progress` is JSON, as `/api/v1/status` shows it."""

    __tablename__ = "comparison"

    of: Mapped[str] = mapped_column(primary_key=True)
    progress: Mapped[str]


class Comparison:
    """What the comparing process has said last. Both methods raise STORE_UNAVAILABLE."""

    def __init__(self, database: Engine, of: str) -> None:
        """`of` names what is compared, such as by addresses without passwords."""
        self._database = database
        self._of = of

    def say(self, progress: str) -> None:
        """Tell all processes."""
        with answered(), self._database.begin() as connection:
            put(connection, ComparisonRow, [{"of": self._of, "progress": progress}])

    def said(self) -> str:
        """Return what was said last; "" before anything was."""
        with answered(), self._database.connect() as connection:
            asked = select(ComparisonRow.progress).where(ComparisonRow.of == self._of)
            return connection.execute(asked).scalar() or ""
