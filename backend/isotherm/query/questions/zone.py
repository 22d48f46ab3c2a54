"""What happens in an area of a page: a rectangle on its picture, or one element.

Users and sessions are counted over the area: they are never the sum of its cells, because who
clicks twice is one person.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

import msgspec
import numpy as np
from msgspec import Meta, Struct

from isotherm.model import Background, Signal
from isotherm.model.errors import Code, IsothermError
from isotherm.model.geometry import Array, Grid, comparable
from isotherm.query.context import Ask
from isotherm.query.counting import distinct
from isotherm.query.frame import Field, Frame, Shape, frame_of_rows
from isotherm.query.lookups import whole
from isotherm.query.notices import count_notices
from isotherm.query.pictures import AUTOMATIC, described, wanted
from isotherm.query.placing.canvas import common_width
from isotherm.query.placing.unboxed import place_rest
from isotherm.query.questions.scroll import measured_depths, statement
from isotherm.storage.ports import Columns

ZONE = Shape(
    "zone",
    "One row.",
    (
        Field("zone", "string", "Its name"),
        Field("clicks", "number", "Clicks in it, weighted by the sample rate", "short"),
        Field("share", "number", "clicks ÷ all clicks in scope", "percentunit"),
        Field("users", "integer", "Different users who clicked in it; 0: none is named", "short"),
        Field("sessions", "integer", "Different sessions that clicked in it", "short"),
        Field("rage", "number", "Clicks of actions with the rage signal", "short"),
        Field("dead", "number", "Clicks of actions with the dead signal", "short"),
        Field("error", "number", "Clicks of actions with the error signal", "short"),
        Field("first_clicks", "number", "First clicks of their view that are in it", "short"),
        Field(
            "exposed",
            "integer",
            "Different visitors whose screen reached its middle: users, or sessions without one",
            "short",
        ),
        Field("clicked", "integer", "Exposed visitors who clicked in it", "short"),
        Field(
            "click_rate", "number", "clicked ÷ exposed; null when nobody is known to be exposed",
            "percentunit", nullable=True,
        ),
    ),
)  # fmt: skip
VALUE = Shape(
    "zone_value",
    "One row with one number, as alert rules take it; the strings become its labels.",
    (
        Field("application", "string", "Application"),
        Field("page", "string", "Page"),
        Field("zone", "string", "Its name"),
        Field("value", "number", "The measure asked for", "short", nullable=True),
    ),
)
META = {
    "clicks": "clicks in scope, weighted by the sample rate: the denominator of `share`",
    "exact": "every click was counted; false: a rage chain is known by its lower bound only",
    "estimated": "some sessions were sampled, so counts are weighted",
    "unmeasured_views": "views whose depth is not known; their visitors are not in `exposed`",
    "rectangle": "left, top, width and height on the background; null for an element without box",
    "background": "the picture that the rectangle is on; null when there is none",
}

ZoneNumber = Literal[
    "", "clicks", "share", "users", "sessions", "rage", "dead", "error", "first_clicks",
    "exposed", "clicked", "click_rate",
]  # fmt: skip

_ROWS = """
SELECT target, element, kind, fx, fy, page_x, page_y, viewport_w, clicks, weight, clicks_exact,
  "user", session, slot_rage AS rage, dead, error
FROM actions WHERE slot_scope
"""
_NO_USER = 1 << 53
"""Added to the id of a session whose user is not known, to tell it from a user's id."""

_SIGNALS = ("rage", "dead", "error")

Px = Annotated[float, Meta(ge=0, le=1_000_000)]


class Area(Struct, frozen=True):
    """A rectangle in px of a background."""

    left: Px = 0.0
    top: Px = 0.0
    width: Px = 0.0
    height: Px = 0.0


class Params(Struct, frozen=True):
    """Which area: a rectangle or an element."""

    zone: Annotated[str, Meta(description="Its name.", max_length=200)] = ""
    element: Annotated[
        str, Meta(description="Element key; the zone is this element.", max_length=4096)
    ] = ""
    area: Annotated[
        Area, Meta(description="Left, top, width and height in px of the background.")
    ] = Area()
    background: Annotated[
        str, Meta(description="Id of a background, or `auto` for the best one.", max_length=200)
    ] = AUTOMATIC
    number: Annotated[
        ZoneNumber, Meta(description="Answer with this number only, as alert rules need it.")
    ] = ""


class Clicked(Struct, frozen=True):
    """The clicks of an area."""

    clicks: float
    of: float  # clicks in scope
    users: int
    sessions: int
    signals: Mapping[str, float]
    visitors: Array  # ids of the different visitors
    exact: bool
    sampled: bool


def answer(ask: Ask[Params]) -> list[Frame]:
    """Count one area. Raises INVALID for a scope of several pages, or neither area nor element."""
    params, scope = ask.params, ask.scope
    if len(scope.pages) != 1:
        raise IsothermError(Code.INVALID, "Choose a page", field="page")
    if not params.element and not (params.area.width and params.area.height):
        message = "Choose an area: an element, or left, top, width and height"
        raise IsothermError(Code.INVALID, message, field="element")
    background = wanted(ask, params.background)
    rectangle = _rectangle(ask, background)
    found = _clicked(ask, background)
    first = _clicked(_first_clicks(ask), background)
    exposed, unmeasured = _exposed(ask, background, rectangle)
    clicked = len(np.intersect1d(found.visitors, exposed, assume_unique=True))
    name = params.zone or params.element
    row: dict[str, Any] = {
        "zone": name,
        "clicks": whole(found.clicks),
        "share": found.clicks / found.of if found.of else 0.0,
        "users": found.users,
        "sessions": found.sessions,
        **{signal: whole(clicks) for signal, clicks in found.signals.items()},
        "first_clicks": whole(first.clicks),
        "exposed": len(exposed),
        "clicked": clicked,
        "click_rate": clicked / len(exposed) if len(exposed) else None,
    }
    meta = {
        "clicks": whole(found.of),
        "exact": found.exact and not found.sampled,
        "estimated": found.sampled,
        "unmeasured_views": whole(unmeasured),
        "rectangle": rectangle,
        "background": described(background),
        "notices": count_notices(exact=found.exact, estimated=found.sampled),
    }
    if params.number:
        value = {"application": scope.application, "page": scope.pages[0], "zone": name,
                 "value": row[params.number]}  # fmt: skip
        return [frame_of_rows(VALUE, [value], meta=meta)]
    return [frame_of_rows(ZONE, [row], meta=meta)]


def _first_clicks(ask: Ask[Params]) -> Ask[Params]:
    scope = msgspec.structs.replace(ask.scope, signal=Signal.FIRST)
    return Ask.about(scope, ask.params, ask.context)


def _rectangle(ask: Ask[Params], background: Background | None) -> dict[str, float] | None:
    params = ask.params
    if not params.element:
        return msgspec.structs.asdict(params.area)
    box = background.boxes.get(params.element) if background else None
    if box is None or not box.visible:
        return None
    return {"left": box.left, "top": box.top, "width": box.width, "height": box.height}


def _clicked(ask: Ask[Params], background: Background | None) -> Clicked:
    columns = ask.context.run(ask.conditions.build(_ROWS, scope=ask.conditions.actions()))
    with ask.context.timed("place"):
        inside = _inside(ask, columns, background)
        weight = columns["weight"].astype(np.float64)
        clicks = columns["clicks"] * weight
        user, session = columns["user"][inside], columns["session"][inside]
        return Clicked(
            clicks=float(clicks[inside].sum()),
            of=float(clicks.sum()),
            users=distinct(user),
            sessions=distinct(session),
            signals={
                name: float(clicks[inside & columns[name].astype(np.bool_)].sum())
                for name in _SIGNALS
            },
            visitors=_visitors(user, session),
            exact=bool(columns["clicks_exact"].all()),
            sampled=bool((weight != 1).any()),
        )


def _inside(ask: Ask[Params], columns: Columns, background: Background | None) -> Array:
    """Tell for each action whether it was in the area."""
    params, area = ask.params, ask.params.area
    if params.element:
        number = ask.conditions.term("element", params.element)
        return np.asarray(columns["element"] == number)
    inside = np.zeros(len(columns["clicks"]), np.bool_)
    if background is None:
        x, y = columns["page_x"].astype(np.float64), columns["page_y"].astype(np.float64)
        near = comparable(columns["viewport_w"], common_width(columns))
        right, bottom = area.left + area.width, area.top + area.height
        return near & (x >= area.left) & (x < right) & (y >= area.top) & (y < bottom)
    numbered = {**columns, "who": np.arange(len(inside))}  # so that placed rows can be told
    grid = Grid.over(background.width, background.height, 1)
    placed = place_rest(ask.context, numbered, background, grid)
    row, column = np.divmod(placed.cells, grid.stride)
    x, y = column - 1, row - 1  # the border
    within = (x >= np.floor(area.left)) & (x < np.ceil(area.left + area.width))
    within &= (y >= np.floor(area.top)) & (y < np.ceil(area.top + area.height))
    inside[placed.who[within]] = True
    return inside


def _exposed(
    ask: Ask[Params], background: Background | None, rectangle: Mapping[str, float] | None
) -> tuple[Array, float]:
    """Return the visitors whose screen reached the area's middle, and the views not measured."""
    columns = ask.context.run(statement(ask, ("session",)))
    with ask.context.timed("place"):
        measured, _, depths = measured_depths(columns, background)
        unmeasured = float(columns["weight"][~measured].sum(dtype=np.float64))
        if rectangle is None:
            return np.empty(0, np.int64), unmeasured
        saw = depths.depth >= rectangle["top"] + rectangle["height"] / 2
        user, session = columns["user"][measured][saw], columns["session"][measured][saw]
        return _visitors(user, session), unmeasured


def _visitors(user: Array, session: Array) -> Array:
    """Return the different visitors: users, and the sessions of nobody known."""
    who = np.where(user != 0, user.astype(np.int64), session.astype(np.int64) + _NO_USER)
    return np.unique(who[(user != 0) | (session != 0)])
