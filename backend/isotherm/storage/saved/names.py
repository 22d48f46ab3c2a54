"""Names that people gave to applications whose ids nobody can read."""

from sqlalchemy import Engine, String, delete, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from isotherm.model.errors import Code, IsothermError
from isotherm.storage.saved.db import Base, answered

NAME_MAX = 200


class NameRow(Base):
    """One application's name."""

    __tablename__ = "application_names"

    application: Mapped[str] = mapped_column(String(1024), primary_key=True)
    name: Mapped[str] = mapped_column(String(NAME_MAX))


class ApplicationNames:
    """The names given by people, by application id."""

    def __init__(self, database: Engine) -> None:
        self._database = database

    def all(self) -> dict[str, str]:
        """Return every given name. Raises STORE_UNAVAILABLE."""
        with answered(), self._database.connect() as connection:
            rows = connection.execute(select(NameRow.application, NameRow.name))
            return {row.application: row.name for row in rows}

    def give(self, application: str, name: str) -> None:
        """Name an application; "" takes its name away. Raises INVALID, STORE_UNAVAILABLE."""
        name = name.strip()
        if len(name) > NAME_MAX:
            message = f"A name has at most {NAME_MAX} characters."
            raise IsothermError(Code.INVALID, message, field="name")
        with answered(), self._database.begin() as connection:
            connection.execute(delete(NameRow).where(NameRow.application == application))
            if name:
                connection.execute(insert(NameRow).values(application=application, name=name))
