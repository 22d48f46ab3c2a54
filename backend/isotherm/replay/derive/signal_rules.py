"""What counts as rage, dead and error for senders that send no such signals.

Definitions: Datadog's and Guance's SDKs (rage: clickChain and computeFrustration; dead: no page
activity within 100 ms). The numbers are settings.
"""

from msgspec import Struct


class SignalRules(Struct, frozen=True):
    """Parameters of the signals."""

    rage_clicks: int = 3  # that many clicks ...
    rage_window_ms: int = 1000  # ... within this time; also the longest pause inside a chain
    rage_distance_px: float = 100.0  # between two clicks of a chain, css px
    dead_after_ms: int = 100  # nothing has happened this long after the pointer went up
    open_at_most_ms: int = 10_000  # an action is over then, whatever still happens
