"""Generated events of a small shop, with everything in them that a question reads."""

from collections.abc import Sequence
from random import Random
from typing import Any

from msgspec.structs import replace

from isotherm.model import Action, Box, Event, Resource, View
from tests.scenario import HOUR, MINUTE, NOON, call, click, error, long_task, picture, visit

PAGES = ("/", "/cart", "/done")
ELEMENTS = ("#pay", "#a", "#b", "#c", "")
WIDTHS = (1440, 1430, 1280, 820, 768, 390, 0)
BROWSERS = ("Chrome", "Chromium", "Safari", "")
VERSIONS = ("1.9", "1.10", "2.0", "")
PLANS = ("free", "pro", "7", "30", "")
USERS = ("ann", "bob", "cem", "")
SPAN = (NOON, NOON + 12 * HOUR)
PICTURES = tuple(
    picture(
        f"of{number}",
        {
            "#pay": Box(700, 300, 120, 40),
            "#a": Box(0, 0, 333, 77),
            "#b": Box(40, 900, 50, 50, visible=number == 0),
        },
        page=page,
        size=(1440, 1000),
    )
    for number, page in enumerate(PAGES)
)


def story(random: Random, sessions: int = 40) -> list[Event]:
    """Return the events of some sessions, in order of time within each."""
    told = [event for number in range(sessions) for event in _session(random, f"s{number}")]
    return _at_once(told) if random.random() < 0.5 else told


def _at_once(told: Sequence[Event]) -> list[Event]:
    """Let things happen at the same moment, as a sender with a coarse clock has it."""
    return [replace(one, time_ms=one.time_ms // MINUTE * MINUTE) for one in told]


def _session(random: Random, session: str) -> list[Event]:
    facets = {
        key: value
        for key, among in (("browser", BROWSERS), ("version", VERSIONS))
        if (value := random.choice(among))
    }
    plan = random.choice(PLANS)
    width = random.choice(WIDTHS)
    facts = {
        "session": session,
        "user_id": random.choice(USERS),
        "weight": random.choice((1.0, 1.0, 4.0, 2.5, 100 / 33)),
        "facets": facets,
        "attributes": {"plan": plan} if plan else {},
    }
    told: list[Event] = []
    at = NOON + random.randrange(-HOUR, 12 * HOUR)
    for number in range(random.randint(1, 4)):
        page = random.choice(PAGES)
        where = {**facts, "page": page, "view_id": f"{session}.{number}"}
        told.append(_view(random, at, width, where))
        clicks = [_click(random, at, width, where) for _ in range(random.randint(0, 8))]
        told += [*clicks, *_behind(random, clicks, width, where)]
        at += random.randrange(1, HOUR)
    return told


def _view(random: Random, at: int, width: int, where: dict[str, Any]) -> View:
    known = random.random() < 0.7
    slow = random.random() < 0.3
    return visit(
        **where,
        t=at,
        width=width,
        spent_ms=random.uniform(0, HOUR),
        depth=random.choice((300.0, 900.0, 1500.0)) if known else None,
        height=random.choice((1500.0, 2000.0)) if known else None,
        has_replay=random.random() < 0.5,
        inp_ms=random.uniform(20, 900) if slow else None,
        inp_element=random.choice(ELEMENTS) if slow else "",
    )


def _click(random: Random, at: int, width: int, where: dict[str, Any]) -> Action:
    placed = random.random() < 0.5
    rage = random.random() < 0.2
    return click(
        random.choice(ELEMENTS),
        **where,
        at=(random.random(), random.random()) if random.random() < 0.8 else None,
        t=at + random.randrange(HOUR),
        width=width,
        page_x=float(random.randrange(-10, 1500)) if placed else None,
        page_y=float(random.randrange(-10, 1200)) if placed else None,
        action_name=random.choice(("Pay", "Pay now", "")),
        clicks=random.randint(3, 9) if rage else 1,
        clicks_exact=not rage or random.random() < 0.8,
        rage=rage,
        dead=random.random() < 0.2,
        error=random.random() < 0.1,
        loading_ms=random.uniform(0, 900) if random.random() < 0.5 else None,
    )


def _behind(
    random: Random, clicks: Sequence[Action], width: int, where: dict[str, Any]
) -> list[Event]:
    """Return what happened because of clicks, with the facts of their session."""
    told: list[Event] = []
    for cause in clicks:
        if random.random() < 0.3:
            told.append(_request(random, cause))
        if random.random() < 0.2:
            told.append(long_task(cause, t=cause.time_ms + 5, script="a.js"))
        if random.random() < 0.2:
            message = random.choice(("boom", "no stock"))
            told.append(error(t=cause.time_ms + 7, message=message, action_ids=(cause.event_id,)))
    facts = {key: value for key, value in where.items() if key != "session"}
    return [replace(one, **facts, session_id=where["session"], viewport_w=width) for one in told]


def _request(random: Random, cause: Action) -> Resource:
    return call(
        cause,
        path=random.choice(("/api/stock", "/api/pay")),
        t=cause.time_ms + 3,
        status=random.choice((200, 200, 404, 500, 0)),
        duration_ms=random.uniform(1, 900),
    )
