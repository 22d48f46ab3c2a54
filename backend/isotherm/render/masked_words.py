"""The size and position of masked words, restored from clicks on their elements.

A mask keeps the number of letters but not their width, so a button of masked words is wider or
narrower than it was, and what stands beside and below it is moved. `masked_words.js` gives them
room.
"""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from isotherm.model import Action
from isotherm.render.measure import known_of
from isotherm.render.messages import Layout

MOST = 40  # elements of a document
Spaces = dict[int, tuple[float, int]]
"""Node of an element -> how much wider each of its letters is, css px, and how many it has."""


class Wanted(Struct, frozen=True, omit_defaults=True):
    """What is recorded of an element, css px of the page."""

    size: tuple[float, float] | None = None
    corner: tuple[float, float] | None = None
    point: tuple[float, float] | None = None  # of a click in it, where the corner is not known


def wanted_of(
    layout: Layout,
    own: Sequence[Action],
    others: Sequence[Action],
    viewport_w: int,
    *,
    placed: bool = True,
) -> Mapping[int, Wanted]:
    """Return what is recorded of the clicked elements of a document, by node.

    `own` are the actions made on it: not `placed`, they say sizes only. Of `others`, made in the
    visit, only sizes count, and only where all agree: the page may have changed. Elements that
    share their key with others are left out.
    """
    found: dict[int, Wanted] = {}
    for action in own:
        _add(found, layout, action, viewport_w, placed=placed)
    sized = {node for node, one in found.items() if one.size}
    seen: dict[int, Wanted] = {}
    apart: set[int] = set()
    for action in others:
        one: dict[int, Wanted] = {}
        _add(one, layout, action, viewport_w, placed=False)
        for node, wanted in one.items():
            if seen.setdefault(node, wanted) != wanted:
                apart.add(node)
    for node, wanted in seen.items():
        if node not in sized and node not in apart and len(found) < MOST:
            old = found.get(node, Wanted())
            found[node] = Wanted(wanted.size, old.corner, old.point)
    return found


def _add(
    found: dict[int, Wanted], layout: Layout, action: Action, viewport_w: int, *, placed: bool
) -> None:
    known = known_of(action, viewport_w)
    if known is None or len(found) >= MOST:
        return
    box, node = layout.boxes.get(known.element.key), layout.nodes.get(known.element.key)
    if box is None or node is None or not box.visible or box.matches > 1:
        return
    if placed and not box.moves:
        found[node] = Wanted(known.size, known.corner, known.point)
    elif known.size:
        found[node] = Wanted(known.size)
