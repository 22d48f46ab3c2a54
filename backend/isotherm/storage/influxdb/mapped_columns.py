"""A measurement of others as a source: its columns become ours by SQL."""

from collections.abc import Callable, Mapping

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from isotherm.storage.influxdb.source import Source, numbered


class MappedSource(Source, frozen=True, kw_only=True):
    """`expressions` are DuckDB SQL over `c0, c1, ...` and `time` (ns), by the engine's column."""

    expressions: Mapping[str, str]
    keep: str
    page_of: Callable[[str, str], str] | None = None  # makes `page` of itself and `page_name`

    def rows(self, connection: duckdb.DuckDBPyConnection, batch: pa.Table) -> pa.Table:
        """Return a batch of raw columns as rows in the engine's columns, text as text."""
        columns = ", ".join(f'{sql} AS "{name}"' for name, sql in self.expressions.items())
        connection.register("batch", batch)
        try:
            found = connection.sql(f"SELECT {columns} FROM batch WHERE {self.keep}")
            rows = found.to_arrow_table()
        finally:
            connection.unregister("batch")
        if self.page_of is not None:
            rows = _paged(rows, self.page_of)
        return numbered(rows, self.table)

    @property
    def definition(self) -> str:
        """All that decides which rows come out but for the rules of pages."""
        return super().definition + repr((self.expressions, self.keep))


def _paged(rows: pa.Table, page_of: Callable[[str, str], str]) -> pa.Table:
    """Turn addresses and names into page keys, each distinct pair once; others have no page."""
    pairs = pc.binary_join_element_wise(rows.column("page"), rows.column("page_name"), "\0")
    encoded = pc.dictionary_encode(pairs.combine_chunks())
    keys = [page_of(*pair.split("\0", 1)) for pair in encoded.dictionary.to_pylist()]
    pages = pa.array(keys, pa.string()).take(encoded.indices)
    return rows.set_column(rows.schema.get_field_index("page"), "page", pages)
