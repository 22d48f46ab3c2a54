"""Rage chains, dead and error clicks, found in clicks and in what happened after them.

Definitions as in Datadog's and Guance's SDKs: a rage chain is one action that stands for all of
its clicks; a dead click is followed by no activity; an error click by an error while the action
is open, that is until activity pauses. Requests are activity, but in no recording: where the
sender does not tell them (`requests`, `busy`), a click that only made one looks dead.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from heapq import merge
from math import hypot

from msgspec import Struct

from isotherm.replay.derive.clicks import Click
from isotherm.replay.derive.signal_rules import SignalRules
from isotherm.replay.formats.json_values import integer
from isotherm.replay.formats.records import (
    Change,
    ChangeSnapshot,
    FullSnapshot,
    Input,
    Loaded,
    Meta,
    Mutation,
    Record,
    Scroll,
    Selection,
    SheetChange,
)

RECORDED_LATE_MS = 50
"""Recorders collect mutations for up to a few frames before they write them."""

LEAVING_MS = 3000
"""A document that loads so soon after a click is where the click led."""

_DOM_CHANGES = frozenset({1, 2, 3, 4})
"""Datadog v7: nodes added, removed, attributes, texts; the others are sizes, strings, scrolls."""

_KINDS: dict[type[Record], str] = {
    Mutation: "changes",
    SheetChange: "changes",
    Change: "changes",
    Input: "inputs",
    Scroll: "scrolls",
    Selection: "selections",
    Loaded: "loads",
    Meta: "loads",
    FullSnapshot: "loads",
    ChangeSnapshot: "loads",
}


class Activity(Struct, frozen=True):
    """Times (epoch ms, sorted) of what can follow a click."""

    changes: tuple[int, ...] = ()  # of the document
    inputs: tuple[int, ...] = ()
    scrolls: tuple[int, ...] = ()
    selections: tuple[int, ...] = ()
    loads: tuple[int, ...] = ()
    errors: tuple[int, ...] = ()
    busy: tuple[tuple[int, int], ...] = ()  # spans in which the sender says something went on
    requests: tuple[tuple[int, int], ...] = ()  # from start to end


class Chain(Struct, frozen=True):
    """One action: a click, or the clicks of a rage chain."""

    clicks: tuple[Click, ...]
    rage: bool = False
    dead: bool = False
    error: bool = False
    errors: int = 0
    ends_ms: int = 0  # the action is over; what began before it may be its doing


def activity_of(
    records: Iterable[Record],
    *,
    errors: Iterable[int] = (),
    busy: Iterable[tuple[int, int]] = (),
    requests: Iterable[tuple[int, int]] = (),
) -> Activity:
    """Sort the times of a recording's activity by what it was."""
    found: dict[str, list[int]] = {}
    for record in records:
        name = _KINDS.get(type(record))
        if name == "changes" and isinstance(record, Change) and not _touches_nodes(record):
            name = "inputs"
        if name is not None:
            found.setdefault(name, []).append(record.time_ms)
    times = {name: tuple(sorted(moments)) for name, moments in found.items()}
    return Activity(
        errors=tuple(sorted(errors)),
        busy=tuple(sorted(busy)),
        requests=tuple(sorted(requests)),
        **times,
    )


def _touches_nodes(record: Change) -> bool:
    return any(
        isinstance(change, list) and change and integer(change[0]) in _DOM_CHANGES
        for change in record.data
    )


def chains_of(clicks: Sequence[Click], activity: Activity, rules: SignalRules) -> list[Chain]:
    """Group clicks (sorted by time) into actions and find their signals."""
    chains: list[Chain] = []
    for group in _groups(clicks, rules):
        if _is_rage(group, activity, rules):
            chains.append(_judged(group, activity, rules))
        else:  # the first clicks of a double click that selects a word are not dead either
            selecting = _within(activity.selections, *_span(group, rules)) > 0
            chains.extend(_judged([click], activity, rules, selecting) for click in group)
    return chains


def follows(click: Click, before: Click, rules: SignalRules) -> bool:
    """Whether a click continues a chain: same target, near, and soon."""
    distance = hypot(click.client_x - before.client_x, click.client_y - before.client_y)
    return (
        click.node == before.node
        and distance <= rules.rage_distance_px
        and 0 <= click.up_ms - before.up_ms <= rules.rage_window_ms
    )


def _groups(clicks: Sequence[Click], rules: SignalRules) -> list[list[Click]]:
    groups: list[list[Click]] = []
    for click in clicks:
        if groups and follows(click, groups[-1][-1], rules):
            groups[-1].append(click)
        else:
            groups.append([click])
    return groups


def _is_rage(group: list[Click], activity: Activity, rules: SignalRules) -> bool:
    """Whether enough clicks fall into one window, and the page neither scrolled nor selected."""
    last = rules.rage_clicks - 1
    if not any(
        later.up_ms - first.up_ms <= rules.rage_window_ms
        for first, later in zip(group, group[last:], strict=False)
    ):
        return False
    span = _span(group, rules)
    return not _within(activity.scrolls, *span) and not _within(activity.selections, *span)


def _span(group: list[Click], rules: SignalRules) -> tuple[int, int]:
    return group[0].down_ms, group[-1].up_ms + rules.dead_after_ms


def _judged(
    group: list[Click], activity: Activity, rules: SignalRules, selecting: bool | None = None
) -> Chain:
    """Judge one action; `selecting` is given for a click that is no rage chain's."""
    ends = _open_until(group, activity, rules)
    errors = _within(activity.errors, group[0].down_ms, ends)
    return Chain(
        clicks=tuple(group),
        rage=selecting is None,
        dead=not selecting and any(_is_dead(click, activity, rules) for click in group),
        error=errors > 0,
        errors=errors,
        ends_ms=ends,
    )


def _is_dead(click: Click, activity: Activity, rules: SignalRules) -> bool:
    if click.reacts_alone or any(start <= click.up_ms <= end for start, end in activity.busy):
        return False
    ends = click.up_ms + rules.dead_after_ms + RECORDED_LATE_MS
    reactions = (activity.changes, activity.inputs, activity.scrolls, activity.selections)
    if any(_within(times, click.down_ms, ends) for times in reactions):
        return False
    if _within(activity.errors, click.down_ms, ends):
        return False  # something ran: an error click
    if _begun(activity.requests, click.down_ms, ends):
        return False
    return not _within(activity.loads, click.down_ms, click.up_ms + LEAVING_MS)


def _open_until(group: list[Click], activity: Activity, rules: SignalRules) -> int:
    """Return when an action is over: nothing has happened for a while, or 10 s have passed."""
    pause = rules.dead_after_ms + RECORDED_LATE_MS
    ends = group[-1].up_ms + pause
    latest = group[0].down_ms + rules.open_at_most_ms
    changes = activity.changes
    begun = activity.requests[bisect_left(activity.requests, (group[0].down_ms,)) :]
    happened = ((time_ms, time_ms) for time_ms in changes[bisect_left(changes, group[0].down_ms) :])
    for start_ms, end_ms in merge(happened, begun):
        if start_ms > ends or ends >= latest:
            break
        ends = max(ends, end_ms + pause)
    return min(ends, max(latest, group[-1].up_ms + pause))


def _begun(spans: tuple[tuple[int, int], ...], from_ms: int, to_ms: int) -> bool:
    """Return whether one of these spans begins in [from_ms, to_ms]."""
    place = bisect_left(spans, (from_ms,))
    return place < len(spans) and spans[place][0] <= to_ms


def _within(times: tuple[int, ...], from_ms: int, to_ms: int) -> int:
    """Return how many times are in [from_ms, to_ms]."""
    return max(0, bisect_right(times, to_ms) - bisect_left(times, from_ms))
