"""JSON in and out with msgspec, which is fast and encodes NaN as null, as Grafana expects."""

from collections.abc import Mapping
from typing import Any

import msgspec

from isotherm.model.errors import Code, IsothermError

encode = msgspec.json.Encoder().encode
"""Keys stay in the order they were put in."""


def json_object(body: bytes) -> dict[str, Any]:
    """Return a request's JSON object, or an empty one without a body. Raises INVALID."""
    try:
        decoded = msgspec.json.decode(body or b"{}")
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise IsothermError(Code.INVALID, f"The body is not valid JSON: {error}") from error
    if not isinstance(decoded, dict):
        raise IsothermError(Code.INVALID, "The body must be a JSON object")
    return decoded


def read(value: object, kind: Any, name: str = "") -> Any:
    """Convert decoded JSON to a struct. Raises INVALID, naming the field that does not fit.

    Numbers and flags may come as text, which is what template variables are.
    """
    try:
        return msgspec.convert(value, kind, strict=False)
    except msgspec.ValidationError as error:
        text, _, place = str(error).partition(" - at `$")
        field = ".".join(part for part in (name, place.rstrip("`").lstrip(".")) if part)
        raise IsothermError(Code.INVALID, f"{field or 'body'}: {text}", field=field) from error


def without_empty(values: Mapping[str, Any]) -> dict[str, Any]:
    """Remove nulls and empty strings, which editors send for unset fields."""
    return {key: value for key, value in values.items() if value is not None and value != ""}
