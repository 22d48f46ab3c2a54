"""The scope of a question as conditions on `actions`, `views` and `errors`."""

from collections.abc import Collection, Container

from sqlglot import exp

from isotherm.model import Filter, Scope, Signal
from isotherm.query.filters import (
    ACTION_COLUMNS,
    VIEW_COLUMNS,
    filter_condition,
    filter_test,
)
from isotherm.query.row_tests import RowTest
from isotherm.query.statement import Statement, all_of, build, condition
from isotherm.query.view_ends import FIRST_AND_LAST, SESSION_MAX_MS, one_click_each
from isotherm.storage.ports import Engine

NOWHERE = -1
"""The id of a text that the store has never seen: no row has it."""


SIGNS = frozenset({Signal.RAGE, Signal.DEAD, Signal.ERROR})
"""Signals that tell clicks from other clicks; rates are of all clicks."""


class Conditions:
    """The conditions of one scope and the values bound in them.

    Raises INVALID (from the constructor) naming the filter that cannot be understood.
    """

    def __init__(self, engine: Engine, scope: Scope, ignore_rage: Collection[str] = ()) -> None:
        self.scope = scope
        self.values: dict[str, object] = {}
        self._engine = engine
        self._place = self._common(scope)
        self._filters = [(one, self.filtered(one)) for one in scope.filters]
        ignored = [self.term("element", key) for key in ignore_rage]
        self.ignored = [number for number in ignored if number != NOWHERE]
        self.rage = self._rage(self.ignored)
        self._turn = self._of_turn(scope)

    def bind(self, value: object) -> str:
        """Bind a value; return its placeholder."""
        name = f"v{len(self.values)}"
        self.values[name] = value
        return f"${name}"

    def term(self, kind: str, text: str) -> int:
        """Return the id of a text, `NOWHERE` when it was never seen."""
        return self._engine.term_id(kind, text) or NOWHERE

    def actions(
        self, *extra: exp.Expression, pages: bool = True, signal: bool = True
    ) -> exp.Expression:
        """Select actions in scope, those of the signal if one is asked for."""
        parts = [*self._where(pages=pages), *(tree for _, tree in self._filters), *extra]
        if signal and self.scope.signal is not None:
            parts.append(self.signal(self.scope.signal))
        return all_of(parts)

    def views(self, *extra: exp.Expression, pages: bool = True) -> exp.Expression:
        """Select views in scope; a filter on an element keeps views in which it was acted on."""
        return self._rows(frozenset(), *extra, pages=pages)

    def errors(self, *extra: exp.Expression) -> exp.Expression:
        """Select errors in scope, with the same reading of filters on elements as views.

        A filter on what only views have keeps the errors of such views.
        """
        return self._rows(VIEW_COLUMNS, *extra, pages=True)

    def filtered(self, one: Filter) -> exp.Expression:
        """Select what a filter lets through. Raises INVALID, naming the filter."""
        around = all_of([self._place[0], self._span()])
        return filter_condition(self._engine, one, self.bind, around)

    def tests(self, table: str) -> list[RowTest] | None:
        """Return what narrows a page's actions or views, for rows in memory.

        None: there is a condition that needs a statement.
        """
        tests: list[RowTest | None] = []
        for value, how in ((self.scope.width_min, ">="), (self.scope.width_max, "<=")):
            if value is not None:
                tests.append(RowTest.compared("viewport_w", how, value))
        for one in self.scope.filters:
            only_actions = table != "actions" and one.key in ACTION_COLUMNS
            tests.append(None if only_actions else filter_test(self._engine, one))
        if table == "actions":
            tests += self._signal_tests()
        return None if None in tests else [test for test in tests if test is not None]

    def _signal_tests(self) -> list[RowTest | None]:
        signal = self.scope.signal
        if signal is None:
            return []
        if signal not in SIGNS:
            return [None]
        marked: list[RowTest | None] = [RowTest.true(signal.value)]
        if signal is Signal.RAGE and self.ignored:
            marked.append(RowTest.one_of("element", self.ignored).negated())
        return marked

    def application(self) -> exp.Expression:
        """Everything of the application, at any time."""
        return self._place[0]

    def signal(self, signal: Signal) -> exp.Expression:
        """Actions with a signal; rage on ignored elements is none."""
        if self._turn is not None:
            return self._turn
        return self.rage if signal is Signal.RAGE else exp.column(signal.value)

    def named(self, kind: str, text: str) -> exp.Expression:
        """Rows whose column of this kind has this text."""
        return condition(f'"{kind}" = {self.bind(self.term(kind, text))}')

    def acted(self, element: str, action_name: str) -> list[exp.Expression]:
        """Actions on this element and with this name; "" leaves that open."""
        asked = (("element", element), ("action_name", action_name))
        return [self.named(kind, text) for kind, text in asked if text]

    def build(self, template: str, **slots: exp.Expression) -> Statement:
        """Fill a template; `slot_rage` is always there."""
        statement = build(template, self.values, rage=self.rage, **slots)
        return one_click_each(statement) if self._turn is not None else statement

    def _rows(self, lacking: frozenset[str], *extra: exp.Expression, pages: bool) -> exp.Expression:
        parts = self._where(pages=pages)
        elsewhere = ACTION_COLUMNS.keys() | lacking
        own = [tree for one, tree in self._filters if one.key not in elsewhere]
        if acted := self._about(ACTION_COLUMNS):
            own.append(_of_views("actions", all_of([*parts, *acted])))
        if viewed := self._about(lacking):  # the view may have begun before the range
            own.append(_of_views("views", all_of([*self._place[:2], self._span(), *viewed])))
        return all_of([*parts, *own, *extra])

    def _about(self, keys: Container[str]) -> list[exp.Expression]:
        return [tree for one, tree in self._filters if one.key in keys]

    def _span(self) -> exp.Expression:
        """Select the time in which views may lie that reach into the range, whole."""
        start = self.bind(self.scope.from_ms - SESSION_MAX_MS)
        end = self.bind(self.scope.to_ms + SESSION_MAX_MS)
        return condition(f"time_ms >= {start} AND time_ms < {end}")

    def _where(self, *, pages: bool) -> list[exp.Expression]:
        return list(self._place) if pages else [*self._place[:1], *self._place[2:]]

    def _common(self, scope: Scope) -> list[exp.Expression]:
        application = self.named("application", scope.application)
        pages: exp.Expression = exp.true()
        if scope.pages:
            places = [self.bind(self.term("page", page)) for page in scope.pages]
            pages = condition(f"page IN ({', '.join(places)})")
        if len(scope.pages) == 1:
            pages = condition(f"page = {self.bind(self.term('page', scope.pages[0]))}")
        span = condition(
            f"time_ms >= {self.bind(scope.from_ms)} AND time_ms < {self.bind(scope.to_ms)}"
        )
        parts = [application, pages, span]
        if scope.width_min is not None or scope.width_max is not None:
            parts.append(condition("viewport_w > 0"))
        if scope.width_min is not None:
            parts.append(condition(f"viewport_w >= {self.bind(scope.width_min)}"))
        if scope.width_max is not None:
            parts.append(condition(f"viewport_w <= {self.bind(scope.width_max)}"))
        return parts

    def _of_turn(self, scope: Scope) -> exp.Expression | None:
        """Select the first or last click of each view, whatever the filters leave of the view.

        A view that began before the range, or goes on after it, is looked at whole.
        """
        template = FIRST_AND_LAST.get(scope.signal) if scope.signal else None
        if template is None:
            return None
        clicks = all_of([*self._place[:2], self._span()])
        chosen = build(template, {}, clicks=clicks).sql
        return exp.In(this=exp.column("event"), query=exp.Subquery(this=chosen))

    def _rage(self, ignored: list[int]) -> exp.Expression:
        if not ignored:
            return exp.column("rage")
        places = ", ".join(self.bind(number) for number in ignored)
        return condition(f"rage AND element NOT IN ({places})")


def _of_views(table: str, rows: exp.Expression) -> exp.Expression:
    """Select what belongs to the views of some rows of a table."""
    inner = build(f"SELECT view FROM {table} WHERE slot_rows", {}, rows=rows)
    return exp.In(this=exp.column("view"), query=exp.Subquery(this=inner.sql))


def filter_values(scope: Scope, key: str) -> tuple[str, ...]:
    """Return the texts that equality filters name for a key, in order."""
    named: list[str] = []
    for one in scope.filters:
        if one.key == key and one.operator in {"=", "in"}:
            named += [value for value in one.values if value not in named]
    return tuple(named)


def without(scope: Scope, key: str) -> tuple[Filter, ...]:
    """Return the filters that are not about a key."""
    return tuple(one for one in scope.filters if one.key != key)
