"""One decoder per sender: the bytes of a request in, drafts of events (or drops) out."""

from collections.abc import Callable, Iterable

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

DECODERS: dict[str, Decoder] = {
    "datadog": datadog,
    "guance": guance,
    "faro": faro,
    "rrweb": rrweb,
    "events": native,
}
"""The sender is the part of the address after `/intake/`."""
