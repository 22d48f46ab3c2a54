"""What can be asked of every question in the table, by the names and types of its parameters.

A new question, and a new choice of an old one, is asked without another line here.
"""

from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec.inspect import Field, LiteralType, type_info

from isotherm.query.questions import QUESTIONS

Params = dict[str, Any]

NEEDED: dict[str, Params] = {
    "action": {"element": "#pay", "target": "/done"},
    "funnel": {"steps": [{"page": "/"}, {"page": "/cart"}, {"element": "#pay"}]},
    "moments": {"session": "s1"},
    "zone": {"element": "#pay"},
}
"""What a question cannot be asked without."""

TEXTS: dict[str, tuple[Any, ...]] = {
    "element": ("#pay",),
    "action_name": ("Pay",),
    "search": ("a",),
}


def choices(question: str) -> dict[str, tuple[Any, ...]]:
    """Return the values of each parameter that has few of them, or whose name is known here."""
    info = type_info(QUESTIONS[question].params)
    assert isinstance(info, msgspec.inspect.StructType)
    found = {field.name: _choices(field) for field in info.fields}
    return {name: values for name, values in found.items() if values}


def variants(question: str) -> Iterator[Params]:
    """Yield parameters: the least there must be, then each choice of each parameter in turn."""
    least = NEEDED.get(question, {})
    yield least
    for name, values in choices(question).items():
        for value in values:
            yield least | {name: value}


def _choices(field: Field) -> tuple[Any, ...]:
    kind = field.type
    if isinstance(kind, msgspec.inspect.Metadata):
        kind = kind.type
    if isinstance(kind, LiteralType):
        return tuple(kind.values)
    if isinstance(kind, msgspec.inspect.BoolType):
        return (True, False)
    return TEXTS.get(field.name, ())
