"""One normalised node tree for every recording format, with the indices selectors need."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum

from isotherm.replay.dom.recycled_nodes import Shifts, UsedAgain
from isotherm.replay.dom.stylesheets import Sheet

MAX_NODES = 250_000
"""Nodes kept of one document; what is added beyond is left out."""

MANY_GONE = 8
"""So many children of one kind leave no menu or spinner, but a list that is scrolled or sorted."""

STABLE_ATTRIBUTES = (
    "data-dd-action-name",
    "data-guance-action-name",
    "data-testid",
    "data-test",
    "data-qa",
    "data-cy",
    "data-test-id",
    "data-qa-id",
    "data-testing",
    "data-component",
    "data-element",
    "data-source-file",
)
"""Attributes that name an element across releases, in the order in which Datadog's and Guance's
SDKs try them (each knows only its own `*-action-name`)."""

_INDEXED = frozenset((*STABLE_ATTRIBUTES, "id", "for"))


class Kind(Enum):
    """What a node is."""

    DOCUMENT = "document"
    DOCTYPE = "doctype"
    ELEMENT = "element"
    TEXT = "text"
    SHADOW = "shadow root"
    OTHER = "comment, cdata"


@dataclass(slots=True, eq=False)
class Node:
    """A node of the page. Siblings are linked, so that inserting costs the same anywhere."""

    id: int
    kind: Kind
    tag: str = ""  # HTML in lower case; SVG as written
    svg: bool = False
    text: str = ""  # of a text node; of a doctype: what follows `<!DOCTYPE `; of a document: mode
    attrs: dict[str, str] = field(default_factory=dict)
    sheets: list[Sheet] = field(default_factory=list)
    worn: list[Sheet] = field(default_factory=list)  # of a style element: before its text changed
    scroll: tuple[float, float] = (0.0, 0.0)
    value: str | None = None  # live value of a form field
    checked: bool | None = None
    selected: bool | None = None
    hidden_size: tuple[str, str] | None = None  # css sizes of an element hidden for privacy
    parent: "Node | None" = None
    first: "Node | None" = None
    last: "Node | None" = None
    before: "Node | None" = None
    after: "Node | None" = None

    def children(self) -> Iterator["Node"]:
        """Yield the child nodes in order (a shadow root is one of them)."""
        child = self.first
        while child is not None:
            yield child
            child = child.after

    def elements(self) -> Iterator["Node"]:
        """Yield the child elements in order."""
        return (child for child in self.children() if child.kind is Kind.ELEMENT)

    def walk(self) -> Iterator["Node"]:
        """Yield this node and everything below it in document order, without recursion."""
        node: Node | None = self
        while node is not None:
            yield node
            if node.first is not None:
                node = node.first
                continue
            while node is not None and node is not self and node.after is None:
                node = node.parent
            node = None if node is None or node is self else node.after

    def ancestors(self) -> Iterator["Node"]:
        """Yield the parent, its parent, and so on up to the document."""
        node = self.parent
        while node is not None:
            yield node
            node = node.parent

    def siblings_before(self) -> Iterator["Node"]:
        """Yield the siblings before this node, the nearest first."""
        node = self.before
        while node is not None:
            yield node
            node = node.before

    @property
    def name(self) -> str:
        """The tag as the DOM spells it: HTML in upper case."""
        return self.tag if self.svg else self.tag.upper()

    @property
    def classes(self) -> list[str]:
        """The class names in order."""
        return self.attrs.get("class", "").split()


class Tree:
    """Nodes by id, and elements by id attribute and stable attributes."""

    def __init__(self) -> None:
        self.nodes: dict[int, Node] = {}
        self.root: Node | None = None
        self.truncated = False  # more than MAX_NODES were recorded
        self.masked: tuple[int, bool] | None = None  # see `labels.py`
        self._index: dict[tuple[str, str], dict[Node, None]] = {}
        self._left: dict[tuple[int, str], int] = {}  # children gone, by parent and tag
        self._shifts = Shifts()

    @property
    def used_again(self) -> UsedAgain:
        """The nodes whose children's places are used again."""
        lists = (parent for (parent, _), gone in self._left.items() if gone >= MANY_GONE)
        return UsedAgain(frozenset(lists), frozenset(self._shifts.parents))

    def end_batch(self) -> None:
        """End a batch of changes that were made at once."""
        self._shifts.end_batch()

    def add(self, node: Node, parent: Node | None, before: Node | None = None) -> bool:
        """Put a node into the tree; without parent it becomes the root. False: not taken."""
        if len(self.nodes) >= MAX_NODES:
            self.truncated = True
            return False
        if node.id in self.nodes:
            self.remove(self.nodes[node.id])
            if parent is not None and self.nodes.get(parent.id) is not parent:
                return False  # a node cannot be put below itself
            if before is not None and before.parent is None:
                before = None
        self.nodes[node.id] = node
        for name in _INDEXED & node.attrs.keys():
            self._index.setdefault((name, node.attrs[name]), {})[node] = None
        if parent is None:
            self.root = node
        else:
            _link(node, parent, before if before is not None and before.parent is parent else None)
            self._shifts.comes(node)
        return True

    def remove(self, node: Node) -> None:
        """Take a node and everything below it out of the tree."""
        if node.kind is Kind.ELEMENT and node.parent is not None:
            place = (node.parent.id, node.tag)
            self._left[place] = self._left.get(place, 0) + 1
        self._shifts.goes(node)
        _unlink(node)
        for gone in node.walk():
            if self.nodes.get(gone.id) is gone:
                del self.nodes[gone.id]
            for name in _INDEXED & gone.attrs.keys():
                self._forget(gone, name)
        if self.root is node:
            self.root = None

    def move(self, node: Node, parent: Node, before: Node | None = None) -> None:
        """Put a node that is in the tree somewhere else, with everything below it."""
        if node is parent or any(above is node for above in parent.ancestors()):
            return
        self._shifts.goes(node)
        _unlink(node)
        _link(node, parent, before if before is not None and before.parent is parent else None)
        self._shifts.comes(node)

    def set_attribute(self, node: Node, name: str, value: str | None) -> None:
        """Set an attribute, or remove it with None; style sheet text goes to the node's sheet."""
        if name == "_cssText":
            node.sheets = [Sheet.of_element(value)] if value is not None else []
            return
        if name in _INDEXED and name in node.attrs:
            self._forget(node, name)
        if value is None:
            node.attrs.pop(name, None)
            return
        node.attrs[name] = value
        if name in _INDEXED and self.nodes.get(node.id) is node:
            self._index.setdefault((name, value), {})[node] = None

    def having(self, name: str, value: str) -> Iterator[Node]:
        """Yield the elements whose `id`, `for` or stable attribute has this value."""
        return iter(self._index.get((name, value), ()))

    def _forget(self, node: Node, name: str) -> None:
        key = (name, node.attrs[name])
        holders = self._index.get(key)
        if holders is not None:
            holders.pop(node, None)
            if not holders:
                del self._index[key]


def _link(node: Node, parent: Node, before: Node | None) -> None:
    node.parent = parent
    node.after = before
    node.before = before.before if before is not None else parent.last
    if node.before is not None:
        node.before.after = node
    else:
        parent.first = node
    if before is not None:
        before.before = node
    else:
        parent.last = node


def _unlink(node: Node) -> None:
    parent = node.parent
    if parent is None:
        return
    if node.before is not None:
        node.before.after = node.after
    else:
        parent.first = node.after
    if node.after is not None:
        node.after.before = node.before
    else:
        parent.last = node.before
    node.parent = node.before = node.after = None
