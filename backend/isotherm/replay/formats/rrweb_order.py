"""The order of plain rrweb events: rrweb numbers nothing, but a site can (`seq`)."""

from typing import Any

from isotherm.replay.formats.json_values import integer
from isotherm.replay.formats.records import Record, RecordsLost


class Ordered:
    """Records of one recording, ordered when all are there.

    By the numbers that their events carry, if every event has one of its own: these go on when the
    visitor's clock is set back, and they show what is missing. Else by time.
    """

    def __init__(self) -> None:
        self._found: list[tuple[int, Record | None]] = []
        self._seen: set[int] = set()
        self._numbered = True

    def event(self, event: Any, *records: Record | None) -> None:
        """Add what an event says."""
        number = integer(event.get("seq")) if type(event) is dict else -1
        self._numbered = self._numbered and number >= 0 and number not in self._seen
        self._seen.add(number)
        self._found.append((number, None))
        self._found += ((number, record) for record in records if record is not None)

    def beside(self, record: Record) -> None:
        """Add what no event says, after the last one."""
        self._found.append((self._found[-1][0] if self._found else 0, record))

    def all(self) -> list[Record]:
        """Return the records; where numbers are missing, that is said."""
        if not self._numbered:
            known = [record for _, record in self._found if record is not None]
            return sorted(known, key=lambda record: record.time_ms)
        found: list[Record] = []
        expected, lost = 0, False
        for number, record in sorted(self._found, key=lambda one: one[0]):
            lost = lost or number > expected
            expected = number + 1
            if record is None:
                continue
            if lost:
                found.append(RecordsLost(record.time_ms))
            found.append(record)
            lost = False
        return found
