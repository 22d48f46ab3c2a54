"""Whole Isotherms in a folder of their own, filled by posting requests."""

import random
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from isotherm.app.demo.sessions import sample_requests
from isotherm.app.settings import Settings
from isotherm.app.web import app_of
from isotherm.app.wiring import Components
from isotherm.pipeline.recorded_requests import StoredRequest

Start = Callable[[Sequence[StoredRequest]], "Isotherm"]


class Isotherm:
    """A running one, without pictures."""

    def __init__(self, folder: Path) -> None:
        self.components = Components(
            Settings({"data": str(folder), "capture": False, "quiet_period_s": 0.05})
        )
        self.components.start()
        self.client: FlaskClient = app_of(self.components).test_client()

    def post(self, requests: Sequence[StoredRequest]) -> None:
        """Post requests as they were and wait until everything is stored and read."""
        for request in requests:
            response = self.client.post(
                request.path,
                query_string=request.query,
                headers=request.headers,
                data=request.body,
            )
            assert response.status_code == 202, (request.path, response.text)
        assert self.components.worker.flush()

    def ask(self, question: str, application: str, **params: object) -> list[dict[str, object]]:
        """Return the rows of a question's frames, over all time."""
        query = {"refId": "A", "question": question, "application": application, **params}
        body = {"range": {"from": 0, "to": 4_000_000_000_000}, "queries": [query]}
        answer = self.client.post("/api/v1/query", json=body).json
        assert answer is not None
        assert answer["results"]["A"]["status"] == 200, answer
        return [
            dict(zip((field["name"] for field in frame["schema"]["fields"]), row, strict=True))
            for frame in answer["results"]["A"]["frames"]
            for row in zip(*frame["data"]["values"], strict=True)
        ]

    def counts(self) -> dict[str, int]:
        """Return the intake's counters; they must add up."""
        intake = self.client.get("/api/v1/status").json["intake"]  # type: ignore[index]
        assert intake["received"] == intake["accepted"] + sum(intake["dropped"].values())
        return {"received": intake["received"], "accepted": intake["accepted"], **intake["dropped"]}


@pytest.fixture(scope="module")
def requests() -> list[StoredRequest]:
    """Return every stored request, in order."""
    return list(sample_requests())


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Start]:
    """Start Isotherms; all are closed in the end."""
    running: list[Isotherm] = []

    def started(requests: Sequence[StoredRequest]) -> Isotherm:
        running.append(Isotherm(tmp_path_factory.mktemp("isotherm")))
        running[-1].post(requests)
        return running[-1]

    yield started
    for one in running:
        one.components.close()


@pytest.fixture(scope="module")
def in_order(start: Start, requests: list[StoredRequest]) -> Isotherm:
    """Return one that got every request once, in order."""
    return start(requests)


@pytest.fixture(scope="module")
def shuffled(requests: list[StoredRequest]) -> list[StoredRequest]:
    """Return every request three times, in no order."""
    thrice = requests * 3
    random.Random(20).shuffle(thrice)
    return thrice
