"""The draft of an event, between a sender's decoder and the model."""

import math
from typing import Any, Literal

from msgspec import Struct, field

from isotherm.model import FRACTION_MAX

Kind = Literal["action", "view", "view_part", "error", "resource", "long_task", "vital", "segment"]

TEXT_MAX = 1_000  # names, messages, attribute values
ELEMENT_MAX = 4_096  # selectors and addresses
ATTRIBUTES_MAX = 64
ATTRIBUTE_LEVELS = 4
PIXELS_MAX = 65_535
COUNT_MAX = 65_535
POSITION_MAX = float(2**31 - 1)
MILLISECONDS_MAX = 2**32 - 1
WEIGHT_MAX = 1e6


class Draft(Struct, kw_only=True, gc=False):
    """One event as its sender described it. The steps complete it; then it becomes an event."""

    kind: Kind
    time_ms: int
    application: str
    session_id: str
    session_type: str = "user"
    view_id: str = ""
    url: str = ""  # as sent, with query and fragment
    view_name: str = ""  # only when the site chose it
    page: str = ""
    user_id: str = ""
    user_name: str = ""
    viewport_w: int = 0
    viewport_h: int = 0
    weight: float = 1.0
    user_agent: str = ""  # "" = the request's header
    token: str = ""  # "" = the request's
    facets: dict[str, str] = field(default_factory=dict)
    attributes: dict[str, str] = field(default_factory=dict)
    own: dict[str, Any] = field(default_factory=dict)
    """Fields that only this kind has, under their names in the model."""


def pixels(value: float | None) -> int:
    """Return a length as whole css px within 0..65535; 0 = unknown."""
    if value is None or not value > 0:  # also not a number
        return 0
    return int(value) if value < PIXELS_MAX else PIXELS_MAX


def size(value: float | None) -> int | None:
    """Return an element's length as whole css px; None when unknown or nothing."""
    if value is None or not value > 0:
        return None
    return round(value) if value < PIXELS_MAX else PIXELS_MAX


def count(value: float | None) -> int:
    """Return a count within 0..65535."""
    if value is None or not value > 0:
        return 0
    return int(value) if value < COUNT_MAX else COUNT_MAX


def milliseconds(nanoseconds: float | None) -> float | None:
    """Return a duration in ms, from ns."""
    return None if nanoseconds is None else min(max(nanoseconds / 1e6, 0.0), MILLISECONDS_MAX)


def depth(value: float | None) -> float | None:
    """Return a page depth in css px, within 0..2^31."""
    return None if value is None else min(max(float(value), 0.0), POSITION_MAX)


def weight(sample_percent: float | None) -> float:
    """Return how many sessions one stands for, from a session sample rate in percent."""
    if sample_percent is None or not 0 < sample_percent < 100:
        return 1.0
    return min(100 / sample_percent, WEIGHT_MAX)


def fraction(offset: float | None, length: float | None) -> int | None:
    """Return an offset inside an element as a 16-bit fraction of its length.

    Offsets are rounded by the SDKs and may lie up to a pixel outside: they are clamped.
    """
    if offset is None or length is None or length <= 0:
        return None
    if offset <= 0:
        return 0
    return FRACTION_MAX if offset >= length else round(offset / length * FRACTION_MAX)


def flat_attributes(context: dict[str, Any]) -> dict[str, str]:
    """Return a site's own context as strings: `{"cart": {"n": 3}}` becomes `{"cart.n": "3"}`."""
    flat: dict[str, str] = {}
    _flatten(context, "", ATTRIBUTE_LEVELS, flat)
    return flat


def _flatten(value: dict[str, Any], prefix: str, levels: int, flat: dict[str, str]) -> None:
    for key, item in value.items():
        if len(flat) >= ATTRIBUTES_MAX:
            return
        name = f"{prefix}{key}"[:TEXT_MAX]
        if type(item) is str:
            flat[name] = item[:TEXT_MAX]
        elif type(item) is dict:
            if levels > 1:
                _flatten(item, f"{name}.", levels - 1, flat)
        elif type(item) is list:
            texts = (_text(part) for part in item if not isinstance(part, dict | list))
            flat[name] = ", ".join(texts)[:TEXT_MAX]
        elif item is not None:
            flat[name] = _text(item)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and math.isfinite(value) and value == int(value):
        value = int(value)
    if isinstance(value, int) and value.bit_length() > 64:
        return hex(value)[:TEXT_MAX]  # Python refuses to write very long integers in decimal
    return str(value)[:TEXT_MAX]


def position(value: float | None) -> float | None:
    """Return a coordinate on the page in css px, within what a page can have."""
    return None if value is None else min(max(float(value), -POSITION_MAX), POSITION_MAX)
