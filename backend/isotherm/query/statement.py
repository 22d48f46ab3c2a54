"""Statements from templates: parsed once, filled with syntax trees, values always bound."""

from collections.abc import Mapping
from functools import lru_cache
from typing import cast

import sqlglot
from msgspec import Struct, field
from sqlglot import exp

_KEPT = 1_024
"""Parsed texts that are remembered: some have a number in them, of rows or of ms."""


class Statement(Struct, frozen=True):
    """What `Engine.run` takes."""

    sql: exp.Expression
    values: Mapping[str, object] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The statement in DuckDB's words; values stay placeholders."""
        return _text(self.sql)


def build(template: str, values: Mapping[str, object], /, **slots: exp.Expression) -> Statement:
    """Fill a template: a column written `slot_<name>` becomes the tree given as `<name>`.

    Unused values are left out, because the engine refuses a value without a place. What is
    multiplied by a weight, which is stored with 24 bits, keeps all bits, as it does in NumPy.

    Statements of the same shape share their tree: nobody may change it.
    """
    tree, used = _filled(template, tuple(sorted(slots.items())))
    return Statement(tree, {name: value for name, value in values.items() if name in used})


def condition(text: str) -> exp.Expression:
    """Parse one condition; the tree is shared, `build` copies it."""
    return _condition(text)


def all_of(conditions: list[exp.Expression]) -> exp.Expression:
    """Join conditions by AND; none is TRUE."""
    if not conditions:
        return exp.true()
    return cast("exp.Expression", exp.and_(*conditions))


def any_of(conditions: list[exp.Expression]) -> exp.Expression:
    """Join conditions by OR, in brackets; none is FALSE."""
    if not conditions:
        return exp.false()
    return cast("exp.Expression", exp.paren(exp.or_(*conditions)))


@lru_cache(maxsize=_KEPT)
def _text(tree: exp.Expression) -> str:
    return tree.sql(dialect="duckdb")


@lru_cache(maxsize=_KEPT)
def _filled(
    template: str, slots: tuple[tuple[str, exp.Expression], ...]
) -> tuple[exp.Expression, frozenset[str]]:
    """Return the tree and the names of the values in it: filling takes ten times a look-up."""
    tree, given = _parsed(template).copy(), dict(slots)
    for column in list(tree.find_all(exp.Column)):
        if column.name.startswith("slot_"):
            column.replace(given[column.name.removeprefix("slot_")].copy())
    used = {str(node.this.name) for node in tree.find_all(exp.Parameter)}
    used |= {str(node.name) for node in tree.find_all(exp.Placeholder)}
    return tree, frozenset(used)


@lru_cache(maxsize=_KEPT)
def _parsed(template: str) -> exp.Expression:
    tree = cast("exp.Expression", sqlglot.parse_one(template, dialect="duckdb"))
    for product in list(tree.find_all(exp.Mul)):
        for column in (product.this, product.expression):
            if isinstance(column, exp.Column) and column.name == "weight":
                column.replace(exp.cast(column.copy(), "DOUBLE"))
    return tree


@lru_cache(maxsize=_KEPT)
def _condition(text: str) -> exp.Expression:
    return exp.paren(sqlglot.condition(text, dialect="duckdb"))
