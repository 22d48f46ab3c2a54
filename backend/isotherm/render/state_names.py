"""What a state of a page is called: by what is seen in it, else by what was clicked before it."""

import re
from collections.abc import Collection, Iterable, Iterator
from typing import Final

from isotherm.model import Action, Box, State
from isotherm.model.background import StateKind
from isotherm.model.fingerprints import words_of
from isotherm.replay.dom.labels import label
from isotherm.replay.dom.tree import Kind, Node, Tree

MOST_WORDS: Final = 60  # characters
_LOOKED_AT: Final = 20_000  # nodes of a dialog, for its heading
_BY_WEIGHT: Final[tuple[StateKind, ...]] = ("dialog", "menu", "tab")
_ROLES: Final[dict[str, StateKind]] = {
    "dialog": "dialog", "alertdialog": "dialog", "menu": "menu", "listbox": "menu",
    "tabpanel": "tab",
}  # fmt: skip
_TAGS: Final[dict[str, StateKind]] = {"dialog": "dialog", "menu": "menu"}
_HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "legend"})
_WORDS: Final = re.compile(r"[a-z]++")
_HINTS: Final[dict[str, StateKind]] = {
    "modal": "dialog", "dialog": "dialog", "lightbox": "dialog", "drawer": "dialog",
    "menu": "menu", "dropdown": "menu", "submenu": "menu", "popover": "menu",
}  # fmt: skip
"""Words in ids and classes, for sites that name no roles."""


def state_of(tree: Tree, appeared: Iterable[int], seen: Collection[int], before: str) -> State:
    """Return what a state is called.

    `appeared` are the nodes that are visible now and were not in the page as found, `seen` those
    that were; `before` is the label of the last click before, "" = it has none that may be shown.
    """
    found: dict[StateKind, Node] = {}
    for kind, element in _containers(tree, appeared, seen):
        found.setdefault(kind, element)
    for opened in _BY_WEIGHT:
        if opened in found:
            own = _name(tree, found[opened], headed=opened == "dialog")
            return State(opened, own or (before if opened != "dialog" else ""))
    return State("after", before)


def newly_visible(
    boxes: dict[str, Box], nodes: dict[str, int], first: dict[str, Box], first_nodes: dict[str, int]
) -> tuple[set[int], set[int]]:
    """Return the nodes that are visible here only, and those that were in the page as found.

    By node; by key where the recording numbers its nodes anew in between.
    """
    now = {key: nodes[key] for key, box in boxes.items() if box.visible and key in nodes}
    then = {
        key: first_nodes[key] for key, box in first.items() if box.visible and key in first_nodes
    }
    seen = set(then.values())
    if len(seen & set(now.values())) * 2 < min(len(now), len(then)):
        seen = {node for key, node in now.items() if key in then}
    return set(now.values()) - seen, seen


def clicked_before(actions: Iterable[Action], time_ms: int) -> Action | None:
    """Return the last click before a time."""
    clicks = [one for one in actions if one.kind == "click" and one.time_ms < time_ms]
    return max(clicks, key=lambda one: one.time_ms, default=None)


def shown_label(action: Action) -> str:
    """Return an action's name as people see it; "" when it is masked or a selector."""
    name = action.action_name
    return "" if name in {action.element, action.element_path} else _plain(name)


def _containers(
    tree: Tree, appeared: Iterable[int], seen: Collection[int]
) -> Iterator[tuple[StateKind, Node]]:
    """Yield what has appeared of the parts of a page that have a kind, each once."""
    looked: set[int] = set()
    for number in appeared:
        node = tree.nodes.get(number)
        while node is not None and node.id not in looked and node.id not in seen:
            looked.add(node.id)
            if node.kind is Kind.ELEMENT and (kind := _kind(node)):
                yield kind, node
            node = node.parent


def _kind(element: Node) -> StateKind | None:
    attrs = element.attrs
    known = _ROLES.get(attrs.get("role", "").strip().lower()) or _TAGS.get(element.tag)
    if known:
        return known
    if attrs.get("aria-modal") == "true":
        return "dialog"
    if "popover" in attrs:
        return "menu"
    words = _WORDS.findall(f"{attrs.get('id', '')} {attrs.get('class', '')}".lower()[:500])
    return next((_HINTS[word] for word in words if word in _HINTS), None)


def _name(tree: Tree, element: Node, *, headed: bool) -> str:
    attrs = element.attrs
    if own := _plain(attrs.get("aria-label", "")):
        return own
    ids = attrs.get("aria-labelledby", "").split()[:10]
    named = [node for one in ids if (node := next(tree.having("id", one), None)) is not None]
    if own := _plain(" ".join(label(tree, node.id) for node in named)):
        return own
    if not headed:
        return ""
    for looked, node in enumerate(element.walk()):
        if node.tag in _HEADINGS or node.attrs.get("role") == "heading":
            return _plain(label(tree, node.id))
        if looked >= _LOOKED_AT:
            break
    return ""


def _plain(words: str) -> str:
    """Return words in one line, cut; "" when they are masked."""
    words = " ".join(words.split())
    if not words_of(words):
        return ""
    return words if len(words) <= MOST_WORDS else words[: MOST_WORDS - 1].rstrip() + "…"
