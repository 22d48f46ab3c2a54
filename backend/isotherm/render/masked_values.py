"""Masked `data-*` attributes, restored from what was clicked: see `masked_values.js`.

Datadog's `mask` writes stars for every `data-*` value, on which the style sheets of many pages and
component libraries hang: themes, open and closed, sizes.
"""

from collections.abc import Sequence

from msgspec import Struct

from isotherm.model import Action
from isotherm.render.measure import known_of
from isotherm.render.messages import Layout

MOST = 40  # clicks on a document
Values = dict[int, dict[str, str]]
"""Node of an element -> name of an attribute -> its value."""
Clicked = tuple[int, tuple[float, float] | None]
"""Node of a clicked element, and its recorded size in css px."""


class Told(Struct):
    """What the clicks on a document tell."""

    values: Values
    hidden: list[int] = []  # clicked nodes that cannot be shown together with those before them


def joined(values: Values, more: Values) -> Values:
    """Return values with more of them, which win."""
    return {node: {**values.get(node, {}), **more.get(node, {})} for node in {**values, **more}}


def clicked_of(layout: Layout, own: Sequence[Action], viewport_w: int) -> list[Clicked]:
    """Return the elements that were clicked on a document, in order, each once."""
    found: dict[int, tuple[float, float] | None] = {}
    for action in own[:MOST]:
        node = layout.nodes.get(action.element)
        if node is not None:
            known = known_of(action, viewport_w)
            found[node] = found.get(node) or (known.size if known else None)
    return list(found.items())
