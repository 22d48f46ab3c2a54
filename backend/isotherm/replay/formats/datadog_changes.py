"""Full snapshots and changes of Datadog v7: a string table, implicit ids, relative inserts."""

from collections.abc import Callable, Sequence
from typing import Any

from isotherm.replay.dom.stylesheets import MAX_CSS, Sheet
from isotherm.replay.dom.tree import Kind, Node, Tree
from isotherm.replay.formats.json_values import integer, pixels, sequence, text
from isotherm.replay.formats.node_trees import doctype, set_attribute

MAX_STRINGS = 1_000_000
MAX_MEDIA = 100

_KINDS = {
    "#document": Kind.DOCUMENT,
    "#doctype": Kind.DOCTYPE,
    "#text": Kind.TEXT,
    "#shadow-root": Kind.SHADOW,
    "#document-fragment": Kind.OTHER,
    "#cdata-section": Kind.OTHER,
}


class ChangeReader:
    """Reads the changes of one full snapshot and of everything after it into a tree.

    Ids and strings are counted, so one lost record makes all later ones wrong: `broken` is set
    when that shows, and the reader then leaves the tree as it is.
    """

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.broken = False
        self._strings: list[str] = []
        self._sheets: dict[int, Sheet] = {}
        self._added: list[Sheet] = []  # by this record
        self._attached: list[tuple[Node | None, list[int]]] = []  # by this record
        self._next_id = 0
        self._readers: dict[int, Callable[[Any], None]] = {
            0: self._add_string,
            1: self._add_node,
            2: self._remove_node,
            3: self._set_attributes,
            4: self._set_text,
            5: self._set_size,
            6: self._set_scroll,
            7: self._add_sheet,
            8: self._attach_sheets,
            11: self._add_strings_of_role,
            12: self._set_value,
            13: self._set_selection,
        }

    def read(self, changes: list[Any]) -> None:
        """Apply the changes of one record in the order given."""
        for change in changes:
            kind = integer(change[0]) if isinstance(change, list) and change else -1
            if kind == 14:
                self._strings.clear()
            reader = self._readers.get(kind)
            if reader is None:
                continue  # playback state, visual viewport, pixels of an image: no DOM
            for item in change[1:]:
                if self.broken:
                    return
                reader(item)
        if self._added or self._attached:
            self._number_and_attach()

    def _string(self, value: object) -> str:
        if isinstance(value, dict):  # {"role": n, "string": literal}
            return text(value.get("string"), MAX_CSS)
        if isinstance(value, str):
            return value[:MAX_CSS]
        index = integer(value)
        if not 0 <= index < len(self._strings):
            self.broken = True
            return ""
        return self._strings[index]

    def _node(self, node_id: object) -> Node | None:
        return self.tree.nodes.get(integer(node_id))

    def _add_string(self, item: object) -> None:
        if len(self._strings) >= MAX_STRINGS:
            self.broken = True
        self._strings.append(text(item, MAX_CSS))

    def _add_strings_of_role(self, item: object) -> None:
        for string in sequence(item)[1:]:
            self._add_string(string)

    def _add_node(self, item: object) -> None:
        parts = sequence(item)
        if len(parts) < 2:
            self.broken = True
            return
        name = self._string(parts[1])
        node = Node(id=self._next_id, kind=_KINDS.get(name, Kind.ELEMENT))
        self._next_id += 1
        if node.kind is Kind.ELEMENT:
            self._name_and_attributes(node, name, parts[2:])
        elif node.kind is Kind.TEXT:
            node.text = self._string(parts[2]) if len(parts) > 2 else ""
        elif node.kind is Kind.DOCTYPE:
            node.text = doctype(*([self._string(part) for part in parts[2:5]] + [""] * 3)[:3])
        self._insert(node, parts[0])

    def _name_and_attributes(self, node: Node, name: str, pairs: list[Any]) -> None:
        node.svg = name.startswith("svg>")
        node.tag = name.removeprefix("svg>")[:200] if node.svg else name[:200].lower()
        for pair in pairs:
            if len(sequence(pair)) >= 2:
                set_attribute(self.tree, node, self._string(pair[0]), self._string(pair[1]))

    def _insert(self, node: Node, point: object) -> None:
        """Insert by its point: none = root, n > 0 = last in `id - n`, 0 and n < 0 = siblings."""
        if point is None:
            if self.tree.root is None:
                self.tree.add(node, None)
            return
        offset = integer(point, default=1 << 60)
        anchor = self.tree.nodes.get(node.id - (offset if offset > 0 else max(1, -offset)))
        if offset > 0:
            parent, before = anchor, None
        elif anchor is None:
            parent, before = None, None
        else:
            parent, before = anchor.parent, anchor if offset < 0 else anchor.after
        if parent is not None:
            self.tree.add(node, parent, before)
        elif not self.tree.truncated:
            self.broken = True

    def _remove_node(self, item: object) -> None:
        node = self._node(item)
        if node is not None:
            self.tree.remove(node)

    def _set_attributes(self, item: object) -> None:
        parts = sequence(item)
        node = self._node(parts[0]) if parts else None
        if node is None or node.kind is not Kind.ELEMENT:
            return
        for pair in parts[1:]:
            names = sequence(pair)
            if names:
                name, value = self._string(names[0]), None
                if len(names) > 1:
                    value = self._string(names[1])
                if not self.broken:
                    set_attribute(self.tree, node, name, value)

    def _set_text(self, item: object) -> None:
        parts = sequence(item)
        node = self._node(parts[0]) if len(parts) > 1 else None
        if node is not None and node.kind is Kind.TEXT:
            words = self._string(parts[1])
            node.text = node.text if self.broken else words

    def _set_size(self, item: object) -> None:
        node, pair = self._node_and_pair(item)
        if node is not None:
            node.hidden_size = (f"{pair[0]:g}px", f"{pair[1]:g}px")

    def _set_scroll(self, item: object) -> None:
        node, pair = self._node_and_pair(item)
        if node is not None:
            node.scroll = pair

    def _node_and_pair(self, item: object) -> tuple[Node | None, tuple[float, float]]:
        parts = sequence(item)
        if len(parts) < 3:
            return None, (0.0, 0.0)
        return self._node(parts[0]), (pixels(parts[1]) or 0.0, pixels(parts[2]) or 0.0)

    def _add_sheet(self, item: object) -> None:
        parts = sequence(item)
        source = parts[0] if parts else ""
        listed = sequence(parts[1])[:MAX_MEDIA] if len(parts) > 1 else []
        media = ", ".join(self._string(medium)[:1000] for medium in listed)
        disabled = len(parts) > 2 and parts[2] is True
        if isinstance(source, list):
            texts = [self._string(rule) for rule in source]
            self._added.append(Sheet.of_rules(texts, media, disabled=disabled))
        else:
            self._added.append(Sheet(self._string(source), media, disabled))

    def _attach_sheets(self, item: object) -> None:
        parts = sequence(item)
        if parts:
            self._attached.append((self._node(parts[0]), [integer(part) for part in parts[1:]]))

    def _number_and_attach(self) -> None:
        """Give the record's sheets their numbers, then the nodes their sheets.

        The SDK numbers sheets, but sends one anew for each node that has it (of all shadow roots of
        a component, say). So the numbers are those that the nodes name, in the same order; where
        there are fewer sheets than names, each is a new one.
        """
        numbers: Sequence[int] = [at for _, ids in self._attached for at in ids]
        if len(numbers) != len(self._added):
            numbers = range(len(self._sheets), len(self._sheets) + len(self._added))
        self._sheets.update(zip(numbers, self._added, strict=True))
        for node, ids in self._attached:
            if node is not None:
                node.sheets = [self._sheets[at] for at in ids if at in self._sheets]
        self._added, self._attached = [], []

    def _set_value(self, item: object) -> None:
        parts = sequence(item)
        node = self._node(parts[0]) if len(parts) > 1 else None
        if node is not None:
            value = self._string(parts[1])
            node.value = node.value if self.broken else value

    def _set_selection(self, item: object) -> None:
        parts = sequence(item)
        state = integer(parts[0]) if parts else -1
        for node_id in parts[1:]:
            node = self._node(node_id)
            if node is not None and node.tag == "option":
                node.selected = state == 0
            elif node is not None:
                node.checked = state == 0
