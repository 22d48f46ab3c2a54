"""Which physical clicks an SDK's action stands for."""

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from isotherm.model import Action
from isotherm.replay.derive.clicks import Click
from isotherm.replay.derive.signal_rules import SignalRules
from isotherm.replay.derive.signals import follows
from isotherm.replay.dom.element_keys import SHADOW
from isotherm.replay.formats.records import Frustration

TOLERANCE_MS = 150
"""Between an action's time (pointer up, by the SDK's clock) and the replay's: a few ms seen."""

LAGGING_MS = 1_000
"""On a busy machine it is more: then it must be the same element, and no other click nearer."""


AGREEING = 2
"""So many actions must be at the same distance from a click on their element."""

MOST_SHIFTS = 4
MOST_COMPARED = 300


def match_all(
    actions: Sequence[Action],
    clicks: Sequence[Click],
    frustrations: Sequence[Frustration],
    rules: SignalRules,
) -> tuple[dict[str, list[Click]], Sequence[Click]]:
    """Return the clicks of each action (by event id) that has any, and the clicks that none has.

    Clicks on the actions' elements come first, as they are timed and with a clock put right, then
    those at the same time on another element.
    """
    matched = match(actions, clicks, frustrations, rules)
    actions, clicks = _left(actions, clicks, matched)
    shifted, clicks = _match_shifted(actions, clicks, frustrations, rules)
    actions, _ = _left(actions, (), shifted)
    others = match(actions, clicks, frustrations, rules, others=True)
    _, clicks = _left((), clicks, others)
    return {**matched, **shifted, **others}, clicks


def _left(
    actions: Sequence[Action], clicks: Sequence[Click], matched: dict[str, list[Click]]
) -> tuple[Sequence[Action], Sequence[Click]]:
    taken = {click for chain in matched.values() for click in chain}
    return (
        [action for action in actions if action.event_id not in matched],
        [click for click in clicks if click not in taken],
    )


def match(
    actions: Sequence[Action],
    clicks: Sequence[Click],
    frustrations: Sequence[Frustration],
    rules: SignalRules,
    *,
    others: bool = False,
) -> dict[str, list[Click]]:
    """Return the clicks of each action (by event id) that has any; every click at most once.

    `others`: also clicks on another element than the action names, at the same time.

    Of a rage chain whose first clicks are in a segment that never came, the later ones.
    """
    firsts = _first_clicks(actions, clicks, others=others)
    taken = set(firsts.values())
    matched: dict[str, list[Click]] = {}
    for action in actions:
        first = firsts.get(action.event_id)
        if first is None and action.rage:
            first = _later_click(action, clicks, taken, rules)
        if first is None:
            continue
        chain = [first]
        if action.rage:
            chain = _listed(first, clicks, frustrations) or _chain(first, clicks, taken, rules)
            taken.update(chain)
        matched[action.event_id] = [clicks[index] for index in chain]
    return matched


def _match_shifted(
    actions: Sequence[Action],
    clicks: Sequence[Click],
    frustrations: Sequence[Frustration],
    rules: SignalRules,
) -> tuple[dict[str, list[Click]], Sequence[Click]]:
    """Match what `match` leaves over, with a clock put right; return what is left then, too.

    Newer SDKs time actions by a clock that nobody sets and that stands still while the machine
    sleeps; recorders ask for the time of day. Several actions on the same elements at the same
    distance in time show it. The clicks are returned with the actions' times.
    """
    matched: dict[str, list[Click]] = {}
    for _ in range(MOST_SHIFTS):
        shift_ms = _shift_ms(actions, clicks)
        unseen = shift_ms is None
        if shift_ms is None:
            shift_ms = _unseen_shift_ms(actions, clicks)
        if shift_ms is None:
            break
        shifted = [
            replace(
                click,
                down_ms=click.down_ms + shift_ms,
                up_ms=click.up_ms + shift_ms,
                click_ms=click.click_ms + shift_ms,
            )
            for click in clicks
        ]
        more = match(actions, shifted, frustrations, rules, others=unseen)
        if not more:
            break
        matched |= more
        taken = {click for chain in more.values() for click in chain}
        actions = [action for action in actions if action.event_id not in more]
        clicks = [click for click, moved in zip(clicks, shifted, strict=True) if moved not in taken]
    return matched, clicks


def _shift_ms(actions: Sequence[Action], clicks: Sequence[Click]) -> int | None:
    """Return how much later the actions' clock is than the clicks'; None = not known."""
    by_element: dict[str, list[Click]] = {}
    for click in clicks[:MOST_COMPARED]:
        by_element.setdefault(click.element, []).append(click)
    return _agreed_ms(
        [(action, by_element.get(action.element, ())) for action in actions[:MOST_COMPARED]],
        AGREEING,
    )


def _unseen_shift_ms(actions: Sequence[Action], clicks: Sequence[Click]) -> int | None:
    """Return the same where the document's segment never came, so that no click has an element.

    Then most of the actions must be at the same distance from one.
    """
    unseen = [click for click in clicks[:MOST_COMPARED] if not click.element]
    most = min(len(actions), len(unseen)) // 2 + 1
    pairs = [(action, unseen) for action in actions[:MOST_COMPARED]]
    return _agreed_ms(pairs, max(AGREEING, most))


def _agreed_ms(pairs: Iterable[tuple[Action, Sequence[Click]]], least: int) -> int | None:
    """Return the distance in time that most actions have from a click, if they are enough."""
    apart = sorted(
        (action.time_ms - click.up_ms, action.event_id)
        for action, clicks in pairs
        for click in clicks
        if abs(action.time_ms - click.up_ms) > LAGGING_MS
    )
    best, found, start = least - 1, None, 0
    for end, (latest, _) in enumerate(apart):
        while latest - apart[start][0] > TOLERANCE_MS:
            start += 1
        near = apart[start : end + 1]
        agreeing = len({event_id for _, event_id in near})
        if agreeing > best:
            best, found = agreeing, near[len(near) // 2][0]
    return found


def _first_clicks(
    actions: Sequence[Action], clicks: Sequence[Click], *, others: bool
) -> dict[str, int]:
    """Pair actions with clicks, the nearest in time first."""
    pairs: list[tuple[int, int, str, int]] = []
    start = 0
    ordered = sorted(actions, key=lambda a: (a.time_ms, a.event_id))
    by_up = sorted(range(len(clicks)), key=lambda index: clicks[index].up_ms)
    for action in ordered:
        earliest = action.time_ms - LAGGING_MS
        while start < len(by_up) and clicks[by_up[start]].up_ms < earliest:
            start += 1
        for index in by_up[start:]:
            if clicks[index].up_ms - action.time_ms > LAGGING_MS:
                break
            if not is_first(clicks[index], action):
                continue
            if not others and not is_named(clicks[index], action):
                continue
            pairs.append((_gap(clicks[index], action), action.time_ms, action.event_id, index))
    firsts: dict[str, int] = {}
    taken: set[int] = set()
    for _, _, event_id, index in sorted(pairs):
        if event_id not in firsts and index not in taken:
            firsts[event_id] = index
            taken.add(index)
    return firsts


def is_first(click: Click, action: Action) -> bool:
    """Whether a click can be the one that an action has its time and position from."""
    known = is_named(click, action) or not click.element  # in no document that was recorded
    lags = known and not action.rage
    return _gap(click, action) <= (LAGGING_MS if lags else TOLERANCE_MS)


def is_named(click: Click, action: Action) -> bool:
    """Whether an action names the element of a click, or the host of the web component around it.

    SDKs before Datadog's v7 see nothing inside a shadow tree.
    """
    return click.element == action.element or is_inside(click, action)


def is_inside(click: Click, action: Action) -> bool:
    """Whether a click was in the shadow tree of the element that an action names."""
    return bool(action.element) and click.element.startswith(f"{action.element}{SHADOW}")


def _gap(click: Click, action: Action) -> int:
    return abs(click.up_ms - action.time_ms)


def _later_click(
    action: Action, clicks: Sequence[Click], taken: set[int], rules: SignalRules
) -> int | None:
    for index, click in enumerate(clicks):
        late = click.up_ms - action.time_ms
        if 0 < late <= rules.rage_window_ms and index not in taken and is_named(click, action):
            return index
    return None


def _listed(first: int, clicks: Sequence[Click], frustrations: Sequence[Frustration]) -> list[int]:
    """Return the clicks that the sender itself lists for this rage chain (Guance, Datadog v5)."""
    own = set(clicks[first].record_ids)
    for frustration in frustrations:
        ids = set(frustration.record_ids)
        if "rage_click" in frustration.types and ids & own:
            return [at for at, click in enumerate(clicks) if ids & set(click.record_ids)]
    return []


def _chain(first: int, clicks: Sequence[Click], taken: set[int], rules: SignalRules) -> list[int]:
    """Return the clicks that go on from the first on the same target, near and soon."""
    chain = [first]
    for index in range(first + 1, len(clicks)):
        if index in taken or not follows(clicks[index], clicks[chain[-1]], rules):
            break
        chain.append(index)
    return chain
