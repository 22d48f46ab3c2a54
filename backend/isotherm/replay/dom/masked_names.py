"""Names that a recording masks though the layout hangs on them: of slots, radio buttons, details.

Datadog's `mask` writes stars for every `name`. A slot without its name shows nothing of what it is
for, and radio buttons or details of one name exclude each other. What a slot was called is found
again by what its host's children ask for (`slot`, which is not masked), and by where slots stand.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from isotherm.replay.dom.tree import Kind, Node, Tree

_MASKED: Final = re.compile(r"\*++")
_FIRST: Final = re.compile(r"container|start|prefix|leading|before|left|header|anchor|icon")
_LAST: Final = re.compile(r"end|suffix|after|right|footer|actions?")
_LATE: Final = re.compile(r"trailing")
_AT_END: Final = 3
_EXCLUDING: Final = frozenset({"input", "details"})


def is_masked_name(node: Node) -> bool:
    """Say whether a node has a name that is masked."""
    return bool(_MASKED.fullmatch(node.attrs.get("name", "")))


def shown_attributes(node: Node, slots: Mapping[int, str]) -> dict[str, str]:
    """Return the attributes that a node is drawn with; `slots` are the names of slots by id."""
    attrs = dict(node.attrs)
    if node.id in slots:
        attrs["name"] = slots[node.id]
    elif node.tag in _EXCLUDING and is_masked_name(node):
        del attrs["name"]
    return attrs


def slot_names(tree: Tree) -> dict[int, str]:
    """Return what slots with masked names were called, by node id, as far as it can be told."""
    if tree.root is None or not any(
        node.tag == "slot" and is_masked_name(node) for node in tree.nodes.values()
    ):
        return {}
    homes: dict[int, Node] = {}  # of a node: its shadow root
    slots: dict[Node, list[Node]] = {}
    for node in tree.root.walk():
        home = node if node.kind is Kind.SHADOW else homes.get(node.parent.id if node.parent else 0)
        if home is None:
            continue
        homes[node.id] = home
        if node.tag == "slot" and is_masked_name(node):
            slots.setdefault(home, []).append(node)
    found: dict[int, str] = {}
    for home, masked in slots.items():
        if home.parent is not None:
            found |= _assigned(masked, _asked_for(home.parent))
    return found


def _asked_for(host: Node) -> list[str]:
    """Return the slots that the children of a host ask for, in order, each once."""
    asked = (child.attrs.get("slot", "") for child in host.elements())
    return [name for name in dict.fromkeys(asked) if name and not _MASKED.fullmatch(name)]


def _assigned(slots: Sequence[Node], names: Sequence[str]) -> dict[int, str]:
    """Give slots names: those they pass on under the same name, then from both ends inwards."""
    passed = {slot.id: slot.attrs.get("slot", "") for slot in slots}
    found: dict[int, str] = {}
    asked = set(names)
    for slot in slots:
        if passed[slot.id] in asked:
            asked.remove(passed[slot.id])
            found[slot.id] = passed[slot.id]
    left = sorted((name for name in names if name in asked), key=_place)
    free = [slot.id for slot in slots if slot.id not in found]
    last = [name for name in left if _place(name) == _AT_END][: len(free)]
    if last:
        found |= dict(zip(free[-len(last) :], last, strict=True))
        free = free[: -len(last)]
    found |= dict(zip(free, (name for name in left if name not in last), strict=False))
    return found


def _place(name: str) -> int:
    """Return where a slot of this name usually stands: 0 at the start, 3 at the end."""
    if _FIRST.fullmatch(name):
        return 0
    if _LAST.fullmatch(name):
        return _AT_END
    return 2 if _LATE.match(name) else 1
