"""What a row of the table of routes says, and how it writes the schema of a value."""

from collections.abc import Mapping
from typing import Any, Literal

from msgspec import Struct, field

Schema = Mapping[str, Any]

TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "number"}
INTEGER: Schema = {"type": "integer"}
BOOLEAN: Schema = {"type": "boolean"}
OBJECT: Schema = {"type": "object"}
MOMENT: Schema = {
    "anyOf": [
        {"type": "integer", "minimum": 0, "maximum": 4_102_444_800_000},
        {"type": "string", "format": "date-time"},
    ]
}
"""Epoch ms or RFC 3339."""


def array(items: Schema) -> Schema:
    """Return the schema of a list."""
    return {"type": "array", "items": items}


def structure(required: Mapping[str, Schema], **optional: Schema) -> Schema:
    """Return the schema of an object."""
    properties = {**required, **optional}
    return {"type": "object", "properties": properties, "required": list(required)}


def mapping(values: Schema) -> Schema:
    """Return the schema of an object whose keys are data."""
    return {"type": "object", "additionalProperties": values}


def nullable(kind: str) -> Schema:
    """Return the schema of a value that may be null."""
    return {"type": [kind, "null"]}


class Parameter(Struct, frozen=True):
    """A query parameter."""

    name: str
    doc: str
    schema: Schema = field(default_factory=lambda: TEXT)
    required: bool = False


Role = Literal["read", "write", "admin"]
"""What a token allows, each more than the one before."""


class Route(Struct, frozen=True, kw_only=True):
    """One method of one path."""

    method: Literal["get", "post", "delete"]
    path: str
    role: Role | Literal["open"]
    """The least role that may call it; open: no token is asked for."""
    doc: str
    audit: str = ""
    """What the audit log says of a call; empty: calls are not noted."""
    parameters: tuple[Parameter, ...] = ()
    body: Schema | None = None
    media: str = "application/json"
    status: int = 200
    answer: Schema | None = None
    answer_media: str = "application/json"
    errors: tuple[int, ...] = (400, 401, 413)
    """Beside 403, which every route answers that a role below its own calls."""


SPAN = (
    Parameter("from", "Start: RFC 3339 or epoch ms; 30 days ago if missing", MOMENT),
    Parameter("to", "End, not included; now if missing", MOMENT),
)
"""The time range of a question that is asked by its address."""
