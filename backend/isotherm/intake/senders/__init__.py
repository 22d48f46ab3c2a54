"""One decoder per sender: the bytes of a request in, drafts of events (or drops) out."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from isotherm.intake.bodies import Limits
from isotherm.intake.draft import Draft
from isotherm.intake.drops import Drop
from isotherm.intake.requests import IntakeRequest
from isotherm.intake.senders.datadog.decoder import decode as datadog
from isotherm.intake.senders.faro.decoder import decode as faro
from isotherm.intake.senders.guance.decoder import decode as guance
from isotherm.intake.senders.isotherm.decoder import decode as native
from isotherm.intake.senders.rrweb.decoder import decode as rrweb

Decoder = Callable[[IntakeRequest, Limits], Iterable[Draft | Drop]]
"""Raises IsothermError when the body as a whole cannot be read."""


class Sender(NamedTuple):
    """What sends events, by the part of the address after `/intake/`."""

    decode: Decoder
    captured_at: str = ""  # where captured requests went that were not made to `/intake/`


SENDERS = {
    "datadog": Sender(datadog, captured_at="/dd"),
    "guance": Sender(guance, captured_at="/v1/write/rum"),
    "faro": Sender(faro, captured_at="/collect"),
    "rrweb": Sender(rrweb),
    "events": Sender(native),
}
