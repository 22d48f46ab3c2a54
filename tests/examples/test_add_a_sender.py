"""The worked example of CONTRIBUTING.md: a sender is a decoder and a row."""

from collections.abc import Iterator

import msgspec
import pytest
from msgspec import Struct

from isotherm.intake import senders
from isotherm.intake.bodies import Limits, plain, read_json
from isotherm.intake.draft import Draft
from isotherm.intake.drops import Drop
from isotherm.intake.requests import IntakeRequest
from isotherm.model import Action
from tests.intake.intake_under_test import Intake


class Tap(Struct):
    """What the invented SDK "acme" sends per tap."""

    id: str
    at: int
    app: str
    visit: str
    path: str
    selector: str
    window: tuple[int, int]


_TAPS = msgspec.json.Decoder(list[Tap])


def decode(request: IntakeRequest, limits: Limits) -> Iterator[Draft | Drop]:
    """Yield one action per tap."""
    for tap in read_json(plain(request.body, limits), _TAPS, "The body"):
        yield Draft(
            kind="action",
            time_ms=tap.at,
            application=tap.app,
            session_id=tap.visit,
            view_id=tap.visit,
            url=tap.path,
            viewport_w=tap.window[0],
            viewport_h=tap.window[1],
            own={"event_id": tap.id, "element": tap.selector, "action_name": "Tap"},
        )


def test_a_new_sender_needs_a_decoder_and_a_row(monkeypatch: pytest.MonkeyPatch) -> None:
    intake = Intake()
    monkeypatch.setitem(senders.SENDERS, "acme", senders.Sender(decode))
    tap = Tap(
        "t-1", 1_795_364_400_000, "shop", "s-1", "https://shop.example/cart/42", "#pay", (390, 844)
    )
    answer = intake.client.post("/intake/acme", data=msgspec.json.encode([tap]))
    assert answer.status_code == 202
    [action] = intake.events
    assert isinstance(action, Action)
    assert (action.page, action.element, action.viewport_w) == ("/cart/?", "#pay", 390)
