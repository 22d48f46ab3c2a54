"""A running Isotherm on ClickHouse: events in, an answer out, and each once after a kill."""

import json
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import serve

pytestmark = pytest.mark.server

T0 = 1_795_364_500_000
CLICKS = 30
LIMIT_S = 90.0


def body() -> bytes:
    """Return one request of the script: a visit with clicks that were scrolled to."""
    records: list[dict[str, Any]] = [{"t": T0, "type": "page", "depth": 900, "height": 2812}]
    records += [
        {
            "t": T0 + 1000 + 5000 * n, "type": "click", "element": f"#e{n % 3}", "label": "Buy",
            "x": 12.5, "y": 8, "w": 131, "h": 44, "page_x": 89, "page_y": 270, "active": True,
        }
        for n in range(CLICKS)
    ]  # fmt: skip
    records.append({"t": T0 + 200_000, "type": "end", "depth": 1800, "height": 2812, "spent": 9000})
    visit = {
        "application": "shop", "session": "s", "view": "v", "seq": 0, "name": "", "referrer": "",
        "url": "https://shop.example.test/cart", "viewport": [1440, 900], "sample": 100,
        "records": records,
    }  # fmt: skip
    return json.dumps(visit).encode()


def post(url: str, payload: bytes) -> Any:
    asked = urllib.request.Request(url, payload, {"Content-Type": "application/json"})
    with urllib.request.urlopen(asked, timeout=30) as answer:
        return json.loads(answer.read() or b"null")


def clicks(base: str) -> float | None:
    """Return the clicks that the map of the page counts."""
    query = {
        "queries": [
            {"refId": "A", "question": "heat", "application": "shop", "page": "/cart"},
        ],
        "range": {"from": T0 - 3_600_000, "to": T0 + 3_600_000},
    }
    try:
        answer = post(f"{base}/api/v1/query", json.dumps(query).encode())
    except urllib.error.HTTPError as error:
        pytest.fail(error.read().decode())
    frame = answer["results"]["A"]["frames"][0]
    found: float = frame["schema"]["meta"]["custom"]["isotherm"]["clicks"]
    return found


def eventually(base: str, expected: float) -> None:
    deadline = time.monotonic() + LIMIT_S
    found = clicks(base)
    while found != expected and time.monotonic() < deadline:
        found = clicks(base)
    assert found == expected


def test_a_visit_is_counted_once_by_a_server_on_clickhouse(tmp_path: Path, url: str) -> None:
    for _ in ("sent", "sent again to a server that was started anew"):
        running = serve(tmp_path, ISOTHERM_STORE=url, ISOTHERM_CAPTURE="false")
        base = next(running)
        post(f"{base}/intake/events", body())
        eventually(base, CLICKS)
        with urllib.request.urlopen(f"{base}/api/v1/status", timeout=30) as answer:
            assert json.loads(answer.read())["store"]["kind"] == "clickhouse"
        running.close()  # type: ignore[attr-defined]
