"""The rows of a scope of one page, which the engine may have in memory."""

from collections.abc import Sequence
from typing import Any

from isotherm.query.context import Ask
from isotherm.query.counting import Array
from isotherm.query.row_tests import all_passed
from isotherm.storage.ports import Columns, Computed, PageSpan, Summed

_PLACE = "application = $application AND page = $page AND time_ms >= $from AND time_ms < $to"
"""How what is read here would be asked for, for those who look at an answer's statements."""


def rows_of_page(
    ask: Ask[Any],
    table: str,
    names: Sequence[str],
    computed: Computed | None = None,
    *,
    kept: bool = False,
) -> list[Columns] | None:
    """Return columns of the rows in scope, in parts; None for a scope that needs a statement.

    `kept` asks for what is worth reading only if it stays in memory. Nobody may write to the
    arrays.
    """
    asked = _page(ask, table, names, kept=kept)
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


def _page(
    ask: Ask[Any], table: str, names: Sequence[str], *, kept: bool = False
) -> PageSpan | None:
    scope = ask.scope
    if len(scope.pages) != 1:
        return None
    tests = ask.conditions.tests(table)
    if tests is None:
        return None
    only = all_passed(tests)
    application = ask.conditions.term("application", scope.application)
    page = ask.conditions.term("page", scope.pages[0])
    asked = PageSpan(application, page, scope.from_ms, scope.to_ms, only)
    if (tests or kept) and not ask.context.engine.keeps(table, asked, names):
        return None
    columns = ", ".join(f'"{name}"' for name in names)
    place = f"{_PLACE} AND {only.name}" if only else _PLACE
    ask.context.statements.append(f"SELECT {columns} FROM {table} WHERE {place}")
    return asked
