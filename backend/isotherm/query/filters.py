"""One filter -> one condition: texts are resolved to ids, values are bound.

Regular expressions are RE2 and match the whole text, as in Prometheus and Loki.
"""

import math
import re
from collections.abc import Callable

from sqlglot import exp

from isotherm.model import FACETS, Filter
from isotherm.model.errors import Code, IsothermError
from isotherm.query.row_tests import RowTest
from isotherm.query.statement import Statement, build, condition
from isotherm.storage.ports import Engine

Bind = Callable[[object], str]
"""Takes a value, returns its placeholder (`$v3`)."""

TERM_COLUMNS = {name: name for name in (*FACETS, "page", "user", "session", "view", "url")}
"""Filter key -> column with the id of a text, on actions, views and errors."""

VIEW_COLUMNS = frozenset({"url"})
"""Keys that errors lack; an error passes when its view does."""

ACTION_COLUMNS = {"element": "element", "action_name": "action_name"}
"""Keys that only actions have; a view passes when one of its actions does."""

GOALS = {"reached_page": ("views", "page"), "reached_element": ("actions", "element")}
"""Keys about the whole session: the table and the column of what it did, here or elsewhere."""

_NEGATED = {"!=": "=", "!~": "=~", "not in": "in"}
_COMPARISONS = {"<", "<=", ">", ">="}
_TRY_REGEX = "SELECT regexp_full_match('', $pattern) AS matches"


def filter_condition(
    engine: Engine, one: Filter, bind: Bind, around: exp.Expression
) -> exp.Expression:
    """Return the condition of a filter. An absent facet counts as the empty text.

    `around` selects all that sessions of the scope can have done. Rows without a session count
    among those that did not reach a goal.

    Raises INVALID naming the filter for a broken regular expression, a missing value, or a
    comparison with something that is not a number.
    """
    where = f"filters.{one.key}"
    if not one.values and one.operator not in {"in", "not in"}:
        raise IsothermError(Code.INVALID, f"The filter on {one.key} has no value", field=where)
    operator = _NEGATED.get(one.operator, one.operator)
    if operator == "=~":
        _check_regex(engine, one.values[0], where)
    if one.key == "width":
        positive = _width(one, operator, bind, where)
    elif one.key in GOALS:
        positive = _goal(engine, one, operator, bind, around)
    elif one.key in TERM_COLUMNS or one.key in ACTION_COLUMNS:
        positive = _term(engine, one.key, one, operator, bind)
    else:
        positive = _attribute(one, operator, bind, where)
    return exp.not_(positive) if one.operator in _NEGATED else positive


def filter_test(engine: Engine, one: Filter) -> RowTest | None:
    """Return the same condition for rows in memory; None for one that needs a statement."""
    operator = _NEGATED.get(one.operator, one.operator)
    if one.key == "width":
        test = _width_test(one, operator)
    elif one.key in TERM_COLUMNS or one.key in ACTION_COLUMNS:
        ids = _ids(engine, one.key, one, operator)
        test = None if ids is None else RowTest.one_of(one.key, ids)
    else:
        test = None
    return test.negated() if test is not None and one.operator in _NEGATED else test


def _goal(
    engine: Engine, one: Filter, operator: str, bind: Bind, around: exp.Expression
) -> exp.Expression:
    """Select what belongs to sessions that were on a page, or acted on an element, at any time."""
    table, column = GOALS[one.key]
    if operator in _COMPARISONS:
        message = f"{one.key} has no order: use =, !=, in, not in, =~ or !~"
        raise IsothermError(Code.INVALID, message, field=f"filters.{one.key}")
    did = _term(engine, column, one, operator, bind)
    inner = build(
        f"SELECT session FROM {table} WHERE slot_around AND session <> 0 AND slot_did",
        {},
        around=around,
        did=did,
    )
    return exp.In(this=exp.column("session"), query=exp.Subquery(this=inner.sql))


def _term(engine: Engine, kind: str, one: Filter, operator: str, bind: Bind) -> exp.Expression:
    column = f'"{kind}"'
    ids = _ids(engine, kind, one, operator)
    if ids is not None:
        places = ", ".join(bind(number) for number in ids)
        return condition(f"{column} IN ({places})") if ids else exp.false()
    texts = f"SELECT id FROM terms WHERE kind = {bind(kind)} AND "
    if operator == "=~":
        pattern = bind(one.values[0])
        return condition(
            f"{column} IN ({texts} regexp_full_match(text, {pattern}))"
            f" OR ({column} = 0 AND regexp_full_match('', {pattern}))"
        )
    number = bind(_number(one.values[0], f"filters.{one.key}"))
    return condition(f"{column} IN ({texts} TRY_CAST(text AS DOUBLE) {operator} {number})")


def _ids(engine: Engine, kind: str, one: Filter, operator: str) -> list[int] | None:
    """Return the ids of the texts that equal one of the values; None: all texts are to be read."""
    if operator in {"=", "in"}:
        ids = [engine.term_id(kind, text) if text else 0 for text in one.values]
        return [number for number, text in zip(ids, one.values, strict=True) if number or not text]
    return _versions(engine, one) if kind == "version" and operator in _COMPARISONS else None


def _versions(engine: Engine, one: Filter) -> list[int]:
    """Compare versions part by part: 1.10 comes after 1.9, and text parts before numbers."""
    limit = version_order(one.values[0])
    matches: Callable[[tuple[tuple[int, int, str], ...]], bool] = {
        "<": lambda order: order < limit,
        "<=": lambda order: order <= limit,
        ">": lambda order: order > limit,
        ">=": lambda order: order >= limit,
    }[one.operator]
    return [
        number
        for number, text in engine.terms("version").items()
        if text and matches(version_order(text))
    ]


def version_order(text: str) -> tuple[tuple[int, int, str], ...]:
    """Return a key that sorts versions as people read them."""
    parts = re.findall(r"[0-9]{1,18}|[a-zA-Z]++", text)
    return tuple((1, int(part), "") if part.isdigit() else (0, 0, part) for part in parts)


def _attribute(one: Filter, operator: str, bind: Bind, where: str) -> exp.Expression:
    text = f"coalesce(json_extract_string(text, {bind(attribute_path(one.key))}), '')"
    if operator in {"=", "in"}:
        if not one.values:
            return exp.false()
        test = f"{text} IN ({', '.join(bind(value) for value in one.values)})"
        absent = "" in one.values
    elif operator == "=~":
        pattern = bind(one.values[0])
        test = f"regexp_full_match({text}, {pattern})"
        return condition(
            f"attributes IN (SELECT id FROM terms WHERE kind = 'attributes' AND {test})"
            f" OR (attributes = 0 AND regexp_full_match('', {pattern}))"
        )
    else:
        test = f"TRY_CAST({text} AS DOUBLE) {operator} {bind(_number(one.values[0], where))}"
        absent = False
    found = f"attributes IN (SELECT id FROM terms WHERE kind = 'attributes' AND {test})"
    return condition(found + (" OR attributes = 0" if absent else ""))


def attribute_path(key: str) -> str:
    """Return the JSON pointer of a custom attribute."""
    return "/" + key.replace("~", "~0").replace("/", "~1")


def _width(one: Filter, operator: str, bind: Bind, where: str) -> exp.Expression:
    if operator == "=~":
        message = "width is a number: use =, !=, in, not in, <, <=, > or >="
        raise IsothermError(Code.INVALID, message, field=where)
    places = [bind(_number(value, where)) for value in one.values]
    if operator in _COMPARISONS:
        return condition(f"viewport_w > 0 AND viewport_w {operator} {places[0]}")
    return condition(f"viewport_w IN ({', '.join(places)})") if places else exp.false()


def _width_test(one: Filter, operator: str) -> RowTest | None:
    numbers = [float(value) for value in one.values]
    if not all(map(math.isfinite, numbers)):
        return None  # a store has an order of its own for these
    if operator not in _COMPARISONS:
        return RowTest.one_of("viewport_w", numbers)
    return RowTest.compared("viewport_w", operator, numbers[0])


def _number(text: str, where: str) -> float:
    try:
        return float(text)
    except ValueError:
        message = f"{text!r} cannot be compared: a number is needed"
        raise IsothermError(Code.INVALID, message, field=where) from None


def _check_regex(engine: Engine, pattern: str, where: str) -> None:
    statement: Statement = build(_TRY_REGEX, {"pattern": pattern})
    try:
        engine.run(statement.sql, statement.values)
    except IsothermError as error:
        if error.code is Code.STORE_UNAVAILABLE:
            raise
        cause = error.message.rpartition("Error: ")[2]
        message = f"{pattern!r} is not a regular expression (RE2): {cause}"
        raise IsothermError(Code.INVALID, message, field=where) from error
