"""Rewriting the file: DuckDB keeps deleted rows in it until other rows take their blocks."""

from contextlib import closing, suppress
from pathlib import Path

from isotherm.model.errors import Code, IsothermError
from isotherm.storage.duckdb.engine import DuckDBEngine, counted
from isotherm.storage.durable import sync_file, sync_folder


def rewrite(path: Path) -> None:
    """Write a file anew that no process has open, with nothing but the rows that are there.

    Raises STORE_UNAVAILABLE, for lack of room above all; then the file is as it was.
    """
    new = path.with_name(f"{path.name}.rewritten")
    try:
        new.unlink(missing_ok=True)
        with closing(DuckDBEngine(path)) as engine:
            copied = engine.copy_to(new)
        if copied != counted(path):
            raise IsothermError(Code.STORE_UNAVAILABLE, f"{new} has not all rows of {path}")
        sync_file(new)
        new.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        message = f"{path} cannot be rewritten: {error}"
        raise IsothermError(Code.STORE_UNAVAILABLE, message) from error
    finally:
        with suppress(OSError):
            new.unlink(missing_ok=True)
