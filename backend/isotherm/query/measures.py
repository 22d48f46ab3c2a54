"""What can be drawn over time: each measure is a table and one or two sums over it."""

from typing import TYPE_CHECKING, Literal

from msgspec import Struct

Table = Literal["actions", "views", "errors", "visits"]


class Measure(Struct, frozen=True):
    """A count, or a ratio when it has a denominator. Expressions are SQL over `table`."""

    doc: str
    table: Table
    value: str
    over: str = ""
    unit: str = "short"
    by_element: str = ""  # the same, read from actions; "" = cannot be split by element


_CLICKS = "sum(clicks * weight)"
_RAGE = "coalesce(sum(clicks * weight) FILTER (WHERE slot_rage), 0)"
_DEAD = "coalesce(sum(clicks * weight) FILTER (WHERE dead), 0)"
_ERROR = "coalesce(sum(clicks * weight) FILTER (WHERE error), 0)"
_USERS = 'count(DISTINCT nullif("user", 0))'
_SESSIONS = "count(DISTINCT nullif(session, 0))"


def _action(doc: str, value: str, over: str = "") -> Measure:
    unit = "percentunit" if over else "short"
    return Measure(doc, "actions", value, over, unit, by_element=value)


MEASURES = {
    "clicks": _action("physical clicks", _CLICKS),
    "actions": _action("actions", "sum(weight)"),
    "views": Measure(
        "visits", "views", "sum(weight)", by_element="count(DISTINCT nullif(view, 0))"
    ),
    "users": Measure("different users", "views", _USERS, by_element=_USERS),
    "sessions": Measure("different sessions", "views", _SESSIONS, by_element=_SESSIONS),
    "errors": Measure("errors raised on pages", "errors", "sum(weight)"),
    "rage": _action("clicks of rage actions", _RAGE),
    "dead": _action("clicks of dead actions", _DEAD),
    "error": _action("clicks of actions with an error", _ERROR),
    "rage_ratio": _action("rage clicks ÷ clicks", _RAGE, _CLICKS),
    "dead_ratio": _action("dead clicks ÷ clicks", _DEAD, _CLICKS),
    "error_ratio": _action("error clicks ÷ clicks", _ERROR, _CLICKS),
    "session_end_ratio": Measure(
        "ended sessions whose last view is the page ÷ ended sessions that visited it",
        "visits",
        "sum(weight) FILTER (WHERE ended_here)",
        "sum(weight)",
        "percentunit",
    ),
    "page_time": Measure(
        "mean time on the page", "views", "sum(time_spent_ms * weight)", "sum(weight)", "ms"
    ),
    "versions": Measure(
        "different versions of the site", "views", "count(DISTINCT nullif(version, 0))"
    ),
    "last_action": Measure(
        "moment of the latest action, epoch ms; lets an alert link to its time",
        "actions",
        "max(time_ms)",
        unit="dateTimeAsIso",
        by_element="max(time_ms)",
    ),
}

if TYPE_CHECKING:
    MeasureName = str
else:
    MeasureName = Literal[tuple(MEASURES)]
"""A name in `MEASURES`; msgspec rejects any other."""
