"""Writes the contract as TypeScript: choices, queries, columns and records."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from isotherm.api.contract.facts import (
    LISTS,
    META,
    PARAMS,
    PARTS,
    RECORDS,
    SCOPE,
    SHAPES,
    TITLES,
    fields_of,
)
from isotherm.api.saved_query import QUERY_VERSION
from isotherm.model.background import UPLOAD_MAX
from isotherm.model.choice import BANDS, WIDEST
from isotherm.query.catalogue import LABELS
from isotherm.query.questions.friction import BAD

_HEAD = "// Written by `make contract` from the tables of the server. Do not edit."
_PLAIN = {"integer": "number", "number": "number", "string": "string", "boolean": "boolean",
          "null": "null"}  # fmt: skip
_TYPES = {frozenset(members): name for name, members in LISTS.values()}
"""The types that have a name, by what they may be."""


def queries() -> str:
    """Return the types of queries and the lists of choices."""
    tables = (
        _table("FACET_LABELS", LABELS),
        _table("TITLES", TITLES),
        _table("BAD", BAD, "Per measure of friction: the value that is coloured hottest."),
        _bands(),
        _number("UPLOAD_MAX", UPLOAD_MAX, "Bytes of a picture that is uploaded, at most."),
    )
    return _file(_version(), _lists(), *tables, _queries())


def answers() -> str:
    """Return the types of answers: columns of frames, keys of their metadata, records."""
    return _file(_imports(), _columns(), _meta(), _records())


def _file(*parts: Iterator[str]) -> str:
    return "\n".join([_HEAD, *(line for part in parts for line in ("", *part))]) + "\n"


def _text(value: object) -> str:
    """Return a literal as prettier writes it."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if not isinstance(value, str):
        return msgspec.json.encode(value).decode()
    return f"'{value}'" if "'" not in value else f'"{value}"'


def _version() -> Iterator[str]:
    yield "/** Shape of the queries that are saved. */"
    yield f"export const QUERY_VERSION = {QUERY_VERSION};"


def _lists() -> Iterator[str]:
    for constant, (name, members) in LISTS.items():
        choices = ", ".join(_text(str(member)) for member in members)
        yield f"export const {constant} = [{choices}] as const;"
        yield f"export type {name} = (typeof {constant})[number];"


def _table(constant: str, rows: Mapping[Any, object], about: str = "") -> Iterator[str]:
    if about:
        yield f"/** {about} */"
    yield f"export const {constant} = {{"
    yield from (f"  {key}: {_text(value)}," for key, value in rows.items())
    yield "} as const;"


def _number(constant: str, value: int, about: str) -> Iterator[str]:
    yield f"/** {about} */"
    yield f"export const {constant} = {value};"


def _bands() -> Iterator[str]:
    """Write the width bands with their ends, where they have any."""
    yield "/** Width bands in css px, both ends included. */"
    yield "export const BANDS = {"
    for name, (low, high) in zip(("narrow", "medium", "wide"), BANDS, strict=True):
        ends = {"min": low, "max": high} if high < WIDEST else {"min": low}
        shown = ", ".join(f"{end}: {px}" for end, px in ends.items() if px)
        yield f"  {name}: {{ {shown} }},"
    yield "} as const;"


def _queries() -> Iterator[str]:
    for name, fields in PARTS.items():
        yield from _interface(name, fields)
    yield from _interface("Scope", SCOPE)
    yield "/** What each question takes beside its scope. */"
    yield "export interface Params {"
    for question, params in PARAMS.items():
        yield f"  {question}: {_typed(fields_of(params), 1)};"
    yield "}"


def _imports() -> Iterator[str]:
    used = sorted({name for fields in RECORDS.values() for name in _named(fields)})
    yield f"import type {{ {', '.join(used)} }} from './queries';"


def _columns() -> Iterator[str]:
    yield "/** The columns of each frame; a question mark: it may be null. */"
    yield "export const COLUMNS = {"
    for shape in SHAPES.values():
        yield f"  {shape.name}: {{"
        for field in shape.fields:
            kind = _PLAIN.get(field.kind, "number") + ("?" if field.nullable else "")
            yield f"    {field.name}: {_text(kind)},"
        yield "  },"
    yield "} as const;"


def _meta() -> Iterator[str]:
    yield "/** What the metadata of each question's first frame say, beside `notices`. */"
    yield "export interface MetaKeys {"
    for question, keys in META.items():
        yield f"  {question}: {' | '.join(_text(key) for key in keys)};"
    yield "}"


def _records() -> Iterator[str]:
    for name, fields in RECORDS.items():
        yield from _interface(name, fields)


def _interface(name: str, fields: Mapping[str, Any]) -> Iterator[str]:
    yield f"export interface {name} {_typed(fields, 0)}"
    yield ""


def _typed(schema: Mapping[str, Any], depth: int) -> str:
    """Return the type of a JSON schema."""
    match schema:
        case {"$ref": str(ref)}:
            typed = ref.rsplit("/", 1)[1]
        case {"enum": list(members)}:
            choices = " | ".join(_text(member) for member in members)
            typed = _TYPES.get(frozenset(members), choices)
        case {"anyOf": list(kinds)}:
            typed = " | ".join(_typed(kind, depth) for kind in kinds)
        case {"type": list(kinds)}:
            typed = " | ".join(_typed({"type": kind}, depth) for kind in kinds)
        case {"type": "array", "items": items}:
            inner = _typed(items, depth)
            typed = f"{inner}[]" if inner.isidentifier() else f"Array<{inner}>"
        case {"type": "object", "properties": properties}:
            typed = _object(properties, schema.get("required", ()), depth)
        case {"type": "object"}:
            values = schema.get("additionalProperties")
            typed = f"Record<string, {_typed(values, depth) if values else 'unknown'}>"
        case _:
            typed = _PLAIN[schema["type"]]
    return typed


def _object(properties: Mapping[str, Any], required: Any, depth: int) -> str:
    if not properties:
        return "Record<never, never>"
    lines = ["{"]
    for name, kind in properties.items():
        mark = "" if name in required else "?"
        if doc := kind.get("description"):
            lines.append(f"{'  ' * (depth + 1)}/** {doc} */")
        lines.append(f"{'  ' * (depth + 1)}{name}{mark}: {_typed(kind, depth + 1)};")
    return "\n".join([*lines, "  " * depth + "}"])


def _named(schema: Any) -> Iterator[str]:
    """Yield the names of the choices that a schema uses."""
    if isinstance(schema, Mapping):
        known = _TYPES.get(frozenset(schema["enum"])) if "enum" in schema else None
        if known:
            yield known
        for part in schema.values():
            yield from _named(part)
    elif isinstance(schema, list | tuple):
        for part in schema:
            yield from _named(part)
