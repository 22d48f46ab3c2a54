"""Writes the JSON Schema of Isotherm's own events from the structs that read them."""

import json
from pathlib import Path
from typing import Any

import msgspec

from isotherm.intake.senders.isotherm.events import DocumentedBatch, NativeEvent, RawView

SCHEMA_FILE = Path(__file__).with_name("events.schema.json")


def schema() -> dict[str, Any]:
    """Return the schema (2020-12) of a body of `POST /intake/events`."""
    types = (DocumentedBatch, list[NativeEvent], RawView)
    roots, components = msgspec.json.schema_components(types, ref_template="#/$defs/{name}")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Body of POST /intake/events",
        "anyOf": list(roots),
        "$defs": components,
    }


def schema_text() -> str:
    """Return the text of `events.schema.json`."""
    return json.dumps(schema(), indent=2) + "\n"
