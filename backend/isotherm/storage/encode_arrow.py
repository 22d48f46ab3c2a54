"""Rows as the journal gives them to columns of the schema: Arrow tables with texts as texts.

Only the distinct texts of a batch become Python objects, on their way to their numbers.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from isotherm.model.elements import SIZE_STEPS, element_text
from isotherm.model.event_ids import short
from isotherm.storage.encode import OF_ELEMENT, Interned, numbers
from isotherm.storage.tables import ACTIONS, Column, Shape, Table

_EVENTS: Final = 64
_SIZES: Final = ("element_w", "element_h")
_UNKNOWN: Final = -1


def encode_arrow(table: Table, batch: pa.Table, interned: Interned) -> pa.Table:
    """Return one row per row of a batch.

    It has the table's columns by name: terms and codes as text, numbers as floats with NULL.
    """
    if table is ACTIONS and "fingerprint" in batch.column_names:
        batch = _with_targets(batch)
    columns = {}
    for column in table.columns:
        values = batch.column(column.name)
        if column.shape is Shape.TERM:
            distinct, places = _distinct_texts(values)
            columns[column.name] = pa.array(interned(column.kind or column.name, distinct)[places])
        elif column.shape is Shape.NUMBER:
            columns[column.name] = numbers(column, values.to_numpy())
        elif column.shape in _MADE:
            columns[column.name] = _MADE[column.shape](column, values)
        else:
            columns[column.name] = values
    return pa.table(columns)


def users_named(batch: pa.Table) -> Iterator[tuple[str, str, str]]:
    """Yield application, user and name of those users in a batch who have a name."""
    if "user_name" not in batch.column_names:
        return
    columns = ["application", "user", "user_name"]
    named = batch.select(columns).filter(pc.not_equal(batch.column("user_name"), ""))
    # each block of a download has dictionaries of its own
    distinct = named.unify_dictionaries().group_by(columns).aggregate([])
    yield from zip(*(distinct.column(name).to_pylist() for name in columns), strict=True)


def _with_targets(batch: pa.Table) -> pa.Table:
    """Add the column `target` to a batch of actions; each different element is made once."""
    parts = [
        _sizes(batch.column(name)) if name in _SIZES else _distinct_texts(batch.column(name))
        for name in OF_ELEMENT
    ]
    code = np.zeros(batch.num_rows, np.int64)
    for values, places in parts:
        if len(values) and code.max(initial=0) > np.iinfo(np.int64).max // (len(values) + 1):
            code = np.unique(code, return_inverse=True)[1]
        code = code * len(values) + places
    _, first, inverse = np.unique(code, return_index=True, return_inverse=True)
    columns = [[values[place] for place in places[first].tolist()] for values, places in parts]
    texts = pa.array([element_text(*row) for row in zip(*columns, strict=True)], pa.string())
    targets = pa.DictionaryArray.from_arrays(pa.array(inverse.astype(np.int32)), texts)
    return batch.append_column("target", targets)


def _distinct_texts(column: pa.ChunkedArray) -> tuple[list[str], np.ndarray[Any, Any]]:
    """Return the different texts of a column, and for each row the position of its own."""
    if pa.types.is_dictionary(column.type):
        encoded = column.unify_dictionaries().combine_chunks()
    else:
        encoded = pc.dictionary_encode(column.combine_chunks())
    return encoded.dictionary.to_pylist(), encoded.indices.to_numpy(zero_copy_only=False)


def _sizes(column: pa.ChunkedArray) -> tuple[list[float | None], np.ndarray[Any, Any]]:
    """Return sizes as steps of an octave: how large an element is told by those."""
    px = column.to_numpy().astype(np.float64)
    known = np.isfinite(px) & (px > 0)
    steps = np.full(len(px), _UNKNOWN, np.int64)
    steps[known] = np.maximum(np.rint(np.log2(px[known]) * SIZE_STEPS), 0)
    distinct, places = np.unique(steps, return_inverse=True)
    sizes = [None if step == _UNKNOWN else 2 ** (step / SIZE_STEPS) for step in distinct.tolist()]
    return sizes, places


def _codes(column: Column, values: pa.ChunkedArray) -> pa.Array:
    distinct, places = _distinct_texts(values)
    codes = np.array([_code(column, text) for text in distinct], np.uint8)
    return pa.array(codes[places])


def _events(_column: Column, values: pa.ChunkedArray) -> pa.Array:
    distinct, places = _distinct_texts(values)
    return pa.array([_numbers(text) for text in distinct], pa.list_(pa.uint32())).take(places)


def _traces(_column: Column, values: pa.ChunkedArray) -> pa.Array:
    texts = values.cast(pa.string())
    return pc.if_else(pc.match_substring_regex(texts, "^[0-9a-f]{32}$"), texts, None)


_MADE: Final[Mapping[Shape, Callable[[Column, Any], pa.Array]]] = {
    Shape.CODE: _codes,
    Shape.EVENTS: _events,
    Shape.TRACE: _traces,
    Shape.EXACT: lambda _column, values: values.cast(pa.int64()),
}


def _numbers(text: str) -> list[int]:
    """Return the event numbers in a text; what others wrote there is none."""
    parts = text.split()[:_EVENTS]
    return [short(int(part)) for part in parts if part.isascii() and part.isdigit()]


def _code(column: Column, text: str) -> int:
    return column.codes.index(text) if text in column.codes else 0
