"""How texts are laid down: a table per kind; UUIDs, which most ids are, as 16 bytes.

As text a UUID takes 21 bytes after compression. Kinds of ids have a table `term_<kind>_ids` with a
column for UUIDs and one for every other text, and a view over it; the others are `term_<kind>`
itself. Both are read as `term_<kind>(id, text)`.
"""

from collections.abc import Collection
from typing import Final

import duckdb
import pyarrow as pa

from isotherm.storage.duckdb.insert import execute_with, insert
from isotherm.storage.duckdb.schema import term_table
from isotherm.storage.tables import TERM_KINDS

_OF_IDS: Final = frozenset({"session", "view", "user"})
_UUID: Final = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"  # as it is written


def create(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the empty tables of those kinds that have none, and `terms(id, kind, text)` over all."""
    for kind in TERM_KINDS:
        name = term_table(kind)
        if kind not in _OF_IDS:
            connection.execute(f"CREATE TABLE IF NOT EXISTS {name} (id INTEGER, text VARCHAR)")
            continue
        columns = "id INTEGER, uuid UUID, other VARCHAR"
        connection.execute(f"CREATE TABLE IF NOT EXISTS {name}_ids ({columns})")
        text = "coalesce(other, uuid::VARCHAR) AS text"
        connection.execute(f"CREATE OR REPLACE VIEW {name} AS SELECT id, {text} FROM {name}_ids")
    terms = " UNION ALL ".join(
        f"SELECT id, '{kind}' AS kind, text FROM {term_table(kind)}" for kind in TERM_KINDS
    )
    connection.execute(f"CREATE OR REPLACE VIEW terms AS {terms}")


def add(connection: duckdb.DuckDBPyConnection, kind: str, rows: pa.Table) -> None:
    """Add rows with `id` and `text`."""
    if kind not in _OF_IDS:
        insert(connection, term_table(kind), rows)
        return
    statement = f"""
    INSERT INTO {term_table(kind)}_ids
    SELECT id, CASE WHEN plain THEN text::UUID END, CASE WHEN NOT plain THEN text END
    FROM (SELECT id, text, regexp_full_match(text, '{_UUID}') AS plain FROM batch)
    """
    execute_with(connection, statement, rows)


def delete(connection: duckdb.DuckDBPyConnection, kind: str, numbers: Collection[int]) -> None:
    """Delete texts by their ids."""
    table = term_table(kind) + ("_ids" if kind in _OF_IDS else "")
    statement = f"DELETE FROM {table} WHERE id IN (SELECT unnest($ids::INTEGER[]))"
    connection.execute(statement, {"ids": sorted(numbers)})


def find(
    connection: duckdb.DuckDBPyConnection, kind: str, texts: Collection[str]
) -> dict[str, int]:
    """Return the ids of those texts that are there."""
    name = term_table(kind)
    query = f"SELECT text, id FROM {name} WHERE text IN (SELECT unnest($texts))"
    if kind in _OF_IDS:  # the text of a UUID is compared last: others may be read as the same one
        query = f"""
        WITH asked AS (SELECT unnest($texts) AS text)
        SELECT asked.text, id FROM {name}_ids JOIN asked ON uuid = TRY_CAST(asked.text AS UUID)
        WHERE uuid::VARCHAR = asked.text
        UNION ALL SELECT asked.text, id FROM {name}_ids JOIN asked ON other = asked.text
        """
    return dict(connection.execute(query, {"texts": list(texts)}).fetchall())
