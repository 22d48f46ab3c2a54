"""Rows out of InfluxDB: InfluxQL as CSV, parsed by Arrow while it arrives, never held whole."""

import threading
from collections.abc import Iterator
from queue import Empty, Full, Queue
from typing import Any, Final, TypeAlias

import duckdb
import pyarrow as pa
from pyarrow import csv

from isotherm.journal.client import InfluxClient
from isotherm.journal.failures import JournalError
from isotherm.journal.lineprotocol import NS_PER_MS
from isotherm.journal.source import Source

HOUR_MS: Final = 3_600_000
_BLOCK_BYTES: Final = 4 << 20
_AHEAD: Final = 4  # parsed blocks that wait for the engine: at most some 50 MB
_TICK_S: Final = 0.5

Item: TypeAlias = "Any"
"""A record batch, the exception that ended the download, or None at its end."""


def read_rows(
    client: InfluxClient,
    source: Source,
    span: tuple[int, int],
    at_least: int,
    connection: duckdb.DuckDBPyConnection,
) -> Iterator[pa.Table]:
    """Yield the rows of [from, to) in the engine's columns, downloading ahead of the consumer.

    `connection` is an empty DuckDB of this thread, for the arithmetic on columns.

    Raises JournalError when the answer breaks, or ends before `at_least` rows came: InfluxDB ends a
    CSV answer quietly when it fails in the middle.
    """
    ahead: Queue[Item] = Queue(_AHEAD)
    stop = threading.Event()
    thread = threading.Thread(
        target=_download,
        args=(client, source.statement(span[0] * NS_PER_MS, span[1] * NS_PER_MS), source),
        kwargs={"ahead": ahead, "stop": stop},
        name=f"read-{source.measurement}",
        daemon=True,
    )
    thread.start()
    count = 0
    try:
        while (item := _next(ahead, thread)) is not None:
            if isinstance(item, BaseException):
                raise item
            count += item.num_rows
            yield source.rows(connection, item)
    finally:
        stop.set()
        thread.join()
    if count < at_least:
        raise JournalError(
            f"InfluxDB sent {count} of {at_least} points of {source.measurement}.",
            "The hour is read again; look into InfluxDB's log if this stays.",
        )


def _next(ahead: Queue[Item], thread: threading.Thread) -> Item:
    while True:
        try:
            return ahead.get(timeout=_TICK_S)
        except Empty:
            if not thread.is_alive() and ahead.empty():
                message = "Reading from InfluxDB stopped for no reason."
                raise JournalError(message, "See the log of Isotherm.") from None


def _download(
    client: InfluxClient,
    statement: str,
    source: Source,
    *,
    ahead: Queue[Item],
    stop: threading.Event,
) -> None:
    def hand_over(item: Item) -> bool:
        while not stop.is_set():
            try:
                ahead.put(item, timeout=_TICK_S)
            except Full:
                continue
            return True
        return False

    try:
        for batch in _batches(client, statement, source):
            if not hand_over(batch):
                return
        hand_over(None)
    except (JournalError, pa.ArrowException) as error:
        hand_over(_broken(error))
    except BaseException as error:
        hand_over(error)
        raise
    finally:
        client.close()


def _batches(client: InfluxClient, statement: str, source: Source) -> Iterator[pa.RecordBatch]:
    types = {f"c{number}": arrow for number, (_, arrow) in enumerate(source.columns)}
    types["time"] = pa.int64()
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
