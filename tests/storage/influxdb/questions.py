"""Every question there is, about the whole of an application and its busiest page and action."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import msgspec

from isotherm.api.answering import answer_queries
from isotherm.app.wiring import Components
from isotherm.query.questions import QUESTIONS

Answers = dict[str, dict[str, bytes]]
"""Application -> question as it was asked -> its frames as JSON."""


Ask = Callable[[dict[str, Any]], dict[str, Any]]
"""Answers the body of a request to /api/v1/query."""


def answers(components: Components, span: tuple[int, int]) -> Answers:
    """Ask every question about every application; each must be answered."""
    applications = sorted(components.engine.terms("application").values())
    services = components.services()
    return answers_by(lambda body: answer_queries(services, body)[0], applications, span)


def answers_by(
    ask: Ask, applications: Sequence[str], span: tuple[int, int], *, of_page_only: bool = False
) -> Answers:
    """Ask every question about some applications; each must be answered."""
    found: Answers = {}
    for application in applications:
        about: dict[str, Any] = {"application": application}
        (pages,) = _frames(ask, span, about | {"question": "pages"})
        page = pages["data"]["values"][_column(pages, "page")][0]
        (actions,) = _frames(ask, span, about | {"question": "actions", "page": page})
        names = actions["data"]["values"][_column(actions, "action_name")]
        (replays,) = _frames(ask, span, about | {"question": "replays"})
        session = replays["data"]["values"][_column(replays, "session")][0]
        asked = list(
            _questions(
                page,
                names[0] if names else "none",
                session,
                sum(span) // 2,
                [{"page": page}] if of_page_only else [{}, {"page": page}, _narrow(page)],
            )
        )
        assert {question["question"] for question in asked} == set(QUESTIONS)
        found[application] = {
            msgspec.json.encode(question).decode(): msgspec.json.encode(
                _frames(ask, span, about | question)
            )
            for question in asked
        }
    return found


def _narrow(page: str) -> dict[str, Any]:
    return {"page": page, "width": {"max": 1280}}


def _questions(
    page: str, action: str, session: str, middle_ms: int, scopes: Sequence[dict[str, Any]]
) -> Iterator[dict[str, Any]]:
    for scope in scopes:
        for metric in ("clicks", "users", "sessions"):
            yield {"question": "heat", "metric": metric} | scope
        for signal in ("rage", "dead", "error", "first", "last"):
            yield {"question": "heat", "signal": signal} | scope
        yield {"question": "actions"} | scope
        yield {"question": "actions", "by": "action_name"} | scope
        yield {"question": "action", "action_name": action, "target": page} | scope
        yield {"question": "scroll"} | scope
        yield {"question": "page_stats"} | scope
        yield {"question": "pages"} | scope
        for measure in ("clicks", "rage", "views", "users"):
            yield {"question": "timeseries", "measure": measure, "intervalMs": 3_600_000} | scope
        yield {"question": "timeseries", "by": "device", "intervalMs": 3_600_000} | scope
        yield {"question": "replays"} | scope
        yield {"question": "requests"} | scope
        yield {"question": "requests", "action_name": action, "kinds": "all"} | scope
        yield {"question": "errors"} | scope
        yield {"question": "errors", "action_name": action} | scope
        yield {"question": "annotations"} | scope
        yield {"question": "effect", "at_ms": middle_ms} | scope
        yield {"question": "friction"} | scope
        yield {"question": "slow", "by": "page"} | scope
        yield {"question": "slow", "by": "element"} | scope
    yield {"question": "moments", "session": session}
    yield {"question": "zone", "page": page, "area": {"width": 1440, "height": 900}}
    yield {"question": "funnel", "steps": [{"page": "/"}, {"page": "/cart"}]}
    yield {"question": "funnel", "steps": [{"page": page}, {"action_name": action}]}


def _frames(ask: Ask, span: tuple[int, int], query: dict[str, Any]) -> list[dict[str, Any]]:
    body = {"range": {"from": span[0], "to": span[1]}, "queries": [query | {"refId": "A"}]}
    result = msgspec.json.decode(msgspec.json.encode(ask(body)))["results"]["A"]
    assert result["status"] == 200, (query, result["error"])
    frames: list[dict[str, Any]] = msgspec.json.decode(msgspec.json.encode(result["frames"]))
    for frame in frames:  # how it was worked out is each store's own
        frame["schema"]["meta"].pop("executedQueryString", None)
    return frames


def _column(frame: dict[str, Any], name: str) -> int:
    return [field["name"] for field in frame["schema"]["fields"]].index(name)
