"""Answering statements, and reading the rows of a page."""

import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from types import MappingProxyType
from typing import Any, Final

import numpy as np
from sqlglot import exp, parse_one

from isotherm.storage.clickhouse import dialect
from isotherm.storage.clickhouse.columns import numpy_columns
from isotherm.storage.clickhouse.server import Server
from isotherm.storage.clickhouse.terms import Places, Terms
from isotherm.storage.ports import Columns, Computed, PageSpan, Summed, wanted
from isotherm.storage.tables import table_called

_BESIDE: Final = ThreadPoolExecutor(max_workers=8, thread_name_prefix="terms")
"""Asks for new texts while rows are read that will need them."""

_NO_TEXTS: Final[Mapping[int, str]] = MappingProxyType({})
_COUNTED_BY: Final = "target"
"""The column whose numbers are positions in arrays (`query/placing`): they must be small."""


class Reader:
    """Reads for many threads at once."""

    def __init__(self, server: Server, terms: Terms) -> None:
        self._server = server
        self._terms = terms
        self._places = Places()
        self._targets: tuple[Mapping[int, str], Mapping[int, str]] | None = None
        self._just_read = threading.local()  # `texts` of the rows that this thread works on

    def run(self, statement: exp.Expression, values: Mapping[str, object] | None = None) -> Columns:
        """Run one statement (sqlglot, DuckDB's dialect; `$name` placeholders are bound).

        Raises TOO_MUCH_DATA beyond the time or memory limit, INVALID for a value that does not fit.
        """
        statement, bound = self._with_numbers(statement, dict(values or {}))
        text = dialect.translate(statement, bound)
        columns = numpy_columns(self._server.read(text, bound, dialect.SETTINGS))
        return self._with_places(columns)

    def page_rows(
        self, table: str, asked: PageSpan, names: Sequence[str], computed: Computed | None = None
    ) -> list[Columns]:
        """Return columns of the rows of one page, in parts; nobody may write to the arrays.

        Raises TOO_MUCH_DATA beyond the time limit.
        """
        only = asked.only
        read = dict.fromkeys(("time_ms", *names, *(only.needs if only else ())))
        columns = ", ".join(f'"{name}"' for name in read)
        counted = computed is not None and _COUNTED_BY in computed.needs
        waiting = _BESIDE.submit(self.terms, _COUNTED_BY) if counted else None
        found = self._server.read(
            f"SELECT {columns} FROM {table_called(table).name} "
            "WHERE application = {application: Int64} AND page = {page: Int64} "
            "AND time_ms >= {since: Int64} AND time_ms < {until: Int64} "
            "AND intDiv(time_ms, 3600000) BETWEEN intDiv({since: Int64}, 3600000) "
            "AND intDiv({until: Int64}, 3600000)",
            {
                "application": asked.application,
                "page": asked.page,
                "since": asked.from_ms,
                "until": asked.to_ms,
            },
            dialect.SETTINGS,
        )
        part = self._with_places(numpy_columns(found))
        if computed is not None:
            if waiting is not None:
                self._just_read.texts = self._with_all(waiting.result(), part[_COUNTED_BY])
            try:
                part[computed.name] = computed.compute(part)
            finally:
                self._just_read.texts = None
        if only is not None:
            part = wanted({**part, only.name: only.compute(part)}, tuple(part), only)
        return [part]

    def page_sums(self, table: str, asked: PageSpan, summed: Summed) -> np.ndarray[Any, Any]:
        """Return the sums over all `page_rows`. Raises TOO_MUCH_DATA beyond the time limit."""
        (part,) = self.page_rows(table, asked, summed.reads, summed.computed)
        return summed.add({name: part[name] for name in summed.takes})

    def terms(self, kind: str) -> Mapping[int, str]:
        """All texts of a kind of few values (application, page, element, action_name, facets)."""
        known: Mapping[int, str] | None = getattr(self._just_read, "texts", None)
        if kind == _COUNTED_BY and known is not None:
            return known
        texts = self._terms.all(kind)
        if kind != _COUNTED_BY:
            return texts
        held = self._targets
        if held is None or held[0] is not texts:
            known, placed = held or (_NO_TEXTS, _NO_TEXTS)
            if known.keys() - texts.keys():  # some were erased
                known = placed = _NO_TEXTS
            new = {self._places.of(one): texts[one] for one in texts.keys() - known.keys()}
            held = self._targets = texts, MappingProxyType({**placed, **new})
        return held[1]

    def _with_all(
        self, texts: Mapping[int, str], places: np.ndarray[Any, Any]
    ) -> Mapping[int, str]:
        """Return texts with those of some rows, which may have come after the texts were read."""
        there = (np.flatnonzero(np.bincount(places, minlength=1)[1:]) + 1).tolist()
        if all(place in texts for place in there):
            return texts
        return self.terms(_COUNTED_BY)

    def match_terms(self, kind: str, pattern: str) -> list[int]:
        """Return the ids of the texts that a regular expression (RE2) matches as a whole.

        The absent text (id 0) is among them when the pattern matches "". Raises INVALID.
        """
        condition = dialect.translate(_MATCH, {"pattern": pattern})
        found = self._terms.matching(kind, condition.removeprefix("SELECT "), pattern)
        nothing = self.run(_MATCHES_NOTHING, {"pattern": pattern})
        return [*found, *([0] if nothing["matches"][0] else [])]

    def _with_places(self, columns: Columns) -> Columns:
        # a column of this name may also hold the texts themselves
        if _COUNTED_BY in columns and columns[_COUNTED_BY].dtype.kind in "iuf":
            columns[_COUNTED_BY] = self._places.column(columns[_COUNTED_BY])
        return columns

    def _with_numbers(
        self, statement: exp.Expression, values: dict[str, object]
    ) -> tuple[exp.Expression, dict[str, object]]:
        """Put the server's numbers in place of this process' small ones."""
        places = values.get("targets")
        if isinstance(places, list):
            values["targets"] = [self._places.number(place) for place in places]
        if any(map(_names_targets, statement.find_all(exp.In))):
            statement = statement.copy()
            for place, one in enumerate(list(filter(_names_targets, statement.find_all(exp.In)))):
                name = f"targets_{place}"  # bound: a page may have more than a text can hold
                values[name] = [self._places.number(int(each.this)) for each in one.expressions]
                some = parse_one(f"SELECT unnest(${name}::INTEGER[])", dialect="duckdb")
                one.replace(exp.In(this=one.this.copy(), query=exp.Subquery(this=some)))
        return statement, values


def _names_targets(one: exp.In) -> bool:
    return (
        one.this.name == _COUNTED_BY
        and all(isinstance(place, exp.Literal) for place in one.expressions)
        and bool(one.expressions)
    )


_PATTERN: Final = exp.Placeholder(this="pattern")
_MATCH: Final = exp.select(exp.RegexpFullMatch(this=exp.column("text"), expression=_PATTERN.copy()))
_MATCHES_NOTHING: Final = exp.select(
    exp.alias_(
        exp.RegexpFullMatch(this=exp.Literal.string(""), expression=_PATTERN.copy()), "matches"
    )
)
