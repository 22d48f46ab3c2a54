"""A checksum of a row that both sides can compute: Python when writing, SQL in the engine.

It adds up: the sum over an hour tells whether InfluxDB and the engine hold the same rows there,
whatever their order. Only whole numbers go in, so that it is exact.
"""

from typing import Final

from isotherm.model import Action, Event, View
from isotherm.storage.tables import DETAILS, ERRORS

_LOW: Final = 2**31
_BITS: Final = _LOW - 1
_USMALLINT: Final = 65535
_UINTEGER: Final = 2**32 - 1


def stamp(event: Event, number: int) -> int:
    """Return the checksum of one event; `number` is its 64-bit number. Less than 2**51."""
    match event:
        case Action():
            clicks = min(event.clicks, _USMALLINT)
            flags = event.rage * 8 + event.dead * 4 + event.error * 2 + (event.page_x is not None)
            return (number & _BITS) + (clicks * 16 + flags) * _LOW
        case View():
            spent = min(round(event.time_spent_ms), _UINTEGER)
            counts = sum(
                min(count, _USMALLINT)
                for count in (event.errors, event.actions, event.frustrations)
            )
            return (event.version & _BITS) + spent + (1 + counts) * _LOW
        case _:
            return (number & _BITS) + _LOW


SQL: Final = {
    "actions": f"""(event % {_LOW})::BIGINT + {_LOW} * (clicks::BIGINT * 16 + rage::BIGINT * 8
        + dead::BIGINT * 4 + error::BIGINT * 2 + (page_x IS NOT NULL)::BIGINT)""",
    "views": f"""(document_version % {_LOW}) + time_spent_ms::BIGINT
        + {_LOW} * (1 + errors::BIGINT + actions::BIGINT + frustrations::BIGINT)""",
    **{table.name: f"(event % {_LOW})::BIGINT + {_LOW}" for table in (ERRORS, *DETAILS)},
    "replay_segments": f"(segment % {_LOW})::BIGINT + {_LOW}",
}
"""The same per row of the engine's tables, in DuckDB's dialect."""
