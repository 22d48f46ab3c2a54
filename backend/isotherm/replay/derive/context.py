"""Who and where a page visit was, from the requests that brought its recording."""

from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from isotherm.model import Segment
from isotherm.replay.formats.records import Meta, Resize
from isotherm.replay.recording import Recording, Visit


class Context(Struct, frozen=True):
    """What all events of a visit share; `viewport` in css px."""

    application: str
    session_id: str
    user_id: str
    user_name: str
    weight: float
    viewport: tuple[int, int]
    facets: dict[str, str]
    attributes: dict[str, str]

    @classmethod
    def of(cls, recording: Recording, visit: Visit) -> "Context":
        """Gather the context of a visit in a recording that has segments."""
        during = [s for s in recording.segments if _overlaps(s, visit)]
        return cls.of_segments(
            recording.segments, during, viewport=_viewport(recording, visit, during)
        )

    @classmethod
    def of_segments(
        cls, everything: Sequence[Segment], during: Sequence[Segment], viewport: tuple[int, int]
    ) -> "Context":
        """Gather from the visit's segments, else from the session's.

        Facets are the session's first: requests sent while a page unloads were seen to name
        another browser and device. A user may sign in later: the visit's own comes first.
        """
        first = everything[0]
        signed = next((s for s in (*reversed(during), *everything) if s.user_id), first)
        facets: dict[str, str] = {}
        for segment in reversed(everything):
            facets |= {key: value for key, value in segment.facets.items() if value}
        return cls(
            application=first.application,
            session_id=first.session_id,
            user_id=signed.user_id,
            user_name=signed.user_name,
            weight=first.weight,
            viewport=viewport,
            facets=facets,
            attributes=(during[-1] if during else first).attributes,
        )

    def fields(self) -> dict[str, Any]:
        """Return the fields that views, actions and errors have in common."""
        return {
            "application": self.application,
            "session_id": self.session_id,
            "user_id": self.user_id,
            "user_name": self.user_name,
            "weight": self.weight,
            "facets": self.facets,
            "attributes": self.attributes,
        }


def _overlaps(segment: Segment, visit: Visit) -> bool:
    return segment.time_ms < max(visit.end_ms, visit.start_ms + 1) and (
        segment.end_ms >= visit.start_ms
    )


def _viewport(recording: Recording, visit: Visit, during: Sequence[Segment]) -> tuple[int, int]:
    """Return the viewport at the start of a visit, as recorded, else as the requests say."""
    for record in reversed(recording.records[: visit.first + 1]):
        if isinstance(record, Meta | Resize) and record.width:
            return record.width, record.height
    for record in recording.records[visit.first : visit.last]:
        if isinstance(record, Meta | Resize) and record.width:
            return record.width, record.height
    sized = next((s for s in (*during, *recording.segments) if s.viewport_w), None)
    return (sized.viewport_w, sized.viewport_h) if sized is not None else (0, 0)
