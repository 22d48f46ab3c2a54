"""Views, actions and errors of senders that have no views: Faro, rrweb, Isotherm's script."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from isotherm.model import Action, Detail, PageError, Segment, SegmentFormat
from isotherm.replay.derive.derived import Derived
from isotherm.replay.derive.native import derive_native
from isotherm.replay.derive.recorded import derive_recorded
from isotherm.replay.derive.signal_rules import SignalRules

PageKey = Callable[[str, str], str]
"""(URL, view name or "") -> page key; the intake's rules."""

_Event = TypeVar("_Event", bound=Action | PageError | Detail)


def derive(segments: Iterable[Segment], rules: SignalRules, page_key: PageKey) -> Derived:
    """Return all views, actions and errors of one session, from the set of its segments.

    The order of the segments, and segments that are there twice, make no difference.
    """
    unique = {segment.segment_id: segment for segment in segments}
    ordered = [unique[name] for name in sorted(unique)]
    native = [s for s in ordered if s.format is SegmentFormat.NATIVE]
    recorded = [s for s in ordered if s.format in {SegmentFormat.FARO, SegmentFormat.RRWEB}]
    parts = [derive_native(native, rules, page_key), derive_recorded(recorded, rules, page_key)]
    return Derived(
        actions=_once([action for part in parts for action in part.actions]),
        views=tuple(
            sorted((v for part in parts for v in part.views), key=lambda v: (v.time_ms, v.view_id))
        ),
        errors=_once([error for part in parts for error in part.errors]),
        details=_once([detail for part in parts for detail in part.details]),
    )


def _once(events: list[_Event]) -> tuple[_Event, ...]:
    """Return events by time, each id once."""
    by_id = {event.event_id: event for event in events}
    return tuple(sorted(by_id.values(), key=lambda event: (event.time_ms, event.event_id)))
