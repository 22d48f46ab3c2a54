"""What all columnar stores share: events of a session as structs, and events by table."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

from isotherm.model import Action, Detail, PageError, Segment, View
from isotherm.storage.ports import Recording
from isotherm.storage.tables import ACTIONS, DETAILS, ERRORS, SEGMENTS, VIEWS, Table


class StoredEvents(ABC):
    """The events of a session, for a store that restores those of one table (`ports.Engine`)."""

    @abstractmethod
    def _restore(
        self, table: Table, application: str, session_id: str, view_id: str | None = None
    ) -> list[Any]:
        """Return the events of a session (or one view of it) in one table, by time."""

    def others_wrote(self) -> bool:
        """Whether another process may have stored since this one had the `write_lock` before.

        False, unless there are others.
        """
        return False

    def grown_recordings(self) -> list[Recording]:
        """Return what has grown, by whatever process; nothing where `append` says it."""
        return []

    def actions_of(
        self, application: str, session_id: str, view_id: str | None = None
    ) -> list[Action]:
        """Every stored action of a session, or of one view of it, by time.

        Event ids come back as `#` and their hash, which stands for the same event everywhere.
        """
        return self._restore(ACTIONS, application, session_id, view_id)

    def views_of(self, application: str, session_id: str) -> list[View]:
        """Every view of a session, by time."""
        return self._restore(VIEWS, application, session_id)

    def errors_of(self, application: str, session_id: str) -> list[PageError]:
        """Every stored error of a session, by time."""
        return self._restore(ERRORS, application, session_id)

    def details_of(self, application: str, session_id: str) -> list[Detail]:
        """Every stored request, long task and vital of a session, by kind and time."""
        return [
            detail for table in DETAILS for detail in self._restore(table, application, session_id)
        ]

    def segments_of(self, application: str, session_id: str) -> list[Segment]:
        """Every stored segment of a session (without bodies), by recording and index."""
        found = self._restore(SEGMENTS, application, session_id)
        return sorted(found, key=lambda segment: (segment.recording_id, segment.index))


def by_table(
    actions: Sequence[Action],
    views: Sequence[View],
    errors: Sequence[PageError],
    details: Sequence[Detail] | None,
) -> list[tuple[Table, Sequence[Any]]]:
    """Return what `replace` is given by table; tables of `details` None are left alone."""
    given: list[tuple[Table, Sequence[Any]]]
    given = [(ACTIONS, actions), (VIEWS, views), (ERRORS, errors)]
    if details is not None:
        for table in DETAILS:
            given.append((table, [one for one in details if isinstance(one, table.struct)]))
    return given
