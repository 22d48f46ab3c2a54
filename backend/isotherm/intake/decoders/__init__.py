"""One decoder per sender: the bytes of a request in, drafts of events (or drops) out."""

from collections.abc import Callable, Iterable

from isotherm.intake.bodies import Limits
from isotherm.intake.decoders import datadog, faro, guance, native, rrweb
from isotherm.intake.draft import Draft
from isotherm.intake.drops import Drop
from isotherm.intake.requests import IntakeRequest

Decoder = Callable[[IntakeRequest, Limits], Iterable[Draft | Drop]]
"""Raises IsothermError when the body as a whole cannot be read."""

DECODERS: dict[str, Decoder] = {
    "datadog": datadog.decode,
    "guance": guance.decode,
    "faro": faro.decode,
    "rrweb": rrweb.decode,
    "events": native.decode,
}
"""The sender is the part of the address after `/intake/`."""
