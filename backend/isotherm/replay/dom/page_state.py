"""A document at one moment, flat, as the renderer's browser script builds it."""

from collections.abc import Mapping

from msgspec import Struct

from isotherm.model.fingerprints import is_masked
from isotherm.replay.dom.masked_names import shown_attributes, slot_names
from isotherm.replay.dom.stylesheets import Sheet
from isotherm.replay.dom.tree import Kind, Node, Tree

MAX_CHARACTERS = 100_000_000
"""Characters kept of one state. v7 refers to strings by number: a small body could say far more."""

_KEPT = frozenset({Kind.DOCUMENT, Kind.ELEMENT, Kind.SHADOW, Kind.TEXT})
_NAMES = {Kind.DOCUMENT: "#document", Kind.SHADOW: "#shadow-root", Kind.TEXT: "#text"}
_EMPTIED = frozenset({"script", "noscript"})
"""Elements that keep their place among the siblings and nothing else."""


class Css(Struct, frozen=True):
    """One style sheet as text."""

    text: str
    media: str
    disabled: bool


class StateNode(Struct, frozen=True):
    """One node. Parents come before children, siblings in order; `parent` -1 is the document."""

    id: int
    parent: int
    tag: str  # "div", "path" (svg), "#text", "#shadow-root" or "#document" (of a frame)
    svg: bool
    attrs: dict[str, str]
    text: str  # of a frame's document: "quirks" in that mode
    css: tuple[Css, ...]  # the sheet of a link or style; adopted sheets of a root
    missing_css: bool  # a style sheet whose text was not recorded, or is masked
    scroll: tuple[float, float]  # left, top; css px
    value: str | None
    checked: bool | None
    selected: bool | None
    hidden_size: tuple[str, str] | None  # css sizes of an element hidden for privacy


class PageState(Struct, frozen=True):
    """A page as it stood: `doctype` is what follows `<!DOCTYPE `, None for quirks mode."""

    doctype: str | None
    url: str
    viewport_w: int  # css px
    viewport_h: int
    nodes: tuple[StateNode, ...]
    sheets: tuple[Css, ...]  # adopted by the document
    doc_scroll: tuple[float, float]
    shell_scroller: int | None = None  # node whose scrolling stands for the page's (app shell)
    complete: bool = True  # False: records are missing or were cut; the page looked different
    image_sizes: dict[int, tuple[float, float]] = {}  # css px, where the renderer worked them out
    open_popovers: tuple[int, ...] = ()  # no recording says which are: those that were clicked in


def page_state(
    tree: Tree,
    *,
    url: str,
    viewport: tuple[int, int],
    shell_scroller: int | None = None,
    complete: bool = True,
) -> PageState:
    """Flatten a tree, with the documents of its frames. Comments and unknown nodes are left out."""
    root = tree.root
    nodes: list[StateNode] = []
    doctype = None
    room = MAX_CHARACTERS
    slots = slot_names(tree)
    stack: list[tuple[Node, int]] = []
    if root is not None:
        stack = [(child, -1) for child in reversed(list(root.children()))]
    while stack:
        node, parent = stack.pop()
        if node.kind is Kind.DOCTYPE and parent == -1:
            doctype = node.text or None
        if node.kind not in _KEPT or (node.kind is Kind.DOCUMENT and node.parent is root):
            continue
        flat = _flat(node, parent, slots)
        room -= _characters(flat)
        if room < 0:
            break
        nodes.append(flat)
        if node.tag not in _EMPTIED and not _sheet_owner(node):
            stack.extend((child, node.id) for child in reversed(list(node.children())))
    return PageState(
        doctype=doctype,
        url=url,
        viewport_w=viewport[0],
        viewport_h=viewport[1],
        nodes=tuple(nodes),
        sheets=_css(root.sheets) if root is not None else (),
        doc_scroll=root.scroll if root is not None else (0.0, 0.0),
        shell_scroller=shell_scroller,
        complete=complete and not tree.truncated and room >= 0,
    )


def _flat(node: Node, parent: int, slots: Mapping[int, str]) -> StateNode:
    css = own_css(node)
    linked = node.tag == "link" and "stylesheet" in node.attrs.get("rel", "").lower().split()
    masked = node.tag == "style" and not css and bool(_style_text(node).strip())
    return StateNode(
        id=node.id,
        parent=parent,
        tag=_NAMES.get(node.kind, node.tag),
        svg=node.svg,
        attrs={} if node.tag in _EMPTIED else shown_attributes(node, slots),
        text=node.text,
        css=css,
        missing_css=masked or (linked and not css and "disabled" not in node.attrs),
        scroll=(0.0, 0.0) if node.tag == "html" else node.scroll,
        value=node.value,
        checked=node.checked,
        selected=node.selected,
        hidden_size=node.hidden_size if node.attrs.get("data-dd-privacy") != "allow" else None,
    )


def _characters(node: StateNode) -> int:
    """Return how much text a node carries."""
    attributes = sum(map(len, node.attrs.values()))
    return len(node.text) + attributes + sum(len(css.text) for css in node.css)


def _sheet_owner(node: Node) -> bool:
    return node.tag == "style" and not node.svg


def own_css(node: Node) -> tuple[Css, ...]:
    """Return the style sheets of a node; a style element without one has its text.

    At its level `mask`, Datadog masks the text of a style element that changes (PrimeReact writes
    its own anew): what it said before is nearer to the truth than nothing.
    """
    if not node.sheets and node.tag == "style":
        text = _style_text(node)
        if is_masked(text):
            return _css(node.worn, node.attrs.get("media", "")) if text.strip() else ()
        return (Css(text, node.attrs.get("media", ""), disabled=False),)
    return _css(node.sheets, node.attrs.get("media", ""))


def _style_text(node: Node) -> str:
    return "".join(child.text for child in node.children())


def _css(sheets: list[Sheet], media: str = "") -> tuple[Css, ...]:
    return tuple(Css(sheet.text, sheet.media or media, sheet.disabled) for sheet in sheets)
