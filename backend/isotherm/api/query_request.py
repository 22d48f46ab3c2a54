"""Parses a Grafana query into a scope and a question's parameters, or names the wrong field."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal

from msgspec import Meta, Struct

from isotherm.api.json_body import read, without_empty
from isotherm.model import Filter, Metric, Operator, Scope, Signal
from isotherm.model.errors import Code, IsothermError
from isotherm.model.scope import PATTERN_OPERATORS
from isotherm.query.question import Question
from isotherm.query.questions import QUESTIONS

if TYPE_CHECKING:
    SignalIn = str
else:
    SignalIn = Literal[("all", *(signal.value for signal in Signal))]
"""A signal, or `all`; msgspec rejects any other."""
Value = str | float | bool

_ONE_OF = {"=|": "in", "!=|": "not in"}
"""How newer Grafanas write "one of" in ad hoc filters."""

_EQUAL = frozenset({"=", "in"})

EVERY_PAGE = frozenset({"", "All", "$__all", "*"})
"""What a variable set to All becomes, and what an editor leaves empty."""

LARGEST_MS = 2**53

PAGES_MAX = 1_000
FILTERS_MAX = 100
VALUES_MAX = 10_000
"""Of all filters of a query together."""

PATTERN_MAX = 10_000
"""Characters of a regular expression."""


class FilterIn(Struct, frozen=True):
    """A condition as sent by the client: `value` or `values`."""

    key: str
    operator: Operator = "="
    value: Value | list[Value] | None = None
    values: list[Value] | None = None


class WidthIn(Struct, frozen=True):
    """A width band; a missing end means no limit."""

    min: int | None = None
    max: int | None = None


class QueryIn(Struct, frozen=True):
    """What all questions share."""

    question: str
    application: Annotated[str, Meta(min_length=1)]
    page: str | list[str] = ""
    pages: list[str] = []
    filters: list[FilterIn] = []
    width: WidthIn = WidthIn()
    signal: SignalIn = "all"
    metric: Metric = "clicks"


class Asked(Struct, frozen=True):
    """A parsed query."""

    name: str
    question: Question
    scope: Scope
    params: Struct


def parse_range(raw: object) -> tuple[int, int]:
    """Return the range as [from, to) in epoch ms. Raises INVALID."""
    if not isinstance(raw, Mapping):
        raise IsothermError(Code.INVALID, "A range with from and to is needed", field="range")
    start, end = _moment(raw.get("from"), "range.from"), _moment(raw.get("to"), "range.to")
    if end <= start:
        raise IsothermError(Code.INVALID, "range.to must come after range.from", field="range")
    return start, end


def parse_query(raw: object, span: tuple[int, int]) -> Asked:
    """Parse one query. Raises INVALID, naming the field."""
    if not isinstance(raw, Mapping):
        raise IsothermError(Code.INVALID, "A query must be a JSON object", field="queries")
    given = without_empty(raw)
    name = given.get("question")
    if not isinstance(name, str) or name not in QUESTIONS:
        known = ", ".join(QUESTIONS)
        message = f"question must be one of {known}"
        raise IsothermError(Code.INVALID, message, field="question")
    if not given.get("application"):
        raise IsothermError(Code.INVALID, "Choose an application", field="application")
    question = QUESTIONS[name]
    scope = parse_scope(given, span)
    return Asked(name, question, scope, read(given, question.params))


def parse_scope(given: Mapping[str, Any], span: tuple[int, int]) -> Scope:
    """Parse the scope of a query. Raises INVALID, naming the field."""
    asked: QueryIn = read(_friendly(given), QueryIn)
    pages = [asked.page] if isinstance(asked.page, str) else asked.page
    chosen = [page for page in (*pages, *asked.pages) if page not in EVERY_PAGE]
    _at_most(PAGES_MAX, len(chosen), "pages")
    return Scope(
        application=asked.application,
        from_ms=span[0],
        to_ms=span[1],
        pages=tuple(dict.fromkeys(chosen)),
        filters=tuple(parse_filters(asked.filters)),
        width_min=asked.width.min,
        width_max=asked.width.max,
        signal=None if asked.signal == "all" else Signal(asked.signal),
        metric=asked.metric,
    )


def parse_filters(filters: list[FilterIn]) -> list[Filter]:
    """Return the conditions, without those whose key is empty (rows still being edited).

    Several values that one field is to be equal to are any of them: all at once would be nothing.
    Raises INVALID for more filters, values or characters of a pattern than an answer has time for.
    """
    parsed = [_filter(one) for one in filters if one.key]
    _at_most(FILTERS_MAX, len(parsed), "filters")
    _at_most(VALUES_MAX, sum(len(one.values) for one in parsed), "filters", "values in all")
    for one in parsed:
        if one.operator in PATTERN_OPERATORS:
            length = sum(map(len, one.values))
            _at_most(PATTERN_MAX, length, f"filters.{one.key}", "characters")
    named: dict[str, list[Filter]] = {}
    for one in parsed:
        if one.operator in _EQUAL:
            named.setdefault(one.key, []).append(one)
    kept = [one for one in parsed if one.operator not in _EQUAL or one is named[one.key][0]]
    return [
        _any_of(named[one.key]) if one.operator in _EQUAL and len(named[one.key]) > 1 else one
        for one in kept
    ]


def _at_most(most: int, given: int, field: str, what: str = "") -> None:
    if given > most:
        message = f"{field} can have at most {most:,} {what or field}, not {given:,}"
        raise IsothermError(Code.INVALID, message, field=field)


def narrowed(
    own: Sequence[Mapping[str, Any]], adhoc: Sequence[Mapping[str, Any]]
) -> list[Mapping[str, Any]]:
    """Return what ad hoc filters leave of a query's own: they narrow it, never let more in.

    On the same field, values of both; within one of the two lists, any of the values.
    """
    given, more = (_equal_values(filters) for filters in (own, adhoc))
    both = given.keys() & more.keys()
    left = [
        {"key": key, "operator": "in", "values": list(_in_both(given[key], more[key]))}
        for key in sorted(both)
    ]
    return [
        *(one for one in (*own, *adhoc) if one.get("key") not in both or not _is_equal(one)),
        *left,
    ]


def _in_both(given: list[Any], more: list[Any]) -> Iterator[Any]:
    texts = {_text(value) for value in more}
    return (value for value in given if _text(value) in texts)


def _is_equal(one: Mapping[str, Any]) -> bool:
    return _operator(one.get("operator")) in _EQUAL


def _equal_values(filters: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for one in filters:
        if isinstance(one.get("key"), str) and _is_equal(one):
            value = one.get("value")
            values = [*(value if isinstance(value, list) else [value]), *(one.get("values") or [])]
            found.setdefault(one["key"], []).extend(text for text in values if text is not None)
    return found


def _any_of(filters: list[Filter]) -> Filter:
    values = dict.fromkeys(value for one in filters for value in one.values)
    return Filter(filters[0].key, "in", tuple(values))


def _filter(one: FilterIn) -> Filter:
    given: list[Value] = []
    if isinstance(one.value, list):
        given += one.value
    elif one.value is not None:
        given.append(one.value)
    texts = [_text(value) for value in (*given, *(one.values or []))]
    if one.operator in {"in", "not in"}:
        return Filter(one.key, one.operator, tuple(dict.fromkeys(texts)))
    if len(set(texts)) > 1 and one.operator in {"=", "!="}:  # a variable with several values
        return Filter(one.key, "in" if one.operator == "=" else "not in", tuple(texts))
    if len(texts) > 1 and one.operator in PATTERN_OPERATORS:
        return Filter(one.key, one.operator, ("|".join(f"(?:{text})" for text in texts),))
    return Filter(one.key, one.operator, tuple(texts[:1]))


def _text(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _friendly(given: Mapping[str, Any]) -> dict[str, Any]:
    """Read what editors and newer Grafanas write differently."""
    friendly = dict(given)
    if isinstance(given.get("width"), Mapping):
        friendly["width"] = without_empty(given["width"])
    filters = given.get("filters")
    if isinstance(filters, list):
        friendly["filters"] = [
            {**one, "operator": _operator(one.get("operator"))}
            if isinstance(one, Mapping) and isinstance(one.get("operator"), str | None)
            else one
            for one in filters
        ]
    return friendly


def _operator(given: str | None) -> str:
    return _ONE_OF.get(given or "=", given or "=")


def _moment(raw: object, field: str) -> int:
    if isinstance(raw, int | float) and not isinstance(raw, bool) and abs(raw) < LARGEST_MS:
        return int(raw)
    if isinstance(raw, str):
        if re.fullmatch(r"-?[0-9]{1,15}", raw):
            return int(raw)
        try:
            moment = datetime.fromisoformat(raw)
            return int(moment.timestamp() * 1000)
        except (ValueError, OverflowError):
            pass
    message = f"{field} must be a time: RFC 3339 (2026-11-22T18:00:00Z) or epoch ms"
    raise IsothermError(Code.INVALID, message, field=field)
