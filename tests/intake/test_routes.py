"""The intake over HTTP: addresses, CORS, tokens, robots, a full disk, counters."""

import gzip
import json
import threading
import zlib

import pytest

from isotherm.app.package_options import intake_options
from isotherm.app.settings import Settings
from isotherm.intake.drops import Counters, DropReason
from isotherm.model import Action
from tests.intake.intake_under_test import NOW_MS, Intake, stored
from tests.intake.test_hostile import action, line

FARO = stored("faro/faro-desktop")[1]
REPLAY = next(
    request for request in stored("datadog/dd7-desktop-allow") if b"form-data" in request.body
)
GUANCE = next(
    request for request in stored("guance/guance-desktop") if request.path.endswith("rum")
)


@pytest.mark.parametrize(
    "address",
    [
        "/intake/datadog",
        "/intake/datadog/",
        "/intake/datadog?ddforward=%2Fapi%2Fv2%2Frum%3Fddsource%3Dbrowser",
        "/intake/datadog?ddforward=%252Fapi%252Fv2%252Frum%253Fddsource%253Dbrowser",
        "/intake/datadog/api/v2/rum?ddsource=browser",
        "/intake/datadog/some/prefix/api/v2/rum",
    ],
)
def test_datadog_may_post_to_any_address_a_proxy_function_builds(
    intake: Intake, address: str
) -> None:
    assert intake.client.post(address, data=line()).status_code == 202
    assert len(intake.events) == 1


@pytest.mark.parametrize(
    "address", ["/api/v2/replay", "/x/api/v2/replay", "?ddforward=%2Fapi%2Fv2%2Freplay"]
)
def test_replays_are_told_by_their_address(intake: Intake, address: str) -> None:
    answer = intake.client.post(
        "/intake/datadog" + address, data=REPLAY.body, headers=REPLAY.headers
    )
    assert answer.status_code == 202
    assert len(intake.events) == 1


@pytest.mark.parametrize(
    "address",
    [
        "/v1/write/rum?precision=ms",
        "/prefix/v1/write/rum?precision=ms",
        "/v1/write/rum?token=t&to_headless=true&precision=ms",
        "/v1/write/rum",
    ],
)
def test_guance_may_have_a_prefix_or_a_token(intake: Intake, address: str) -> None:
    answer = intake.client.post("/intake/guance" + address, data=GUANCE.body)
    assert answer.status_code == 202
    assert {event.time_ms // 10**9 for event in intake.events} == {1795}


def test_compression_is_told_by_the_bytes(intake: Intake) -> None:
    body = GUANCE.body
    raw = zlib.compressobj(wbits=-15)
    variants = [
        ("/intake/guance/v1/write/rum?precision=ms&encoding=deflate", zlib.compress(body)),
        ("/intake/guance/v1/write/rum?precision=ms", zlib.compress(body)),
        ("/intake/guance/v1/write/rum?precision=ms&encoding=deflate", body),
        (
            "/intake/guance/v1/write/rum?precision=ms&encoding=deflate",
            raw.compress(body) + raw.flush(),
        ),
        ("/intake/guance/v1/write/rum?precision=ms", gzip.compress(body)),
    ]
    answers = []
    for address, data in variants:
        intake.events.clear()
        assert intake.client.post(address, data=data).status_code == 202
        answers.append(list(intake.events))
    assert all(answer == answers[0] for answer in answers)


def test_faro_may_be_gzipped(intake: Intake) -> None:
    headers = {**FARO.headers, "content-encoding": "gzip"}
    answer = intake.client.post("/intake/faro", data=gzip.compress(FARO.body), headers=headers)
    assert answer.status_code == 202
    assert len(intake.events) == 1


@pytest.mark.parametrize(
    "address", ["/intake/faro", "/intake/datadog/api/v2/rum", "/intake/guance/v1/write/rum/replay"]
)
def test_preflights_are_answered(intake: Intake, address: str) -> None:
    wanted = "content-type,idempotency-key,x-api-key,x-faro-session-id"
    answer = intake.client.options(
        address,
        headers={
            "origin": "http://shop.example.test",
            "access-control-request-method": "POST",
            "access-control-request-headers": wanted,
        },
    )
    assert answer.status_code == 204
    assert answer.headers["Access-Control-Allow-Origin"] == "http://shop.example.test"
    assert answer.headers["Access-Control-Allow-Headers"] == wanted
    assert "POST" in answer.headers["Access-Control-Allow-Methods"]


def test_only_allowed_origins_may_read_the_answer() -> None:
    intake = Intake(allow_origins=("https://shop.example.test",))
    allowed = intake.client.post(
        "/intake/datadog", data=line(), headers={"origin": "https://shop.example.test"}
    )
    other = intake.client.post(
        "/intake/datadog", data=line(), headers={"origin": "https://evil.example.test"}
    )
    assert "Access-Control-Allow-Origin" in allowed.headers
    assert "Access-Control-Allow-Origin" not in other.headers


def test_errors_can_be_read_across_origins(intake: Intake) -> None:
    answer = intake.client.post("/intake/faro", data="x", headers={"origin": "http://a.test"})
    assert answer.status_code == 400
    assert answer.headers["Access-Control-Allow-Origin"] == "http://a.test"


@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("/intake/datadog", {}, 401),
        ("/intake/datadog?token=wrong", {}, 401),
        ("/intake/datadog?token=secret", {}, 202),
        ("/intake/datadog?ddforward=%2Fapi%2Fv2%2Frum%3Fdd-api-key%3Dsecret", {}, 202),
        ("/intake/datadog", {"authorization": "Bearer secret"}, 202),
        ("/intake/datadog", {"x-api-key": "secret"}, 202),
    ],
)
def test_an_application_may_ask_for_a_token(
    address: str, headers: dict[str, str], status: int
) -> None:
    intake = Intake(tokens={"shop": "secret"})
    assert intake.client.post(address, data=line(), headers=headers).status_code == status
    counted = intake.counters.snapshot()
    assert counted.dropped == ({} if status == 202 else {"refused": 1})


def test_an_application_without_token_may_send_unless_all_need_one() -> None:
    other = line(application={"id": "blog"})
    assert (
        Intake(tokens={"shop": "s"}).client.post("/intake/datadog", data=other).status_code == 202
    )
    assert Intake(tokens={"*": "s"}).client.post("/intake/datadog", data=other).status_code == 401


BOT = {"user-agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"}


@pytest.mark.parametrize("kind", ["synthetics", "ci_test"])
def test_synthetic_sessions_are_dropped_with_a_reason(kind: str) -> None:
    robot = line(session={"id": "s", "type": kind})
    intake = Intake()
    assert intake.client.post("/intake/datadog", data=robot).status_code == 202
    assert intake.events == []
    assert intake.counters.snapshot().dropped == {"bot": 1}
    keeping = Intake(keep_bots=True)
    keeping.client.post("/intake/datadog", data=robot, headers=BOT)
    assert len(keeping.events) == 1


def test_crawlers_are_dropped(intake: Intake) -> None:
    assert intake.client.post("/intake/datadog", data=line(), headers=BOT).status_code == 202
    assert intake.counters.snapshot().dropped == {"bot": 1}


def test_a_full_disk_is_503_with_retry_after_and_counts_nothing(intake: Intake) -> None:
    intake.disk_is_full = True
    answer = intake.client.post("/intake/datadog", data=line())
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    assert answer.get_json()["error"]["code"] == "store_unavailable"
    assert intake.counters.snapshot().received == {}
    intake.disk_is_full = False
    assert intake.client.post("/intake/datadog", data=line()).status_code == 202


def test_the_script_is_served_and_may_be_cached(intake: Intake) -> None:
    answer = intake.client.get("/intake/isotherm.js")
    assert answer.mimetype == "text/javascript"
    assert len(answer.data) < 3_000
    again = intake.client.get(
        "/intake/isotherm.js", headers={"if-none-match": answer.headers["ETag"]}
    )
    assert again.status_code == 304


def test_sample_rates_become_weights(intake: Intake) -> None:
    sampled = action(_dd={"configuration": {"session_sample_rate": 25}})
    intake.client.post("/intake/datadog", data=json.dumps(sampled))
    [event] = intake.events
    assert isinstance(event, Action)
    assert event.weight == 4


def test_custom_actions_have_no_place(intake: Intake) -> None:
    custom = action(_dd={}, action={"id": "c", "type": "custom", "target": {"name": "checkout"}})
    intake.client.post("/intake/datadog", data=json.dumps(custom))
    [event] = intake.events
    assert isinstance(event, Action)
    assert (event.kind, event.action_name, event.fx, event.element) == (
        "custom",
        "checkout",
        None,
        "",
    )


def test_own_context_becomes_attributes(intake: Intake) -> None:
    context = {"plan": "pro", "cart": {"items": 3, "full": True, "tags": ["a", 1.5]}, "none": None}
    intake.client.post("/intake/datadog", data=line(context=context))
    [event] = intake.events
    assert isinstance(event, Action)
    assert event.attributes == {
        "plan": "pro",
        "cart.items": "3",
        "cart.full": "true",
        "cart.tags": "a, 1.5",
    }


def test_counters_add_up_from_many_threads() -> None:
    counters = Counters(clock_ms=lambda: NOW_MS)

    def count() -> None:
        for _ in range(1_000):
            counters.received("faro", 3)
            counters.accepted(2)
            counters.dropped(DropReason.DUPLICATE)

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    counted = counters.snapshot()
    assert counted.received == {"faro": 12_000}
    assert counted.accepted + counted.dropped["duplicate"] == 12_000
    assert counted.last_event_ms == {"faro": NOW_MS}


def test_options_come_from_the_settings() -> None:
    options = intake_options(
        Settings(
            {"intake_tokens": ["shop=a=b"], "trusted_proxies": ["10.0.0.0/8"], "max_body_mb": 1}
        )
    )
    assert options.tokens == {"shop": "a=b"}
    assert options.limits.body_bytes == 1 << 20
    assert str(options.trusted_proxies[0]) == "10.0.0.0/8"
