"""The vocabulary of the product: events, scopes, backgrounds, geometry, errors, ids.

Structs with units and the arithmetic on them; no input or output. Imports nothing of ours. Read
`events.py`, `scope.py` and `background.py` and you know what Isotherm talks about.
"""

from isotherm.model.background import Background, Box, Measured, State, Tile, Unplaced
from isotherm.model.events import (
    CALLS,
    FACETS,
    FRACTION_MAX,
    METHODS,
    RESOURCE_KINDS,
    Action,
    Detail,
    Event,
    LongTask,
    PageError,
    Resource,
    Segment,
    SegmentFormat,
    Source,
    View,
    ViewPart,
    Vital,
)
from isotherm.model.scope import Device, Filter, Metric, Operator, Scope, Signal

__all__ = [
    "CALLS",
    "FACETS",
    "FRACTION_MAX",
    "METHODS",
    "RESOURCE_KINDS",
    "Action",
    "Background",
    "Box",
    "Detail",
    "Device",
    "Event",
    "Filter",
    "LongTask",
    "Measured",
    "Metric",
    "Operator",
    "PageError",
    "Resource",
    "Scope",
    "Segment",
    "SegmentFormat",
    "Signal",
    "Source",
    "State",
    "Tile",
    "Unplaced",
    "View",
    "ViewPart",
    "Vital",
]
