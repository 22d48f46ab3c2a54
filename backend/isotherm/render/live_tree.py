"""The document of a live page as a node tree, as recordings have one."""

from typing import Any, Final

import msgspec
from msgspec import Struct

from isotherm.replay.dom.tree import Kind, Node, Tree

_KINDS: Final = {1: Kind.ELEMENT, 3: Kind.TEXT, 9: Kind.DOCUMENT, 11: Kind.SHADOW}


class _LiveNode(Struct):
    """One node as `nodes.js` tells it; its number is its position."""

    parent: int
    kind: int
    tag: str
    svg: bool
    text: str
    attrs: dict[str, str]


def live_tree(answer: Any) -> Tree:
    """Return the tree of what `nodes.js` answered."""
    tree = Tree()
    for number, row in enumerate(msgspec.convert(answer, list[_LiveNode])):
        node = Node(
            number,
            _KINDS.get(row.kind, Kind.OTHER),
            tag=row.tag,
            svg=row.svg,
            text=row.text,
            attrs=row.attrs,
        )
        tree.add(node, tree.nodes.get(row.parent))
    return tree
