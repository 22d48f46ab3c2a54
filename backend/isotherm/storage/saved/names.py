"""Names that people gave to applications with unreadable ids."""

from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from isotherm.model.errors import Code, IsothermError
from isotherm.storage.saved.db import Base, answered, put, refuse_nul

NAME_MAX = 200


class NameRow(Base):
    """One application's name."""

    __tablename__ = "application_names"

    application: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]


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
        try:
            refuse_nul(application, name)
        except ValueError as error:
            raise IsothermError(Code.INVALID, str(error), field="name") from error
        with answered(), self._database.begin() as connection:
            if name:
                put(connection, NameRow, [{"application": application, "name": name}])
            else:
                connection.execute(delete(NameRow).where(NameRow.application == application))
