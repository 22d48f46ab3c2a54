"""Where Datadog's views have loading times and web vitals: flat in all versions, nested since v5.

Both say the same; the nested form is the newer one and is believed where both are there.
"""

from collections.abc import Callable
from typing import Any, Final

from isotherm.intake.draft import ELEMENT_MAX, milliseconds
from isotherm.intake.senders.datadog.rum_events import View

SCORE_MAX: Final = 1e6


def _score(value: float | None) -> float | None:
    return None if value is None else min(max(float(value), 0.0), SCORE_MAX)


def selector(value: str | None) -> str:
    """Return an element key; one that is too long is none."""
    return value if value and len(value) <= ELEMENT_MAX else ""


Field = tuple[str, tuple[str, ...], Callable[[Any], Any]]
"""Field of the model's View, where it is in Datadog's view, how it is read."""

FLAT: Final[tuple[Field, ...]] = (
    ("loading_ms", ("loading_time",), milliseconds),
    ("first_byte_ms", ("first_byte",), milliseconds),
    ("fcp_ms", ("first_contentful_paint",), milliseconds),
    ("lcp_ms", ("largest_contentful_paint",), milliseconds),
    ("lcp_element", ("largest_contentful_paint_target_selector",), selector),
    ("inp_ms", ("interaction_to_next_paint",), milliseconds),
    ("inp_at_ms", ("interaction_to_next_paint_time",), milliseconds),
    ("inp_element", ("interaction_to_next_paint_target_selector",), selector),
    ("cls", ("cumulative_layout_shift",), _score),
    ("cls_at_ms", ("cumulative_layout_shift_time",), milliseconds),
    ("cls_element", ("cumulative_layout_shift_target_selector",), selector),
)
NESTED: Final[tuple[Field, ...]] = (
    ("fcp_ms", ("performance", "fcp", "timestamp"), milliseconds),
    ("lcp_ms", ("performance", "lcp", "timestamp"), milliseconds),
    ("lcp_element", ("performance", "lcp", "target_selector"), selector),
    ("inp_ms", ("performance", "inp", "duration"), milliseconds),
    ("inp_at_ms", ("performance", "inp", "timestamp"), milliseconds),
    ("inp_element", ("performance", "inp", "target_selector"), selector),
    ("cls", ("performance", "cls", "score"), _score),
    ("cls_at_ms", ("performance", "cls", "timestamp"), milliseconds),
    ("cls_element", ("performance", "cls", "target_selector"), selector),
)


def performance_fields(view: View) -> dict[str, Any]:
    """Return the performance fields that a view contains."""
    fields = {}
    for name, path, read in (*FLAT, *(NESTED if view.performance else ())):
        value: Any = view
        for key in path:
            value = None if value is None else getattr(value, key)
        if value is not None:
            fields[name] = read(value)
    return fields
