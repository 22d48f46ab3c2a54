"""Rows out of InfluxDB: InfluxQL as CSV, parsed by Arrow while it arrives, never held whole."""

import threading
from collections.abc import Collection, Iterator, Mapping
from queue import Empty, Full, Queue
from typing import Any, Final, TypeAlias

import duckdb
import pyarrow as pa
from pyarrow import csv

from isotherm.storage.influxdb.client import InfluxClient
from isotherm.storage.influxdb.failures import JournalError
from isotherm.storage.influxdb.line_protocol import NS_PER_MS
from isotherm.storage.influxdb.source import Source

HOUR_MS: Final = 3_600_000
_BLOCK_BYTES: Final = 1 << 20
_AHEAD: Final = 4  # parsed blocks that wait for the engine: some 5 MB
_ROWS: Final = 25_000  # handed over at once: each time costs the engine a commit
_TICK_S: Final = 0.5

Item: TypeAlias = "Any"
"""A record batch, the exception that ended the download, or None at its end."""


class Download:
    """The rows of [from, to) of a source, on their way from the moment this is made.

    Only a few parsed blocks wait for the consumer; then the download waits, too.
    """

    def __init__(
        self,
        client: InfluxClient,
        source: Source,
        span: tuple[int, int],
        at_least: int,
        without: Collection[str] = (),
    ) -> None:
        self._client = client
        self._source = source
        self._columns = source.asked(without)
        self._statement = source.statement(span[0] * NS_PER_MS, span[1] * NS_PER_MS, without)
        self._at_least = at_least
        self._ahead: Queue[Item] = Queue(_AHEAD)
        self._stop = threading.Event()
        self._thread = threading.Thread(
            target=self._fetch, name=f"read-{source.measurement}", daemon=True
        )
        self._thread.start()

    def rows(self, connection: duckdb.DuckDBPyConnection) -> Iterator[pa.Table]:
        """Yield the rows in the engine's columns.

        `connection` is an empty DuckDB of this thread, for the arithmetic on columns. Raises
        JournalError when the answer breaks, or ends before all expected rows came: InfluxDB ends
        a CSV answer quietly when it fails in the middle.
        """
        count = waiting = 0
        blocks: list[pa.RecordBatch] = []
        while (item := self._next()) is not None:
            if isinstance(item, BaseException):
                raise item
            blocks.append(item)
            count += item.num_rows
            waiting += item.num_rows
            if waiting >= _ROWS:
                yield self._source.rows(connection, pa.Table.from_batches(blocks))
                blocks, waiting = [], 0
        if blocks:
            yield self._source.rows(connection, pa.Table.from_batches(blocks))
        if count < self._at_least:
            raise JournalError(
                f"InfluxDB sent {count} of {self._at_least} points of {self._source.key}.",
                "Isotherm reads the hour again; check InfluxDB's log if this continues.",
            )

    def close(self) -> None:
        """End the download."""
        self._stop.set()
        self._thread.join()

    def _next(self) -> Item:
        while True:
            try:
                return self._ahead.get(timeout=_TICK_S)
            except Empty:
                if not self._thread.is_alive() and self._ahead.empty():
                    message = "Reading from InfluxDB stopped without a reason."
                    raise JournalError(message, "See the log of Isotherm.") from None

    def _fetch(self) -> None:
        try:
            for batch in _batches(self._client, self._statement, self._columns):
                if not self._hand_over(batch):
                    return
            self._hand_over(None)
        except (JournalError, pa.ArrowException) as error:
            self._hand_over(_broken(error))
        except BaseException as error:
            self._hand_over(error)
            raise
        finally:
            self._client.close()

    def _hand_over(self, item: Item) -> bool:
        while not self._stop.is_set():
            try:
                self._ahead.put(item, timeout=_TICK_S)
            except Full:
                continue
            return True
        return False


def _batches(
    client: InfluxClient, statement: str, types: Mapping[str, Any]
) -> Iterator[pa.RecordBatch]:
    with client.csv(statement) as stream:
        if not stream.peek(1):  # type: ignore[attr-defined]  # a BufferedReader has it
            return
        reader = csv.open_csv(
            stream,
            read_options=csv.ReadOptions(block_size=_BLOCK_BYTES),
            parse_options=csv.ParseOptions(newlines_in_values=True),
            convert_options=csv.ConvertOptions(
                column_types=types,
                include_columns=list(types),
                include_missing_columns=True,
                null_values=[""],
                strings_can_be_null=False,
            ),
        )
        yield from reader


def _broken(error: Exception) -> JournalError:
    if isinstance(error, JournalError):
        return error
    return JournalError(
        f"InfluxDB's answer cannot be read: {error}",
        "It was cut, or a field has values of several types; docs/influxdb.md, Faults.",
    )
