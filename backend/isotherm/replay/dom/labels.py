"""What people call an element: the words on it or near it, as RUM SDKs name an action.

The order of sources follows Datadog's documented action names: an attribute set for the purpose,
else (element, then its parents) label, button text and naming attributes, else any text.
"""

import re
from collections.abc import Callable, Iterator
from itertools import islice

from isotherm.model.fingerprints import is_masked
from isotherm.replay.dom.element_keys import element_of
from isotherm.replay.dom.tree import Kind, Node, Tree

MAX_LABEL = 100
CUT = " [...]"
"""End of a label that was longer, as in SDKs."""

MAX_PARENTS = 10
_MAX_TEXT_NODES = 2000
_MAX_NODES = 20_000
_MAX_CHARACTERS = 20_000
"""Read of one element's text: a hundred characters of it are a label."""

_NAMED = ("data-dd-action-name", "data-guance-action-name")
_NAMING = ("alt", "name", "title", "placeholder")
_SILENT = frozenset({"script", "style", "noscript", "template", "head"})
_TEXT = re.compile(r"\S{3}")
_TEXTS = 200
"""Texts looked at to tell whether a recording masks them."""


def label(tree: Tree, node_id: int, read: dict[int, str] | None = None) -> str:
    """Return the label of an element, at most 100 characters; "" when masked or wordless.

    `read`: the texts below elements by id. Who asks for many labels of one document hands the same
    one on, as they have the elements around them in common.
    """
    target = element_of(tree, node_id)
    if target is None:
        return ""
    read = {} if read is None else read
    if words := _given_name(target):
        return words

    def any_text(tree: Tree, element: Node) -> str:
        if element.id not in read:
            read[element.id] = _any_text(tree, element)
        return read[element.id]

    for strategy in (_naming_text, any_text):
        for element in _upwards(target, limit=MAX_PARENTS):
            if element.tag in {"body", "html", "head"}:
                break
            if words := _words(strategy(tree, element), masks=masks_texts(tree)):
                return words
            if element.tag == "form":
                break
    return ""


def _given_name(target: Node) -> str:
    """Return what the page's owner calls an element for its SDK."""
    for element in _upwards(target, limit=None):
        for name in _NAMED:
            if words := _words(element.attrs.get(name, "")):
                return words
    return ""


def masks_texts(tree: Tree) -> bool:
    """Say whether most texts of a document are masked.

    rrweb and Faro then mask no attributes: `alt`, `title`, `placeholder` or `aria-label` would say
    what the page's owner wanted nobody to read.
    """
    size = len(tree.nodes)
    known = tree.masked
    if known is None or not known[0] / 2 <= size <= known[0] * 2:
        texts = (
            node.text
            for node in tree.nodes.values()
            if node.kind is Kind.TEXT and _TEXT.search(node.text) and not _is_silent(node)
        )
        masked = [is_masked(text) for text in islice(texts, _TEXTS)]
        known = tree.masked = (size, sum(masked) * 2 > len(masked))
    return known[1]


def _is_silent(node: Node) -> bool:
    return node.parent is not None and node.parent.tag in _SILENT


def _words(raw: str, *, masks: bool = False) -> str:
    """Collapse white space and cut; a masked text has no words (`masks` as in `is_masked`)."""
    words = " ".join(raw.split())
    if is_masked(words, masks=masks):
        return ""
    return words if len(words) <= MAX_LABEL else words[:MAX_LABEL] + CUT


def _upwards(element: Node, limit: int | None) -> Iterator[Node]:
    """Yield an element and the elements around it, out of shadow roots too."""
    node: Node | None = element
    while node is not None and (limit is None or limit >= 0):
        if node.kind is Kind.ELEMENT:
            yield node
            limit = None if limit is None else limit - 1
        node = node.parent


def _naming_text(tree: Tree, element: Node) -> str:
    """Return the text that names a control: its label, button text or a naming attribute."""
    for source in _TEXT_SOURCES if masks_texts(tree) else _SOURCES:
        if words := source(tree, element).strip():
            return words
    return ""


def _any_text(_: Tree, element: Node) -> str:
    """Return the visible text below an element, pieces of block elements apart."""
    if element.attrs.get("contenteditable", "false") != "false":
        return ""
    pieces: list[str] = []
    node: Node | None = element
    seen = read = 0
    while node is not None and len(pieces) < _MAX_TEXT_NODES and seen < _MAX_NODES:
        seen += 1
        hidden = node is not element and (
            node.kind is Kind.SHADOW or node.tag in _SILENT or "hidden" in node.attrs
        )
        if node.kind is Kind.TEXT:
            pieces.append(node.text[: _MAX_CHARACTERS - read])
            read += len(pieces[-1])
        elif node.kind is Kind.ELEMENT and node.tag in {"br", "p", "div", "li", "tr"}:
            pieces.append(" ")
        if not hidden and node.first is not None:
            node = node.first
            continue
        while node is not None and node is not element and node.after is None:
            node = node.parent
        node = None if node is None or node is element else node.after
    return "".join(pieces)


def _of_label(tree: Tree, element: Node) -> str:
    if element.tag not in {"input", "select", "textarea", "button"}:
        return ""
    for above in element.ancestors():
        if above.tag == "label":
            return _any_text(tree, above)
    own_id = element.attrs.get("id", "")
    named = tree.having("for", own_id) if own_id else []
    return next((_any_text(tree, node) for node in named if node.tag == "label"), "")


def _of_button(tree: Tree, element: Node) -> str:
    if element.tag in {"button", "label"} or element.attrs.get("role") == "button":
        return _any_text(tree, element)
    return ""


def _of_value(_: Tree, element: Node) -> str:
    pressed = element.tag == "input" and element.attrs.get("type") in {"button", "submit", "reset"}
    return element.attrs.get("value", "") if pressed else ""


def _of_aria(tree: Tree, element: Node) -> str:
    if words := element.attrs.get("aria-label", ""):
        return words
    ids = element.attrs.get("aria-labelledby", "").split()[:10]
    named = [next(tree.having("id", own_id), None) for own_id in ids]
    return " ".join(_any_text(tree, node) for node in named if node is not None)


def _of_attributes(_: Tree, element: Node) -> str:
    return next((element.attrs[name] for name in _NAMING if element.attrs.get(name)), "")


def _of_option(tree: Tree, element: Node) -> str:
    if element.tag != "select":
        return ""
    return next((_any_text(tree, node) for node in element.walk() if node.tag == "option"), "")


_Source = Callable[[Tree, Node], str]
_TEXT_SOURCES: tuple[_Source, ...] = (_of_label, _of_button, _of_option)
_SOURCES: tuple[_Source, ...] = (
    _of_label,
    _of_button,
    _of_value,
    _of_aria,
    _of_attributes,
    _of_option,
)
