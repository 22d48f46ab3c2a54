"""Which rules of a text a browser keeps and numbers (`cssRules`), as far as syntax can tell.

Chromium drops what it cannot use. Known here: the forms of selectors, the names of at-rules and
their order, and that `@charset` is no rule. Not known: names of pseudo-classes (new ones come
every year) but for those of other browsers, what is inside `:not(...)`, and the conditions of
`@supports` and `@container`.
"""

import re
from collections.abc import Iterator
from enum import Enum

from isotherm.replay.dom.css_scan import Item, outside_brackets, scan


class Place(Enum):
    """Where a list of rules is."""

    SHEET = "a style sheet"
    GROUP = "a conditional rule: @media, @layer, ..."
    STYLE = "the block of a style rule"
    NESTED = "a conditional rule in the block of a style rule"
    DECLARATIONS = "the block of a rule like @font-face, without rules"
    KEYFRAMES = "@keyframes"


_GROUPS = frozenset({"media", "supports", "container", "layer", "scope", "starting-style"})
_KEYFRAMES = frozenset({"keyframes", "-webkit-keyframes"})
_BLOCKS = _GROUPS | _KEYFRAMES
_BLOCKS |= {"font-face", "page", "property", "counter-style", "font-feature-values"}
_BLOCKS |= {"font-palette-values", "view-transition", "position-try", "function"}
EDITED = frozenset({Place.SHEET, Place.GROUP, Place.STYLE, Place.NESTED})
"""Lists that rules are inserted into and deleted from."""

NESTING = frozenset({Place.STYLE, Place.NESTED})
"""Lists whose selectors may start with a combinator, and where declarations stand among rules."""

_IN_STYLE = _GROUPS - {"layer"} | {""}
"""What `insertRule` takes inside a style rule, at any depth."""

_STATEMENTS = frozenset({"import", "namespace", "layer"})
_BEFORE = {"import": {"import", "layer"}, "namespace": {"import", "layer", "namespace"}}
"""What may stand before these statements; after anything else they are dropped."""

_AT_NAME = re.compile(r"@([a-zA-Z-][\w-]*+)")
_IDENT = r"(?:--|-?+[^\W\d\-]|-?+[\x80-\U0010ffff])[\w\-\x80-\U0010ffff]*+"
_SIMPLE = rf"(?:[.#]{_IDENT}|::?{_IDENT}(?:\(\))?|\[\]|&)"
_TYPE = rf"(?:(?:{_IDENT}|\*)?\|(?!\|))?(?:{_IDENT}|[*&])"
_COMPOUND = rf"(?:{_TYPE}{_SIMPLE}*+|{_SIMPLE}++)"
_COMBINATOR = r"(?:\s*+(?:[>+~]|\|\|)\s*+|\s++)"
_SELECTOR = re.compile(rf"{_COMPOUND}(?:{_COMBINATOR}{_COMPOUND})*+")
_RELATIVE = re.compile(r"[>+~]\s*+")
_FOREIGN = re.compile(r":-(?:moz|ms|o)-")


def place_of(head: str, around: Place) -> Place:
    """Return what kind of list the block of a rule is that stands in a list of kind `around`."""
    name = at_name(head)
    if name in _GROUPS:
        return Place.NESTED if around in NESTING else Place.GROUP
    if name in _KEYFRAMES:
        return Place.KEYFRAMES
    return Place.DECLARATIONS if head.startswith("@") else Place.STYLE


def rules(css: str, place: Place) -> Iterator[str]:
    """Yield the texts of the rules that a browser would number, in order.

    Declarations between rules are one rule together (CSSOM: CSSNestedDeclarations); those before
    the first rule of a style rule are its own, and left out.
    """
    seen: set[str] = set()
    loose: list[str] = []
    counted = place is Place.NESTED  # declarations before the first rule
    for item in scan(css, nested=place in NESTING):
        text = item.text(css)
        if item.block < 0 and place in NESTING and not text.startswith("@"):
            loose.append(text)
            continue
        if not keeps(item, css, place, seen):
            continue
        if loose and (seen or counted):
            yield _together(loose)
        loose = []
        # a block, of a layer too, ends the place of imports like a style rule
        seen.add(at_name(item.head(css)) if item.block < 0 else "")
        yield text
    if loose and (seen or counted):
        yield _together(loose)


def _together(loose: list[str]) -> str:
    """Join declarations; a semicolon parts them from the rule that may come to stand behind."""
    text = " ".join(loose)
    return text if text.endswith(";") else text + ";"


def declarations(css: str) -> Iterator[tuple[str, str]]:
    """Yield name and text of the declarations of a block, up to its first rule."""
    for item in scan(css, nested=True):
        text = item.text(css).removesuffix(";")  # not the line break that ends a bad string
        name, colon, _ = text.partition(":")
        if item.block >= 0 and not name.startswith("--"):
            return
        if colon:
            yield property_name(name), text


def property_name(name: str) -> str:
    """Return a property's name as it is compared: only custom ones have upper and lower case."""
    name = name.strip()
    return name if name.startswith("--") else name.lower()


def only_rule(css: str, place: Place) -> str | None:
    """Return the rule of a text that is inserted, closed; None when a browser refuses it."""
    if place not in EDITED:
        return None
    items = scan(css, nested=place in NESTING)
    first = next(items, None)
    if first is None or next(items, None) is not None:
        return None
    if place in NESTING and at_name(first.head(css)) not in _IN_STYLE:
        return None
    return first.text(css) if keeps(first, css, place, set()) else None


def keeps(item: Item, css: str, place: Place, seen: set[str]) -> bool:
    """Whether a browser keeps a rule; `seen` are names of at-rules before it, "" = style rules."""
    if place is Place.KEYFRAMES:
        return item.block >= 0
    head = item.head(css)
    if not head.startswith("@"):
        return item.block >= 0 and _is_selector(head, nested=place in NESTING)
    name = at_name(head)
    if item.block >= 0:
        return name in _BLOCKS
    if name not in _STATEMENTS or (place is not Place.SHEET and name != "layer"):
        return False
    return name not in _BEFORE or seen <= _BEFORE[name]


def at_name(head: str) -> str:
    """Return the name of an at-rule in lower case, without `@`; "" for others."""
    name = _AT_NAME.match(head) if head.startswith("@") else None
    return name[1].lower() if name is not None else ""


def _is_selector(head: str, *, nested: bool) -> bool:
    for part in outside_brackets(head).split(","):
        selector = part.strip()
        if nested and (relative := _RELATIVE.match(selector)):
            selector = selector[relative.end() :]
        if not _SELECTOR.fullmatch(selector) or _FOREIGN.search(selector):
            return False
    return True
