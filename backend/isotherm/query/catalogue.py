"""The choices: applications, facets, their values, elements."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from isotherm.model import FACETS, Scope
from isotherm.query.application_names import names_of, services
from isotherm.query.context import Context
from isotherm.query.filters import ACTION_COLUMNS, GOALS, TERM_COLUMNS, attribute_path
from isotherm.query.lookups import whole
from isotherm.query.scope import Conditions, without
from isotherm.query.statement import build, condition

LABELS = {
    "env": "Environment", "service": "Service", "version": "Version", "browser": "Browser",
    "os": "Operating system", "device": "Device", "country": "Country", "city": "City",
    "user": "User", "url": "Address", "width": "Window width", "element": "Element",
    "action_name": "Action", "reached_page": "Reached page", "reached_element": "Reached element",
}  # fmt: skip

_APPLICATIONS = """
WITH visits AS (
  SELECT application, sum(weight) AS views, max(time_ms) AS last_ms FROM views
  WHERE slot_span GROUP BY application
), acts AS (
  SELECT application, sum(clicks * weight) AS clicks, max(time_ms) AS last_ms FROM actions
  WHERE slot_span GROUP BY application
)
SELECT application, coalesce(views, 0) AS views, coalesce(clicks, 0) AS clicks,
  greatest(coalesce(visits.last_ms, 0), coalesce(acts.last_ms, 0)) AS last_ms
FROM visits FULL JOIN acts USING (application) JOIN terms ON terms.kind = 'application'
  AND terms.id = application
ORDER BY views DESC, clicks DESC, terms.text
"""
_ATTRIBUTE_KEYS = """
SELECT DISTINCT unnest(json_keys(terms.text)) AS key FROM terms
WHERE terms.kind = 'attributes' AND terms.id IN (
  SELECT attributes FROM views WHERE slot_views
  UNION SELECT attributes FROM actions WHERE slot_actions
) ORDER BY key LIMIT 500
"""
_TERM_VALUES = """
SELECT terms.text AS text, counted.count AS count
FROM (
  SELECT "{key}" AS id, sum(weight) AS count FROM {table} WHERE slot_scope GROUP BY 1
) AS counted
JOIN terms ON terms.kind = {kind} AND terms.id = counted.id
WHERE contains(lower(terms.text), lower({search}))
ORDER BY count DESC, text LIMIT {limit}
"""
_ATTRIBUTE_VALUES = """
SELECT json_extract_string(terms.text, {path}) AS text, sum(counted.count) AS count
FROM (
  SELECT attributes AS id, sum(weight) AS count FROM views WHERE slot_scope GROUP BY 1
) AS counted
JOIN terms ON terms.kind = 'attributes' AND terms.id = counted.id
WHERE contains(lower(json_extract_string(terms.text, {path})), lower({search}))
GROUP BY 1 ORDER BY count DESC, text LIMIT {limit}
"""


class Facet(Struct, frozen=True):
    """A dimension to filter by."""

    key: str
    label: str
    custom: bool


def called(found: list[dict[str, Any]], search: str) -> list[dict[str, Any]]:
    """Return the applications with a text in their name or id, in any case; "": all."""
    wanted = search.casefold()
    return [row for row in found if wanted in f"{row['name']} {row['application']}".casefold()]


def applications(
    context: Context, from_ms: int, to_ms: int, given: Mapping[str, str] = MappingProxyType({})
) -> list[dict[str, Any]]:
    """Return the applications with anything in a range, most visited first.

    `given` are the names that people gave, by application.
    """
    span = condition("time_ms >= $start AND time_ms < $stop")
    columns = context.run(build(_APPLICATIONS, {"start": from_ms, "stop": to_ms}, span=span))
    ids = context.engine.terms("application")
    numbers = [int(number) for number in columns["application"].tolist()]
    known = {row: ids[number] for row, number in enumerate(numbers) if number in ids}
    names = names_of(list(known.values()), services(context, from_ms, to_ms), given)
    return [
        {
            "application": application,
            "name": names[application],
            "views": whole(columns["views"][row]),
            "clicks": whole(columns["clicks"][row]),
            "last_ms": int(columns["last_ms"][row]),
        }
        for row, application in known.items()
    ]


def facets(context: Context, scope: Scope) -> list[Facet]:
    """Return the built-in facets, then the custom attributes met in scope."""
    conditions = Conditions(context.engine, scope)
    statement = conditions.build(
        _ATTRIBUTE_KEYS, views=conditions.views(), actions=conditions.actions()
    )
    own = context.run(statement)["key"].tolist()
    built_in = [*FACETS, "user", "url", "width", "element", "action_name", *GOALS]
    known = [Facet(key, LABELS[key], custom=False) for key in built_in]
    return known + [Facet(key, key, custom=True) for key in own if key not in LABELS]


def values(
    context: Context, scope: Scope, key: str, *, search: str = "", limit: int = 200
) -> list[dict[str, Any]]:
    """Return a facet's values in scope with how often each occurs, most frequent first.

    Filters on the facet itself do not limit its values. `element` and `action_name` count
    actions, all others views.
    """
    limited = replace(scope, filters=without(scope, key))
    if key in GOALS:  # whatever sessions did anywhere can be a goal
        everywhere = replace(limited, pages=())
        return values(context, everywhere, GOALS[key][1], search=search, limit=limit)
    conditions = Conditions(context.engine, limited)
    if key == "width":
        return []
    searched = conditions.bind(search)
    if key in TERM_COLUMNS or key in ACTION_COLUMNS:
        table = "actions" if key in ACTION_COLUMNS else "views"
        template = _TERM_VALUES.format(
            key=key, kind=conditions.bind(key), table=table, search=searched, limit=limit
        )
        where = conditions.actions() if table == "actions" else conditions.views()
    else:
        path = conditions.bind(attribute_path(key))
        template = _ATTRIBUTE_VALUES.format(path=path, search=searched, limit=limit)
        where = conditions.views()
    columns = context.run(conditions.build(template, scope=where))
    return [
        {"value": text, "count": whole(count)}
        for text, count in zip(columns["text"].tolist(), columns["count"].tolist(), strict=True)
    ]
