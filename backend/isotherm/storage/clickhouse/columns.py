"""Results as NumPy columns of the kinds that questions know from the embedded store."""

from typing import Any, Final

import numpy as np
import pyarrow as pa

from isotherm.storage.ports import Columns

_SMALL: Final = (pa.uint8(), pa.int8(), pa.uint16(), pa.int16(), pa.bool_())


def numpy_columns(table: pa.Table) -> Columns:
    """Return the columns of a table; a number that can be NULL is a float with NaN."""
    return {name: _numpy(table.column(name)) for name in table.column_names}


def _numpy(column: pa.ChunkedArray) -> np.ndarray[Any, Any]:
    kind = column.type
    if pa.types.is_dictionary(kind):
        column = column.cast(kind.value_type)
    elif column.null_count and (pa.types.is_integer(kind) or pa.types.is_boolean(kind)):
        if pa.types.is_boolean(kind):
            column = column.cast(pa.uint8())
        column = column.cast(pa.float32() if kind in _SMALL else pa.float64())
    elif kind == pa.uint64():  # no count or number of an event reaches so far; sums stay whole
        column = column.cast(pa.int64())
    elif pa.types.is_null(kind):
        column = column.cast(pa.float64())
    return np.asarray(column.to_numpy())
