"""The part of the chart's schema that follows from the table of settings.

`python -m tests.charts.schema` writes it into the schema.
"""

import json
from pathlib import Path
from typing import Any

from isotherm.app.settings import ROWS, Setting

CHART = Path(__file__).parents[2] / "charts/isotherm"
FILE = CHART / "values.schema.json"
THE_CHARTS = {"data", "host", "port"}
"""What every pod has alike."""
IN_PLACE_OF_ADDRESSES = {"store", "saved", "replays_url", "pictures_url"}
TYPES: dict[type, dict[str, Any]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    list: {"type": "array", "items": {"type": "string"}},
}


def settings() -> dict[str, Any]:
    """Return the schema of `settings`."""
    rows = [row for row in ROWS if not row.secret and row.name not in THE_CHARTS]
    properties = {row.name: TYPES[row.kind] | {"description": row.help} for row in rows}
    return {"type": "object", "additionalProperties": False, "properties": properties}


def secrets() -> dict[str, Any]:
    """Return the schema of `secretSettings`."""
    rows: list[Setting] = [row for row in ROWS if row.secret]
    secret = {"$ref": "#/$defs/secret"}
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["token"],
        "properties": {row.name: secret | {"description": row.help} for row in rows},
    }


def written() -> str:
    """Return the schema as it should be."""
    schema = json.loads(FILE.read_text())
    schema["properties"] |= {"settings": settings(), "secretSettings": secrets()}
    return json.dumps(schema, indent=2) + "\n"


if __name__ == "__main__":
    FILE.write_text(written())
