"""A reader process that tells how many segments it was given: easy to check, read in no time."""

from typing import Any

from msgspec.structs import replace

from isotherm.model import Action, View
from isotherm.pipeline.readers import serving
from isotherm.replay.derive.derived import Derived

T0 = 1_790_000_000_000
WHERE = {"application": "shop", "session_id": "s1", "view_id": "derived"}


def enrich(views: Any, actions: Any, segments: Any, _rules: Any) -> Derived:
    """Say how many segments there are in the page position of each action, as a reader would."""
    return Derived(
        tuple(replace(one, page_x=float(len(segments))) for one in actions), tuple(views)
    )


def derive(segments: Any, _rules: Any, _page: Any) -> Derived:
    """Make one view and one action of each segment."""
    where = WHERE | {"session_id": segments[0].session_id} if segments else WHERE
    views = tuple(
        View(**where, version=0, time_ms=T0, page="/", actions=len(segments)) for _ in segments[:1]
    )
    actions = tuple(
        Action(**where, event_id=one.segment_id, time_ms=one.time_ms, page="/", source="replay")
        for one in segments
    )
    return Derived(actions, views)


if __name__ == "__main__":
    serving.enrich, serving.derive = enrich, derive  # type: ignore[assignment,attr-defined]
    serving.main()
