"""Texts made to be slow to read, in every place a stranger may put them: 1 MB beside 10 MB."""

import gc
import json
import time
from collections.abc import Callable, Iterator
from typing import Any

from isotherm.intake.options import Options
from isotherm.intake.requests import IntakeRequest
from isotherm.intake.steps import Steps
from isotherm.model.errors import IsothermError
from isotherm.replay.derive.session import derive
from isotherm.replay.derive.signal_rules import SignalRules
from isotherm.replay.playback.rrweb_events import playback
from isotherm.replay.recording import recordings_of
from tests.bench.figures import Figure
from tests.bench.work import Work
from tests.intake.test_hostile import action, nested
from tests.replay.events import Page, click, meta, rrweb, snapshot

SMALL, LARGE = 1_000_000, 10_000_000
MOST = 20.0  # a quadratic reader takes a hundred times as long

Read = Callable[[int], object]
"""Reads about so many bytes."""

UNITS = (
    "a", " ", "/", "/1", "%", "?a=b&", "a:b@", "http://a:b@c/?token=x ", "Bearer a ", "eyJhbGci.",
    "#", "a>", "a:nth-child(1)>", "[", "(", "{", "{}", "\\", '"', "'", "*", "x ", ".a", ",", "\n",
    "    at x (http://y/z.js:1:2)\n", "\u00e9", "=", "<a>", "/*", "url(", "@media x{", "a{b:c}",
)  # fmt: skip


def measure(work: Work) -> list[Figure]:
    """Read each text at both sizes; the figures are the worst growth and the slowest reading."""
    figures = []
    for what, places in (("intake", _bodies()), ("recordings", _recordings())):
        growth, slowest, count = (0.0, ""), (0.0, ""), 0
        for name, read in places:
            small, large = min(_seconds(read, SMALL) for _ in range(2)), _seconds(read, LARGE)
            count += 1
            slowest = max(slowest, (large, name))
            if large > 1.0:  # less is no harm, and its ratio is noise
                growth = max(growth, (large / small, name))
        work.say(f"{what}: slowest {slowest[1]}, {slowest[0]:.1f} s; growth {growth[1]}")
        figures.append(
            Figure(
                f"{count} hostile texts of 10 MB ({what}), the one that grows most",
                f"{slowest[0]:.1f} s for the slowest ({slowest[1]})", f"1 MB ({growth[1]})",
                ratio=growth[0], most=MOST,
            )
        )  # fmt: skip
    return figures


def _seconds(read: Read, size: int) -> float:
    gc.collect()
    started = time.process_time()
    read(size)
    return time.process_time() - started


def _bodies() -> Iterator[tuple[str, Read]]:
    steps = Steps(Options())

    def reading(path: str, make: Callable[[int], bytes]) -> Read:
        def read(size: int) -> None:
            body, headers = make(size), {"content-type": "text/plain"}
            try:
                steps.run(IntakeRequest.of_path(path, body=body, headers=headers))
            except IsothermError:
                return  # refusing is an answer, too

        return read

    for unit in UNITS:
        for place, fields in _DATADOG.items():
            yield (
                f"Datadog {place} {unit!r}",
                reading("/intake/datadog", _line(fields, unit)),
            )
        yield f"Guance {unit!r}", reading("/intake/guance/v1/write/rum", _repeated(unit))
        yield f"Guance field {unit!r}", reading("/intake/guance/v1/write/rum", _point(unit))
    yield "Datadog, nested", reading("/intake/datadog", lambda size: nested(size // 6))


_DATADOG: dict[str, Callable[[str], dict[str, Any]]] = {
    "address": lambda text: {"view": {"id": "v", "url": f"http://a/{text}"}},
    "host": lambda text: {"view": {"id": "v", "url": f"http://{text}"}},
    "name": lambda text: {"action": {"id": "a", "type": "click", "target": {"name": text}}},
    "selector": lambda text: {"_dd": {"action": {"target": {"selector": text}}}},
    "attribute": lambda text: {"context": {"k": text}},
    "error": lambda text: {"type": "error", "error": {"id": "e", "message": text, "stack": text}},
    "request": lambda text: {
        "type": "resource",
        "resource": {"id": "r", "type": "xhr", "url": f"http://a/{text}"},
    },
}


def _repeated(unit: str) -> Callable[[int], bytes]:
    return lambda size: (unit * (size // len(unit.encode()))).encode()


def _line(fields: Callable[[str], dict[str, Any]], unit: str) -> Callable[[int], bytes]:
    def make(size: int) -> bytes:
        text = unit * (size // len(json.dumps(unit)[1:-1]))
        return json.dumps(action(**fields(text))).encode()

    return make


def _point(unit: str) -> Callable[[int], bytes]:
    escaped = unit.replace("\\", "\\\\").replace('"', '\\"')
    start, end = 'action,app_id=a,session_id=s,view_id=v action_name="', '" 1795364509169'
    return lambda size: f"{start}{escaped * (size // len(escaped.encode()))}{end}".encode()


def _recordings() -> Iterator[tuple[str, Read]]:
    for unit in UNITS:
        for place in ("id", "class", "style", "aria-label", "href", "text", "sheet"):
            yield f"{place} {unit!r}", _recorded(place, unit)
    yield "siblings", lambda size: _read(lambda page: [_siblings(page, size // 120)])
    yield "depth", lambda size: _read(lambda page: [_deep(page, size // 100)])


def _recorded(place: str, unit: str) -> Read:
    def read(size: int) -> None:
        text = unit * (size // len(unit.encode()))

        def made(page: Page) -> list[dict[str, Any]]:
            if place == "text":
                return [page.element("p", text)]
            if place == "sheet":
                return [page.element("p", "x"), page.element("style", text)]
            return [page.element("a", "x", **{place: text})]

        _read(made)

    return read


def _siblings(page: Page, count: int) -> dict[str, Any]:
    return page.element("div", *[page.element("i", "x") for _ in range(count)])


def _deep(page: Page, depth: int) -> dict[str, Any]:
    inner = page.element("b", "x")
    for _ in range(min(depth, 400)):  # a body that is nested more deeply is refused
        inner = page.element("div", inner)
    return inner


def _read(made: Callable[[Page], list[dict[str, Any]]]) -> None:
    """Read a recording in all the ways there are: clicks and views, a state, a playback."""
    page = Page()
    nodes = made(page)
    clicks = [*click(nodes[0]["id"], 2_000), *click(nodes[0]["id"], 2_100)]
    segment = rrweb(meta(), snapshot(page.document(*nodes)), *clicks)
    derive([segment], SignalRules(), lambda url, _: url)
    for recording in recordings_of([segment]):
        recording.state_at(recording.end_ms).snapshot()
    playback([segment])
