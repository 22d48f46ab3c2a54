"""The latest sessions behind a page or an action, with what is needed to open their replay."""

from typing import Annotated, Any
from urllib.parse import quote, urlencode

from msgspec import Meta, Struct
from sqlglot import exp

from isotherm.model import FACETS
from isotherm.query.context import Ask
from isotherm.query.depth_views import reached
from isotherm.query.frame import Field, Frame, Shape, frame_of_rows
from isotherm.query.lookups import texts_of, user_names, whole
from isotherm.query.pictures import AUTOMATIC
from isotherm.query.statement import Statement, condition

SESSIONS = Shape(
    "replays",
    "One row per session, latest first.",
    (
        Field("session", "string", "Session id"),
        Field("view", "string", "View with the first matching action, or the latest view"),
        Field("start", "time", "Start of the session"),
        Field("end", "time", "End of its last view so far"),
        Field("duration_ms", "number", "end - start", "ms"),
        Field("user", "string", "User id; empty when the site names none"),
        Field("user_name", "string", "User name"),
        Field("browser", "string", "Browser"),
        Field("os", "string", "Operating system"),
        Field("device", "string", "desktop, tablet or mobile"),
        Field("country", "string", "Country"),
        Field("page", "string", "Page of the view"),
        Field("clicks", "number", "Clicks of the session in scope", "short"),
        Field("rage", "number", "Those of rage actions", "short"),
        Field("dead", "number", "Those of dead actions", "short"),
        Field("error", "number", "Those of actions with an error", "short"),
        Field("at", "time", "First matching action", nullable=True),
        Field("has_replay", "boolean", "A replay is stored"),
        Field("link", "string", "Address of the view's replay, relative to the server"),
    ),
)
META = {
    "sessions": "sessions in scope",
    "views": "views that got to the depth asked for; only with `past_px` or `unscrolled`",
}

_BY_ACTION = """
SELECT session, min(time_ms) AS at, max(time_ms) AS latest
FROM actions WHERE slot_scope AND session <> 0 GROUP BY session
"""
_FIRST_VIEW = """
SELECT session, arg_min(view, (time_ms, event)) AS view FROM actions
WHERE slot_scope AND session IN (SELECT session FROM latest) GROUP BY session
"""
_BY_VIEW = """
SELECT session, NULL::BIGINT AS at, max(time_ms) AS latest
FROM views WHERE slot_scope AND session <> 0 GROUP BY session
"""
_LAST_VIEW = """
SELECT session, arg_max(view, (time_ms, name)) AS view FROM (
  SELECT found.session, found.view, found.time_ms, terms.text AS name FROM (
    SELECT session, view, time_ms FROM views
    WHERE slot_scope AND session IN (SELECT session FROM latest)
  ) AS found JOIN (
    SELECT id, text FROM terms WHERE kind = 'view' AND id IN (
      SELECT view FROM views WHERE slot_scope AND session IN (SELECT session FROM latest)
    )
  ) AS terms ON terms.id = found.view
) AS named GROUP BY session
"""
_SESSIONS = """
WITH matched AS ({matched}), latest AS (
  SELECT matched.*, terms.text AS name, (SELECT count(*) FROM matched) AS sessions
  FROM matched JOIN (
    SELECT id, text FROM terms
    WHERE kind = 'session' AND id IN (SELECT session FROM matched)
  ) AS terms ON terms.id = matched.session
  WHERE latest >= (
    SELECT min(latest) FROM (SELECT latest FROM matched ORDER BY latest DESC LIMIT {limit})
  )
  ORDER BY latest DESC, name DESC LIMIT {limit}
), shown AS ({shown}), whole AS (
  SELECT session, min(time_ms) AS start, max(time_ms + time_spent_ms) AS ending,
    bool_or(has_replay) AS has_replay
  FROM views WHERE slot_application AND session IN (SELECT session FROM latest) GROUP BY session
), counted AS (
  SELECT session, sum(clicks * weight) AS clicks,
    sum(clicks * weight) FILTER (WHERE slot_rage) AS rage,
    sum(clicks * weight) FILTER (WHERE dead) AS dead,
    sum(clicks * weight) FILTER (WHERE error) AS error
  FROM actions WHERE slot_actions AND session IN (SELECT session FROM latest) GROUP BY session
), visit AS (
  SELECT view, any_value(page) AS page, any_value("user") AS "user", {facets}
  FROM views WHERE slot_application AND view IN (SELECT view FROM shown) GROUP BY view
), recorded AS (
  SELECT DISTINCT session FROM replay_segments
  WHERE slot_application AND session IN (SELECT session FROM latest)
)
SELECT latest.session, shown.view, latest.at, latest.sessions, visit.page, visit."user", {named},
  coalesce(whole.start, latest.latest) AS start, coalesce(whole.ending, latest.latest) AS ending,
  coalesce(counted.clicks, 0) AS clicks, coalesce(counted.rage, 0) AS rage,
  coalesce(counted.dead, 0) AS dead, coalesce(counted.error, 0) AS error,
  coalesce(whole.has_replay, FALSE) OR recorded.session IS NOT NULL AS has_replay
FROM latest JOIN shown USING (session) LEFT JOIN whole USING (session)
LEFT JOIN counted USING (session) LEFT JOIN visit ON visit.view = shown.view
LEFT JOIN recorded ON recorded.session = latest.session
ORDER BY latest.latest DESC, latest.name DESC
"""
_SHOWN_FACETS = tuple(facet for facet in FACETS if facet in {"browser", "os", "device", "country"})


class Params(Struct, frozen=True):
    """Which actions or depth the sessions must have; none: every session that visited the page."""

    element: Annotated[str, Meta(description="Element key.", max_length=4096)] = ""
    action_name: Annotated[str, Meta(description="Action name.", max_length=4096)] = ""
    limit: Annotated[int, Meta(description="Sessions at most.", ge=1, le=1000)] = 10
    past_px: Annotated[
        float | None,
        Meta(description="Only views that got to this depth of the background or further."),
    ] = None
    unscrolled: Annotated[
        bool, Meta(description="Only views that saw no more than their first screen.")
    ] = False
    background: Annotated[
        str, Meta(description="Background that the depth is on, or `auto`.", max_length=200)
    ] = AUTOMATIC


def statement(ask: Ask[Params], views: list[int] | None = None) -> Statement:
    """Find the latest sessions, those of some views if they are given, and sum each up."""
    conditions, params = ask.conditions, ask.params
    named = conditions.acted(params.element, params.action_name)
    by_action = views is None and (bool(named) or ask.scope.signal is not None)
    template = _SESSIONS.format(
        matched=_BY_ACTION if by_action else _BY_VIEW,
        shown=_FIRST_VIEW if by_action else _LAST_VIEW,
        limit=params.limit,
        facets=", ".join(f'any_value("{facet}") AS "{facet}"' for facet in _SHOWN_FACETS),
        named=", ".join(f'visit."{facet}"' for facet in _SHOWN_FACETS),
    )
    scope: exp.Expression = conditions.actions(*named) if by_action else conditions.views()
    if views is not None:
        scope = conditions.views(_one_of(ask, views))
    return conditions.build(
        template, scope=scope, actions=conditions.actions(), application=conditions.application()
    )


def answer(ask: Ask[Params]) -> list[Frame]:
    """Return the sessions with their texts."""
    params, behind = ask.params, None
    if params.past_px is not None or params.unscrolled:
        behind = reached(
            ask,
            params.background,
            params.past_px,
            unscrolled=params.unscrolled,
            limit=params.limit,
        )
    columns = ask.context.run(statement(ask, behind.latest if behind else None))
    count = len(columns["session"])
    context = ask.context
    sessions = texts_of(context, "session", columns["session"].tolist())
    views = texts_of(context, "view", columns["view"].tolist())
    people = [0 if number != number else int(number) for number in columns["user"].tolist()]  # noqa: PLR0124
    users = texts_of(context, "user", people)
    names = user_names(context, ask.scope.application, people)
    texts = {kind: context.engine.terms(kind) for kind in ("page", *_SHOWN_FACETS)}
    rows: list[dict[str, Any]] = []
    for i in range(count):
        session, view = sessions[int(columns["session"][i])], views[int(columns["view"][i])]
        at = columns["at"][i]
        row: dict[str, Any] = {
            "session": session,
            "view": view,
            "start": int(columns["start"][i]),
            "end": int(columns["ending"][i]),
            "duration_ms": int(columns["ending"][i]) - int(columns["start"][i]),
            "user": users[people[i]],
            "user_name": names.get(people[i], ""),
            "at": int(at) if at == at and at is not None else None,  # noqa: PLR0124 - NaN
            "has_replay": bool(columns["has_replay"][i]),
            "link": replay_link(ask.scope.application, session, view),
        }
        for kind, known_texts in texts.items():
            number = columns[kind][i]
            known = number == number  # noqa: PLR0124 - NaN
            row[kind] = known_texts.get(int(number), "") if known else ""
        rows.append(row | {k: whole(columns[k][i]) for k in ("clicks", "rage", "dead", "error")})
    meta: dict[str, Any] = {"sessions": int(columns["sessions"][0]) if count else 0}
    if behind is not None:
        meta = {"sessions": behind.sessions, "views": behind.views}
    return [frame_of_rows(SESSIONS, rows, meta=meta)]


def _one_of(ask: Ask[Params], views: list[int]) -> exp.Expression:
    places = ", ".join(ask.conditions.bind(view) for view in views)
    return condition(f"view IN ({places})") if views else exp.false()


def replay_link(application: str, session: str, view: str) -> str:
    """Return the address of a view's replay, relative to the server."""
    path = f"api/v1/replays/{quote(session, safe='')}" + (
        f"/{quote(view, safe='')}" if view else ""
    )
    return f"{path}?{urlencode({'application': application})}"
