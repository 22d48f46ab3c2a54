"""The schema of the database of saved things, as steps that Alembic runs when it is opened.

A step is a file in `versions/`, and `HEAD` names the last one. Processes of two releases share the
database while one is replaced by the other, so a step only adds: a new column is nullable or has a
default on the server, and nothing that the release before needs is removed.
"""

import logging
from pathlib import Path
from threading import Lock
from typing import Final

from sqlalchemy import Connection, inspect, text

from isotherm.model.errors import Code, IsothermError

HEAD: Final = "0007"
TABLE: Final = "isotherm_version"
"""Where the database says which step it is at."""

_turn = Lock()  # Alembic's operations belong to the process, not to a connection


def is_up_to_date(connection: Connection) -> bool:
    """Tell whether no step is to be run. Raises CONFLICT when a later release has been there."""
    at = _step(connection)
    if at > HEAD:
        message = (
            f"The saved things are of a later release (migration {at}; this one knows {HEAD}). "
            "Use that release, or restore a backup."
        )
        raise IsothermError(Code.CONFLICT, message, field="saved")
    return at == HEAD


def run_steps(connection: Connection) -> None:
    """Run the steps that are left, in the connection's transaction."""
    # as it is imported it tells of each of its plugins
    logging.getLogger("alembic").setLevel(logging.WARNING)
    from alembic import command  # noqa: PLC0415 - not needed by most starts
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    with _turn:
        command.upgrade(config, "head")


def _step(connection: Connection) -> str:
    if not inspect(connection).has_table(TABLE):
        return ""
    return connection.execute(text(f"SELECT version_num FROM {TABLE}")).scalar() or ""
