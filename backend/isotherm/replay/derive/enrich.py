"""What replays add to senders that have views and actions of their own (Datadog, Guance)."""

import re
from collections import defaultdict
from collections.abc import Sequence

from msgspec.structs import replace

from isotherm.model import Action, Segment, SegmentFormat, Source, View
from isotherm.replay.derive.clicks import Click, Trail
from isotherm.replay.derive.derived import Derived, anchored_as_before, derived_id
from isotherm.replay.derive.matching import is_first, is_inside, match_all
from isotherm.replay.derive.signal_rules import SignalRules
from isotherm.replay.derive.signals import Chain, activity_of, chains_of
from isotherm.replay.formats.records import Frustration
from isotherm.replay.recording import Recording

_UNPLACED = {"fx": None, "fy": None, "element_w": None, "element_h": None}
"""What an SDK says of a shadow root's host says nothing of the element inside."""

_NUMBERS = re.compile(r":nth-of-type\(\d{1,9}\)")

SDK_RAGE_CLICKS = 3
"""Datadog's and Guance's SDKs call a chain rage from three clicks on."""


def enrich(
    views: Sequence[View],
    actions: Sequence[Action],
    segments: Sequence[Segment],
    rules: SignalRules,
) -> Derived:
    """Return the actions and views with what the replay knows better; `errors` is left empty.

    Rage chains get their true number of clicks, actions their page point, views their depth, and
    clicks that the SDK lost are added once (`source` = replay). Earlier additions are found by
    their source and made again, so the result depends on the set of events only, not on how
    often or in which order this was called. Views without segments stay as they are.
    """
    by_view: defaultdict[str, list[Segment]] = defaultdict(list)
    for segment in segments:
        if segment.format is SegmentFormat.DATADOG and segment.view_id:
            by_view[segment.view_id].append(segment)
    new_actions = [action for action in actions if action.view_id not in by_view]
    new_views = {view.view_id: view for view in views}
    for view_id in sorted(by_view):
        recording = Recording.of_view(by_view[view_id])
        trail = Trail(recording)
        view = new_views.get(view_id)
        own = [action for action in actions if action.view_id == view_id]
        new_actions += _actions_of_view(view, own, recording, trail, rules)
        if view is not None:
            new_views[view_id] = _seen_view(view, recording, trail)
    return Derived(
        actions=tuple(sorted(new_actions, key=lambda a: (a.time_ms, a.event_id))),
        views=tuple(sorted(new_views.values(), key=lambda v: (v.time_ms, v.view_id))),
    )


def _actions_of_view(
    view: View | None,
    stored: list[Action],
    recording: Recording,
    trail: Trail,
    rules: SignalRules,
) -> list[Action]:
    sent = [_as_sent(action) for action in stored if action.source is not Source.REPLAY]
    clicks = trail.clicks
    frustrations = [r for r in recording.records if isinstance(r, Frustration)]
    acted = [action for action in sent if action.kind == "click"]
    matched, lost = match_all(acted, clicks, frustrations, rules)
    exact = [_exact(action, matched.get(action.event_id, [])) for action in sent]
    result = anchored_as_before(exact, stored)
    if view is not None and lost:
        chains = chains_of(lost, activity_of(recording.records), rules)
        added = [_lost_action(view, chain) for chain in chains]
        result += anchored_as_before(added, stored)
    return result


def _as_sent(action: Action) -> Action:
    """Take back what an earlier evaluation found, so that this one starts from what was sent.

    What was clicked inside a web component stays: it is the same click.
    """
    if action.kind != "click":
        return action
    root = action.element == ""  # its position is on the page, as sent
    return replace(
        action,
        clicks=SDK_RAGE_CLICKS if action.rage else 1,
        clicks_exact=not action.rage,
        fingerprint="",
        page_x=action.page_x if root else None,
        page_y=action.page_y if root else None,
    )


def _exact(action: Action, chain: list[Click]) -> Action:
    """Give an action the point of its first click and, if it is a chain, how many there were."""
    if not chain or not is_first(chain[0], action):
        return action
    first = chain[0]
    if is_inside(first, action):
        action = replace(
            action,
            element=first.element,
            action_name=first.label or first.element,
            **_UNPLACED,
        )
    if _uncounted(first.element) == _uncounted(action.element):  # the page moves under the pointer
        action = replace(action, fingerprint=first.fingerprint)
    if first.page_x is not None:
        action = replace(action, page_x=first.page_x, page_y=first.page_y)
    if action.rage and len(chain) >= SDK_RAGE_CLICKS:
        action = replace(action, clicks=len(chain), clicks_exact=True)
    return action


def _uncounted(key: str) -> str:
    """Return a selector without its numbers among siblings."""
    return _NUMBERS.sub("", key)


def _lost_action(view: View, chain: Chain) -> Action:
    """Make the action that the SDK did not send."""
    first = chain.clicks[0]
    return Action(
        event_id=derived_id("lost", view.view_id, first.up_ms, first.node),
        time_ms=first.up_ms,
        application=view.application,
        session_id=view.session_id,
        view_id=view.view_id,
        page=view.page,
        url=view.url,
        user_id=view.user_id,
        user_name=view.user_name,
        action_name=first.label or first.element,
        element=first.element,
        fingerprint=first.fingerprint,
        page_x=first.page_x,
        page_y=first.page_y,
        viewport_w=first.viewport_w,
        viewport_h=first.viewport_h,
        clicks=len(chain.clicks),
        rage=chain.rage,
        dead=chain.dead,
        weight=view.weight,
        source=Source.REPLAY,
        facets=view.facets,
        attributes=view.attributes,
    )


def _seen_view(view: View, recording: Recording, trail: Trail) -> View:
    """Give a view the depth that was truly reached: SDKs sample it once a second."""
    span = trail.seen(recording.start_ms, recording.end_ms)
    view = replace(view, has_replay=view.has_replay or recording.has_document)
    if span.depth_px is None:
        return view
    if span.shell_scroller is not None:  # the SDK's heights are the window's, not the page's
        return replace(view, depth_px=span.depth_px, page_height_px=None, depth_meaningful=True)
    depth = max(span.depth_px, view.depth_px or 0)
    height = view.page_height_px
    return replace(
        view, depth_px=depth, page_height_px=None if height is None else max(height, depth)
    )
