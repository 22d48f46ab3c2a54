"""Points to InfluxDB in batches: halved when too large, searched for points it will not take."""

import re
from collections.abc import Callable, Sequence
from typing import Final

from isotherm.storage.influxdb.client import InfluxClient
from isotherm.storage.influxdb.failures import RefusedError
from isotherm.storage.influxdb.line_protocol import Types
from isotherm.storage.influxdb.schema import Kind
from isotherm.storage.ports import Rejected

Encode = Callable[[Types], bytes]
"""One or more lines of an event, given the types that fields have in this InfluxDB."""

_DROPPED: Final = re.compile(r"\bdropped=(\d++)")
_BATCH_BYTES: Final = 4 << 20  # InfluxDB 1.x takes 25 MB, a proxy in front of it often less
KINDS: Final = {
    "float": Kind.FLOAT,
    "integer": Kind.INTEGER,
    "string": Kind.TEXT,
    "boolean": Kind.BOOLEAN,
}


class Writer:
    """Writes lines and learns which fields have another type in this InfluxDB."""

    def __init__(self, client: InfluxClient) -> None:
        self._client = client
        self._types: dict[tuple[str, str], Kind] = {}

    def write(self, points: Sequence[tuple[int, Encode]]) -> tuple[Rejected, ...]:
        """Write all points; return those that InfluxDB will never take, by position, with why.

        A point is a position (whatever the caller counts in) and its lines. Writing a point again
        changes nothing, so a batch that fails half-way is written again as a whole.
        Raises JournalError.
        """
        rejected: list[Rejected] = []
        size = self._client.options.batch_lines
        for start in range(0, len(points), size):
            self._batch(points[start : start + size], rejected)
        return tuple(sorted(rejected, key=lambda entry: entry.position))

    def _batch(self, points: Sequence[tuple[int, Encode]], rejected: list[Rejected]) -> None:
        body = b"\n".join(encode(self._types) for _, encode in points)
        if len(body) > _BATCH_BYTES and len(points) > 1:
            self._halves(points, rejected)
            return
        try:
            self._client.write(body)
        except RefusedError as error:
            if self._learn(error):
                self._batch(points, rejected)
            elif len(points) == 1 or _dropped(error.body) >= len(points):
                rejected += [Rejected(position, error.body) for position, _ in points]
            else:
                self._halves(points, rejected)

    def _halves(self, points: Sequence[tuple[int, Encode]], rejected: list[Rejected]) -> None:
        middle = len(points) // 2
        self._batch(points[:middle], rejected)
        self._batch(points[middle:], rejected)

    def _learn(self, error: RefusedError) -> bool:
        """Write a field as InfluxDB has it from now on; False when that was tried already."""
        conflict = error.conflict
        if conflict is None or conflict.theirs not in KINDS:
            return False
        place = (conflict.measurement, conflict.field)
        theirs = KINDS[conflict.theirs]
        if self._types.get(place) == theirs:
            return False  # a value that does not fit that type, or older shards that differ
        self._types[place] = theirs
        return True


def _dropped(body: str) -> int:
    found = _DROPPED.search(body)
    return int(found[1]) if found else 0
