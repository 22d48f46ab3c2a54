"""One request and answer per question, the same files that go test and jest read."""

from pathlib import Path
from typing import Any

import msgspec
import pytest
from flask.testing import FlaskClient

from isotherm.query.questions import QUESTIONS
from tests.api.conftest import body

GOLDEN = Path(__file__).parent / "golden"

REQUESTS: dict[str, Any] = {
    "heat": body("heat"),
    "actions": body("actions"),
    "action": body("action", element="#pay", target="/done"),
    "scroll": body("scroll"),
    "page_stats": body("page_stats"),
    "pages": body("pages", page=""),
    "timeseries": body("timeseries", measure="clicks", by="element", intervalMs=3_600_000),
    "replays": body("replays", element="#pay"),
    "moments": body("moments", session="b"),
    "requests": body("requests", element="#pay"),
    "errors": body("errors"),
    "effect": body("effect"),
    "friction": body("friction"),
    "slow": body("slow"),
    "funnel": body("funnel", page="", steps=[{"page": "/cart"}, {"element": "#pay"},
                                            {"page": "/done"}]),
    "zone": body("zone", element="#pay", zone="Pay"),
    "annotations": body("annotations", burst_actions=2),
    "operations": body("operations", measure="pending"),
    "error": body("heat", filters=[{"key": "browser", "operator": "=~", "value": "("}]),
}  # fmt: skip


def test_every_question_has_a_golden_body() -> None:
    assert set(QUESTIONS) <= set(REQUESTS)


@pytest.mark.parametrize("name", REQUESTS)
def test_the_answer_is_the_golden_one(
    name: str, http: FlaskClient, request: pytest.FixtureRequest
) -> None:
    response = http.post("/api/v1/query", json=REQUESTS[name])
    assert response.status_code == 200
    answer = msgspec.json.decode(response.data)
    for result in answer["results"].values():
        for frame in result["frames"]:
            # the text of a statement is for people and may change with the SQL library
            frame["schema"]["meta"].pop("executedQueryString", None)
    found = {"request": REQUESTS[name], "response": answer}
    file = GOLDEN / f"{name}.json"
    if request.config.getoption("--write-golden"):
        file.write_bytes(msgspec.json.format(msgspec.json.encode(found), indent=1) + b"\n")
    assert msgspec.json.decode(file.read_bytes()) == msgspec.json.decode(msgspec.json.encode(found))
