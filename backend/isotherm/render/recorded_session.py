"""The session that pictures are made of, in the picture process: read when it is asked for."""

from isotherm.model import Segment
from isotherm.render.asset_cache import AssetCache
from isotherm.render.control_fonts import Fonts
from isotherm.render.from_recording import Made, Out, make
from isotherm.render.messages import Look, Picture, Session, Target
from isotherm.render.options import RenderOptions
from isotherm.render.recorded_page import Recorded
from isotherm.replay.formats.json_values import let_go
from isotherm.replay.recording import Recording, recordings_of

LATE_MS = 10_000  # a recorder may start after its view


class ReadSession:
    """A session's segments, and the recordings in them once they were needed."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._segments: list[Segment] = []
        self._loose: list[Recording] | None = None  # of senders without views
        self._of_view: tuple[str, Recording] | None = None  # the last one; memory has a limit
        self._fonts = Fonts()

    @property
    def application(self) -> str:
        """Whose session it is."""
        return self._session.application

    def add(self, segment: Segment) -> None:
        """Take the next segment."""
        self._segments.append(segment)

    def recording(self, look: Look) -> Recording | None:
        """Return the recording that a view is part of; None when there is none to draw from."""
        return next(
            (
                recording
                for recording in self._candidates(look.view_id)
                if recording.has_document
                and (self._is_of_view(look) or _meets(recording, look.time_ms))
            ),
            None,
        )

    def picture(
        self,
        asked: Picture,
        recorded: Recorded,
        asset_cache: AssetCache,
        options: RenderOptions,
        out: Out,
    ) -> Made:
        """Make the pictures of a visit."""
        visit = asked.visit
        recording = self.recording(Look(visit.view_id, visit.start_ms))
        if recording is None:
            return Made([], {})
        targets: tuple[Target, ...] = asked.targets
        return make(
            recorded,
            recording,
            visit,
            targets,
            options,
            fonts=self._fonts,
            out=out,
            asset_cache=asset_cache,
            pictures=asked.pictures,
        )

    def _is_of_view(self, look: Look) -> bool:
        """Say whether segments name the view: then its recording may begin as late as it likes."""
        return self._of_view is not None and self._of_view[0] == look.view_id

    def _candidates(self, view_id: str) -> list[Recording]:
        if self._of_view is not None and self._of_view[0] == view_id:
            return [self._of_view[1]]
        mine = [segment for segment in self._segments if segment.view_id == view_id]
        if mine:
            self._of_view = None
            let_go()  # of the view before
            self._of_view = (view_id, Recording.of_view(mine))
            return [self._of_view[1]]
        if self._loose is None:
            self._loose = recordings_of(one for one in self._segments if not one.view_id)
        return self._loose


def _meets(recording: Recording, time_ms: int) -> bool:
    return recording.start_ms - LATE_MS <= time_ms <= recording.end_ms + LATE_MS
