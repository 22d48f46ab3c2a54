"""Who may send, and how much: origins and limits."""

import json

import pytest

from isotherm.app.package_options import intake_options
from isotherm.app.settings import Settings
from isotherm.intake.limiting import Rates
from isotherm.model.errors import IsothermError
from tests.intake.intake_under_test import Intake
from tests.intake.test_hostile import action, line

SHOP, BLOG, EVIL = "https://shop.test", "https://blog.test", "https://evil.test"


def post(intake: Intake, body: bytes, origin: str = "", address: str = "10.0.0.1") -> int:
    headers = {"origin": origin} if origin else {}
    sent = intake.client.post(
        "/intake/datadog", data=body, headers=headers, environ_base={"REMOTE_ADDR": address}
    )
    return sent.status_code


@pytest.fixture
def two_sites() -> Intake:
    """Return an intake for which the shop has an origin of its own, and all others the blog's."""
    options = intake_options(Settings({"allow_origins": [f"shop={SHOP}", BLOG]}))
    return Intake(allow_origins=options.allow_origins, origins=options.origins)


@pytest.mark.parametrize(
    ("application", "origin", "status"),
    [
        ("shop", SHOP, 202), ("shop", BLOG, 401), ("shop", EVIL, 401), ("shop", "", 202),
        ("blog", BLOG, 202), ("blog", SHOP, 401), ("blog", "null", 401),
        ("shop", f"{SHOP}:8443", 401), ("shop", f"{SHOP}.evil.test", 401),
    ],
)  # fmt: skip
def test_a_page_may_send_for_the_applications_of_its_origin(
    two_sites: Intake, application: str, origin: str, status: int
) -> None:
    assert post(two_sites, line(application={"id": application}), origin) == status
    assert len(two_sites.events) == (status == 202)
    assert two_sites.counters.snapshot().dropped == ({} if status == 202 else {"refused": 1})


def test_one_request_cannot_carry_events_of_another_application_along(two_sites: Intake) -> None:
    both = line(application={"id": "shop"}) + b"\n" + line(application={"id": "blog"})
    assert post(two_sites, both, SHOP) == 202
    assert [event.application for event in two_sites.events] == ["shop"]


@pytest.mark.parametrize("row", ["shop.test", "shop=", "https://shop.test/path", "https://a b"])
def test_what_is_no_origin_is_refused_at_the_start(row: str) -> None:
    with pytest.raises(IsothermError, match="neither an origin"):
        intake_options(Settings({"allow_origins": [row]}))


def test_an_address_may_send_so_many_requests_and_others_are_not_held_up() -> None:
    intake = Intake(rates=Rates(requests_of_address=3))
    assert [post(intake, line()) for _ in range(5)] == [202, 202, 202, 429, 429]
    assert post(intake, line(), address="10.0.0.2") == 202
    refused = intake.client.post(
        "/intake/datadog", data=line(), environ_base={"REMOTE_ADDR": "10.0.0.1"}
    )
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert refused.json["error"]["code"] == "too_often"
    assert intake.counters.snapshot().received == {"datadog": 4}


def test_addresses_of_one_ipv6_network_are_one() -> None:
    intake = Intake(rates=Rates(requests_of_address=2))
    near = [f"2001:db8:0:1::{n:x}" for n in range(3)]
    assert [post(intake, line(), address=one) for one in near] == [202, 202, 429]
    assert post(intake, line(), address="2001:db8:0:2::1") == 202


def test_a_forged_header_is_no_other_address() -> None:
    intake = Intake(rates=Rates(requests_of_address=1))
    answers = [
        intake.client.post(
            "/intake/datadog", data=line(), headers={"x-forwarded-for": f"1.2.3.{n}"}
        ).status_code
        for n in range(2)
    ]
    assert answers == [202, 429]


def test_an_application_may_send_so_many_events() -> None:
    intake = Intake(rates=Rates(events_of_application=10))
    four = b"\n".join(json.dumps(action()).encode() for _ in range(4))
    answers = [post(intake, four, address=f"10.0.0.{n}") for n in range(4)]
    assert answers == [202, 202, 429, 429]
    assert len(intake.events) == 8
    assert post(intake, line(application={"id": "blog"})) == 202
