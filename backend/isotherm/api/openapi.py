"""The OpenAPI document, made of the question table, the route table and the structs."""

import re
from functools import cache
from http import HTTPStatus
from typing import Any

import msgspec

from isotherm.api.pictures.capture import CaptureIn
from isotherm.api.query_request import QueryIn
from isotherm.api.route_table import ROUTES
from isotherm.api.route_types import MOMENT, Route
from isotherm.query.questions import QUESTIONS

_REF = "#/components/schemas/{name}"
_FIELD = {
    "type": "object",
    "properties": {
        "name": {"type": "string"},
        "type": {"enum": ["number", "time", "string", "boolean"]},
        "typeInfo": {"type": "object"},
        "labels": {"type": "object", "additionalProperties": {"type": "string"}},
        "config": {"type": "object"},
    },
    "required": ["name", "type", "typeInfo"],
    "additionalProperties": False,
}
_FRAME = {
    "type": "object",
    "properties": {
        "schema": {
            "type": "object",
            "properties": {
                "name": {"type": "string"},
                "refId": {"type": "string"},
                "meta": {"type": "object"},
                "fields": {"type": "array", "items": _FIELD},
            },
            "required": ["name", "refId", "meta", "fields"],
        },
        "data": {
            "type": "object",
            "properties": {"values": {"type": "array", "items": {"type": "array"}}},
            "required": ["values"],
        },
    },
    "required": ["schema", "data"],
    "additionalProperties": False,
}
_RESULT = {
    "type": "object",
    "properties": {
        "status": {"type": "integer"},
        "frames": {"type": "array", "items": _FRAME},
        "error": {"type": "string"},
        "errorSource": {"enum": ["downstream", "plugin"]},
    },
    "required": ["status", "frames"],
    "additionalProperties": False,
}
_ERROR = {
    "type": "object",
    "properties": {
        "error": {
            "type": "object",
            "properties": {
                "code": {"type": "string"},
                "message": {"type": "string"},
                "field": {"type": "string"},
            },
            "required": ["code", "message"],
        }
    },
    "required": ["error"],
}


@cache
def document(version: str) -> dict[str, Any]:
    """Return the OpenAPI 3.1 document."""
    paths: dict[str, dict[str, Any]] = {}
    for route in ROUTES:
        paths.setdefault(route.path, {})[route.method] = _operation(route)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Isotherm",
            "version": version,
            "description": "Page heatmaps for Grafana: questions, pictures, selectors.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "security": [{"token": []}, {}],
        "paths": paths,
        "components": {
            "schemas": _schemas(),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(route: Route) -> dict[str, Any]:
    in_path = [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": {"type": "integer", "minimum": 0}
            if name == "number"
            else {"type": "string", "minLength": 1},
        }
        for name in re.findall(r"{(\w++)}", route.path)
    ]
    in_query = [
        {
            "name": one.name,
            "in": "query",
            "required": one.required,
            "description": one.doc,
            "schema": one.schema,
        }
        for one in route.parameters
    ]
    name = re.sub(r"\W++", "_", f"{route.method}{route.path}").strip("_")
    operation: dict[str, Any] = {
        "operationId": name,
        "summary": route.doc,
        "x-role": route.role,
        "parameters": [*in_path, *in_query],
        "responses": _responses(route),
    }
    if route.body is not None:
        operation["requestBody"] = {
            "required": True,
            "content": {route.media: {"schema": route.body}},
        }
    return operation


def _responses(route: Route) -> dict[str, Any]:
    good: dict[str, Any] = {"description": HTTPStatus(route.status).phrase}
    if route.answer is not None:
        good["content"] = {route.answer_media: {"schema": route.answer}}
    responses = {str(route.status): good}
    refused = {403} if route.role in {"write", "admin"} else set()
    for status in sorted({*route.errors, *refused}):
        failed: dict[str, Any] = {"description": HTTPStatus(status).phrase}
        if status != HTTPStatus.NOT_MODIFIED:
            failed["content"] = {
                "application/json": {"schema": {"$ref": _REF.format(name="Error")}}
            }
        responses[str(status)] = failed
    return responses


def _schemas() -> dict[str, Any]:
    params = {name: question.params for name, question in QUESTIONS.items()}
    named = {name: _renamed(name, kind) for name, kind in params.items()}
    kinds = [QueryIn, CaptureIn, *named.values()]
    _, components = msgspec.json.schema_components(kinds, ref_template=_REF)
    schemas: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(components))
    shared = schemas.pop("QueryIn")
    for name, kind in named.items():
        own = schemas.pop(kind.__name__)
        title = f"{name.title().replace('_', '')}Query"
        schemas[title] = {
            "type": "object",
            "description": QUESTIONS[name].about,
            "properties": {
                "refId": {"type": "string"},
                **shared["properties"],
                **own["properties"],
                "question": {"const": name},
            },
            "required": ["question", "application", *own.get("required", [])],
        }
    queries = [{"$ref": _REF.format(name=name)} for name in schemas if name.endswith("Query")]
    schemas["QueryRequest"] = {
        "type": "object",
        "properties": {
            "range": {
                "type": "object",
                "properties": {"from": MOMENT, "to": MOMENT},
                "required": ["from", "to"],
            },
            "queries": {
                "type": "array",
                "minItems": 1,
                "maxItems": 100,
                "items": {"oneOf": queries},
            },
        },
        "required": ["range", "queries"],
    }
    schemas["QueryResponse"] = {
        "type": "object",
        "properties": {"results": {"type": "object", "additionalProperties": _RESULT}},
        "required": ["results"],
        "additionalProperties": False,
    }
    schemas["Error"] = _ERROR
    return schemas


def _renamed(name: str, kind: type[msgspec.Struct]) -> type[msgspec.Struct]:
    """All parameter structs are called Params; the document needs a name for each."""
    return msgspec.defstruct(
        f"{name.title().replace('_', '')}Params", [], bases=(kind,), frozen=True
    )
