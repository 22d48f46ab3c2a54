"""The vocabulary of the product: events, scopes, backgrounds, geometry, errors, ids.

Structs with units and the arithmetic on them; no input or output. Imports nothing of ours. Read
`events.py`, `scope.py` and `background.py` and you know what Isotherm talks about.
"""

from isotherm.model.background import Background, Box, Tile, Unplaced
from isotherm.model.events import (
    FACETS,
    FRACTION_MAX,
    Action,
    Event,
    PageError,
    Segment,
    SegmentFormat,
    Source,
    View,
    ViewPart,
)
from isotherm.model.scope import Device, Filter, Metric, Scope, Signal

__all__ = [
    "FACETS",
    "FRACTION_MAX",
    "Action",
    "Background",
    "Box",
    "Device",
    "Event",
    "Filter",
    "Metric",
    "PageError",
    "Scope",
    "Segment",
    "SegmentFormat",
    "Signal",
    "Source",
    "Tile",
    "Unplaced",
    "View",
    "ViewPart",
]
