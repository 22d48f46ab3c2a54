"""The processes of a server, as if they were one."""

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from isotherm.intake.drops import Snapshot, summed
from isotherm.pipeline.processes.slot import Slot
from isotherm.pipeline.processes.slot_files import ServerStart, State, counts_of, read_state, slots


class ServerProcesses:
    """What the processes of a server tell, as if it were one. The own process is asked itself."""

    def __init__(self, data: Path, server: ServerStart, mine: Slot) -> None:
        self._data = data
        self._server = server
        self._mine = mine

    def snapshot(self) -> Snapshot:
        """Return the counts of all processes, also of those that are gone."""
        others = (counts_of(folder, self._server) for folder in self._others())
        return summed([self._mine.counters.snapshot(), *filter(None, others)])

    @property
    def pending(self) -> int:
        """How many events are in the spools, not yet in the store."""
        return self._mine.spool.pending + sum(one.pending for one in self._states())

    @property
    def dead_count(self) -> int:
        """How many events could not be stored."""
        return self._mine.spool.dead_count

    def replay_dead(self) -> int:
        """Put them back into a spool; return how many. Raises STORE_UNAVAILABLE."""
        return self._mine.spool.replay_dead()

    def states(self) -> list[State]:
        """Return what the other processes that are alive tell."""
        return [one for one in self._states() if one.runs]

    def answers(self, mine: Mapping[str, float]) -> dict[str, float]:
        """Return times to answer of all processes, also of those that are gone."""
        total = Counter(dict(mine))
        total.update(self._mine.answers)
        for state in self._states():
            total.update(state.answers)
        return dict(total)

    def _states(self) -> list[State]:
        """Return what the other slots tell, also those whose process has ended."""
        found = (read_state(folder, self._server) for folder in self._others())
        return [one for one in found if one is not None]

    def _others(self) -> Iterator[Path]:
        return (folder for number, folder in slots(self._data) if number != self._mine.number)
