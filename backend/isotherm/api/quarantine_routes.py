"""The routes for who runs the server: quarantine, dead letters, backups."""

from typing import Any

from flask import Blueprint, Response, request
from msgspec import Struct

from isotherm.api.http_errors import json_response
from isotherm.api.json_body import json_object, read
from isotherm.api.services import Services
from isotherm.pipeline.quarantine import Quarantined, Stage


class Retry(Struct, frozen=True):
    """What to retry: one entry, a stage, or everything."""

    id: str | None = None
    stage: Stage | None = None


class BackupIn(Struct, frozen=True):
    """How a backup is to be called, and whether it holds the store of events alone."""

    name: str
    events_only: bool = False


def quarantine_blueprint(services: Services) -> Blueprint:
    """Return /quarantine, /dead_letters and /backup."""
    routes = Blueprint("quarantine", __name__)

    @routes.get("/quarantine")
    def listing() -> Response:
        return json_response({"recordings": [as_row(one) for one in services.quarantine.all()]})

    @routes.post("/quarantine/retry")
    def retry() -> Response:
        asked: Retry = read(json_object(request.get_data()), Retry)
        count = 0
        for one in services.quarantine.all(limit=None):
            if asked.id in {None, one.id} and asked.stage in {None, one.stage}:
                count += services.quarantine.release(one.recording, one.stage)
                services.try_again(one.recording, one.stage)
        return json_response({"recordings": count})

    @routes.post("/dead_letters/retry")
    def retry_dead() -> Response:
        return json_response({"events": services.spool.replay_dead()})

    @routes.post("/backup")
    def back_up() -> Response:
        asked: BackupIn = read(json_object(request.get_data()), BackupIn)
        return json_response(services.back_up(asked.name, asked.events_only))

    return routes


def as_row(one: Quarantined) -> dict[str, Any]:
    """Return an entry as a JSON object."""
    entry = {name: getattr(one, name) for name in one.__struct_fields__ if name != "recording"}
    recording = one.recording
    return {
        "application": recording.application,
        "session": recording.session_id,
        "view": recording.view_id,
        **entry,
    }
