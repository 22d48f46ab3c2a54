"""The rows of a scope that is one page and a time range, which the engine may have in memory."""

from collections.abc import Sequence
from typing import Any

from isotherm.query.context import Ask
from isotherm.query.counting import Array
from isotherm.storage.ports import Columns, Computed, PageSpan, Summed

_PLACE = "application = $application AND page = $page AND time_ms >= $from AND time_ms < $to"
"""How what is read here would be asked for, for those who look at an answer's statements."""


def rows_of_page(
    ask: Ask[Any], table: str, names: Sequence[str], computed: Computed | None = None
) -> list[Columns] | None:
    """Return columns of the rows in scope, in parts; None for a scope that needs a statement.

    Nobody may write to the arrays.
    """
    asked = _page(ask, table, names)
    if asked is None:
        return None
    with ask.context.timed("sql"):
        return ask.context.engine.page_rows(table, asked, names, computed)


def sums_of_page(ask: Ask[Any], table: str, summed: Summed) -> Array | None:
    """Return the sums over the rows in scope; None for one that needs a statement."""
    asked = _page(ask, table, summed.reads)
    if asked is None:
        return None
    with ask.context.timed("sql"):
        return ask.context.engine.page_sums(table, asked, summed)


def _page(ask: Ask[Any], table: str, names: Sequence[str]) -> PageSpan | None:
    scope = ask.scope
    narrowed = scope.filters or scope.signal or scope.width_min is not None
    if narrowed or scope.width_max is not None or len(scope.pages) != 1:
        return None
    columns = ", ".join(f'"{name}"' for name in names)
    ask.context.statements.append(f"SELECT {columns} FROM {table} WHERE {_PLACE}")
    application = ask.conditions.term("application", scope.application)
    page = ask.conditions.term("page", scope.pages[0])
    return PageSpan(application, page, scope.from_ms, scope.to_ms)
