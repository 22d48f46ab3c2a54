"""Typed access to the tags and fields of a Guance point; objects are JSON text inside a field."""

from typing import Any, TypeVar

import msgspec

from isotherm.intake.senders.guance.line_protocol import Point

T = TypeVar("T")

_OBJECT = msgspec.json.Decoder(dict[str, Any])
_NAMES = msgspec.json.Decoder(list[str])


class WrongColumnError(ValueError):
    """A column has an unexpected type; the message names it."""


class Columns:
    """The columns of one point. Absent ones give empty values; wrong types raise."""

    def __init__(self, point: Point) -> None:
        self.tags = point.tags
        self.fields = point.fields

    def tag(self, name: str) -> str:
        """Return a tag."""
        return self.tags.get(name, "")

    def text(self, name: str) -> str:
        """Return a text, whether it came as a field or as a tag."""
        value = self.fields.get(name)
        if value is None:
            return self.tags.get(name, "")
        if not isinstance(value, str):
            raise WrongColumnError(f"{name} must be text")
        return value

    def number(self, name: str) -> float | None:
        """Return a number; None when absent."""
        return _number(name, self.fields.get(name))

    def flag(self, name: str) -> bool:
        """Return a boolean; False when absent."""
        return self.fields.get(name) is True

    def mapping(self, name: str) -> dict[str, Any]:
        """Return a JSON object that is written as text; {} when absent."""
        value = self.fields.get(name)
        if value is None or isinstance(value, dict):
            return value or {}
        return _decoded(name, value, _OBJECT)

    def names(self, name: str) -> list[str]:
        """Return a JSON array of texts that is written as text; [] when absent."""
        value = self.fields.get(name)
        if value is None or value == "[]":
            return []
        return _decoded(name, value, _NAMES)

    def pair(self, within: Any, *keys: str) -> tuple[float | None, float | None]:
        """Return two numbers of an inner object."""
        if not isinstance(within, dict):
            return None, None
        first, second = (_number(key, within.get(key)) for key in keys)
        return first, second

    def chosen(self, names: list[str]) -> dict[str, Any]:
        """Return the fields of these names, those that are there."""
        return {name: self.fields[name] for name in names if name in self.fields}


def _decoded(name: str, value: object, decoder: msgspec.json.Decoder[T]) -> T:
    if not isinstance(value, str):
        raise WrongColumnError(f"{name} must be JSON text")
    try:
        return decoder.decode(value)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise WrongColumnError(f"{name}: {error}") from error


def _number(name: str, value: object) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise WrongColumnError(f"{name} must be a number")
    try:
        return float(value)
    except OverflowError as error:
        raise WrongColumnError(f"{name} is out of range") from error
