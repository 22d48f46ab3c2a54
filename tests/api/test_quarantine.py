"""What could not be read is told over HTTP, tried again over HTTP, and not played."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from isotherm.api.services import Services
from isotherm.model import Segment, SegmentFormat
from isotherm.model.errors import Code, IsothermError
from isotherm.pipeline.quarantine import Quarantine
from isotherm.pipeline.readers.messages import Start
from isotherm.pipeline.readers.playing import Playing
from isotherm.pipeline.readers.process import ReaderProcess
from isotherm.storage.objects.replays import LocalReplays
from isotherm.storage.ports import Recording
from isotherm.storage.saved.db import open_database

SESSION = Recording("shop", "broken", None)
SAMPLE = Path(__file__).parents[1] / "samples/rrweb/rrweb-desktop.events.json"


@pytest.fixture
def broken(served: Services) -> Iterator[None]:
    served.quarantine.add(SESSION, "reading", "It is too long.", sender="faro", events=7)
    served.quarantine.add(SESSION, "playback", "It is too long.")
    yield
    served.quarantine.erase("shop", ["broken"])


@pytest.mark.usefixtures("broken")
def test_status_and_metrics_tell_how_much_is_set_aside(http: FlaskClient) -> None:
    told = http.get("/api/v1/status").get_json()["quarantine"]
    assert told["reading"] == {"recordings": 1, "events": 7}
    assert told["picture"] == {"recordings": 0, "events": 0}
    metrics = http.get("/metrics").get_data(as_text=True)
    assert 'isotherm_quarantine_recordings{stage="reading"} 1.0' in metrics
    assert 'isotherm_quarantine_events{stage="reading"} 7.0' in metrics


@pytest.mark.usefixtures("broken")
def test_one_stage_is_tried_again(http: FlaskClient, served: Services) -> None:
    listed = http.get("/api/v1/quarantine").get_json()["recordings"]
    assert {one["stage"] for one in listed} == {"reading", "playback"}
    chosen = next(one for one in listed if one["stage"] == "reading")
    assert (chosen["session"], chosen["view"], chosen["reason"]) == (
        "broken", None, "It is too long.",
    )  # fmt: skip
    answer = http.post("/api/v1/quarantine/retry", json={"id": chosen["id"]})
    assert answer.get_json() == {"recordings": 1}
    assert not served.quarantine.holds(SESSION, "reading")
    assert served.quarantine.holds(SESSION, "playback")
    assert http.post("/api/v1/quarantine/retry", json={"stage": "dream"}).status_code == 400
    assert http.post("/api/v1/quarantine/retry", json={}).get_json() == {"recordings": 1}


@pytest.mark.usefixtures("broken")
def test_a_replay_that_is_set_aside_is_not_tried(http: FlaskClient) -> None:
    answer = http.get("/api/v1/replays/broken?application=shop&format=rrweb")
    assert answer.status_code == 422
    assert answer.get_json()["error"]["code"] == "unreadable"


@pytest.mark.server
def test_a_replay_too_long_to_play_is_set_aside_and_played_after_a_cure(tmp_path: Path) -> None:
    replays = LocalReplays(tmp_path / "replays")
    body = json.dumps(json.loads(SAMPLE.read_bytes())).encode()
    replays.put(
        Segment(
            segment_id="s", session_id="long", application="shop", view_id="", body=body,
            time_ms=0, end_ms=1, format=SegmentFormat.RRWEB,
        )
    )  # fmt: skip
    quarantine = Quarantine(open_database("", tmp_path))
    start = Start(replays_url=str(tmp_path / "replays"))
    playing = Playing(
        [ReaderProcess(Start(replays_url=start.replays_url, limit_s=0.001))], quarantine
    )
    for _ in range(2):
        with pytest.raises(IsothermError) as caught:
            playing("shop", "long", None)
        assert caught.value.code is Code.UNREADABLE
    playing.close()
    (entry,) = quarantine.all()
    assert (entry.stage, entry.tries, entry.size_bytes) == ("playback", 1, len(body))
    assert "processor time" in entry.reason

    quarantine.release(entry.recording, "playback")
    cured = Playing([ReaderProcess(start)], quarantine)
    assert len(cured("shop", "long", None)["events"]) > 10
    with pytest.raises(IsothermError) as caught:
        cured("shop", "another", None)
    assert caught.value.code is Code.NOT_FOUND
    cured.close()
