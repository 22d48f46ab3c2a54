"""What the plugin needs to know about the server, collected from the server's own tables."""

from collections.abc import Mapping
from typing import Any, get_args

import msgspec
from msgspec import Struct

from isotherm.api import operations
from isotherm.api.inline_picture import PICTURE
from isotherm.api.pictures.capture import CaptureIn
from isotherm.api.query_request import QueryIn, SignalIn
from isotherm.api.route_table import ROUTES
from isotherm.api.route_types import Schema
from isotherm.intake.drops import HARMLESS, DropReason, Refusal
from isotherm.intake.senders import SENDERS
from isotherm.model import Metric, Operator, Unplaced
from isotherm.model.background import StateKind, Verdict
from isotherm.model.errors import Code
from isotherm.query.element_measures import ElementMeasure
from isotherm.query.frame import Shape
from isotherm.query.measures import MEASURES
from isotherm.query.questions import QUESTIONS, actions, annotations, pages
from isotherm.query.questions.timeseries import Fill
from isotherm.query.questions.zone import ZoneNumber
from isotherm.storage.saved.shares import VALIDITY_DAYS

LISTS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    # constant -> the name of its members' type, and these in the order of their table
    "OPERATORS": ("Operator", get_args(Operator)),
    "SIGNALS": ("Signal", get_args(SignalIn)),
    "METRICS": ("Metric", get_args(Metric)),
    "MEASURES": ("Measure", tuple(MEASURES)),
    "OPERATIONS": ("Operation", tuple(operations.MEASURES)),
    "PAGE_ORDERS": ("PageOrder", get_args(pages.Order)),
    "ACTION_KEYS": ("ActionKey", get_args(actions.By)),
    "FILLS": ("Fill", get_args(Fill)),
    "ELEMENT_MEASURES": ("ElementMeasure", get_args(ElementMeasure)),
    "ZONE_NUMBERS": ("ZoneNumber", get_args(ZoneNumber)),
    "EVENT_KINDS": ("EventKind", get_args(annotations.Kind)),
    "VALIDITIES": ("Validity", tuple(VALIDITY_DAYS)),
    "STATE_KINDS": ("StateKind", get_args(StateKind)),
    "VERDICTS": ("Verdict", get_args(Verdict)),
    "UNPLACED_REASONS": ("UnplacedReason", tuple(Unplaced)),
    "ERROR_CODES": ("ErrorCode", tuple(Code)),
    "DROP_REASONS": ("DropReason", tuple(DropReason)),
    "REFUSALS": ("Refusal", tuple(Refusal)),
    "HARMLESS_DROPS": ("HarmlessDrop", HARMLESS),
    "SENDERS": ("Sender", tuple(SENDERS)),
}

PARAMS: Mapping[str, type[Struct]] = {
    **{name: question.params for name, question in QUESTIONS.items()},
    operations.NAME: operations.Params,
}
"""Question -> what it takes beside the scope."""

TITLES = {**{name: one.title for name, one in QUESTIONS.items()}, operations.NAME: operations.TITLE}
META = {name: tuple(question.meta) for name, question in QUESTIONS.items()}
SHAPES: Mapping[str, Shape] = {
    shape.name: shape
    for shapes in (*(question.shapes for question in QUESTIONS.values()), (PICTURE,))
    for shape in shapes
}


def answer_of(path: str, method: str = "get") -> Schema:
    """Return the schema of a route's answer."""
    found = next(one for one in ROUTES if (one.method, one.path) == (method, path))
    return found.answer or {}


def row_of(path: str) -> Schema:
    """Return the schema of a row of a route that answers with a list named as the path ends."""
    rows: Schema = answer_of(path)["properties"][path.rsplit("/", 1)[1]]["items"]
    return rows


def body_of(path: str) -> Schema:
    """Return the schema of what is posted to a route."""
    found = next(one for one in ROUTES if (one.method, one.path) == ("post", path))
    return found.body or {}


def fields_of(kind: type[Struct], *without: str) -> dict[str, Any]:
    """Return the schema of a struct as it is sent; what it is made of is among its `$defs`."""
    whole: dict[str, Any] = msgspec.json.schema(kind)
    own: dict[str, Any] = whole["$defs"][kind.__name__]
    kept = {name: one for name, one in own["properties"].items() if name not in without}
    required = [name for name in own["required"] if name in kept]
    return {**own, "properties": kept, "required": required}


def parts_of(kind: type[Struct]) -> dict[str, Any]:
    """Return the schemas that a struct refers to."""
    defs: dict[str, Any] = msgspec.json.schema(kind)["$defs"]
    return {name: fields for name, fields in defs.items() if name != kind.__name__}


def _item(path: str, *names: str) -> Schema:
    """Return the kind of a list inside an answer."""
    schema = answer_of(path)
    for name in names:
        schema = schema["properties"][name]["items"]
    return schema


SCOPE = fields_of(QueryIn, "question")
PARTS = parts_of(QueryIn) | {
    name: fields for kind in PARAMS.values() for name, fields in parts_of(kind).items()
}
RECORDS: Mapping[str, Schema] = {
    "ApplicationInfo": row_of("/api/v1/applications"),
    "Overview": answer_of("/api/v1/overview"),
    "PageInfo": row_of("/api/v1/pages"),
    "FacetInfo": row_of("/api/v1/facets"),
    "FacetValue": row_of("/api/v1/facets/{key}/values"),
    "ElementInfo": row_of("/api/v1/elements"),
    "BackgroundInfo": row_of("/api/v1/backgrounds"),
    "CaptureRequest": fields_of(CaptureIn),
    "PictureJob": answer_of("/api/v1/jobs/{job_id}"),
    "SavedHeatmap": row_of("/api/v1/heatmaps"),
    "NewHeatmap": body_of("/api/v1/heatmaps"),
    "Share": row_of("/api/v1/shares"),
    "Missing": _item("/api/v1/backgrounds", "backgrounds", "missing"),
    "Site": _item("/api/v1/sites", "sites"),
    "Suggestion": _item("/api/v1/sites", "suggestions"),
    "Zone": _item("/api/v1/zones", "zones"),
    "NewZone": body_of("/api/v1/zones"),
    "Quarantined": _item("/api/v1/quarantine", "recordings"),
    "ShareRequest": body_of("/api/v1/heatmaps/{heatmap_id}/share"),
    "ServerStatus": answer_of("/api/v1/status"),
}
