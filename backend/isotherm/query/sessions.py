"""Sessions that visited a page, and whether they ended there."""

from typing import Any

from isotherm.query.context import Ask
from isotherm.query.statement import Statement, all_of, condition
from isotherm.query.view_ends import SESSION_MAX_MS

IDLE_MS = 15 * 60_000
"""A session has ended after so long without an event (Datadog, Guance)."""

_VISITS = """
WITH visited AS (
  SELECT session, page, min(time_ms) AS first_ms, max(weight) AS weight{key}
  FROM views WHERE slot_scope AND session <> 0 GROUP BY session, page{group}
), around AS (
  SELECT session, page, time_ms, time_ms + time_spent_ms AS end_ms
  FROM views WHERE slot_around AND session IN (SELECT session FROM visited)
), ends AS (
  SELECT session, arg_max(page, (time_ms, end_ms, name)) AS last_page, max(end_ms) AS end_ms
  FROM (
    SELECT around.session, around.page, around.time_ms, around.end_ms,
      coalesce(terms.text, '') AS name
    FROM around LEFT JOIN terms ON terms.kind = 'page' AND terms.id = around.page
  ) AS named GROUP BY session
)
SELECT visited.*, ends.last_page = visited.page AS ended_here
FROM visited JOIN ends ON ends.session = visited.session
WHERE ends.end_ms <= {idle} AND visited.session NOT IN (
  SELECT session FROM actions WHERE slot_lately
  UNION ALL SELECT session FROM errors WHERE slot_lately
)
"""


def ended_visits(ask: Ask[Any], key: str = "") -> Statement:
    """Read one row per page and ended session that visited it: `ended_here` says how.

    Columns: session, page, first_ms, weight, ended_here, and `key` if a column is named. The last
    view is looked for in the whole session, whatever the scope's filters and pages are.
    """
    conditions = ask.conditions
    start = conditions.bind(ask.scope.from_ms - SESSION_MAX_MS)
    end = conditions.bind(ask.scope.to_ms + SESSION_MAX_MS)
    around = condition(f"time_ms >= {start} AND time_ms < {end}")
    idle = conditions.bind(ask.context.now_ms - IDLE_MS)
    lately = all_of([conditions.application(), condition(f"time_ms > {idle}")])
    template = _VISITS.format(
        idle=idle, key=f', "{key}" AS key' if key else "", group=f', "{key}"' if key else ""
    )
    return conditions.build(
        template,
        scope=conditions.views(),
        around=all_of([conditions.application(), around]),
        lately=lately,
    )
