"""Four processes on ClickHouse answer like one on DuckDB, whichever gets and is asked what."""

import random
import uuid
from collections.abc import Sequence
from contextlib import ExitStack, contextmanager
from itertools import cycle
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from isotherm.app.demo.sessions import sample_requests
from tests.conftest import serve
from tests.processes.senders import ask, get, send, send_all, wait_until_idle, wait_until_in_step
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


def told(bases: Sequence[str]) -> tuple[Answers, dict[str, Any]]:
    """Return every answer, and the lists to choose from; the servers are asked by turns."""
    span, turns = f"from={SPAN[0]}&to={SPAN[1]}", cycle(bases)

    def listed(kind: str) -> Any:
        return get(f"{next(turns)}/api/v1/{kind}")

    applications = listed(f"applications?{span}")["applications"]
    names = sorted(one["application"] for one in applications)
    lists = {
        f"{kind} of {name}": listed(f"{kind}?application={quote(name)}&{span}")
        for kind in SELECTORS
        for name in names
    }
    lists |= {"applications": applications, "overview": listed(f"overview?{span}")}
    by_turns = answers_by(lambda body: ask(next(turns), body), names, SPAN, of_page_only=True)
    return by_turns, lists


@pytest.mark.parametrize("journal", ["none", "InfluxDB"])
def test_samples_sent_to_four_processes_by_turns(
    request: pytest.FixtureRequest, tmp_path: Path, url: str, journal: str
) -> None:
    """With InfluxDB in front, another ClickHouse that is filled from it answers the same."""
    requests = list(sample_requests(0))
    one, shared = tmp_path / "one", tmp_path / "shared"
    one.mkdir()
    shared.mkdir()
    served = contextmanager(serve)
    with served(one, **FOR_EVER) as base:
        for one_of_them in requests:
            send(base, one_of_them)
        wait_until_idle([base])
        expected, lists = told([base])
        counted = get(f"{base}/api/v1/status")["intake"]
    random.Random(17).shuffle(requests)
    settings = dict(FOR_EVER)
    if journal == "InfluxDB":
        settings |= {
            "ISOTHERM_INFLUX_URL": request.getfixturevalue("influxd").url,
            "ISOTHERM_INFLUX_DATABASE": f"test_{uuid.uuid4().hex[:12]}",
            "ISOTHERM_INFLUX_RECONCILE_S": "1",
        }
    with ExitStack() as all_of_them:
        bases = [
            all_of_them.enter_context(served(shared, ISOTHERM_STORE=url, **settings))
            for _ in range(4)
        ]
        send_all(bases, requests, clients=8)
        wait_until_idle(bases, url)
        states = [get(f"{base}/api/v1/status") for base in bases]
        assert all(state["intake"]["received"] for state in states)
        assert sum(state["intake"]["received"] for state in states) == counted["received"]
        keeping = [state["processes"]["running"][0]["keeps_house"] for state in states]
        assert sorted(keeping) == [False, False, False, True]
        assert [state["readers"]["ok"] for state in states] == [True] * 4
        if journal == "InfluxDB":
            for base in bases:  # also those that do not compare
                wait_until_in_step(base)
        _assert_same(told(bases), expected, lists)
    if journal == "InfluxDB":
        with served(shared, ISOTHERM_STORE=f"{url}_rebuilt", **settings) as base:
            wait_until_in_step(base)
            _assert_same(told([base]), expected, lists)


def _assert_same(found: tuple[Answers, Any], expected: Answers, lists: Any) -> None:
    assert found[1] == lists
    for application, answers in expected.items():
        for question, answer in answers.items():
            assert found[0][application][question] == answer, question
