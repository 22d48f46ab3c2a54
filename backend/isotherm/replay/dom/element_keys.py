"""The selector that Datadog's SDK gives an element, computed from a recorded document.

Definition: Datadog browser SDK, `getSelectorFromElement` (documented in the samples' README, 2.4).
From the element upwards: a stable attribute or an id without digits that makes the path so far
unique in its root ends it; else stable attribute, first class without digits or tag, whichever
is unique among the siblings; else `:nth-of-type`. Shadow roots are joined with `::shadow `.
"""

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from isotherm.replay.dom.tree import STABLE_ATTRIBUTES, Kind, Node, Tree

SHADOW = "::shadow "
MAX_KEY = 2048
"""Longer selectors are worth nothing as a key; Datadog cuts its composed paths there too."""


class _Step(NamedTuple):
    """One compound of the path: what must be equal for a node to match."""

    by: Literal["attribute", "id", "class", "tag", "position"]
    tag: str  # as in the DOM; "" for an id
    name: str = ""
    value: str = ""

    def __str__(self) -> str:
        tag = escape(self.tag)
        match self.by:
            case "attribute":
                return f'{tag}[{self.name}="{escape(self.value)}"]'
            case "id":
                return f"#{escape(self.value)}"
            case "class":
                return f"{tag}.{escape(self.value)}"
            case "tag":
                return tag
            case "position":
                return f"{tag}:nth-of-type({self.value})"

    def matches(self, node: Node) -> bool:
        """Whether a node matches, position aside."""
        match self.by:
            case "id":
                return node.attrs.get("id") == self.value
            case "attribute":
                return node.name == self.tag and node.attrs.get(self.name) == self.value
            case "class":
                return node.name == self.tag and self.value in node.classes
            case _:
                return node.name == self.tag

    def among(self, parent: Node) -> Iterator[Node]:
        """Yield the children of a node that match."""
        matching = (child for child in parent.elements() if self.matches(child))
        if self.by != "position":
            yield from matching
            return
        for number, child in enumerate(matching, start=1):
            if str(number) == self.value:
                yield child
                return


def element_key(tree: Tree, node_id: int) -> str:
    """Return the selector of a node (of a text: of its parent); "" when it has none."""
    target = element_of(tree, node_id)
    parts: list[str] = []
    while target is not None:
        root = _root(target)
        if root is None:
            return ""
        steps = _steps(tree, target, root)
        if not steps:
            return ""
        if root.kind is Kind.SHADOW or root.parent is None:
            parts.append(">".join(str(step) for step in steps))
        target = root.parent  # the shadow host; of a document inside a frame: the frame
        if root.kind is not Kind.SHADOW:
            parts = parts if target is None else []
    key = SHADOW.join(reversed(parts))
    return key if len(key) <= MAX_KEY else ""


def element_of(tree: Tree, node_id: int) -> Node | None:
    """Return the element that a node stands for: itself, or what it is inside of."""
    node = tree.nodes.get(node_id)
    while node is not None and node.kind is not Kind.ELEMENT:
        node = node.parent
    return node


def _root(node: Node) -> Node | None:
    """Return the document or shadow root that a node is in; None when it is detached."""
    for above in node.ancestors():
        if above.kind in {Kind.DOCUMENT, Kind.SHADOW}:
            return above
    return None


def _steps(tree: Tree, target: Node, root: Node) -> list[_Step]:
    """Return the path from the first step to the target, inside one root."""
    path: list[_Step] = []
    element: Node | None = target
    while element is not None and element.kind is Kind.ELEMENT and element.tag != "html":
        stable, by_id = _by_attribute(element), _by_id(element)
        for step in (stable, by_id):
            if step is not None and _unique_in_root(tree, root, [step, *path]):
                return [step, *path]
        for step in (stable, _by_class(element), _Step("tag", element.name)):
            if step is not None and _unique_among_siblings(element, step, path):
                path.insert(0, step)
                break
        else:
            path.insert(0, _by_position(element))
        element = element.parent
    return path


def _by_attribute(element: Node) -> _Step | None:
    for name in STABLE_ATTRIBUTES:
        if name in element.attrs:
            return _Step("attribute", element.name, name, element.attrs[name])
    return None


def _by_id(element: Node) -> _Step | None:
    value = element.attrs.get("id", "")
    return _Step("id", "", "id", value) if value and not _generated(value) else None


def _by_class(element: Node) -> _Step | None:
    if element.tag == "body":
        return None
    for name in element.classes:
        if not _generated(name):
            return _Step("class", element.name, "", name)
    return None


def _by_position(element: Node) -> _Step:
    number, before = 1, element.before
    while before is not None:
        number += before.kind is Kind.ELEMENT and before.name == element.name
        before = before.before
    return _Step("position", element.name, "", str(number))


def _generated(value: str) -> bool:
    """Tell whether a value counts as generated: any digit in it (Datadog's rule)."""
    return re.search(r"[0-9]", value) is not None


def _unique_in_root(tree: Tree, root: Node, path: list[_Step]) -> bool:
    """Whether exactly one element of the root matches the path; its first step is indexed."""
    found = 0
    for start in tree.having(path[0].name, path[0].value):
        if path[0].matches(start) and _root(start) is root:
            found += _count(start, path[1:], limit=2 - found)
            if found > 1:
                return False
    return found == 1


def _unique_among_siblings(element: Node, step: _Step, path: list[_Step]) -> bool:
    """Whether no sibling matches the step and has a match of the path below it."""
    if element.parent is None:
        return True
    return not any(
        sibling is not element and step.matches(sibling) and _count(sibling, path, limit=1)
        for sibling in element.parent.elements()
    )


def _count(start: Node, path: list[_Step], limit: int) -> int:
    """Count the elements at the end of a child path below `start`, up to a limit."""
    found = 0
    stack = [(start, 0)]
    while stack and found < limit:
        node, depth = stack.pop()
        if depth == len(path):
            found += 1
        else:
            stack.extend((child, depth + 1) for child in path[depth].among(node))
    return found


def escape(value: str) -> str:
    """Escape an identifier as `CSS.escape` does (CSSOM, "serialize an identifier")."""
    if value == "-":
        return "\\-"
    out: list[str] = []
    for index, char in enumerate(value):
        code = ord(char)
        leading = index == 0 or (index == 1 and value[0] == "-")
        if code == 0:
            out.append("\ufffd")
        elif code < 0x20 or code == 0x7F or ("0" <= char <= "9" and leading):
            out.append(f"\\{code:x} ")
        elif code >= 0x80 or char in "-_" or (char.isalnum() and char.isascii()):
            out.append(char)
        else:
            out.append(f"\\{char}")
    return "".join(out)
