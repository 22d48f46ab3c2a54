"""Following sessions: what came after an action, and whether it led to a target."""

from typing import Any, Literal

from sqlglot import exp

from isotherm.query.context import Ask
from isotherm.query.deterministic import HOW_OFTEN, most_frequent
from isotherm.query.statement import Statement, all_of, condition
from isotherm.query.view_ends import SESSION_MAX_MS

NEXT_LIMIT = 5
_CONVERSION = """
WITH acted AS (
  SELECT session, min(time_ms) AS at FROM actions WHERE slot_scope AND session <> 0 GROUP BY session
), reached AS (
  SELECT DISTINCT target.session FROM {table} AS target JOIN acted ON acted.session = target.session
  WHERE slot_target AND target.time_ms {after} acted.at
)
SELECT (SELECT count(*) FROM acted) AS acted, (SELECT count(*) FROM reached) AS reached
"""
_NEXT = f"""
WITH acted AS (
  SELECT session, min(time_ms) AS at FROM actions WHERE slot_scope AND session <> 0 GROUP BY session
), later AS (
  SELECT session, time_ms, event, 'action' AS kind, element, action_name, page, '' AS place,
    1 AS turn
  FROM actions WHERE slot_span
  UNION ALL
  SELECT session, time_ms, 0 AS event, 'page' AS kind, 0 AS element, 0 AS action_name, page,
    terms.text AS place, 0 AS turn
  FROM (SELECT session, time_ms, page FROM views WHERE slot_span) AS viewed
  LEFT JOIN terms ON terms.kind = 'page' AND terms.id = page
), following AS (
  SELECT later.*, CASE WHEN element = 0 THEN action_name ELSE 0 END AS nameless
  FROM later JOIN acted ON acted.session = later.session
  WHERE later.time_ms > acted.at OR (later.kind = 'page' AND later.time_ms = acted.at)
  QUALIFY row_number() OVER (
    PARTITION BY later.session ORDER BY later.time_ms, later.turn, later.event, later.place
  ) = 1
), often AS (
  SELECT kind, element, nameless, page, place, action_name, {HOW_OFTEN}
  FROM following GROUP BY ALL
), named AS ({most_frequent("action_name", "kind, element, nameless, page", "often")})
SELECT kind, element, named.action_name, page, sum(n) AS sessions
FROM often JOIN named USING (kind, element, nameless, page) GROUP BY ALL
ORDER BY sessions DESC, min(since_ms), kind, min(least_event), min(place) LIMIT {NEXT_LIMIT}
"""


def span(ask: Ask[Any]) -> exp.Expression:
    """Everything of the application while a session of the scope can have lasted."""
    conditions = ask.conditions
    start = conditions.bind(ask.scope.from_ms)
    end = conditions.bind(ask.scope.to_ms + SESSION_MAX_MS)
    return all_of([conditions.application(), condition(f"time_ms >= {start} AND time_ms < {end}")])


def conversion_statement(ask: Ask[Any], kind: Literal["page", "element"], text: str) -> Statement:
    """Count sessions with the scope's action, and those that reached the target afterwards."""
    view = kind == "page"
    template = _CONVERSION.format(table="views" if view else "actions", after=">=" if view else ">")
    target = all_of([span(ask), ask.conditions.named(kind, text)])
    target = target.transform(_of_target)
    return ask.conditions.build(template, scope=ask.conditions.actions(), target=target)


def next_statement(ask: Ask[Any]) -> Statement:
    """Group what each session did right after its first action in scope."""
    return ask.conditions.build(_NEXT, scope=ask.conditions.actions(), span=span(ask))


def _of_target(node: exp.Expression) -> exp.Expression:
    if isinstance(node, exp.Column) and not node.table:
        return exp.column(node.name, table="target", quoted=True)
    return node
