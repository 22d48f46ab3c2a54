"""The plain JSON protocol's vocabulary: targets in, series, tables and lists out."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from msgspec import Struct

from isotherm.api.frames import type_info
from isotherm.api.json_body import json_object
from isotherm.api.query_request import Asked, narrowed, parse_query
from isotherm.model.errors import Code, IsothermError
from isotherm.query import catalogue
from isotherm.query.context import Context
from isotherm.query.frame import Field, Frame
from isotherm.query.measures import MEASURES
from isotherm.query.questions import QUESTIONS

LOOKUPS = ("applications", "pages", "elements", "facets", "values")
"""What a variable can list; `values` needs the facet's `key`."""

TABLES: Mapping[str, str] = {
    # `actions` and `errors` are measures, too
    f"top_{name}" if name in MEASURES else name: name
    for name in QUESTIONS
    if name != "timeseries"
}
"""Name of a table -> question."""

METRICS: Mapping[str, str] = {
    **{name: f"Over time: {measure.doc}" for name, measure in MEASURES.items()},
    **{table: QUESTIONS[name].title for table, name in TABLES.items()},
}
"""Targets: every measure is a series, every other question a table."""


class Target(Struct, frozen=True):
    """One target: a metric or a lookup, and its settings."""

    name: str
    settings: Mapping[str, Any]


def parse_target(raw: object, payload: object = None) -> Target:
    """Parse a target: `clicks`, `clicks?application=shop&page=/cart`, or a JSON object.

    A payload (what the editor of a JSON data source adds) wins over the target's own settings.
    Raises INVALID for neither text nor object.
    """
    if isinstance(raw, str) and raw.lstrip().startswith("{"):
        raw = json_object(raw.encode())
    if isinstance(raw, Mapping):
        own = {str(key): value for key, value in raw.items()}
        name = str(own.pop("target", "") or own.pop("metric", "") or own.get("question", ""))
        inner = own.pop("payload", None)
        named = parse_target(name)
        return Target(
            named.name, {**named.settings, **own, **_settings(inner), **_settings(payload)}
        )
    if not isinstance(raw, str):
        raise IsothermError(Code.INVALID, "A target must be a string or an object", field="target")
    name, _, tail = raw.partition("?")
    settings: dict[str, Any] = {}
    for key, value in parse_qsl(tail):
        known = settings.get(key)
        settings[key] = value if known is None else [*_list(known), value]
    return Target(name.strip(), {**settings, **_settings(payload)})


def asked_of(
    context: Context, target: Target, span: tuple[int, int], shared: Mapping[str, Any]
) -> Asked:
    """Turn a target into a question. `shared` has filters, intervalMs and maxDataPoints.

    Raises INVALID for an unknown metric or setting.
    """
    settings = {key: value for key, value in target.settings.items() if value not in ("", None)}
    query: dict[str, Any] = {**shared, **settings}
    query["filters"] = narrowed(_filters(settings.get("filters")), list(shared.get("filters", ())))
    _lift(query)
    if target.name in MEASURES:
        query |= {"question": "timeseries", "measure": target.name}
    elif target.name in TABLES:
        query["question"] = TABLES[target.name]
    else:
        message = f"There is no metric {target.name!r}; there are {', '.join(METRICS)}"
        raise IsothermError(Code.INVALID, message, field="target")
    if not query.get("application"):
        query["application"] = only_application(context, span)
    return parse_query(query, span)


def only_application(context: Context, span: tuple[int, int]) -> str:
    """Return the only application; the empty string if there are none or several."""
    known = catalogue.applications(context, *span)
    return str(known[0]["application"]) if len(known) == 1 else ""


def series_of(name: str, ref_id: str, frame: Frame) -> dict[str, Any]:
    """Return a time series frame as `datapoints`; labels go into `tags`."""
    by = frame.meta.get("by", "")
    label = frame.labels.get(by, "") if by else ""
    times, values = (list(column) for column in frame.values)
    points = [
        [None if value != value else float(value), int(time)]  # noqa: PLR0124 - NaN
        for time, value in zip(times, values, strict=True)
    ]
    return {
        "target": f"{name} {label}".strip(),
        "refId": ref_id,
        "tags": dict(frame.labels),
        "datapoints": points,
    }


def table_of(ref_id: str, frame: Frame) -> dict[str, Any]:
    """Return any other frame as a table."""
    columns = [_column(field) for field in frame.shape.fields]
    values = [
        column.tolist() if hasattr(column, "tolist") else list(column) for column in frame.values
    ]
    rows = [list(row) for row in zip(*values, strict=True)]
    return {"type": "table", "refId": ref_id, "name": frame.shape.name, "columns": columns,
            "rows": rows}  # fmt: skip


def _column(field: Field) -> dict[str, str]:
    kind = "time" if field.kind == "time" else type_info(field)["frame"]
    kinds = {"float64": "number", "int64": "number", "bool": "boolean"}
    text = "timeEnd" if field.name == "time_end" else field.name  # as Grafana's annotations ask
    known = {"text": text, "type": kinds.get(kind, kind)}
    return known | {"unit": field.unit} if field.unit else known


def _lift(query: dict[str, Any]) -> None:
    """Let ad hoc filters choose application and page, which are no facets."""
    kept = []
    for one in query["filters"]:
        key, equal = one.get("key"), one.get("operator", "=") == "="
        if key in {"application", "page"} and equal and isinstance(one.get("value"), str):
            query[key] = one["value"]
        else:
            kept.append(one)
    query["filters"] = kept
    if "width" in query and isinstance(query["width"], str):
        low, _, high = query["width"].partition("-")
        query["width"] = {"min": low, "max": high}
    if isinstance(query.get("kinds"), str):
        query["kinds"] = query["kinds"].split(",")
    if isinstance(query.get("steps"), str):
        query["steps"] = [{"page": page} for page in query["steps"].split(",")]


def _filters(raw: object) -> list[Mapping[str, Any]]:
    if isinstance(raw, str):
        raw = json_object(f'{{"filters":{raw}}}'.encode())["filters"]
    if raw is None:
        return []
    if not isinstance(raw, list) or not all(isinstance(one, Mapping) for one in raw):
        raise IsothermError(Code.INVALID, "filters must be a list of objects", field="filters")
    return raw


def _settings(payload: object) -> dict[str, Any]:
    if isinstance(payload, str):
        payload = json_object(payload.encode()) if payload.strip() else {}
    return (
        {str(key): value for key, value in payload.items()} if isinstance(payload, Mapping) else {}
    )


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]
