"""Changes in words: plain sentences by rules, no more said than the intervals allow."""

from collections.abc import Sequence
from typing import Any

from msgspec import Struct

_ORDER = ("reach", "share", "dead", "rage", "error", "p75_ms")
_TO = "\N{EN DASH}"
_SIGNALS = {"dead": "are dead", "rage": "are rage clicks", "error": "end in an error"}


class Change(Struct, frozen=True, kw_only=True):
    """A row of the question `effect`."""

    page: str
    element: str
    action_name: str
    measure: str
    before: float | None
    after: float | None
    ratio: float | None
    ratio_low: float
    ratio_high: float | None
    evidence: float
    found: bool
    verdict: str
    sessions_before: int
    sessions_after: int
    clicks_before: float
    clicks_after: float


def sentences(changes: Sequence[Change], since: str) -> list[dict[str, Any]]:
    """Return one sentence per element (or page) with all that was found of it."""
    about: dict[tuple[str, str, str], list[Change]] = {}
    for change in changes:
        about.setdefault((change.page, change.element, change.action_name), []).append(change)
    rows = [
        {
            "text": _sentence(parts, since),
            "page": page,
            "element": element,
            "evidence": max(part.evidence for part in parts),
        }
        for (page, element, _), parts in about.items()
    ]
    return sorted(rows, key=lambda row: -float(str(row["evidence"])))


def _sentence(parts: list[Change], since: str) -> str:
    measures = {part.measure for part in parts}
    kept = [  # fewer clickers and a smaller share are one thing
        part for part in parts if not (part.measure == "share" and "reach" in measures)
    ]
    kept.sort(key=lambda part: _ORDER.index(part.measure))
    first, *rest = [
        _clause(part, "" if position else f" {since}", pronoun=position > 0)
        for position, part in enumerate(kept)
    ]
    if not rest:
        return f"{first}."
    return f"{', '.join([first, *rest[:-1]])}, and {rest[-1]}."


def _clause(change: Change, since: str, *, pronoun: bool) -> str:
    page = not change.element and not change.action_name
    name = change.page if page else f"'{change.action_name or change.element}'"
    who = "it" if pronoun else name
    if change.measure in _SIGNALS:
        of = "of its clicks" if pronoun else f"of the clicks on {name}"
        return _signal(change, of, _SIGNALS[change.measure], since)
    if change.measure == "p75_ms":
        return f"{who} takes {_size(change, 'longer', 'less time', 'as long')} to react{since}"
    if change.measure == "share":
        return f"{who} gets {_size(change, 'more', 'less', 'as much')} of the page's clicks{since}"
    verb = "visited" if page else "clicked"
    before, after = _percent(change.before), _percent(change.after)
    if change.before == 0:
        return f"{who} is {verb} in {after} of the sessions{since}, before in none"
    if change.after == 0:
        return f"{who} is not {verb} any more{since}, before in {before} of the sessions"
    return f"{who} is {verb} in {_size(change, 'more', 'fewer', 'as many')} sessions{since}"


def _signal(change: Change, of: str, what: str, since: str) -> str:
    if change.before == 0:
        return f"{_percent(change.after)} {of} {what}{since}, before none"
    if change.after == 0:
        return f"none {of} {what} any more{since}, before {_percent(change.before)}"
    return f"{_size(change, 'more', 'fewer', 'as many')} {of} {what}{since}"


def _size(change: Change, more: str, less: str, same: str) -> str:
    """Return "38 to 52 % less" (with a dash), "20 % more" or "9 times (3 to 27) as much"."""
    low, high, ratio = change.ratio_low, change.ratio_high, change.ratio or 0.0
    if ratio < 1:
        return f"{_span(1 - (high or 1.0), 1 - low)} % {less}"
    if high is None:
        return f"at least {_times(low)} times {same}"
    if ratio < 2:
        return f"{_span(low - 1, high - 1)} % {more}"
    return f"{_times(ratio)} times ({_times(low)}{_TO}{_times(high)}) {same}"


def _span(low: float, high: float) -> str:
    first, last = round(low * 100), round(high * 100)
    return str(first) if first == last else f"{first}{_TO}{last}"


def _times(ratio: float) -> str:
    return f"{ratio:.2g}" if ratio < 10 else f"{ratio:.0f}"


def _percent(share: float | None) -> str:
    number = (share or 0.0) * 100
    return f"{number:.1f} %" if number < 10 else f"{number:.0f} %"
