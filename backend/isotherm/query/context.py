"""What a question may use: the store, the pictures, the clock; and where its time goes."""

import time
from collections import OrderedDict, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from threading import Lock
from typing import Generic, TypeVar

import msgspec
from msgspec import Struct, field

from isotherm.model import Background, Box, Scope
from isotherm.model.element_matching import Boxes, Spot
from isotherm.model.elements import Element
from isotherm.query.kept_results import KeptResults
from isotherm.query.scope import Conditions
from isotherm.query.statement import Statement
from isotherm.storage.ports import Backgrounds, Columns, Engine

P = TypeVar("P")
T = TypeVar("T")

_BESIDE = ThreadPoolExecutor(max_workers=8, thread_name_prefix="question")
"""Runs statements concurrently the one that the answer waits for; the engine lets them overlap."""

_MOST_HELPING = 4
_HELP = ThreadPoolExecutor(max_workers=_MOST_HELPING, thread_name_prefix="help")
"""Helps requests that have several questions. None depends on it: whoever has many leaves others
alone with theirs, no worse."""


def side_by_side(work: Callable[[P], T], things: Sequence[P]) -> list[T]:
    """Return what `work` returns for each thing; other threads help where some are free."""
    results: dict[int, T] = {}
    left = deque(enumerate(things))

    def go_on() -> None:
        while left:
            try:
                position, thing = left.popleft()
            except IndexError:  # another took the last one
                return
            results[position] = work(thing)

    helping = [_HELP.submit(copy_context().run, go_on) for _ in things[1:_MOST_HELPING]]
    go_on()
    for one in helping:
        if not one.cancel():  # it has begun
            one.result()
    return [results[position] for position in range(len(things))]


class _Remembering(Boxes):
    """Boxes that look for an element once."""

    def __init__(self, boxes: Mapping[str, Box]) -> None:
        super().__init__(boxes)
        self.boxes = boxes
        self._spots: dict[Element, Spot] = {}

    def find(self, element: Element) -> Spot:
        """Return where an element is."""
        spot = self._spots.get(element)
        if spot is None:
            if len(self._spots) >= _MOST_SPOTS:
                self._spots.clear()
            spot = self._spots[element] = super().find(element)
        return spot


class _Found:
    """The latest backgrounds with what was found on them. Thread-safe."""

    def __init__(self) -> None:
        self._held: OrderedDict[str, _Remembering] = OrderedDict()
        self._turn = Lock()

    def of(self, background: Background) -> Boxes:
        with self._turn:
            held = self._held.get(background.id)
            if held is None or held.boxes is not background.boxes:
                held = self._held[background.id] = _Remembering(background.boxes)
            self._held.move_to_end(background.id)
            while len(self._held) > _MOST_BACKGROUNDS:
                self._held.popitem(last=False)
            return held


_MOST_BACKGROUNDS = 100
_MOST_SPOTS = 10_000
_FOUND = _Found()


class Context(Struct, frozen=True, kw_only=True):
    """Everything outside that an answer depends on."""

    engine: Engine
    backgrounds: Backgrounds
    now_ms: int
    ignore_rage: tuple[str, ...] = ()
    kept: KeptResults | None = None  # what several questions need is worked out once there
    spent_ms: dict[str, float] = field(default_factory=dict)
    statements: list[Statement | str] = field(default_factory=list)  # in the order they were run

    def boxes(self, background: Background) -> Boxes:
        """Return a background's boxes to find elements among; what was found is kept."""
        return _FOUND.of(background)

    def run(self, statement: Statement) -> Columns:
        """Run a statement; its time counts as `sql`."""
        self.statements.append(statement)
        with self.timed("sql"):
            return self.engine.run(statement.sql, statement.values)

    def executed(self) -> str:
        """Return the text of all statements run; values stay placeholders."""
        return ";\n".join(one if isinstance(one, str) else one.text for one in self.statements)

    def concurrently(self, statement: Statement, read: Callable[[Columns], T]) -> "Future[T]":
        """Run a statement in another thread and read its answer there; ask for the `result()`."""
        self.statements.append(statement)
        return _BESIDE.submit(lambda: read(self.engine.run(statement.sql, statement.values)))

    def shared(self, name: str, scope: Scope, work: Callable[[], bytes]) -> bytes:
        """Return what `work` returns about a scope; once for all who need it, if that can be known.

        The state is the whole application's, so `work` may read whatever it likes of that.
        """
        state = self.engine.state(scope.application, ())
        if self.kept is None or state is None:
            return work()
        before = len(self.statements)
        result = self.kept.of(msgspec.msgpack.encode((name, scope)), state, work)
        if len(self.statements) == before:
            self.statements.append(f"-- {name}: as another question had them")
        return result

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
