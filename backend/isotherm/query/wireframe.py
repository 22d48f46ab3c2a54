"""The background without a picture: boxes of what was clicked, where the recordings say it was.

A sender may tell of an element its size and where in it the click was, and a recording where on the
page: together they give its box without any document. Clicks on an element whose size is unknown
lie at their page points, and its box is drawn around these; one that moves along with the window
is drawn where it is highest. An element whose place on the page is
not known stands below the page, in its size.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np
from msgspec import Struct

from isotherm.model import FRACTION_MAX, Background, Box, State, Tile
from isotherm.model.elements import Element, read_element
from isotherm.model.geometry import SCROLLBAR_PX
from isotherm.query.context import Ask
from isotherm.query.deterministic import HOW_OFTEN, most_frequent
from isotherm.query.wireframe_svg import Drawn, drawing
from isotherm.storage.ports import Columns

WIREFRAME: Final = "wireframe"
"""Its id and its origin: it is drawn for the answer, and kept nowhere."""

USUAL_PX: Final = (1440, 900)
MOST_PX: Final = 200_000
MOST_BOXES: Final = 2_000
STRIP_PX: Final = 4_000
AROUND_PX: Final = 12.0  # a box drawn around points reaches this far beyond them
GAP_PX: Final = 24.0

_WINDOW = """
SELECT viewport_w, median(nullif(viewport_h, 0)) AS viewport_h,
  coalesce(sum(clicks * weight) FILTER (WHERE page_x IS NOT NULL), 0) AS placed,
  sum(clicks * weight) AS clicks, max(time_ms) AS seen_ms
FROM actions WHERE slot_scope AND viewport_w > 0 GROUP BY viewport_w
ORDER BY placed DESC, clicks DESC, viewport_w DESC LIMIT 1
"""
_HEIGHT = """
SELECT median(page_height_px) AS height FROM views
WHERE slot_scope AND viewport_w BETWEEN $least AND $greatest AND depth_meaningful
"""
_ELEMENTS = f"""
WITH near AS (
  SELECT target, action_name, time_ms, event, clicks * weight AS clicks, element_w, element_h,
    page_x, page_y, viewport_w BETWEEN $least AND $greatest AS here,
    page_x - fx / $whole * element_w AS left_px, page_y - fy / $whole * element_h AS top_px
  FROM actions WHERE slot_scope AND target <> 0
), often AS (
  SELECT target, nullif(action_name, 0) AS action_name, {HOW_OFTEN} FROM near GROUP BY ALL
), named AS ({most_frequent("action_name", "target", "often")}), counted AS (
SELECT target, sum(clicks) AS clicks,
  median(left_px) FILTER (WHERE here) AS left_px, median(top_px) FILTER (WHERE here) AS top_px,
  coalesce(median(element_w) FILTER (WHERE here), median(element_w)) AS width,
  coalesce(median(element_h) FILTER (WHERE here), median(element_h)) AS height,
  min(page_x) FILTER (WHERE here) AS x0, max(page_x) FILTER (WHERE here) AS x1,
  min(page_y) FILTER (WHERE here) AS y0, max(page_y) FILTER (WHERE here) AS y1
FROM near GROUP BY target
)
SELECT counted.target, counted.clicks, counted.left_px, counted.top_px, counted.width,
  counted.height, counted.x0, counted.x1, counted.y0, counted.y1, named.action_name
FROM counted JOIN named USING (target)
JOIN terms ON terms.kind = 'target' AND terms.id = target
ORDER BY clicks DESC, terms.text LIMIT $most
"""
_LOWEST = """
SELECT max(page_y) AS y FROM actions
WHERE slot_scope AND viewport_w BETWEEN $least AND $greatest
"""


class _Window(Struct, frozen=True):
    """The window that most page points come from."""

    width: int
    height: int
    seen_ms: int

    @property
    def like(self) -> dict[str, object]:
        """Widths whose page points are comparable with its own."""
        return {"least": self.width - SCROLLBAR_PX, "greatest": self.width + SCROLLBAR_PX}


class _Part(Struct, frozen=True):
    """An element with its box; `known` = its place on the page is."""

    element: Element
    name: str
    box: Box
    known: bool


def wireframe(ask: Ask[Any], least_px: int = 0) -> Background:
    """Return the wireframe of a scope's page, at least so high."""
    window = _window(ask)
    with ask.context.timed("place"):
        parts = list(_parts(ask, _elements(ask, window), window))
        lowest = max((p.box.top + p.box.height for p in parts if p.known), default=0.0)
        page_height = max(_page_height(ask, window, lowest), min(least_px, MOST_PX))
        loose = [part for part in parts if not part.known]
        below = list(_below(loose, page_height, window.width))
        shown = [part for part in parts if part.known] + below
        height = page_height
        if below:
            height = round(max(p.box.top + p.box.height for p in below) + GAP_PX)
        boxes = _by_key(shown)
        drawn = [Drawn(part.box, part.name) for part in shown]
        notices: tuple[str, ...] = ()
        if below:
            notices = (f"elements below the page, whose place on it is not known: {len(below)}",)
        return Background(
            id=WIREFRAME,
            application=ask.scope.application,
            page=ask.scope.pages[0] if ask.scope.pages else "",
            state=State(WIREFRAME),
            origin=WIREFRAME,
            created_ms=window.seen_ms,
            seen_ms=window.seen_ms,
            viewport_w=window.width,
            viewport_h=window.height,
            width=window.width,
            height=height,
            page_height=page_height,
            tiles=tuple(
                Tile(top, part, drawing(drawn, window.width, top, part, page_height))
                for top in range(0, height, STRIP_PX)
                for part in [min(STRIP_PX, height - top)]
            ),
            boxes=boxes,
            notices=notices,
        )


def _window(ask: Ask[Any]) -> _Window:
    columns = ask.context.run(
        ask.conditions.build(_WINDOW, scope=ask.conditions.actions(signal=False))
    )
    if not len(columns["viewport_w"]):
        return _Window(*USUAL_PX, ask.scope.to_ms)
    high = float(columns["viewport_h"][0])
    return _Window(
        int(columns["viewport_w"][0]),
        round(high) if np.isfinite(high) else USUAL_PX[1],
        int(columns["seen_ms"][0]),
    )


def _elements(ask: Ask[Any], window: _Window) -> Columns:
    asked = {"whole": float(FRACTION_MAX), "most": MOST_BOXES, **window.like}
    return _ask(ask, _ELEMENTS, asked)


def _page_height(ask: Ask[Any], window: _Window, lowest: float) -> int:
    """Return the height of the document, as the visits had it and no less than what is on it."""
    conditions = ask.conditions
    statement = conditions.build(_HEIGHT, scope=conditions.views())
    views = ask.context.run(type(statement)(statement.sql, {**statement.values, **window.like}))
    points = _ask(ask, _LOWEST, window.like)
    found = [lowest, _number(views["height"][0]), _number(points["y"][0]) + 1, window.height]
    return min(MOST_PX, round(max(found)))


def _parts(ask: Ask[Any], columns: Columns, window: _Window) -> Iterator[_Part]:
    engine = ask.context.engine
    texts, names = engine.terms("target"), engine.terms("action_name")
    targets = [texts.get(number, "") for number in columns["target"].tolist()]
    # Equal counts by text: the numbers of texts differ from one store to another.
    by_clicks = sorted(
        range(len(targets)), key=lambda at: (-float(columns["clicks"][at]), targets[at])
    )
    for at in by_clicks:
        found = {name: float(values[at]) for name, values in columns.items()}
        element = read_element(targets[at])
        if not element.key:
            continue
        name = found["action_name"]
        named = names.get(int(name), "") if np.isfinite(name) else ""
        size = (found["width"], found["height"])
        sized = all(np.isfinite(size)) and min(size) > 0
        corner = (found["left_px"], found["top_px"])
        points = [found[one] for one in ("x0", "x1", "y0", "y1")]
        drawn_around = False
        if sized and all(np.isfinite(corner)):
            place = (*corner, *size)
        elif all(np.isfinite(points)):
            x0, x1, y0, y1 = points
            around, moves = AROUND_PX, y1 - y0 > window.height
            high = 2 * around + (0.0 if moves else y1 - y0)
            place = (x0 - around, y0 - around, x1 - x0 + 2 * around, high)
            drawn_around = True
        elif sized:
            place = (0.0, 0.0, min(size[0], window.width - 2 * GAP_PX), size[1])
        else:
            continue
        known = bool(all(np.isfinite(points)))
        text = element.print.text
        box = Box(*place, print=text, drawn=drawn_around)
        yield _Part(element, named or _last_step(element.key), box, known)


def _below(parts: Sequence[_Part], top: float, width: int) -> Iterator[_Part]:
    """Put elements whose place is not known under the page, in rows."""
    left, row_top, row_height = GAP_PX, top + 2 * GAP_PX, 0.0
    for part in parts:
        box = part.box
        if left > GAP_PX and left + box.width > width - GAP_PX:
            left, row_top, row_height = GAP_PX, row_top + row_height + GAP_PX, 0.0
        if row_top + box.height > MOST_PX:
            return
        placed = Box(left, row_top, box.width, box.height, print=box.print)
        yield _Part(part.element, part.name, placed, part.known)
        left += box.width + GAP_PX
        row_height = max(row_height, box.height)


def _by_key(parts: Sequence[_Part]) -> dict[str, Box]:
    """Return boxes by key; of several elements under one key, the others are found by words."""
    boxes: dict[str, Box] = {}
    for part in parts:
        key, number = part.element.key, 2
        while key in boxes:
            key, number = f"{part.element.key} ({number})", number + 1
        boxes[key] = part.box
    return boxes


def _last_step(key: str) -> str:
    return key.rpartition(">")[2].strip() or key


def _ask(ask: Ask[Any], template: str, values: dict[str, object]) -> Columns:
    statement = ask.conditions.build(template, scope=ask.conditions.actions(signal=False))
    return ask.context.run(type(statement)(statement.sql, {**statement.values, **values}))


def _number(value: object) -> float:
    number = float(value)  # type: ignore[arg-type]
    return number if np.isfinite(number) else 0.0
