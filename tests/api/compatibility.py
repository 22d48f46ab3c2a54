"""The public HTTP API as a list of lines, to compare versions with.

`python -m tests.api.compatibility` writes the list of the current version to `released.txt`.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from isotherm import __version__
from isotherm.api.openapi import document
from isotherm.query.questions import QUESTIONS

RELEASED = Path(__file__).with_name("released.txt")
Schema = dict[str, Any]


def offered(openapi: Schema) -> set[str]:
    """Return one line for each route, parameter, request field and response field."""
    lines = set(_questions())
    for path, methods in openapi["paths"].items():
        for method, route in methods.items():
            name = f"{method.upper()} {path}"
            lines |= {name, *_sent(openapi, name, route), *_answered(openapi, name, route)}
    return lines


def _sent(openapi: Schema, name: str, route: Schema) -> Iterator[str]:
    for one in route.get("parameters", []):
        yield f"{name} parameter {one['in']} {one['name']}"
        if one.get("required") and one["in"] != "path":
            yield f"{name} requires {one['name']}"
    for kind, body in route.get("requestBody", {}).get("content", {}).items():
        for field, required in _fields(openapi, body.get("schema", {})):
            yield f"{name} request {kind} {field}"
            if required:
                yield f"{name} requires {field}"


def _answered(openapi: Schema, name: str, route: Schema) -> Iterator[str]:
    for status, answer in route.get("responses", {}).items():
        if status.startswith("2"):  # all errors have one form
            for kind, body in _resolve(openapi, answer).get("content", {}).items():
                for field, _ in _fields(openapi, body.get("schema", {})):
                    yield f"{name} response {status} {kind} {field}"


def _questions() -> Iterator[str]:
    """Yield what is special to each question: parameters, columns and facts of its answer."""
    for name, question in QUESTIONS.items():
        for parameter in question.params.__struct_fields__:
            yield f"QUERY {name} parameter {parameter}"
        for shape in question.shapes:
            for field in shape.fields:
                yield f"QUERY {name} column {shape.name} {field.name}"
        for fact in question.meta:
            yield f"QUERY {name} meta {fact}"


def missing(before: set[str], now: set[str]) -> list[str]:
    """Return what clients of the earlier version would miss, or would have to send in addition."""
    gone = {line for line in before - now if " requires " not in line}
    needed = {
        line
        for line in now - before
        if " requires " in line and line.split(" requires ")[0] in before
    }
    return sorted(gone | needed)


def _fields(
    openapi: Schema, schema: Schema, path: str = "", seen: tuple[str, ...] = ()
) -> Iterator[tuple[str, bool]]:
    """Yield the path of each field with whether a client must send it."""
    reference = schema.get("$ref", "")
    if reference in seen:
        return
    schema, seen = _resolve(openapi, schema), (*seen, reference) if reference else seen
    for choice in ("oneOf", "anyOf", "allOf"):
        for one in schema.get(choice, []):
            yield from _fields(openapi, one, path, seen)
    if "items" in schema:
        yield from _fields(openapi, schema["items"], f"{path}[]", seen)
    for name, field in schema.get("properties", {}).items():
        below = f"{path}.{name}".lstrip(".")
        yield below, name in schema.get("required", [])
        yield from _fields(openapi, field, below, seen)


def _resolve(openapi: Schema, schema: Schema) -> Schema:
    found: Any = schema
    while "$ref" in found:
        found, steps = openapi, found["$ref"].removeprefix("#/").split("/")
        for step in steps:
            found = found[step.replace("~1", "/").replace("~0", "~")]
    return dict(found)


if __name__ == "__main__":
    RELEASED.write_text("\n".join(sorted(offered(document(__version__)))) + "\n", encoding="utf-8")
