"""Statements in DuckDB's dialect, as ClickHouse understands them; values are bound by the server.

What sqlglot does not translate, or translates to something with another meaning, is rewritten here:
one function per kind of expression. Settings that make both mean the same are in `SETTINGS`.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Final

import re2
from msgspec import Struct
from sqlglot import exp, parse_one

from isotherm.model.errors import Code, IsothermError

SETTINGS: Final[Mapping[str, Any]] = {
    "final": 1,  # of the rows of one event, the latest alone
    "do_not_merge_across_partitions_select_final": 1,  # they have one time, so one partition
    "join_use_nulls": 1,  # what an outer join does not find is NULL
    "aggregate_functions_null_for_empty": 1,  # the sum of nothing is NULL
    "distributed_product_mode": "global",
}
"""What makes a statement mean the same as in DuckDB."""

_POINTER: Final = "replaceAll(replaceAll(substring({path}, 2), '~1', '/'), '~0', '~')"
_MODE: Final = """
tupleElement(arraySort(
  (pair) -> (-pair.2, pair.1),
  arrayZip(tupleElement({sums}, 1), tupleElement({sums}, 2))
)[1], 1)
"""


class Translated(Struct, frozen=True):
    """A statement's text, and the names of the values that patterns come from."""

    text: str
    patterns: tuple[str, ...]
    types: Mapping[str, str]


def translate(statement: exp.Expression, values: Mapping[str, object]) -> str:
    """Return ClickHouse's text of a statement. Raises INVALID for a pattern that is not RE2."""
    types = tuple(sorted((name, _type(value)) for name, value in values.items()))
    found = _translated(statement, types)
    for name in found.patterns:
        _compile(str(values[name]))
    return found.text


def _type(value: object) -> str:
    if isinstance(value, bool):
        return "Bool"
    if isinstance(value, int):
        return "Int64"
    if isinstance(value, float):
        return "Float64"
    if isinstance(value, list | tuple):
        inner = {_type(one) for one in value} or {"Int64"}
        return f"Array({inner.pop()})" if len(inner) == 1 else "Array(Float64)"
    return "String"


def _compile(pattern: str) -> None:
    options = re2.Options()
    options.log_errors = False
    try:
        re2.compile(pattern, options)
    except re2.error as error:
        message = f"{pattern!r} is not a regular expression: Error: {error}"
        raise IsothermError(Code.INVALID, message) from error


@lru_cache(maxsize=1024)
def _translated(statement: exp.Expression, types: tuple[tuple[str, str], ...]) -> Translated:
    known = dict(types)
    tree: Any = statement.copy()
    patterns = tuple(
        dict.fromkeys(
            match.expression.name
            for match in tree.find_all(exp.RegexpFullMatch)
            if isinstance(match.expression, exp.Placeholder | exp.Parameter)
        )
    )
    for select in list(tree.find_all(exp.Select)):
        _zip_arrays(select)
        _tell_columns_from_aliases(select)
        _name_columns(select)
    for kind, rewrite in _REWRITES.items():
        for node in reversed(list(tree.find_all(kind))):  # what is inside first
            made = rewrite(node)
            if made is node:
                continue
            if node is tree:
                tree = made
            else:
                node.replace(made)
    for node in list(tree.find_all(exp.Placeholder, exp.Parameter)):
        name = node.name if isinstance(node, exp.Placeholder) else node.this.name
        node.replace(_bound(name, known.get(name, "String")))
    return Translated(tree.sql(dialect="clickhouse"), patterns, known)


def _bound(name: str, kind: str) -> exp.Expression:
    return exp.Placeholder(this=name, kind=exp.Var(this=kind))


def _native(text: str, /, **parts: exp.Expression) -> exp.Expression:
    """Parse an expression of ClickHouse; a column called as one of `parts` becomes that part."""
    tree: Any = parse_one(text, dialect="clickhouse")
    for column in list(tree.find_all(exp.Column)):
        if column.name in parts and not column.table:
            column.replace(parts[column.name].copy())
    found: exp.Expression = tree
    return found


def _zip_arrays(select: exp.Select) -> None:
    """Unnest several lists side by side: two calls of arrayJoin would make every pair."""
    lists = [one for one in select.expressions if isinstance(one.unalias(), exp.Explode)]
    if len(lists) < 2:
        return
    arrays = [one.unalias().this for one in lists]
    zipped = exp.Alias(
        this=exp.Anonymous(
            this="arrayJoin", expressions=[exp.Anonymous(this="arrayZip", expressions=arrays)]
        ),
        alias=exp.to_identifier("pair"),
    )
    for place, one in enumerate(lists, 1):
        part = exp.Anonymous(
            this="tupleElement", expressions=[exp.column("pair"), exp.Literal.number(place)]
        )
        one.replace(exp.Alias(this=part, alias=exp.to_identifier(one.alias)))
    select.set("from_", exp.From(this=exp.select(zipped).subquery("zipped")))


def _tell_columns_from_aliases(select: exp.Select) -> None:
    """Name the source of columns that are called like an alias of the same SELECT.

    ClickHouse takes the alias: `sum(clicks) AS clicks, sum(clicks * 2)` would sum up a sum.
    """
    source = _only_source(select)
    if source is None:
        return
    aliases = {one.alias for one in select.expressions if isinstance(one, exp.Alias) and one.alias}
    places: list[exp.Expression] = [*select.expressions]
    if (where := select.args.get("where")) is not None:
        places.append(where)
    if (group := select.args.get("group")) is not None and _of_columns(select, group):
        places.append(group)
    for place in places:
        for column in list(place.find_all(exp.Column)):
            if (
                column.table
                or column.name not in aliases
                or column.find_ancestor(exp.Select) is not select
            ):
                continue
            column.set("table", exp.to_identifier(source))


def _name_columns(select: exp.Select) -> None:
    """Call `visit.page` page: ClickHouse keeps the source in the name where another has one."""
    for one in list(select.expressions):
        if isinstance(one, exp.Column) and one.table and not one.is_star:
            one.replace(exp.alias_(one.copy(), one.name, quoted=True))


def _of_columns(select: exp.Select, group: exp.Expression) -> bool:
    """Tell whether GROUP BY names columns only: an alias of something else is meant as such."""
    computed = {
        one.alias
        for one in select.expressions
        if isinstance(one, exp.Alias) and not isinstance(one.this, exp.AggFunc)
    }
    return not any(column.name in computed for column in group.find_all(exp.Column))


def _only_source(select: exp.Select) -> str | None:
    if select.args.get("joins"):
        return None
    source = select.args.get("from_")
    if source is None:
        return None
    name: str = source.this.alias_or_name
    return name or None


def _mode(node: exp.Expression) -> exp.Expression:
    """Return the most frequent value, the least of several; NULL does not count."""
    value = node.this
    sums = _native("sumMapIf([assumeNotNull(value)], [1], NOT value IS NULL)", value=value)
    return _native(_MODE.replace("{sums}", "sums"), sums=sums)


def _quantile(share: exp.Expression, value: exp.Expression) -> exp.Expression:
    text = f"quantileExactInclusive({share.sql(dialect='clickhouse')})(value)"
    return _native(text, value=value)


def _full_match(node: exp.Expression) -> exp.Expression:
    """ClickHouse's `match` looks anywhere, and its dot takes line ends."""
    text = "match(text, concat('\\\\A(?:(?-s)', pattern, ')\\\\z'))"
    return _native(text, text=node.this, pattern=node.expression)


def _try_cast(node: Any) -> Any:
    if node.args["to"].this in {exp.DataType.Type.DOUBLE, exp.DataType.Type.FLOAT}:
        return _native("toFloat64OrNull(trimBoth(value))", value=node.this)
    return node


def _cast(node: Any) -> Any:
    """Ids have more than 32 bits; a list stays what it is."""
    kind = node.args["to"]
    if kind.is_type(exp.DataType.Type.ARRAY):
        return node.this
    if kind.is_type(*exp.DataType.TEXT_TYPES):
        return _native("toString(value)", value=node.this)
    return node


def _json_text(node: exp.Expression) -> exp.Expression:
    """Return the text of an attribute, whose key comes as a JSON pointer."""
    text = f"JSONExtractString(text, {_POINTER.format(path='path')})"
    return _native(text, text=node.this, path=node.expression)


def _count_distinct(node: exp.Expression) -> exp.Expression:
    if not isinstance(node.this, exp.Distinct):
        return node
    counted = _native("uniqExact(value)", value=node.this.expressions[0])
    if isinstance(node.parent, exp.Filter):
        return counted  # none is 0 behind the filter, too: see `_filter`
    return _native("coalesce(counted, 0)", counted=counted)


def _filter(node: Any) -> Any:
    if str(getattr(node.this, "name", "")) != "uniqExact":
        return node
    return _native("coalesce(counted, 0)", counted=node)


def _whole_division(node: exp.Expression) -> exp.Expression:
    return _native("intDiv(a, b)", a=node.this, b=node.expression)


_REWRITES: Final[Mapping[type[exp.Expression], Callable[[Any], exp.Expression]]] = {
    exp.RegexpFullMatch: _full_match,
    exp.TryCast: _try_cast,
    exp.Cast: _cast,
    exp.JSONExtractScalar: _json_text,
    exp.JSONKeys: lambda node: _native("JSONExtractKeys(text)", text=node.this),
    exp.Mode: _mode,
    exp.Median: lambda node: _quantile(exp.Literal.number("0.5"), node.this),
    exp.PercentileCont: lambda node: _quantile(node.expression, node.this),
    exp.IgnoreNulls: lambda node: node.this,
    exp.LogicalOr: lambda node: _native("max(value)", value=node.this),
    exp.LogicalAnd: lambda node: _native("min(value)", value=node.this),
    exp.Count: _count_distinct,
    exp.Filter: _filter,
    exp.IntDiv: _whole_division,
    exp.Lower: lambda node: _native("lowerUTF8(text)", text=node.this),
}
"""Kind of expression -> what it becomes."""
