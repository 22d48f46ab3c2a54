"""Full snapshots and mutations written as node trees: Datadog v4-v6, Guance and rrweb."""

import re
from collections.abc import Mapping
from typing import Any

from isotherm.replay.dom.stylesheets import MAX_CSS, Sheet
from isotherm.replay.dom.tree import Kind, Node, Tree
from isotherm.replay.formats.json_values import integer, mapping, pixels, sequence, text

_RRWEB_KINDS = {0: Kind.DOCUMENT, 1: Kind.DOCTYPE, 2: Kind.ELEMENT, 3: Kind.TEXT}
_DATADOG_KINDS = {**_RRWEB_KINDS, 11: Kind.SHADOW}

_LONGEST = 100_000
_PLAIN = frozenset({"class", "style", "href", "role", "type", "title", "id", "d", "tabindex"})
"""Attributes without a meaning of their own here."""

_SIZE = re.compile(r"-?\d++(\.\d++)?(px)?\Z")


def load_snapshot(tree: Tree, data: dict[str, Any], *, rrweb: bool) -> None:
    """Fill an empty tree from `data.node`; the document's scroll is `data.initialOffset`."""
    node = mapping(data.get("node"))
    _add_subtree(tree, node, None, None, rrweb=rrweb)
    if tree.root is not None:
        offset = mapping(data.get("initialOffset"))
        tree.root.scroll = (
            pixels(offset.get("left")) or 0.0,
            pixels(offset.get("top")) or 0.0,
        )


def apply_mutation(tree: Tree, data: dict[str, Any], *, rrweb: bool) -> None:
    """Apply one batch: removals, then additions, then texts and attributes. Unknown ids: no-op."""
    for removed in sequence(data.get("removes")):
        node = tree.nodes.get(integer(mapping(removed).get("id")))
        if node is not None:
            _restyle(node.parent)
            tree.remove(node)
    _apply_additions(tree, sequence(data.get("adds")), rrweb=rrweb)
    for changed in sequence(data.get("texts")):
        entry = mapping(changed)
        node = tree.nodes.get(integer(entry.get("id")))
        if node is not None and node.kind is Kind.TEXT:
            _restyle(node.parent)
            node.text = text(entry.get("value", entry.get("textContent")))
    for changed in sequence(data.get("attributes")):
        entry = mapping(changed)
        node = tree.nodes.get(integer(entry.get("id")))
        if node is not None and node.kind is Kind.ELEMENT:
            for name, value in mapping(entry.get("attributes")).items():
                set_attribute(tree, node, name, value)


def _apply_additions(tree: Tree, adds: list[Any], *, rrweb: bool) -> None:
    """Add nodes in any order: one whose parent or next sibling is still to come waits for it."""
    queue = [mapping(add) for add in reversed(adds)]
    waiting: dict[int, list[dict[str, Any]]] = {}
    while queue or waiting:
        if not queue:  # the siblings waited for never came: append to the parents that are there
            late = [add for adds in waiting.values() for add in adds]
            waiting.clear()
            late = [add for add in late if integer(add.get("parentId")) in tree.nodes]
            queue = [{**add, "nextId": None} for add in reversed(late)]
            continue
        add = queue.pop()
        parent_id, next_id = integer(add.get("parentId")), add.get("nextId")
        parent = tree.nodes.get(parent_id)
        if parent is None:
            waiting.setdefault(parent_id, []).append(add)
            continue
        before = None
        if next_id is not None:
            before = tree.nodes.get(integer(next_id))
            if before is None:
                waiting.setdefault(integer(next_id), []).append(add)
                continue
        source = mapping(add.get("node"))
        if parent.tag == "style" and text(source.get("textContent"), MAX_CSS).strip():
            _restyle(parent)  # an empty text beside recorded rules says nothing
        for node_id in _add_subtree(tree, source, parent, before, rrweb=rrweb):
            if waiting:
                queue.extend(reversed(waiting.pop(node_id, [])))


def _add_subtree(
    tree: Tree, source: dict[str, Any], parent: Node | None, before: Node | None, *, rrweb: bool
) -> list[int]:
    """Add a node and its descendants; return the ids that were added."""
    added: list[int] = []
    kinds = _RRWEB_KINDS if rrweb else _DATADOG_KINDS
    stack: list[tuple[Any, Node | None, Node | None]] = [(source, parent, before)]
    while stack:
        entry, above, sibling = stack.pop()
        entry = mapping(entry)
        node = _node(tree, entry, kinds)
        if node is None:
            continue
        if above is not None and entry.get("isShadow"):
            above = _shadow_root(tree, above)
        if (above is None and tree.root is not None) or not tree.add(node, above, sibling):
            continue
        added.append(node.id)
        children = entry.get("childNodes")
        if children:  # most have none
            stack += [(child, node, None) for child in reversed(sequence(children))]
    return added


def _shadow_root(tree: Tree, host: Node) -> Node:
    """Return the shadow root of an rrweb host; rrweb gives it no id, so it gets a negative one."""
    for child in host.children():
        if child.kind is Kind.SHADOW:
            return child
    root = Node(id=-2 - host.id, kind=Kind.SHADOW)
    tree.add(root, host, host.first)
    return root


def _node(tree: Tree, entry: dict[str, Any], kinds: Mapping[int, Kind]) -> Node | None:
    node_id = integer(entry.get("id"))
    if node_id < 0:
        return None
    kind = kinds.get(integer(entry.get("type")), Kind.OTHER)
    node = Node(node_id, kind)
    if kind is Kind.TEXT:
        node.text = text(entry.get("textContent"), MAX_CSS)
        return node
    if kind is Kind.DOCUMENT:
        node.text = "quirks" if entry.get("compatMode") == "BackCompat" else ""
    elif kind is Kind.DOCTYPE:
        node.text = doctype(entry.get("name"), entry.get("publicId"), entry.get("systemId"))
    elif kind is Kind.ELEMENT:
        node.svg = entry.get("isSVG") is True
        node.tag = text(entry.get("tagName"), 200)
        if not node.svg:
            node.tag = node.tag.lower()
        for name, value in mapping(entry.get("attributes")).items():
            set_attribute(tree, node, name, value)
    adopted = entry.get("adoptedStyleSheets")
    if adopted:
        node.sheets += [_adopted(mapping(one)) for one in sequence(adopted)]
    return node


def _adopted(entry: dict[str, Any]) -> Sheet:
    rules = [text(rule, MAX_CSS) for rule in sequence(entry.get("cssRules"))]
    media = [text(medium, 1000) for medium in sequence(entry.get("media"))]
    return Sheet.of_rules(rules, ", ".join(media), disabled=entry.get("disabled") is True)


def doctype(name: object, public_id: object, system_id: object) -> str:
    """Return what follows `<!DOCTYPE `, without characters that could end it early."""
    parts = [re.sub(r"[^\w.:-]", "", text(name, 50))]
    public, system = (re.sub(r'["<>\0]', "", text(part, 200)) for part in (public_id, system_id))
    if public:
        parts.append(f'PUBLIC "{public}"')
    elif system:
        parts.append("SYSTEM")
    if system:
        parts.append(f'"{system}"')
    return " ".join(parts)


def set_attribute(tree: Tree, node: Node, name: str, value: object) -> None:
    """Set an attribute as a recorder writes it, sorting out what is live state, size or scroll."""
    if not name or len(name) > 1000:
        return
    if type(value) is str and name in _PLAIN and len(value) <= _LONGEST:  # nearly always
        tree.set_attribute(node, name, value)
        return
    if name == "style" and isinstance(value, dict):
        value = _patched_style(node.attrs.get("style", ""), value)
    if value is True:
        value = ""
    if value is None or value is False:
        _clear_state(node, name)
        tree.set_attribute(node, name, None)
        return
    if name in {"rr_scrollLeft", "rr_scrollTop"}:
        offset = pixels(value) or 0.0
        left, top = node.scroll
        node.scroll = (offset, top) if name == "rr_scrollLeft" else (left, offset)
    elif name in {"rr_width", "rr_height"}:
        size = text(value, 50)
        if _SIZE.match(size):
            size = size if size.endswith("px") else f"{size}px"
            width, height = node.hidden_size or ("0px", "0px")
            node.hidden_size = (size, height) if name == "rr_width" else (width, size)
    elif name.startswith("rr_") and name not in {"rr_dataURL", "rr_open_mode"}:
        return
    else:
        limit = MAX_CSS if name in {"_cssText", "rr_dataURL", "src"} else _LONGEST
        _keep_state(node, name, text(value, limit))
        tree.set_attribute(node, name, text(value, limit))


def _keep_state(node: Node, name: str, value: str) -> None:
    """Take the live state of a form field from the attribute that carries it."""
    if name == "value" and node.tag in {"input", "textarea", "select"}:
        node.value = value
    elif name == "checked":
        node.checked = True
    elif name == "selected":
        node.selected = True


def _clear_state(node: Node, name: str) -> None:
    if name == "checked":
        node.checked = False
    elif name == "selected":
        node.selected = False


def _patched_style(style: str, patch: dict[str, Any]) -> str:
    """Apply rrweb's difference of inline styles: value, [value, priority], or false."""
    declarations: dict[str, str] = {}
    for part in style.split(";"):
        name, colon, value = part.partition(":")
        if colon and name.strip():
            declarations[name.strip()] = value.strip()
    for name, value in patch.items():
        parts = [text(part, 10_000) for part in sequence(value)] or [text(value, 10_000)]
        if parts[0]:
            declarations[name[:200]] = f"{parts[0]} !{parts[1]}" if parts[1:2] > [""] else parts[0]
        else:
            declarations.pop(name, None)
    return "; ".join(f"{name}: {value}" for name, value in declarations.items())


def _restyle(parent: Node | None) -> None:
    """Let the children of a style element say its text, before one of them changes."""
    if parent is None or parent.tag != "style" or not parent.sheets:
        return
    parts = parent.sheets[0].parts
    texts = [child for child in parent.children() if child.kind is Kind.TEXT]
    if len(parts) > len(texts) > 0:
        parts = (*parts[: len(texts) - 1], "".join(parts[len(texts) - 1 :]))
    for child, part in zip(texts, parts, strict=False):
        child.text = part
    parent.worn, parent.sheets = parent.sheets, []
