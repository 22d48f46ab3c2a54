"""A recorded page as it stands after some records: apply, ask for keys and labels, take a state."""

from collections.abc import Callable, Iterable
from typing import Any

from isotherm.replay.dom import element_keys, fingerprints, labels
from isotherm.replay.dom.page_state import PageState, own_css, page_state
from isotherm.replay.dom.recycled_nodes import UsedAgain
from isotherm.replay.dom.stylesheets import MAX_CSS, Sheet
from isotherm.replay.dom.tree import Node, Tree
from isotherm.replay.formats.datadog_changes import ChangeReader
from isotherm.replay.formats.json_values import integer, many_objects, mapping, sequence, text
from isotherm.replay.formats.node_trees import apply_mutation, load_snapshot
from isotherm.replay.formats.records import (
    Change,
    ChangeSnapshot,
    FullSnapshot,
    Input,
    Meta,
    Mutation,
    PageUrl,
    Record,
    RecordsLost,
    Resize,
    Scroll,
    SheetChange,
)

__all__ = ["Document", "PageState"]


class Document:
    """The node tree of a page, moved forward record by record. Unknown ids change nothing."""

    def __init__(self) -> None:
        self.tree = Tree()
        self.url = ""
        self.viewport = (0, 0)  # css px
        self.shell_scroller: int | None = None
        self.records_lost = False  # changes are missing: the page looked different
        self._changes = ChangeReader(self.tree)
        self._adopted: dict[int, Sheet] = {}  # rrweb's constructed sheets, by its styleId
        self._used_again = UsedAgain()  # of the trees before

    @classmethod
    def load(cls, records: Iterable[Record]) -> "Document":
        """Return the document after all these records."""
        document = cls()
        for record in records:
            document.apply(record)
        return document

    def apply(self, record: Record) -> None:
        """Move forward by one record; records that change no document do nothing."""
        step = _STEPS.get(type(record))
        if step is not None:
            step(self, record)

    @property
    def broken(self) -> bool:
        """Whether records before this moment are known to be missing."""
        return self.records_lost or self._changes.broken

    @property
    def root_id(self) -> int | None:
        """The node id that scroll records of the document carry."""
        return self.tree.root.id if self.tree.root is not None else None

    def element_key(self, node_id: int) -> str:
        """Return the selector Datadog's SDK would give this node's element; "" = none."""
        return element_keys.element_key(self.tree, node_id)

    def element(self, node_id: int) -> Node | None:
        """Return the element a node stands for (of a text: its parent)."""
        return element_keys.element_of(self.tree, node_id)

    def label(self, node_id: int) -> str:
        """Return what people call this node's element; "" when it has no words or is masked."""
        return labels.label(self.tree, node_id)

    def fingerprint(self, node_id: int) -> str:
        """Return what this node's element is, to tell it from another that stands there later."""
        return fingerprints.fingerprint_of_node(self.tree, node_id, self.url)

    def snapshot(self) -> PageState:
        """Return the page as it stands, flat, for the renderer."""
        with many_objects():
            return page_state(
                self.tree,
                url=self.url,
                viewport=self.viewport,
                shell_scroller=self.shell_scroller,
                complete=not self.broken,
            )

    def _meta(self, record: Meta) -> None:
        self.url = record.url or self.url
        self.viewport = (record.width, record.height)

    def _page_url(self, record: PageUrl) -> None:
        self.url = record.url

    def _resize(self, record: Resize) -> None:
        self.viewport = (record.width, record.height)

    def _lost(self, _: RecordsLost) -> None:
        self.records_lost = True
        self._changes.broken = True  # its ids and strings are counted

    def _load(self, record: FullSnapshot) -> None:
        self._start()
        load_snapshot(self.tree, record.data, rrweb=record.rrweb)
        self.tree.end_batch()

    def _load_changes(self, record: ChangeSnapshot) -> None:
        self._start()
        self._changes.read(record.data)
        self.tree.end_batch()

    def _mutate(self, record: Mutation) -> None:
        apply_mutation(self.tree, record.data, rrweb=record.rrweb)
        self.tree.end_batch()

    def _change(self, record: Change) -> None:
        if self.tree.root is not None:
            self._changes.read(record.data)
            self.tree.end_batch()

    @property
    def used_again(self) -> UsedAgain:
        """The nodes whose children's places were used again, in all documents so far."""
        return self._used_again | self.tree.used_again

    def _start(self) -> None:
        self._used_again = self.used_again
        self.tree = Tree()
        self.records_lost = False
        self._changes = ChangeReader(self.tree)
        self._adopted = {}

    def _scroll(self, record: Scroll) -> None:
        node = self.tree.nodes.get(record.node)
        if node is not None:
            node.scroll = (record.left, record.top)

    def _input(self, record: Input) -> None:
        node = self.tree.nodes.get(record.node)
        if node is None:
            return
        if record.checked is not None and node.attrs.get("type") in {"checkbox", "radio"}:
            node.checked = record.checked
        elif record.value is not None:
            node.value = record.value
            if node.tag == "select":
                for option in node.walk():
                    if option.tag == "option":
                        option.selected = _option_value(option) == record.value

    def _change_sheets(self, record: SheetChange) -> None:
        data, source = record.data, record.source
        if source == 15:
            self._adopt(data)
            return
        sheet = self._sheet(data)
        if sheet is None:
            return
        if source == 13:
            _change_declaration(sheet, data)
            return
        if "replace" in data or "replaceSync" in data:
            sheet.replace(text(data.get("replace") or data.get("replaceSync"), MAX_CSS))
        for removed in sequence(data.get("removes")):
            sheet.delete_rule(_path(mapping(removed).get("index")))
        for added in map(mapping, sequence(data.get("adds"))):
            rule = text(added.get("rule"), MAX_CSS)
            if rule and not rule.isspace():
                sheet.insert_rule(rule, _path(added.get("index", 0)))

    def _sheet(self, data: dict[str, Any]) -> Sheet | None:
        """Return the sheet that a change is about: of a node, or a constructed one."""
        node = self.tree.nodes.get(integer(data.get("id")))
        if node is None:
            return self._adopted.get(integer(data.get("styleId")))
        if not node.sheets:
            css = own_css(node)
            node.sheets = [Sheet(css[0].text if css else "", node.attrs.get("media", ""))]
        return node.sheets[0]

    def _adopt(self, data: dict[str, Any]) -> None:
        """Read rrweb's adopted sheets: rules by styleId, then the ids in the node's order."""
        for style in sequence(data.get("styles")):
            rules = [mapping(rule) for rule in sequence(mapping(style).get("rules"))]
            texts = [text(rule.get("rule"), MAX_CSS) for rule in rules]
            self._adopted[integer(mapping(style).get("styleId"))] = Sheet.of_rules(texts)
        node = self.tree.nodes.get(integer(data.get("id")))
        if node is not None:
            shadow = self.tree.nodes.get(-2 - node.id, node)  # an rrweb host: its shadow root
            ids = [integer(style_id) for style_id in sequence(data.get("styleIds"))]
            shadow.sheets = [self._adopted[key] for key in ids if key in self._adopted]


_STEPS: dict[type[Record], Callable[[Document, Any], None]] = {
    Meta: Document._meta,  # noqa: SLF001 - the table of the class above
    PageUrl: Document._page_url,  # noqa: SLF001
    Resize: Document._resize,  # noqa: SLF001
    RecordsLost: Document._lost,  # noqa: SLF001
    Scroll: Document._scroll,  # noqa: SLF001
    Input: Document._input,  # noqa: SLF001
    SheetChange: Document._change_sheets,  # noqa: SLF001
    FullSnapshot: Document._load,  # noqa: SLF001
    ChangeSnapshot: Document._load_changes,  # noqa: SLF001
    Mutation: Document._mutate,  # noqa: SLF001
    Change: Document._change,  # noqa: SLF001
}
"""What a record does to the document; pointers, selections and the like do nothing."""


def _path(index: object) -> list[int]:
    """Return a rule's index as a path: a number, or a list of numbers into nested rules."""
    if type(index) is int:  # nearly always
        return [integer(index)]
    return [integer(part) for part in index] if isinstance(index, list) else [integer(index)]


def _change_declaration(sheet: Sheet, data: dict[str, Any]) -> None:
    path = _path(data.get("index"))
    change = mapping(data.get("set"))
    if change:
        value = text(change.get("value"), 10_000)
        if change.get("priority"):
            value += " !important"
        sheet.set_declaration(path, text(change.get("property"), 200), value)
    removed = mapping(data.get("remove"))
    if removed:
        sheet.set_declaration(path, text(removed.get("property"), 200), None)


def _option_value(option: Node) -> str:
    """Return what choosing an option makes the value of its select: without a value, its text."""
    if "value" in option.attrs:
        return option.attrs["value"]
    return " ".join("".join(node.text for node in option.walk()).split())
