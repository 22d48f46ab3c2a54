"""What must hold between answers, whatever the events are.

A scope that is cut into parts gives the same numbers as its parts together: counts of events add
up, and a count of different people is at least that of each part and at most their sum.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence
from itertools import pairwise
from random import Random
from typing import Any

import pytest
from msgspec import Struct
from msgspec.structs import replace

from isotherm.model import Filter, Scope, Signal
from isotherm.query.frame import Frame
from tests.metamorphic.traffic import (
    BROWSERS,
    PAGES,
    PICTURES,
    PLANS,
    SPAN,
    USERS,
    VERSIONS,
)
from tests.scenario import HOUR, Shop, cart, rows

Numbers = dict[Hashable, float]
"""Row -> number."""

ROUNDED = 2e-5
"""Answers have weighted counts with six places; of a whole, that of up to 40 numbers differs."""


class Asked(Struct, frozen=True):
    """A question, and which of its columns add up over parts of a scope."""

    question: str
    params: dict[str, Any]
    keys: tuple[str, ...]
    added: tuple[str, ...]
    distinct: tuple[str, ...] = ()
    meta: tuple[str, ...] = ()
    cuts: tuple[str, ...] = ("range", "facet", "match", "width", "pages")


def asked(random: Random, scope: Scope) -> Iterator[Asked]:
    """Yield the questions that can be asked of a scope and of its parts."""
    signs = ("clicks", "rage", "dead", "error")
    people = ("users", "sessions")
    yield Asked("actions", {"limit": 10_000}, ("element",), signs)
    named = {"limit": 10_000, "by": "action_name"}
    yield Asked("actions", named, ("action_name",), signs, people)
    yield Asked("pages", {"limit": 100}, ("page",), ("views", "clicks", "rage"), ("users",))
    stats = (
        "actions", "clicks", "rage_clicks", "dead_clicks", "error_clicks", "rage_actions",
        "dead_actions", "error_actions", "views", "recorded_views", "page_errors",
    )  # fmt: skip
    yield Asked("page_stats", {}, (), stats, people)
    for measure in ("clicks", "actions", "views", "errors", "rage", "dead", "error"):
        by = random.choice(("", "page", "browser", "plan"))
        over_time = {"measure": measure, "intervalMs": HOUR, "limit": 100}
        split = over_time | ({"by": by} if by else {})
        yield Asked("timeseries", split, ("time",), ("value",))
    requests = ("requests", "failures", "unanswered")
    yield Asked(
        "requests", {"limit": 1_000, "resources": "all"}, ("method", "host", "path"), requests
    )
    yield Asked("errors", {"limit": 1_000}, ("kind", "message", "origin"), ("errors",))
    if len(scope.pages) == 1:
        shown = PICTURES[PAGES.index(scope.pages[0])].id
        placed = ("range", "facet", "match", "width")
        drawn = {"background": shown, "cell": random.choice((8, 37, 512))}
        metas = ("clicks", "placed", "actions")
        yield Asked("heat", drawn, ("x", "y"), ("value",), (), metas, cuts=placed)
        area = {"left": 0, "top": 0, "width": 500, "height": 800}
        for where in ({"area": area}, {"element": "#pay"}):
            zone = {"background": shown, **where}
            yield Asked("zone", zone, (), signs, people, cuts=placed)


def scopes(random: Random) -> Scope:
    """Return a random scope."""
    low = random.randrange(SPAN[0], SPAN[1])
    span = random.choice((SPAN, (low, random.randrange(low, SPAN[1]) + 1)))
    pages = random.choice(((), PAGES[:1], PAGES[1:2], PAGES[1:2], PAGES[:2]))
    narrow = [] if random.random() < 0.5 else [_filter(random)]
    band = random.choice(((None, None), (None, None), (400, 1300), (None, 767)))
    return cart(
        *narrow,
        pages=pages,
        from_ms=span[0],
        to_ms=span[1],
        width_min=band[0],
        width_max=band[1],
        signal=random.choice((None, None, None, *Signal)),
    )


def _filter(random: Random) -> Filter:
    key, values = random.choice(tuple(FACETS.items()))
    operator = random.choice(("=", "!=", "in", "not in", "=~", "!~"))
    if operator in {"=~", "!~"}:
        return Filter(key, operator, (random.choice((".*o.*", "[0-9.]*", ".+")),))
    some = random.sample(values, 2) if "in" in operator else random.sample(values, 1)
    return Filter(key, operator, tuple(some))


def parts(random: Random, scope: Scope, cut: str) -> list[Scope]:
    """Cut a scope into parts that share nothing and leave nothing out."""
    return CUTS[cut](random, scope)


def _range(random: Random, scope: Scope) -> list[Scope]:
    inner = sorted(random.randrange(scope.from_ms, scope.to_ms + 1) for _ in range(3))
    ends = [scope.from_ms, *inner, scope.to_ms]
    pairs = pairwise(ends)
    return [replace(scope, from_ms=low, to_ms=high) for low, high in pairs if low < high]


def _facet(random: Random, scope: Scope) -> list[Scope]:
    key, values = random.choice(tuple(FACETS.items()))
    narrowed = [Filter(key, "=", (value,)) for value in values]
    if random.random() < 0.3:
        some = tuple(random.sample(values, 2))
        narrowed = [Filter(key, "in", some), Filter(key, "not in", some)]
    return [replace(scope, filters=(*scope.filters, one)) for one in narrowed]


def _match(random: Random, scope: Scope) -> list[Scope]:
    key, value, operators = random.choice(
        (
            ("browser", "Chrom.*", ("=~", "!~")),
            ("plan", "[0-9]*", ("=~", "!~")),
            ("version", "", ("=", "!=")),
            ("plan", "pro", ("=", "!=")),
            ("user", "(ann|bob)?", ("=~", "!~")),
            ("width", "800", ("<", ">=")),
            ("reached_page", "/done", ("=", "!=")),
            ("reached_element", "#(a|b)", ("=~", "!~")),
        )
    )
    if key == "width":
        scope = replace(scope, filters=(*scope.filters, Filter("width", ">", ("0",))))
    return [
        replace(scope, filters=(*scope.filters, Filter(key, operator, (value,))))  # type: ignore[arg-type]
        for operator in operators
    ]


def _width(random: Random, scope: Scope) -> list[Scope]:
    low, high = scope.width_min or 1, scope.width_max or 9_999
    middle = random.randrange(low, high)
    return [
        replace(scope, width_min=low, width_max=middle),
        replace(scope, width_min=middle + 1, width_max=high),
    ]


def _pages(_: Random, scope: Scope) -> list[Scope]:
    return [replace(scope, pages=(page,)) for page in scope.pages or PAGES]


FACETS = {"browser": BROWSERS, "version": VERSIONS, "plan": PLANS, "user": USERS}
CUTS: dict[str, Callable[[Random, Scope], list[Scope]]] = {
    "range": _range,
    "facet": _facet,
    "match": _match,
    "width": _width,
    "pages": _pages,
}


def whole_of(parts: Sequence[Scope], scope: Scope, cut: str) -> Scope:
    """Return the scope that parts add up to: a band of widths leaves unknown widths out."""
    if cut == "width":
        return replace(scope, width_min=parts[0].width_min, width_max=parts[-1].width_max)
    if cut == "match" and parts[0].filters[-1].key == "width":
        return replace(scope, filters=parts[0].filters[:-1])
    return scope


def check_parts(random: Random, shop: Shop) -> Iterator[Asked]:
    """Ask about a random scope and its parts; yield each question that was asked."""
    scope = scopes(random)
    for one in asked(random, scope):
        cut = random.choice(one.cuts)
        pieces = parts(random, scope, cut)
        whole = whole_of(pieces, scope, cut)
        answers = [shop.ask(one.question, piece, **one.params) for piece in pieces]
        entire = shop.ask(one.question, whole, **one.params)
        about = (one.question, one.params, cut, whole, pieces)
        for column in one.added:
            together: Numbers = defaultdict(float)
            for frames in answers:
                for row, number in _numbers(frames, one.keys, column).items():
                    together[row] += number
            expected = _numbers(entire, one.keys, column)
            found, wanted = _told(together), _told(expected)
            assert found == pytest.approx(wanted, abs=ROUNDED), (column, found, wanted, *about)
        for column in one.distinct:
            _check_distinct(entire, answers, one, column, about)
        for name in one.meta:
            total = sum(frames[0].meta[name] for frames in answers)
            assert entire[0].meta[name] == pytest.approx(total, abs=ROUNDED), (name, *about)
        if one.question == "heat":
            _check_reasons(entire, answers, about)
        for _ in range(1 + len(pieces)):
            yield one


def check_agreement(random: Random, shop: Shop) -> Iterator[Asked]:
    """Ask different questions about one scope; what they count in common is the same number."""
    scope = scopes(random)
    asked: list[str] = []

    def ask(question: str, **params: Any) -> list[Frame]:
        asked.append(question)
        return shop.ask(question, scope, **params)

    (stats,) = rows(ask("page_stats")[0])
    (ranked,) = ask("actions", limit=10_000)
    over_time = {
        measure: _numbers(ask("timeseries", measure=measure, intervalMs=HOUR), ("time",), "value")
        for measure in ("clicks", "actions", "views", "rage", "dead", "error", "errors")
    }
    listed = ask("pages", limit=100)
    series = {name: sum(numbers.values()) for name, numbers in over_time.items()}
    per_page = {
        name: sum(_numbers(listed, ("page",), name).values())
        for name in ("clicks", "views", "rage")
    }
    elements = {
        name: sum(_numbers([ranked], ("element",), name).values())
        for name in ("clicks", "rage", "dead", "error")
    }
    for counted, stat in (
        (series["clicks"], "clicks"),
        (series["actions"], "actions"),
        (series["views"], "views"),
        (series["rage"], "rage_clicks"),
        (series["dead"], "dead_clicks"),
        (series["error"], "error_clicks"),
        (series["errors"], "page_errors"),
        (elements["clicks"], "clicks"),
        (elements["rage"], "rage_clicks"),
        (elements["dead"], "dead_clicks"),
        (elements["error"], "error_clicks"),
        (per_page["clicks"], "clicks"),
        (per_page["views"], "views"),
        (per_page["rage"], "rage_clicks"),
    ):
        assert counted == pytest.approx(stats[stat], abs=ROUNDED), (stat, scope)
    assert ranked.meta["clicks"] == pytest.approx(stats["clicks"], abs=ROUNDED)
    if len(scope.pages) == 1:
        (heat,) = ask("heat", background=PICTURES[PAGES.index(scope.pages[0])].id)
        for name in ("clicks", "actions", "users", "sessions"):
            assert heat.meta[name] == pytest.approx(stats[name], abs=ROUNDED), (name, scope)
        cells = sum(_numbers([heat], ("x", "y"), "value").values())
        assert cells == pytest.approx(heat.meta["placed"])
        assert cells + sum(heat.meta["unplaced"].values()) == pytest.approx(heat.meta["clicks"])
    for question in asked:
        yield Asked(question, {}, (), ())


def _check_distinct(
    entire: list[Frame], answers: list[list[Frame]], one: Asked, column: str, about: object
) -> None:
    whole = _numbers(entire, one.keys, column)
    pieces = [_numbers(frames, one.keys, column) for frames in answers]
    for row, number in whole.items():
        counts = [piece.get(row, 0.0) for piece in pieces]
        assert max(counts) <= number <= sum(counts), (column, row, about)
    assert {row for piece in pieces for row in piece} <= set(whole), (column, about)


def _check_reasons(entire: list[Frame], answers: list[list[Frame]], about: object) -> None:
    together: Numbers = defaultdict(float)
    for frames in answers:
        for why, clicks in frames[0].meta["unplaced"].items():
            together[why] += clicks
    assert dict(together) == pytest.approx(entire[0].meta["unplaced"]), about


def _numbers(frames: list[Frame], keys: Sequence[str], column: str) -> Numbers:
    found: Numbers = defaultdict(float)
    for frame in frames:
        if column not in {field.name for field in frame.shape.fields}:
            continue
        for row in rows(frame):
            key = (frame.series, *(row[name] for name in keys))
            found[key] += row[column] or 0.0
    return found


def _told(numbers: Numbers) -> Numbers:
    """Leave out rows that say zero: a part has them where it has other columns."""
    return {row: number for row, number in numbers.items() if number}
