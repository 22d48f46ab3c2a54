"""Recordings that have grown: once they are quiet, what they tell becomes rows.

Which recordings those are is stored with the rows (`Engine.unsettled`), so a crash forgets none.
"""

import logging
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from typing import Final, Protocol

from isotherm.model import Action, Detail, PageError, Segment, Source, View
from isotherm.model.errors import Code, IsothermError
from isotherm.storage.ports import Engine, Journal, Recording

_log = logging.getLogger(__name__)

_PATIENCE: Final = 10
"""A recording that never rests is read after so many settle times."""

_SHARE: Final = 20
"""A recording that takes long to read is read at most during 1 / `_SHARE` of the time."""

_RETRY_S: Final = 5.0


class Derived(Protocol):
    """What a recording tells (`replay.derived.Derived`)."""

    @property
    def actions(self) -> Sequence[Action]:
        """All actions of the recording."""

    @property
    def views(self) -> Sequence[View]:
        """All views of the recording."""

    @property
    def errors(self) -> Sequence[PageError]:
        """All errors; of no meaning for `Enrich`."""

    @property
    def details(self) -> Sequence[Detail]:
        """Requests, long tasks and vitals; of no meaning for `Enrich`."""


Enrich = Callable[[Sequence[View], Sequence[Action], Sequence[Segment]], Derived]
"""Views and actions as sent, and segments with bodies -> the same with what the replay adds."""

Derive = Callable[[Sequence[Segment]], Derived]
"""Segments with bodies of a sender without views -> its views, actions and errors."""


class Bodies(Protocol):
    """Where bodies of segments are read."""

    def bodies(
        self, application: str, session_id: str, view_id: str | None = None
    ) -> list[Segment]:
        """Every kept segment of a session, or of one view, by recording and index."""


class Settling:
    """The set of recordings that are due, and what is done with them. Used by one thread."""

    def __init__(
        self,
        engine: Engine,
        bodies: Bodies,
        journal: Journal | None,
        *,
        enrich: Enrich,
        derive: Derive,
        settled: Callable[[Recording], None],
        settle_s: float,
        clock_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._engine = engine
        self._bodies = bodies
        self._journal = journal
        self._enrich = enrich
        self._derive = derive
        self._settled = settled
        self._settle_s = settle_s
        self._clock_s = clock_s
        self._due_s: dict[Recording, float] = {}
        self._latest_s: dict[Recording, float] = {}
        self._cost_s: dict[Recording, float] = {}
        self.failed = 0  # recordings that could not be read
        for recording in engine.unsettled():
            self._due_s[recording] = self._latest_s[recording] = clock_s()

    def __len__(self) -> int:
        """Return how many recordings are waiting."""
        return len(self._due_s)

    def touch(self, recordings: Iterable[Recording]) -> None:
        """Say that recordings have grown: they are read after the settle time."""
        now = self._clock_s()
        for recording in recordings:
            pause = max(self._settle_s, _SHARE * self._cost_s.get(recording, 0.0))
            latest = self._latest_s.setdefault(recording, now + _PATIENCE * pause)
            self._due_s[recording] = min(now + pause, latest)

    def wait_s(self) -> float | None:
        """Return how long nothing is due; None when nothing is waiting."""
        if not self._due_s:
            return None
        return max(0.0, min(self._due_s.values()) - self._clock_s())

    def settle_one(self, *, now: bool = False) -> bool:
        """Read one recording that is due (or any, with `now`); False when there is none.

        Raises STORE_UNAVAILABLE; the recording stays due.
        """
        if not self._due_s:
            return False
        recording = min(self._due_s, key=self._due_s.__getitem__)
        started = self._clock_s()
        if not now and self._due_s[recording] > started:
            return False
        try:
            self._read(recording)
        except IsothermError as error:
            if error.code is Code.STORE_UNAVAILABLE:
                self._due_s[recording] = self._latest_s[recording] = started + _RETRY_S
                raise
            self._give_up(recording, error)
        except Exception as error:  # noqa: BLE001 - a recording may break its reader in any way
            self._give_up(recording, error)
        self._forget(recording, self._clock_s() - started)
        return True

    def _read(self, recording: Recording) -> None:
        application, session, view = (
            recording.application,
            recording.session_id,
            recording.view_id,
        )
        with ExitStack() as turns:
            if self._journal:
                turns.enter_context(self._journal.turn())
            turns.enter_context(self._engine.turn())
            segments = self._bodies.bodies(application, session, view)
            if not segments:  # deleted or expired meanwhile
                self._engine.settled(recording)
                return
            details: Sequence[Detail] | None = None  # as they were sent
            if view is None:
                actions, views, errors, details = self._loose(recording, segments)
            else:
                actions, views, errors = self._with_views(recording, view, segments)
            for store in (self._journal, self._engine):
                if store:
                    store.replace(
                        application,
                        session,
                        view,
                        actions=actions,
                        views=views,
                        errors=errors,
                        details=details,
                    )
        self._settled(recording)

    def _with_views(
        self, recording: Recording, view_id: str, segments: Sequence[Segment]
    ) -> tuple[Sequence[Action], Sequence[View], Sequence[PageError]]:
        key = (recording.application, recording.session_id)
        views = [view for view in self._engine.views_of(*key) if view.view_id == view_id]
        errors = [error for error in self._engine.errors_of(*key) if error.view_id == view_id]
        derived = self._enrich(views, self._engine.actions_of(*key, view_id), segments)
        return derived.actions, derived.views, errors

    def _loose(
        self, recording: Recording, segments: Sequence[Segment]
    ) -> tuple[Sequence[Action], Sequence[View], Sequence[PageError], Sequence[Detail]]:
        """Read a session without views; whole events that were sent beside it stay as they are."""
        key = (recording.application, recording.session_id)
        derived = self._derive(segments)
        own = {view.view_id for view in derived.views}
        sent = [view for view in self._engine.views_of(*key) if view.version > 0]
        sent = [view for view in sent if view.view_id not in own]
        kept = {view.view_id for view in sent}
        actions = [one for one in self._engine.actions_of(*key) if one.source is Source.SDK]
        errors = [one for one in self._engine.errors_of(*key) if one.view_id in kept]
        details = [one for one in self._engine.details_of(*key) if one.view_id in kept]
        return (
            [*derived.actions, *actions],
            [*derived.views, *sent],
            [*derived.errors, *errors],
            [*derived.details, *details],
        )

    def _give_up(self, recording: Recording, error: Exception) -> None:
        self.failed += 1
        _log.error("The recording of %s cannot be read", recording, exc_info=error)
        self._engine.settled(recording)

    def _forget(self, recording: Recording, cost_s: float) -> None:
        del self._due_s[recording]
        del self._latest_s[recording]
        self._cost_s.pop(recording, None)
        if cost_s * _SHARE > self._settle_s:  # worth remembering
            self._cost_s[recording] = cost_s
            if len(self._cost_s) > 1_000:
                self._cost_s.pop(next(iter(self._cost_s)))
