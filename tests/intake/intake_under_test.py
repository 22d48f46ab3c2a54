"""The stored requests, and the intake's routes with a list in place of the spool."""

import json
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from isotherm.intake.drops import Counters
from isotherm.intake.options import Options
from isotherm.intake.requests import IntakeRequest
from isotherm.intake.routes import intake_blueprint
from isotherm.intake.steps import Steps
from isotherm.model import Event
from isotherm.model.errors import Code, IsothermError
from isotherm.pipeline.recorded_requests import StoredRequest, read_requests

SAMPLES = Path(__file__).parents[1] / "samples"
NOW_MS = 1_795_364_500_000


def sessions_of(sender: str) -> list[str]:
    """Return the sample sessions of a sender: `datadog/dd7-desktop-allow`, ..."""
    indexes = sorted(SAMPLES.glob(f"{sender}/*/requests.json"))
    return [f"{sender}/{index.parent.name}" for index in indexes]


def stored(session: str) -> list[StoredRequest]:
    return list(read_requests(SAMPLES / session / "requests.json"))


def as_intake(request: StoredRequest) -> IntakeRequest:
    return IntakeRequest.of_path(
        request.path, query=request.query, headers=request.headers, body=request.body
    )


def sample_requests(session: str) -> list[IntakeRequest]:
    return [as_intake(request) for request in stored(session)]


def truth(session: str) -> Any:
    return json.loads((SAMPLES / session / "truth.json").read_text())


class Intake:
    """A small application around the routes."""

    def __init__(self, **options: Any) -> None:
        self.events: list[Event] = []
        self.counters = Counters(clock_ms=lambda: NOW_MS)
        self.disk_is_full = False
        checked = Options(**options)
        app = Flask("intake-under-test")
        app.register_blueprint(
            intake_blueprint(Steps(checked), self.append, self.counters, checked)
        )
        self.client: FlaskClient = app.test_client()

    def append(self, events: list[Event]) -> None:
        if self.disk_is_full:
            raise IsothermError(Code.STORE_UNAVAILABLE, "The disk is full", retry_after_s=30)
        self.events.extend(events)
