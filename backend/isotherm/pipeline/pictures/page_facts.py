"""What the store knows about a page: its elements, its clicks, its visits with a recording."""

from math import isfinite
from typing import Any

from msgspec import Struct
from sqlglot import exp, parse_one

from isotherm.model import FRACTION_MAX
from isotherm.model.elements import Element, read_element
from isotherm.render.measure import Known
from isotherm.render.messages import Target
from isotherm.storage.ports import Columns, Engine

MOST_ELEMENTS = 2_000


class Visited(Struct, frozen=True):
    """A visit that a picture can be made of."""

    session_id: str
    view_id: str
    viewport_w: int


ELEMENTS = parse_one(
    """
    SELECT target.text AS target, sum(a.clicks * a.weight) AS clicks
    FROM actions AS a
    LEFT JOIN terms AS target ON target.id = a.target AND target.kind = 'target'
    WHERE a.application = $application AND a.page = $page AND a.kind = 0
    GROUP BY target.text
    ORDER BY clicks DESC
    """,
    dialect="duckdb",
    into=exp.Select,
)
SIZES = parse_one(
    """
    SELECT target.text AS target, a.element_w AS width, a.element_h AS height,
      median(a.page_x - a.fx / $whole * a.element_w) AS left_px,
      median(a.page_y - a.fy / $whole * a.element_h) AS top_px
    FROM actions AS a
    JOIN terms AS target ON target.id = a.target AND target.kind = 'target'
    WHERE a.application = $application AND a.page = $page AND a.source = 0 AND a.element > 0
      AND a.element_w > 0 AND a.element_h > 0 AND a.viewport_w BETWEEN $least AND $greatest
    GROUP BY target.text, a.element_w, a.element_h
    QUALIFY row_number() OVER (PARTITION BY target.text ORDER BY count(*) DESC) = 1
    """,
    dialect="duckdb",
    into=exp.Select,
)
HEIGHT = parse_one(
    """
    SELECT median(page_height_px) AS height FROM views
    WHERE application = $application AND page = $page
      AND viewport_w BETWEEN $least AND $greatest
    """,
    dialect="duckdb",
    into=exp.Select,
)
VISITS = parse_one(
    """
    SELECT session.text AS session, visit.text AS visit, v.viewport_w AS viewport_w,
      url.text AS url
    FROM views AS v
    JOIN terms AS session ON session.id = v.session AND session.kind = 'session'
    JOIN terms AS visit ON visit.id = v.view AND visit.kind = 'view'
    LEFT JOIN terms AS url ON url.id = v.url AND url.kind = 'url'
    WHERE v.application = $application AND v.page = $page AND (v.has_replay OR $any)
    ORDER BY v.actions DESC, v.time_ms DESC
    LIMIT $most
    """,
    dialect="duckdb",
    into=exp.Select,
)

RECORDED = parse_one(
    """
    SELECT application.text AS application, page.text AS page, session.text AS session,
      visit.text AS visit, v.viewport_w AS viewport_w,
      row_number() OVER (
        PARTITION BY v.application, v.page, v.viewport_w ORDER BY v.actions DESC, v.time_ms DESC
      ) AS place
    FROM views AS v
    JOIN terms AS application ON application.id = v.application
      AND application.kind = 'application'
    JOIN terms AS page ON page.id = v.page AND page.kind = 'page'
    JOIN terms AS session ON session.id = v.session AND session.kind = 'session'
    JOIN terms AS visit ON visit.id = v.view AND visit.kind = 'view'
    WHERE v.has_replay
    QUALIFY place <= $most
    ORDER BY place, count(*) OVER (PARTITION BY v.application, v.page) DESC
    LIMIT $limit
    """,
    dialect="duckdb",
    into=exp.Select,
)

URLS = parse_one(
    """
    SELECT url.text AS url, count(*) AS views
    FROM views AS v
    JOIN terms AS url ON url.id = v.url AND url.kind = 'url'
    WHERE v.application = $application
    GROUP BY url.text
    ORDER BY views DESC
    LIMIT $most
    """,
    dialect="duckdb",
    into=exp.Select,
)


class Recorded(Struct, frozen=True):
    """A visit with a recording, of any page."""

    application: str
    page: str
    session_id: str
    view_id: str
    viewport_w: int


def elements(
    engine: Engine, application: str, page: str
) -> tuple[list[Target], dict[Element, float]]:
    """Return the page's elements, most clicked first, and the clicks per element.

    The key of an action without a selector is its composed path.
    """
    rows = _rows(engine, ELEMENTS, application, page)
    targets: dict[str, Target] = {}
    clicks: dict[Element, float] = {}
    for text, count in rows:
        element = read_element(text or "")
        clicks[element] = clicks.get(element, 0.0) + float(count)
        if element.key and element.key not in targets and len(targets) < MOST_ELEMENTS:
            targets[element.key] = Target(element.selector, element.path)
    return list(targets.values()), clicks


def visits(engine: Engine, application: str, page: str, most: int) -> list[Visited]:
    """Return visits with a recording, those with most actions and the newest first."""
    rows = _rows(engine, VISITS, application, page, any=False, most=most)
    return [Visited(session, view, int(width)) for session, view, width, _ in rows]


def recorded_visits(engine: Engine, most: int, limit: int) -> list[Recorded]:
    """Return the visits of each page and window width with most actions, those of all pages first.

    `most` of one page and width; the pages that are visited most come first.
    """
    columns = engine.run(RECORDED, {"most": most, "limit": limit})
    rows = zip(*(column.tolist() for column in columns.values()), strict=True)
    return [
        Recorded(application, page, session, view, int(width))
        for application, page, session, view, width, _ in rows
    ]


def recorded_elements(engine: Engine, application: str, page: str, viewport_w: int) -> list[Known]:
    """Return each element's most frequent size at a window width, and its place if it is known."""
    rows = _rows(engine, SIZES, application, page, whole=float(FRACTION_MAX), **_around(viewport_w))
    return [
        Known(read_element(text), (float(width), float(height)), _corner(left, top))
        for text, width, height, left, top in rows
    ]


def usual_height(engine: Engine, application: str, page: str, viewport_w: int) -> float | None:
    """Return the page's median height (css px) in windows of a width; None = not recorded."""
    rows = _rows(engine, HEIGHT, application, page, **_around(viewport_w))
    return float(rows[0][0]) if rows and rows[0][0] and isfinite(rows[0][0]) else None


def latest_url(engine: Engine, application: str, page: str) -> str:
    """Return an address of the page; "" when no visit has one."""
    rows = _rows(engine, VISITS, application, page, any=True, most=1)
    return str(rows[0][3] or "") if rows else ""


def visited_urls(engine: Engine, application: str, most: int) -> list[tuple[str, int]]:
    """Return the addresses of an application's views, those visited most first, with the views."""
    known = {"application": engine.term_id("application", application), "most": most}
    columns: Columns = engine.run(URLS, known)
    rows = zip(*(column.tolist() for column in columns.values()), strict=True)
    return [(str(url), int(views)) for url, views in rows]


def _around(viewport_w: int) -> dict[str, int]:
    return {"least": viewport_w - 1, "greatest": viewport_w + 1}


def _corner(left: float | None, top: float | None) -> tuple[float, float] | None:
    if left is None or top is None or not (isfinite(left) and isfinite(top)):
        return None
    return float(left), float(top)


def _rows(
    engine: Engine, statement: exp.Expression, application: str, page: str, **values: object
) -> list[tuple[Any, ...]]:
    known = {
        "application": engine.term_id("application", application),
        "page": engine.term_id("page", page),
    }
    columns: Columns = engine.run(statement, known | values)
    return list(zip(*(column.tolist() for column in columns.values()), strict=True))
