"""The selector that Datadog's SDK gives an element, computed from a recorded document.

Definition: Datadog browser SDK, `getSelectorFromElement` (documented in the samples' README, 2.4).
From the element upwards: a stable attribute or an id without digits that makes the path so far
unique in its root ends it; else stable attribute, first class without digits or tag, whichever
is unique among the siblings; else `:nth-of-type`. Shadow roots are joined with `::shadow `;
documents of frames, which Datadog does not record, with `::frame `.
"""

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from isotherm.replay.dom.tree import STABLE_ATTRIBUTES, Kind, Node, Tree

SHADOW = "::shadow "
FRAME = "::frame "
MAX_KEY = 2048
"""Longer selectors are worth nothing as a key; Datadog cuts its composed paths there too."""

MAX_STEPS = MAX_KEY // 2
"""A path of more steps is longer than a key may be."""

MAX_LOOKS = 300_000
"""Elements looked at for one key; a page of ten thousand list items needs a tenth of that."""


class _TooMuchError(Exception):
    """A document was made so that a key would take for ever."""


class _Looks:
    """Counts the elements that are looked at for one key."""

    __slots__ = ("left",)

    def __init__(self) -> None:
        self.left = MAX_LOOKS

    def at(self, nodes: Iterator[Node]) -> Iterator[Node]:
        """Yield the nodes, counted. Raises _TooMuchError."""
        for node in nodes:
            self.left -= 1
            if self.left < 0:
                raise _TooMuchError
            yield node


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

    def among(self, parent: Node, looks: _Looks) -> Iterator[Node]:
        """Yield the children of a node that match."""
        matching = (child for child in looks.at(parent.elements()) if self.matches(child))
        if self.by != "position":
            yield from matching
            return
        for number, child in enumerate(matching, start=1):
            if str(number) == self.value:
                yield child
                return


def element_key(tree: Tree, node_id: int) -> str:
    """Return the selector of a node (of a text: of its parent); "" when it has none."""
    try:
        return _key(tree, element_of(tree, node_id), _Looks())
    except _TooMuchError:
        return ""


def _key(tree: Tree, target: Node | None, looks: _Looks) -> str:
    key = joint = ""
    while target is not None:
        root = _root(target, looks)
        if root is None:
            return ""
        steps = _steps(tree, target, root, looks)
        if not steps and root.parent is not None:
            steps = [_Step("tag", target.name)]  # the root element of a frame
        if not steps:
            return ""
        key = ">".join(map(str, steps)) + joint + key
        joint = SHADOW if root.kind is Kind.SHADOW else FRAME
        target = root.parent  # the shadow host, or the frame
    return key if len(key) <= MAX_KEY else ""


def element_of(tree: Tree, node_id: int) -> Node | None:
    """Return the element that a node stands for: itself, or what it is inside of."""
    node = tree.nodes.get(node_id)
    while node is not None and node.kind is not Kind.ELEMENT:
        node = node.parent
    return node


def _root(node: Node, looks: _Looks) -> Node | None:
    """Return the document or shadow root that a node is in; None when it is detached."""
    for above in looks.at(node.ancestors()):
        if above.kind in {Kind.DOCUMENT, Kind.SHADOW}:
            return above
    return None


def _steps(tree: Tree, target: Node, root: Node, looks: _Looks) -> list[_Step]:
    """Return the path from the first step to the target, inside one root."""
    path: list[_Step] = []
    element: Node | None = target
    while element is not None and element.kind is Kind.ELEMENT and element.tag != "html":
        if len(path) > MAX_STEPS:
            return []
        stable, by_id = _by_attribute(element), _by_id(element)
        for step in (stable, by_id):
            if step is not None and _unique_in_root(tree, root, [step, *path], looks):
                return [step, *path]
        for step in (stable, _by_class(element), _Step("tag", element.name)):
            if step is not None and _unique_among_siblings(element, step, path, looks):
                path.insert(0, step)
                break
        else:
            path.insert(0, _by_position(element, looks))
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


def _by_position(element: Node, looks: _Looks) -> _Step:
    number = 1 + sum(
        before.kind is Kind.ELEMENT and before.name == element.name
        for before in looks.at(element.siblings_before())
    )
    return _Step("position", element.name, "", str(number))


def _generated(value: str) -> bool:
    """Tell whether a value counts as generated: any digit in it (Datadog's rule)."""
    return re.search(r"[0-9]", value) is not None


def _unique_in_root(tree: Tree, root: Node, path: list[_Step], looks: _Looks) -> bool:
    """Whether exactly one element of the root matches the path; its first step is indexed."""
    found = 0
    rest = path[1:]
    for start in looks.at(tree.having(path[0].name, path[0].value)):
        if path[0].matches(start) and _root(start, looks) is root:
            found += _count(start, rest, 2 - found, looks)
            if found > 1:
                return False
    return found == 1


def _unique_among_siblings(element: Node, step: _Step, path: list[_Step], looks: _Looks) -> bool:
    """Whether no sibling matches the step and has a match of the path below it."""
    if element.parent is None:
        return True
    return not any(
        sibling is not element and step.matches(sibling) and _count(sibling, path, 1, looks)
        for sibling in looks.at(element.parent.elements())
    )


def _count(start: Node, path: list[_Step], limit: int, looks: _Looks) -> int:
    """Count the elements at the end of a child path below `start`, up to a limit."""
    found = 0
    stack = [(start, 0)]
    while stack and found < limit:
        node, depth = stack.pop()
        if depth == len(path):
            found += 1
        else:
            stack.extend((child, depth + 1) for child in path[depth].among(node, looks))
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
