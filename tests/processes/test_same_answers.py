"""Four processes on ClickHouse answer like one on DuckDB, whichever gets and is asked what."""

import random
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from isotherm.app.demo.sessions import sample_requests
from tests.conftest import serve
from tests.processes.senders import (
    ask,
    counts_of_slots,
    get,
    send,
    send_all,
    wait_until_idle,
)
from tests.storage.influxdb.questions import Answers, answers_by

pytestmark = [pytest.mark.server, pytest.mark.thorough]

SPAN = (1_790_000_000_000, 1_800_000_000_000)
FOR_EVER: dict[str, Any] = {
    "ISOTHERM_RETENTION_DAYS": "0",
    "ISOTHERM_DETAIL_RETENTION_DAYS": "0",
    "ISOTHERM_REPLAY_RETENTION_DAYS": "0",
    "ISOTHERM_CAPTURE": "false",
}
SELECTORS = ("pages", "facets", "elements")


def told(base: str) -> tuple[Answers, dict[str, Any]]:
    """Return every answer, and the lists to choose from."""
    span = f"from={SPAN[0]}&to={SPAN[1]}"
    applications = get(f"{base}/api/v1/applications?{span}")["applications"]
    names = sorted(one["application"] for one in applications)
    lists = {
        f"{kind} of {name}": get(f"{base}/api/v1/{kind}?application={quote(name)}&{span}")
        for kind in SELECTORS
        for name in names
    }
    lists["applications"] = applications
    lists["overview"] = get(f"{base}/api/v1/overview?{span}")
    return answers_by(partial(ask, base), names, SPAN), lists


def test_samples_sent_to_four_processes(tmp_path: Path, url: str) -> None:
    requests = list(sample_requests(0))
    (tmp_path / "one").mkdir()
    (tmp_path / "four").mkdir()
    for base in serve(tmp_path / "one", **FOR_EVER):
        for request in requests:
            send(base, request)
        wait_until_idle(base, "")
        expected = told(base)
        counted = get(f"{base}/api/v1/status")["intake"]
    for base in serve(tmp_path / "four", workers=4, ISOTHERM_STORE=url, **FOR_EVER):
        random.Random(17).shuffle(requests)
        send_all(base, requests, clients=8)
        wait_until_idle(base, url)
        shares = [sum(one.received.values()) for one in counts_of_slots(tmp_path / "four")]
        assert len([share for share in shares if share]) == 4, "each has got something"
        for _ in range(4):
            found = told(base)
            assert found[1] == expected[1]
            for application, answers in expected[0].items():
                for question, answer in answers.items():
                    assert found[0][application][question] == answer, question
        status = get(f"{base}/api/v1/status")
        assert status["intake"]["received"] == counted["received"]
        assert len(status["processes"]["running"]) == 4
        assert sum(one["keeps_house"] for one in status["processes"]["running"]) == 1
