"""The pages of an application, most visited (or clicked, or raged at) first."""

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from isotherm.query.context import Ask
from isotherm.query.frame import Field, Frame, Shape, frame_of_rows
from isotherm.query.lookups import whole
from isotherm.query.statement import Statement

PAGES = Shape(
    "pages",
    "One row per page with a view or an action in scope.",
    (
        Field("rank", "integer", "Place by the order asked for"),
        Field("page", "string", "Page key"),
        Field("views", "number", "Visits", "short"),
        Field("users", "integer", "Different users who visited it", "short"),
        Field("clicks", "number", "Clicks", "short"),
        Field("rage", "number", "Clicks of rage actions", "short"),
        Field("background", "string", "Id of the newest background, or empty"),
    ),
)
META = {"total": "pages there would be without a limit"}

Order = Literal["views", "clicks", "rage"]
_PAGES = """
WITH visits AS (
  SELECT page, sum(weight) AS views, count(DISTINCT nullif("user", 0)) AS users
  FROM views WHERE slot_views AND page <> 0 GROUP BY page
), acts AS (
  SELECT page, sum(clicks * weight) AS clicks,
    coalesce(sum(clicks * weight) FILTER (WHERE slot_rage), 0) AS rage
  FROM actions WHERE slot_actions AND page <> 0 GROUP BY page
), ranked AS (
  SELECT page, coalesce(views, 0) AS views, coalesce(users, 0) AS users,
    coalesce(clicks, 0) AS clicks, coalesce(rage, 0) AS rage
  FROM visits FULL JOIN acts USING (page)
)
SELECT ranked.*, terms.text AS text, count(*) OVER () AS total
FROM ranked JOIN terms ON terms.kind = 'page' AND terms.id = ranked.page
{search}
ORDER BY {order} DESC, views DESC, text LIMIT {limit}
"""


class Params(Struct, frozen=True):
    """What can be asked beside the scope."""

    limit: Annotated[int, Meta(description="Rows at most.", ge=1, le=10_000)] = 20
    order: Annotated[Order, Meta(description="What the rank goes by.")] = "views"
    search: Annotated[
        str, Meta(description="Part of the page key, in any case.", max_length=1000)
    ] = ""


def statement(ask: Ask[Params]) -> Statement:
    """Count views and clicks per page."""
    conditions, params = ask.conditions, ask.params
    search = ""
    if params.search:
        search = f"WHERE contains(lower(terms.text), lower({conditions.bind(params.search)}))"
    template = _PAGES.format(order=params.order, limit=params.limit, search=search)
    return conditions.build(template, views=conditions.views(), actions=conditions.actions())


def answer(ask: Ask[Params]) -> list[Frame]:
    """Rank the pages and name a background of each."""
    columns = ask.context.run(statement(ask))
    pages = columns["text"].tolist()
    newest = ask.context.backgrounds.newest(ask.scope.application, pages)
    rows = []
    for position, page in enumerate(pages):
        row: dict[str, Any] = {
            "rank": position + 1,
            "page": page,
            "users": int(columns["users"][position]),
            "background": newest.get(page, ""),
        }
        rows.append(
            row | {name: whole(columns[name][position]) for name in ("views", "clicks", "rage")}
        )
    total = int(columns["total"][0]) if rows else 0
    return [frame_of_rows(PAGES, rows, meta={"total": total})]
