"""Every privacy level of every sender: clicks count once, lie right, and masked texts stay masked.

The sessions in `privacy` were recorded by `python -m tests.accuracy.privacy` on one small page
whose parts are of a fixed size, so that places can be told in px whatever is masked.
"""

import json
from collections.abc import Iterator
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from isotherm.pipeline.recorded_requests import read_requests
from tests.accuracy.isotherm import Counted, Drawn, Isotherm
from tests.accuracy.serving import PICTURE
from tests.bench.servers import running
from tests.render.loopback import Server, reply

pytestmark = pytest.mark.server

SAMPLES = Path(__file__).parent / "privacy"
LEVELS = sorted(folder.name for folder in SAMPLES.iterdir())
BEFORE_MS, LONGEST_MS = 80, 4_000
NEAR_PX = 2.5
CLICKS = 8
PRIVATE_PART = 6  # the number of the click in the part that the page hides

NOT_RECORDED = {
    (level, PRIVATE_PART)
    for level in ("datadog", "datadog-mask", "datadog-mask-user-input", "rrweb-inputs-masked")
}
"""SDKs send no click in a part that is hidden (Datadog) or blocked (rrweb)."""

PAGE = ("kettle", "Departments", "Orders", "Ada", "gift", "Imprint", "Your address")
HIDDEN, TYPED = ("Secret plan",), ("ada@example.test",)
FORBIDDEN = {
    "datadog": HIDDEN,  # `allow` allows what is typed
    "datadog-mask": PAGE + HIDDEN + TYPED,
    "datadog-mask-user-input": HIDDEN + TYPED,
    "faro": TYPED,
    "faro-defaults": PAGE + HIDDEN + TYPED,
    "rrweb-click-only": TYPED,
    "rrweb-inputs-masked": HIDDEN + TYPED,
    "rrweb-masked": PAGE + HIDDEN + TYPED,
}
"""Words that must be in no label."""

SITE = "127.0.0.1:44885"
"""Where the page was when Faro recorded it with its defaults: without the text of its sheet."""

FILES = {
    "/privacy-shop/shop.css": (Path(__file__).parents[1] / "accuracy/pages/shop.css", "text/css"),
}


@pytest.fixture(scope="module")
def isotherm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Isotherm]:
    """Yield one that got the requests of every level and has made its pictures."""
    folder = tmp_path_factory.mktemp("privacy")
    site = Server(_serve)
    variables = {
        "ISOTHERM_SETTLE_S": "0.5",
        "ISOTHERM_CAPTURE_HOSTS": f"faro-defaults={SITE}@{site.host}",
    }
    with running(["isotherm", "serve", "--data", str(folder)], variables) as server:
        for level in LEVELS:
            for request in read_requests(SAMPLES / level / "requests.json"):
                connection = HTTPConnection("127.0.0.1", server.port, timeout=60)
                address = f"{request.path}?{request.query}"
                connection.request("POST", address, request.body, request.headers)
                response = connection.getresponse()
                assert response.status == 202, (level, response.read())
                connection.close()
        one = Isotherm(server.port)
        one.settle()
        yield one
    site.shutdown()
    site.server_close()


def _serve(handler: BaseHTTPRequestHandler) -> None:
    file, kind = FILES.get(handler.path, (None, ""))
    if file is None:
        reply(handler, PICTURE, "image/svg+xml")
    else:
        reply(handler, file.read_bytes(), kind)


def clicks(level: str) -> list[dict[str, Any]]:
    """Return what was clicked."""
    known: list[dict[str, Any]] = json.loads((SAMPLES / level / "truth.json").read_text())["clicks"]
    return known


def moment(level: str, number: int) -> tuple[int, int]:
    """Return the span of time (epoch ms) in which only this click was made."""
    done = clicks(level)
    at = done[number]["at"]
    end = done[number + 1]["at"] if number + 1 < len(done) else at + LONGEST_MS
    return at - BEFORE_MS, min(end, at + LONGEST_MS) - BEFORE_MS


def automatic(isotherm: Isotherm, level: str) -> dict[str, str]:
    """Return the automatic picture of each page."""
    return {page: isotherm.backgrounds(level, page)[1] for page in isotherm.pages(level)}


def counted(isotherm: Isotherm, level: str, number: int) -> list[Counted]:
    """Return the rows for one click."""
    return isotherm.counted(level, automatic(isotherm, level), moment(level, number))


def drawn(isotherm: Isotherm, level: str, number: int) -> Drawn:
    """Return where one click is, on the automatic picture or on the one that shows it."""
    at = moment(level, number)
    (row,) = counted(isotherm, level, number)
    found = isotherm.drawn(level, row, at)
    if found.point is None and found.shown_in:
        (row,) = isotherm.counted(level, {row.page: found.shown_in}, at)
        found = isotherm.drawn(level, row, at)
    return found


def cases() -> list[Any]:
    """Return every click at every level."""
    return [
        pytest.param(level, number, id=f"{level}-{number}")
        for level in LEVELS
        for number in range(CLICKS)
    ]


def test_every_level_has_every_click() -> None:
    assert set(LEVELS) == set(FORBIDDEN)
    assert {len(clicks(level)) for level in LEVELS} == {CLICKS}


@pytest.mark.parametrize(("level", "number"), cases())
def test_a_click_that_was_recorded_is_counted_once(
    isotherm: Isotherm, level: str, number: int
) -> None:
    recorded = (level, number) not in NOT_RECORDED
    assert sum(row.clicks for row in counted(isotherm, level, number)) == recorded


@pytest.mark.parametrize(
    ("level", "number"),
    [one for one in cases() if one.values not in NOT_RECORDED],
)
def test_a_click_is_drawn_where_it_was(isotherm: Isotherm, level: str, number: int) -> None:
    click = clicks(level)[number]
    found = drawn(isotherm, level, number)
    assert found.point is not None, found.reason
    off = max(abs(a - b) for a, b in zip(found.point, click["page"], strict=True))
    assert off <= NEAR_PX, (found, click)


@pytest.mark.parametrize("level", LEVELS)
def test_what_a_level_masks_is_no_label(isotherm: Isotherm, level: str) -> None:
    """Labels are what people read in lists and alerts; without one the key stands there."""
    rows = isotherm.counted(level, automatic(isotherm, level), (0, 4_000_000_000_000))
    labels = [row.name for row in rows if row.name != row.element]
    leaked = [
        (word, text) for text in labels for word in FORBIDDEN[level] if word.lower() in text.lower()
    ]
    assert leaked == []
    assert not [text for text in labels if text == "Masked Element" or not text.strip("x* ")]
