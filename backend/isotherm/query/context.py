"""What a question may use: the store, the pictures, the clock; and where its time goes."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Generic, TypeVar

from msgspec import Struct, field

from isotherm.model import Background, Scope
from isotherm.model.agree import Boxes
from isotherm.model.elements import Element
from isotherm.query.scope import Conditions
from isotherm.query.statement import Statement
from isotherm.storage.ports import Backgrounds, Columns, Engine

P = TypeVar("P")
T = TypeVar("T")

Choose = Callable[[Sequence[Background], Mapping[Element, float], int | None], Background | None]
"""Picks the background that serves best, given clicks per element and a window width, if one
was asked for."""

_BESIDE = ThreadPoolExecutor(max_workers=8, thread_name_prefix="question")
"""Runs statements beside the one that the answer waits for; the engine lets them overlap."""


class Context(Struct, frozen=True, kw_only=True):
    """Everything outside that an answer depends on."""

    engine: Engine
    backgrounds: Backgrounds
    choose: Choose
    now_ms: int
    ignore_rage: tuple[str, ...] = ()
    spent_ms: dict[str, float] = field(default_factory=dict)
    indexed: dict[str, Boxes] = field(default_factory=dict)  # by background
    statements: list[Statement | str] = field(default_factory=list)  # in the order they were run

    def boxes(self, background: Background) -> Boxes:
        """Return a background's boxes to find elements among, indexed once per answer."""
        if background.id not in self.indexed:
            self.indexed[background.id] = Boxes(background.boxes)
        return self.indexed[background.id]

    def run(self, statement: Statement) -> Columns:
        """Run a statement; its time counts as `sql`."""
        self.statements.append(statement)
        with self.timed("sql"):
            return self.engine.run(statement.sql, statement.values)

    def executed(self) -> str:
        """Return the text of all statements run; values stay placeholders."""
        return ";\n".join(
            one if isinstance(one, str) else one.sql.sql(dialect="duckdb")
            for one in self.statements
        )

    def beside(self, statement: Statement, read: Callable[[Columns], T]) -> "Future[T]":
        """Run a statement in another thread and read its answer there; ask for the `result()`."""
        self.statements.append(statement)
        return _BESIDE.submit(lambda: read(self.engine.run(statement.sql, statement.values)))

    @contextmanager
    def timed(self, what: str) -> Iterator[None]:
        """Add the time spent inside to `what`."""
        start = time.perf_counter()
        try:
            yield
        finally:
            spent = (time.perf_counter() - start) * 1000
            self.spent_ms[what] = self.spent_ms.get(what, 0.0) + spent


class Ask(Struct, Generic[P], frozen=True, kw_only=True):
    """One question as it is asked."""

    scope: Scope
    params: P
    context: Context
    conditions: Conditions

    @classmethod
    def about(cls, scope: Scope, params: P, context: Context) -> "Ask[P]":
        """Understand the scope. Raises INVALID naming the filter that is wrong."""
        conditions = Conditions(context.engine, scope, context.ignore_rage)
        return cls(scope=scope, params=params, context=context, conditions=conditions)
