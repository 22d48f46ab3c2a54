"""Events to columns: many structs at once become one Arrow table with the columns of the schema."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import msgspec
import numpy as np
import pyarrow as pa

from isotherm.model import FACETS
from isotherm.model.elements import element_text, fingerprint_of, path_of
from isotherm.model.event_ids import event_hash, read_back, short_hash
from isotherm.storage.tables import ACTIONS, Column, Shape, Table

Interned = Callable[[str, Sequence[str]], np.ndarray[Any, Any]]
"""Kind and texts to ids."""

Fields = Mapping[str, tuple[Any, ...]]
"""Values of all events by field."""

_RANGES: Final = {
    "UTINYINT": (np.uint8, 0, 2**8 - 1),
    "USMALLINT": (np.uint16, 0, 2**16 - 1),
    "UINTEGER": (np.uint32, 0, 2**32 - 1),
    "INTEGER": (np.int32, -(2**31), 2**31 - 1),
}
OF_ELEMENT: Final = (
    "element", "element_path", "fingerprint", "action_name", "element_w", "element_h",
)  # fmt: skip
"""What `elements.element_text` makes one text of, in its order."""

_FLOATS: Final = {"FLOAT": np.float32, "DOUBLE": np.float64}
_JSON: Final = msgspec.json.Encoder(order="deterministic")


def encode(table: Table, events: Sequence[Any], interned: Interned) -> pa.Table:
    """Return one row per event. Numbers out of a column's range are held at its ends.

    Raises ValueError, OverflowError or TypeError for an event that no row can stand for.
    """
    names = table.struct.__struct_fields__  # type: ignore[attr-defined]
    fields = dict(zip(names, zip(*map(msgspec.structs.astuple, events), strict=True), strict=True))
    fields["attributes"] = tuple(map(_attributes, fields["attributes"]))
    if table is ACTIONS:
        fields["fingerprint"] = tuple(map(element_text, *(fields[name] for name in OF_ELEMENT)))
    columns = {column.name: _column(column, fields, interned) for column in table.columns}
    return pa.table(columns)


def _attributes(attributes: dict[str, str]) -> str:
    return _JSON.encode(attributes).decode() if attributes else ""


def _column(column: Column, fields: Fields, interned: Interned) -> pa.Array:
    values = fields[column.field or column.name]
    match column.shape:
        case Shape.TERM:
            if column.field == "facets":
                values = tuple([facets.get(column.name, "") for facets in values])
            return pa.array(interned(column.kind or column.name, values))
        case Shape.EVENT:
            hashes = map(event_hash, fields["application"], values)
            return pa.array(np.fromiter(hashes, np.uint64, len(values)))
        case Shape.NUMBER:
            return numbers(column, values)
        case _:
            return _PLAIN[column.shape](column, fields, values)


def _exact(_column: Column, _fields: Fields, values: Sequence[Any]) -> pa.Array:
    return pa.array(np.array(values, np.int64))


def _code(column: Column, _fields: Fields, values: Sequence[Any]) -> pa.Array:
    codes = {text: code for code, text in enumerate(column.codes)}
    return pa.array(np.fromiter(map(codes.__getitem__, values), np.uint8, len(values)))


def _text(_column: Column, _fields: Fields, values: Sequence[Any]) -> pa.Array:
    return pa.array(map(str, values), pa.string())


def _trace(_column: Column, _fields: Fields, values: Sequence[Any]) -> pa.Array:
    return pa.array([value or None for value in values], pa.string())


def _events(_column: Column, fields: Fields, values: Sequence[Any]) -> pa.Array:
    lists = [
        [short_hash(application, event_id) for event_id in event_ids]
        for application, event_ids in zip(fields["application"], values, strict=True)
    ]
    return pa.array(lists, pa.list_(pa.uint32()))


_PLAIN: Final = {
    Shape.EXACT: _exact,
    Shape.CODE: _code,
    Shape.TEXT: _text,
    Shape.TRACE: _trace,
    Shape.EVENTS: _events,
}


def numbers(column: Column, values: Sequence[Any]) -> pa.Array:
    """Return numbers rounded and held inside the column's range; None and NaN are NULL."""
    if column.type == "BOOLEAN":
        return pa.array(np.array(values, np.bool_))
    exact = np.array(values, np.float64)  # None becomes NaN
    missing = np.isnan(exact)
    if column.type in _FLOATS:
        mask = missing if column.nullable and missing.any() else None
        return pa.array(exact.astype(_FLOATS[column.type]), mask=mask)
    dtype, low, high = _RANGES[column.type]
    held = np.clip(np.rint(np.where(missing, 0, exact)), low, high).astype(dtype)
    return pa.array(held, mask=missing if column.nullable and missing.any() else None)


_READ: Final[Mapping[Shape, Callable[[Any], Any]]] = {
    Shape.EVENT: read_back,
    Shape.EVENTS: lambda numbers: tuple(map(read_back, numbers)),
    Shape.TRACE: lambda value: "" if value is None else value.hex,
}


def decode(
    table: Table, rows: dict[str, list[Any]], texts: Callable[[str, list[int]], dict[int, str]]
) -> list[Any]:
    """Return the structs of rows: columns by name as Python values, `texts` gives terms by id."""
    fields: dict[str, list[Any]] = {}
    count = len(next(iter(rows.values()), []))
    facets: list[dict[str, str]] = [{} for _ in range(count)]
    for column in table.columns:
        values = rows[column.name]
        if column.shape is Shape.TERM:
            known = texts(column.kind, values)
            if column.name in FACETS:
                for place, value in zip(facets, values, strict=True):
                    if value:
                        place[column.name] = known[value]
                continue
            values = [known[value] for value in values]
        elif column.shape in _READ:
            values = [_READ[column.shape](value) for value in values]
        elif column.shape is Shape.CODE:
            values = [column.codes[value] for value in values]
        fields[column.field or column.name] = values
    if table is ACTIONS:
        fields["element_path"] = list(map(path_of, fields["fingerprint"]))
        fields["fingerprint"] = list(map(fingerprint_of, fields["fingerprint"]))
    if "user_name" in rows:
        fields["user_name"] = rows["user_name"]
    fields["facets"] = facets
    fields["attributes"] = [
        msgspec.json.decode(text) if text else {} for text in fields["attributes"]
    ]
    return [
        msgspec.convert(dict(zip(fields, row, strict=True)), table.struct)
        for row in zip(*fields.values(), strict=True)
    ]
