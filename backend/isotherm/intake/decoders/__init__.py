"""One decoder per sender: the bytes of a request in, drafts of events (or drops) out."""

from collections.abc import Callable, Iterable

from isotherm.intake.bodies import Limits
from isotherm.intake.decoders.datadog import decode as datadog
from isotherm.intake.decoders.faro import decode as faro
from isotherm.intake.decoders.guance import decode as guance
from isotherm.intake.decoders.native import decode as native
from isotherm.intake.decoders.rrweb import decode as rrweb
from isotherm.intake.draft import Draft
from isotherm.intake.drops import Drop
from isotherm.intake.requests import IntakeRequest

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
