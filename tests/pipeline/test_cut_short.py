"""A recording whose first turn was too short is pictured in its next one, also as it grows."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from isotherm.app.settings import Settings
from isotherm.app.web import app_of
from isotherm.app.wiring import Components
from isotherm.pipeline.pictures.jobs import Job, Jobs
from tests.replay.events import START_MS, Page, click, meta, mutation, snapshot

pytestmark = pytest.mark.browser


@pytest.fixture
def isotherm(tmp_path: Path) -> Iterator[Components]:
    components = Components(
        Settings({"data": str(tmp_path), "quiet_period_s": 0.05, "picture_first_s": 0.001})
    )
    components.start()
    yield components
    components.close()


def post(
    isotherm: Components, *events: dict[str, Any] | list[dict[str, Any]], session: str = "s"
) -> None:
    flat = [one for given in events for one in (given if isinstance(given, list) else [given])]
    body = {"application": "shop", "session": session, "events": flat}
    answer = app_of(isotherm).test_client().post("/intake/rrweb", json=body)
    assert answer.status_code == 202, answer.text
    assert isotherm.worker.flush()
    assert isotherm.maker.wait_idle(120)


def shown(isotherm: Components) -> set[str]:
    query = f"from={START_MS - 1000}&to={START_MS + 100_000}&application=shop"
    client = app_of(isotherm).test_client()
    pages = client.get(f"/api/v1/backgrounds?{query}&page=/").json
    assert pages is not None
    found = set()
    for one in pages["backgrounds"]:
        boxes = client.get(f"/api/v1/backgrounds/{one['id']}/boxes").json
        found |= {key for key, box in boxes["boxes"].items() if box["visible"]}
    return found


def test_what_was_clicked_later_is_pictured_too(isotherm: Components) -> None:
    """The dialog opened after the page's first picture was made."""
    page = Page()
    opener = page.element("button", "Sizes", id="open")
    document = page.document(opener)
    post(isotherm, meta(), snapshot(document), click(opener["id"], 1000))
    assert "#open" in shown(isotherm)
    choice = page.element("button", "Large", id="large")
    body = document["childNodes"][1]["childNodes"][1]["id"]
    added = {"parentId": body, "nextId": None, "node": choice}
    post(isotherm, mutation(2000, adds=[added]), click(choice["id"], 3000))
    assert "#large" in shown(isotherm)


class FullAtFirst(Jobs):
    """A queue with no room for what was cut short, as while many others were; then it has room."""

    most = 0

    def again(self, job: Job, left: Sequence[tuple[str, str]]) -> None:
        """Let a job wait for its next turn, if there is room."""
        self._most, usual = self.most, self._most
        super().again(job, left)
        self._most, self.most = usual, usual


def test_what_was_given_up_is_pictured_from_the_next_recording(isotherm: Components) -> None:
    """Nobody else would be pictured for its elements if they still counted as tried."""
    page = Page()
    opener, choice = page.element("button", "Sizes", id="open"), page.element("button", id="large")
    document = page.document(opener)
    post(isotherm, meta(), snapshot(document), click(opener["id"], 1000))
    body = document["childNodes"][1]["childNodes"][1]["id"]
    opened = mutation(2000, adds=[{"parentId": body, "nextId": None, "node": choice}])
    visit = (meta(), snapshot(document), opened, click(choice["id"], 3000))
    queue = isotherm.maker._jobs = FullAtFirst(200)
    post(isotherm, *visit, session="given up")
    assert queue.counts()["skipped"] == 1
    assert "#large" not in shown(isotherm)
    post(isotherm, *visit, session="next")
    assert "#large" in shown(isotherm)
