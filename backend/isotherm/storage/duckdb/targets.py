"""The column `target` of rows that arrive as Arrow: each different element is put together once."""

from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from isotherm.model.elements import SIZE_STEPS, element_text
from isotherm.storage.encode import OF_ELEMENT

_SIZES: Final = ("element_w", "element_h")
_UNKNOWN: Final = -1


def with_targets(batch: pa.Table) -> pa.Table:
    """Add the column `target` to a batch of actions, as texts."""
    parts = [
        _sizes(batch.column(name)) if name in _SIZES else distinct_texts(batch.column(name))
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


def distinct_texts(column: pa.ChunkedArray) -> tuple[list[str], np.ndarray[Any, Any]]:
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
