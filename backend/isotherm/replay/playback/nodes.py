"""A page's state as nodes that a player may rebuild: nothing in them loads or runs anything."""

import re
from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from isotherm.replay.dom.page_state import Css, PageState, StateNode
from isotherm.replay.playback.images import Images

DOCUMENT = -1
"""Parent of the nodes at the top."""

_FETCHING = frozenset(
    {"src", "srcset", "poster", "data", "background", "xlink:href", "srcdoc", "ping"}
)
_FETCHING_TAGS = frozenset({"link", "base", "image", "use", "feimage"})
_ANIMATING_TAGS = frozenset({"set", "animate"})  # they may write addresses
_STYLING = frozenset(
    {"style", "fill", "stroke", "mask", "filter", "clip-path", "cursor", "marker-start",
     "marker-mid", "marker-end"}
)  # fmt: skip
_ESCAPED = re.compile(
    r"""
      \\\\                                          # a backslash, escaped
    | \\0{0,4}+ (?P<code> [46][1-9a-f] | [57][0-9a] )
      (?: (?<=\\0000..) | (?![0-9a-f]) ) [ \t\n\f]?+  # six digits are the most
    | \\ (?P<letter> [g-z])
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""Letters that are written as escapes: `\\75rl(` is `url(`."""
_FONT_FACE = re.compile(r"@font-face\s*+\{[^}]*+\}?", re.IGNORECASE)
_IMPORT = re.compile(r"@import[^;]*+;?", re.IGNORECASE)
_URL = re.compile(r"url\(\s*+(?![\s\"']*+(?:data:|#))[^)]*+\)?", re.IGNORECASE)
"""What is never closed reaches to the end of the text, as browsers read it."""
_SET = re.compile(r"image-set\(", re.IGNORECASE)  # its addresses may be strings


class PlayNode(Struct, frozen=True):
    """One node. Shadow roots are folded into their hosts, constructed sheets are elements."""

    key: int | str
    parent: int | str
    tag: str  # "#text" for text
    svg: bool
    shadow: bool  # child of its parent's shadow root
    host: bool  # has a shadow root
    text: str
    attrs: dict[str, Any]


def play_nodes(state: PageState, images: Images | None = None) -> list[PlayNode]:
    """Return the nodes, parents before children, siblings in order; `images` numbers theirs."""
    if images is not None:
        images.look_at(state)
    hosts = {node.id: node.parent for node in state.nodes if node.tag == "#shadow-root"}
    of_hosts = set(hosts.values())
    nodes: list[PlayNode] = []
    for node in state.nodes:
        if node.tag == "#shadow-root":
            nodes += _sheets(node.css, node.parent, shadow=True)
            continue
        shadow = node.parent in hosts
        nodes.append(
            PlayNode(
                key=node.id,
                parent=hosts.get(node.parent, node.parent),
                tag=node.tag,
                svg=node.svg,
                shadow=shadow,
                host=node.id in of_hosts,
                text=node.text,
                attrs=_all_attributes(node, images) if node.tag != "#text" else {},
            )
        )
    root = next((node.key for node in nodes if node.tag == "html"), None)
    if root is not None:
        nodes += _sheets(state.sheets, root, shadow=False)
    return nodes


def _sheets(css: tuple[Css, ...], owner: int | str, *, shadow: bool) -> Iterator[PlayNode]:
    text = _css(css)
    if text:
        yield PlayNode(
            key=f"sheets of {owner}",
            parent=owner,
            tag="style",
            svg=False,
            shadow=shadow,
            host=False,
            text="",
            attrs={"_cssText": text},
        )


def _all_attributes(node: StateNode, images: Images | None) -> dict[str, Any]:
    shown = images.attributes(node) if images is not None else {}
    return {**dict(_attributes(node)), **shown}


def _attributes(node: StateNode) -> Iterator[tuple[str, Any]]:
    for name, value in node.attrs.items():
        kept = _kept(node.tag, name.lower(), value)
        if kept is not None:
            yield name, kept
    css = _css(node.css)
    if css:
        yield "_cssText", css
    if node.scroll[1]:
        yield "rr_scrollTop", node.scroll[1]
    if node.scroll[0]:
        yield "rr_scrollLeft", node.scroll[0]
    if node.value is not None:
        yield "value", node.value
    if node.checked is not None:
        yield "checked", node.checked
    if node.selected is not None:
        yield "selected", node.selected
    if node.hidden_size is not None:
        yield "rr_width", node.hidden_size[0]
        yield "rr_height", node.hidden_size[1]


def _kept(tag: str, name: str, value: str) -> str | None:
    """Return what is kept of an attribute: nothing that would load from anywhere, or run."""
    if name.startswith("on") or name == "http-equiv":
        return None
    harmless = value.startswith(("data:image/", "#"))
    if name in _FETCHING or (name == "href" and tag.lower() in _FETCHING_TAGS):
        return value if harmless and tag != "iframe" else None
    if name == "href":
        return "#"
    if name == "attributename" and tag.lower() in _ANIMATING_TAGS:
        return None
    return _without_addresses(value) if name in _STYLING else value


def _css(sheets: tuple[Css, ...]) -> str:
    parts = []
    for sheet in sheets:
        if not sheet.disabled:
            text = _without_addresses(sheet.text)
            parts.append(f"@media {sheet.media} {{\n{text}\n}}" if sheet.media else text)
    return "\n".join(parts)


def _without_addresses(css: str) -> str:
    """Take out what would be fetched. The player's frame forbids it, too; other clients may not."""
    plain = _ESCAPED.sub(_letter, css) if "\\" in css else css
    whole = _IMPORT.sub("", _FONT_FACE.sub("", plain))
    return _SET.sub("none(", _URL.sub("none", whole))


def _letter(escape: re.Match[str]) -> str:
    code, letter = escape["code"], escape["letter"]
    return chr(int(code, 16)) if code else letter or escape[0]
