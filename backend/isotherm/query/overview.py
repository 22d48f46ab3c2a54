"""Where to look today: per application its most frustrating pages, against the period before."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from msgspec import Struct
from sqlglot import exp

from isotherm.model import Scope
from isotherm.query.context import Context
from isotherm.query.lookups import whole
from isotherm.query.scope import Conditions
from isotherm.query.statement import all_of, any_of, build, condition

Order = Literal["attention", "views"]
BUCKETS = 14
"""Parts of the range that a trend is told in."""

_COUNTS = ("views", "clicks", "rage")
_PAGES = """
WITH visits AS (
  SELECT application, page,
    sum(weight) FILTER (WHERE time_ms >= $start) AS views,
    sum(weight) FILTER (WHERE time_ms < $start) AS views_before,
    sum(weight) FILTER (WHERE time_ms >= $start AND has_replay) AS recorded
  FROM views WHERE time_ms >= $before AND time_ms < $stop AND page <> 0
  GROUP BY application, page
), acts AS (
  SELECT application, page,
    sum(clicks * weight) FILTER (WHERE time_ms >= $start) AS clicks,
    sum(clicks * weight) FILTER (WHERE time_ms < $start) AS clicks_before,
    sum(clicks * weight) FILTER (WHERE time_ms >= $start AND slot_rage) AS rage,
    sum(clicks * weight) FILTER (WHERE time_ms < $start AND slot_rage) AS rage_before
  FROM actions WHERE time_ms >= $before AND time_ms < $stop AND page <> 0
  GROUP BY application, page
), counted AS (
  SELECT application, page,
    coalesce(views, 0) AS views, coalesce(views_before, 0) AS views_before,
    coalesce(recorded, 0) AS recorded,
    coalesce(clicks, 0) AS clicks, coalesce(clicks_before, 0) AS clicks_before,
    coalesce(rage, 0) AS rage, coalesce(rage_before, 0) AS rage_before
  FROM visits FULL JOIN acts USING (application, page)
  WHERE coalesce(views, 0) > 0 OR coalesce(clicks, 0) > 0
), placed AS (
  SELECT counted.*, terms.text AS text,
    row_number() OVER (PARTITION BY application ORDER BY {order}, views DESC, terms.text) AS place,
    count(*) OVER (PARTITION BY application) AS pages,
    sum(views) OVER (PARTITION BY application) AS all_views,
    sum(views_before) OVER (PARTITION BY application) AS all_views_before,
    sum(clicks) OVER (PARTITION BY application) AS all_clicks,
    sum(clicks_before) OVER (PARTITION BY application) AS all_clicks_before,
    sum(rage) OVER (PARTITION BY application) AS all_rage,
    sum(rage_before) OVER (PARTITION BY application) AS all_rage_before
  FROM counted JOIN terms ON terms.kind = 'page' AND terms.id = counted.page
  WHERE slot_found
)
SELECT * FROM placed WHERE place <= $most ORDER BY application, place
"""
_ORDERS: Mapping[Order, str] = {
    # Rage that is new counts twice.
    "attention": "rage + greatest(0, rage - rage_before) DESC",
    "views": "views DESC",
}
_TREND = """
SELECT application, page, (time_ms - $start) // $step AS bucket, sum(clicks * weight) AS clicks
FROM actions WHERE time_ms >= $start AND time_ms < $stop AND slot_chosen GROUP BY ALL
"""
_RELEASES = """
WITH begun AS (
  SELECT application, version, min(time_ms) AS since_ms, count(*) OVER (PARTITION BY application)
    AS versions FROM views
  WHERE time_ms >= $before AND time_ms < $stop AND version <> 0 GROUP BY application, version
)
SELECT application, arg_max(name, (since_ms, name)) AS version, max(since_ms) AS since_ms FROM (
  SELECT begun.application, begun.since_ms, terms.text AS name
  FROM begun JOIN terms ON terms.kind = 'version' AND terms.id = begun.version
  WHERE begun.since_ms >= $start AND begun.versions > 1
) AS named GROUP BY application
"""


class Asked(Struct, frozen=True, kw_only=True):
    """What of the overview is wanted."""

    from_ms: int
    to_ms: int
    order: Order = "attention"
    search: str = ""
    applications: int = 50
    pages: int = 3


def overview(context: Context, asked: Asked, names: Mapping[str, str]) -> dict[str, Any]:
    """Return the applications with the most visits first, each with its pages by `order`.

    `before` numbers are those of the equally long time before the range.
    """
    start, stop = asked.from_ms, asked.to_ms
    values: dict[str, object] = {
        "start": start, "stop": stop, "before": start - (stop - start), "most": asked.pages,
    }  # fmt: skip
    found: exp.Expression = exp.true()
    if asked.search:
        wanted = values["search"] = asked.search.lower()
        named = [
            number for number, text in context.engine.terms("application").items()
            if wanted in names.get(text, text).lower() or wanted in text.lower()
        ]  # fmt: skip
        found = condition("contains(lower(terms.text), $search)")
        if named:
            found = any_of([found, exp.column("application").isin(*named)])
    rage = Conditions(context.engine, _anywhere(asked), context.ignore_rage)
    template = _PAGES.format(order=_ORDERS[asked.order])
    statement = build(template, {**values, **rage.values}, rage=rage.rage, found=found)
    columns = context.run(statement)
    names_of_columns = list(columns)
    values_of_rows = zip(*(columns[name].tolist() for name in names_of_columns), strict=True)
    rows = [dict(zip(names_of_columns, row, strict=True)) for row in values_of_rows]
    by_application: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        by_application.setdefault(row["application"], []).append(row)
    ids = context.engine.terms("application")  # after the rows: each of theirs is among them
    ranked = sorted(
        by_application.items(),
        key=lambda item: (-item[1][0]["all_views"], -item[1][0]["all_clicks"], ids[item[0]]),
    )
    shown = ranked[: asked.applications]
    trends = _trends(context, [row for _, pages in shown for row in pages], start, stop)
    releases = _releases(context, values)
    return {
        "applications": [
            {
                "application": ids[number],
                "name": names.get(ids[number], ids[number]),
                **_counts(pages[0], "all_"),
                "pages_total": int(pages[0]["pages"]),
                "release": releases.get(number),
                "pages": _pages(context, ids[number], pages, trends),
            }
            for number, pages in shown
        ],
        "total": len(ranked),
    }


def _pages(
    context: Context,
    application: str,
    rows: Sequence[Mapping[str, Any]],
    trends: Mapping[Any, list[float]],
) -> list[dict[str, Any]]:
    newest = context.backgrounds.newest(application, [row["text"] for row in rows])
    return [
        {
            "page": row["text"],
            **_counts(row),
            "recorded_views": whole(row["recorded"]),
            "trend": trends.get((row["application"], row["page"]), [0] * BUCKETS),
            "background": newest.get(row["text"]),
        }
        for row in rows
    ]


def _counts(row: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    names = [f"{name}{when}" for name in _COUNTS for when in ("", "_before")]
    return {name: whole(row[prefix + name]) for name in names}


def _trends(
    context: Context, pages: list[dict[str, Any]], start: int, stop: int
) -> dict[tuple[int, int], list[float]]:
    """Return the clicks of each page in `BUCKETS` equal parts of the range."""
    if not pages:
        return {}
    chosen: dict[int, list[int]] = {}
    for row in pages:
        chosen.setdefault(row["application"], []).append(row["page"])
    parts = [
        all_of([exp.column("application").eq(application), exp.column("page").isin(*numbers)])
        for application, numbers in chosen.items()
    ]
    step = max(1, -(-(stop - start) // BUCKETS))
    values = {"start": start, "stop": stop, "step": step}
    columns = context.run(build(_TREND, values, chosen=any_of(parts)))
    trends: dict[tuple[int, int], list[float]] = {}
    keys = ("application", "page", "bucket", "clicks")
    for application, page, bucket, clicks in zip(
        *(columns[key].tolist() for key in keys), strict=True
    ):
        trends.setdefault((application, page), [0] * BUCKETS)[int(bucket)] = whole(clicks)
    return trends


def _releases(context: Context, values: Mapping[str, object]) -> dict[int, dict[str, Any]]:
    """Return per application the last version that was first seen within the range."""
    columns = context.run(build(_RELEASES, values))
    return {
        int(application): {"version": str(version), "since_ms": int(since)}
        for application, version, since in zip(
            *(columns[name].tolist() for name in ("application", "version", "since_ms")),
            strict=True,
        )
    }


def _anywhere(asked: Asked) -> Scope:
    return Scope(application="", pages=(), from_ms=asked.from_ms, to_ms=asked.to_ms)
