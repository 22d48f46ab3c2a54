"""Frames of a question -> Grafana's data-frame JSON (`schema` before `data`, no further keys)."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from isotherm.query.frame import Field, Frame, Kind

META_VERSION = 1
"""Version of `meta.custom.isotherm`; grows when a key changes its meaning."""

_TYPES: Mapping[Kind, tuple[str, str]] = {
    # kind -> Grafana's type, Go type
    "number": ("number", "float64"),
    "integer": ("number", "int64"),
    "time": ("time", "time.Time"),
    "string": ("string", "string"),
    "boolean": ("boolean", "bool"),
}


def frame_json(frame: Frame, question: str, ref_id: str, executed: str = "") -> dict[str, Any]:
    """Return a frame as Grafana reads it; NaN becomes null when it is encoded."""
    fields = [_field(frame, field) for field in frame.shape.fields]
    meta: dict[str, Any] = {
        "custom": {"isotherm": {"version": META_VERSION, "question": question, **frame.meta}}
    }
    if "timeseries" in frame.shape.name:
        meta |= {"type": "timeseries-multi", "typeVersion": [0, 1]}
    if executed:
        meta["executedQueryString"] = executed
    sentences = [*frame.notices, *frame.meta.get("notices", ())]
    if sentences:
        meta["notices"] = [{"severity": "info", "text": text} for text in sentences]
    schema = {"name": frame.shape.name, "refId": ref_id, "meta": meta, "fields": fields}
    return {"schema": schema, "data": {"values": [_plain(values) for values in frame.values]}}


def type_info(field: Field) -> dict[str, Any]:
    """Return Grafana's description of a column's type."""
    info: dict[str, Any] = {"frame": _TYPES[field.kind][1]}
    return info | {"nullable": True} if field.nullable else info


def _field(frame: Frame, field: Field) -> dict[str, Any]:
    known: dict[str, Any] = {
        "name": field.name,
        "type": _TYPES[field.kind][0],
        "typeInfo": type_info(field),
    }
    if frame.labels and field.kind == "number":
        known["labels"] = dict(frame.labels)
    config = {}
    if unit := frame.units.get(field.name, field.unit):
        config["unit"] = unit
    if frame.series and field.kind == "number":
        config["displayNameFromDS"] = frame.series
    return known | {"config": config} if config else known


def _plain(values: Any) -> list[Any]:
    if not isinstance(values, np.ndarray):
        return list(values)
    if values.dtype.kind == "f":
        with np.errstate(invalid="ignore"):  # what is no number is not equal afterwards
            exact = values.astype(np.int64)
        if (exact == values).all():  # counts: `3` is written nine times as fast as `3.0`
            values = exact
    plain: list[Any] = values.tolist()
    return plain
