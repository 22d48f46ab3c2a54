"""The first or last click of each view: which actions these are, and that each is one click."""

from sqlglot import exp, parse_one

from isotherm.model import Signal
from isotherm.query.statement import Statement

SESSION_MAX_MS = 4 * 3_600_000
"""No session is longer (Datadog, Guance): what belongs to one happens within this time."""

_TURN = """
SELECT {pick}(event, (time_ms, event)) FROM actions
WHERE slot_clicks AND kind = 0 AND view <> 0 GROUP BY view
"""
FIRST_AND_LAST = {
    Signal.FIRST: _TURN.format(pick="arg_min"),
    Signal.LAST: _TURN.format(pick="arg_max"),
}
"""Signal -> the numbers of the events, one per view; custom actions are no clicks."""

_ONE_EACH = parse_one(
    "SELECT * REPLACE (1::USMALLINT AS clicks, TRUE AS clicks_exact) FROM actions", dialect="duckdb"
)


def one_click_each(statement: Statement) -> Statement:
    """Count every action as one click: of a rage chain, too, only one click is the view's first."""
    tree = statement.sql.copy()
    for table in list(tree.find_all(exp.Table)):
        if table.name == "actions":
            table.replace(exp.Subquery(this=_ONE_EACH.copy(), alias=exp.TableAlias(this="actions")))
    return Statement(tree, statement.values)
