"""What an element of a recorded document is, as far as that outlives a sort, a filter or a release.

The words are those that SDKs name an action by (`labels.py`); what is masked for privacy has none.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from itertools import islice
from typing import Final
from urllib.parse import urljoin, urlsplit

from msgspec.structs import replace

from isotherm.model.fingerprints import (
    Fingerprint,
    fact,
    is_masked,
    kind_of,
    loose_words,
    positional,
    row_fact,
    words_of,
)
from isotherm.replay.dom.element_keys import FRAME, SHADOW, element_of
from isotherm.replay.dom.labels import CUT, label, masks_texts
from isotherm.replay.dom.recycled_nodes import UsedAgain
from isotherm.replay.dom.tree import Kind, Node, Tree

MARKS: Final = (
    "data-testid", "data-test", "data-qa", "data-cy", "data-test-id", "data-qa-id", "data-testing",
    "id",
)  # fmt: skip
"""Attributes that name one element. `data-component` and the like name its kind."""

_GENERATED: Final = re.compile(r"[0-9]|^[:_\u00ab]r[a-z]{0,4}[:_\u00bb]$|^:|:$")
"""Digits (Datadog's rule), and what React's `useId` makes: `:r1k:`, `_rk_`, «rk»."""

_NAMING: Final = ("aria-label", "title", "alt", "value", "placeholder")
_SILENT: Final = frozenset({"head", "script", "style", "noscript", "template", "title"})
_TOP: Final = frozenset({"body", "html"})
_AROUND: Final = 12  # ancestors looked at
_AROUND_CHARS: Final = 400
_PIECES: Final = 3
_LOOKED_AT: Final = 30_000  # nodes; in a larger document nothing counts as the only one


def fingerprint_of_node(tree: Tree, node_id: int, url: str) -> str:
    """Return the fingerprint of a node's element on the page of an address; "" without one."""
    element = element_of(tree, node_id)
    if element is None:
        return ""
    known = _facts(tree, element, url, partial(_texts, masks=masks_texts(tree)))
    if not known.words:
        return known.text
    exact, loosely = _alone(tree, element)
    facts = {name: getattr(known, name) for name in known.__struct_fields__}
    return Fingerprint(**{**facts, "alone": exact, "alone_loosely": loosely}).text


def fingerprints_of(tree: Tree, node_ids: Iterable[int], url: str) -> dict[int, str]:
    """Return the fingerprints of many elements, without what is the only one of its words."""
    found: dict[int, str] = {}
    below = _Below(tree)
    read: dict[int, str] = {}
    for node_id in node_ids:
        element = element_of(tree, node_id)
        if element is not None:
            found[node_id] = _facts(tree, element, url, below.texts, read).text
    return found


class Rows:
    """Tells apart what stands in lists whose places are used again, where it has no words.

    `places` are the nodes whose children came and went at any moment of the recording.
    """

    def __init__(self, recording: str, places: UsedAgain) -> None:
        self._recording, self._places = recording, places

    def added(self, fingerprint: str, node: int, around: Iterable[int], key: str) -> str:
        """Return the fingerprint of a clicked element with its node, by the ids around it.

        `around` begins with the parent; `key` is the element's selector.
        """
        if not self._places or not self._counted(list(around), key):
            return fingerprint
        return self._with_node(fingerprint, node)

    def all_added(self, fingerprints: Mapping[int, str]) -> dict[int, str]:
        """Return the fingerprints of a picture's elements, by node id, with their nodes.

        Of all of them: the list may have changed in another view of the same document.
        """
        return {node: self._with_node(text, node) for node, text in fingerprints.items()}

    def _with_node(self, fingerprint: str, node: int) -> str:
        known = Fingerprint.read(fingerprint)
        if known.words or known.link or known.mark or known.around:
            return fingerprint
        return replace(known, row=row_fact(self._recording, node)).text

    def _counted(self, around: list[int], key: str) -> bool:
        """Say whether a selector counts among children whose numbers changed."""
        if not self._places.lists.isdisjoint(around):
            return True
        if self._places.shifted.isdisjoint(around) or not positional(key):
            return False
        steps = key.replace(SHADOW, ">root>").replace(FRAME, ">document>").split(">")
        return any(
            parent in self._places.shifted and positional(step)
            for parent, step in zip(around, reversed(steps), strict=False)
        )


_Texts = Callable[[Node, int], Iterator[str]]


def _facts(
    tree: Tree, element: Node, url: str, texts: _Texts, read: dict[int, str] | None = None
) -> Fingerprint:
    called = label(tree, element.id, read)
    words = words_of(called, masks=masks_texts(tree))
    return Fingerprint(
        kind=kind_of(element.tag, element.attrs.get("type", "") if element.tag == "input" else ""),
        words=fact(words),
        loose=fact(loose_words(words)),
        link=fact(_link(element, url)),
        mark=_mark(tree, element),
        around=_around(element, words, texts),
        long=called.endswith(CUT),
    )


def _mark(tree: Tree, element: Node) -> str:
    for name in MARKS:
        value = element.attrs.get(name, "")
        if (
            value
            and not _GENERATED.search(value)
            and len(list(islice(tree.having(name, value), 2))) == 1
        ):
            return fact(name, value)
    return ""


def _link(element: Node, url: str) -> str:
    """Return where the link around an element leads: a fragment, or a path without its query.

    "" = nowhere that is known: Datadog writes the same stars for every masked address, and `#` is
    what scripts hang on.
    """
    for above in (element, *element.ancestors()):
        if above.tag in _TOP:
            break
        href = above.attrs.get("href", "") if above.tag in {"a", "area"} else ""
        if href:
            nowhere = href.strip() == "#" or is_masked(href)
            return "" if nowhere else _destination(href, url)
    return ""


def _destination(href: str, url: str) -> str:
    try:
        address = urlsplit(urljoin(url, href.strip()))
    except ValueError:
        return ""
    if address.scheme not in {"", "http", "https"}:
        return ""
    if address.fragment:
        return f"#{address.fragment.partition('?')[0]}"
    return address.path if address.path.strip("/") else address.netloc


def _around(element: Node, words: str, texts: _Texts) -> str:
    """Hash the other words of the smallest part of the page around an element that has any."""
    own = set(words.split())
    for number, above in enumerate(element.ancestors()):
        if above.tag in _TOP or number >= _AROUND:
            break
        others = {word for piece in texts(above, _AROUND_CHARS) for word in piece.split()} - own
        if others:
            return fact(" ".join(sorted(others)))
    return ""


def _texts(element: Node, most: int, *, masks: bool) -> Iterator[str]:
    """Yield the texts below an element as they are compared, up to a number of characters."""
    return _compared(_heard(element), most, masks=masks)


def _heard(element: Node) -> Iterator[str]:
    skipped: Node | None = None
    for node in element.walk():
        if skipped is not None and any(above is skipped for above in node.ancestors()):
            continue
        skipped = node if node.tag in _SILENT else None
        if node.kind is Kind.TEXT and skipped is None:
            yield node.text


class _Below:
    """The texts below every node of a document, found in one walk.

    Nearly all elements have the same few around them: to walk through these again for each takes
    minutes where texts are masked, so that none is ever found.
    """

    def __init__(self, tree: Tree) -> None:
        self._masks = masks_texts(tree)
        self._texts: list[str] = []  # that have words, in order
        self._first: dict[int, int] = {}  # by node id: where its texts begin ...
        self._end: dict[int, int] = {}  # ... and end
        if tree.root is not None:
            self._read(tree.root)

    def texts(self, element: Node, most: int) -> Iterator[str]:
        """Yield what `_texts` yields."""
        span = range(self._first.get(element.id, 0), self._end.get(element.id, 0))
        return _compared(map(self._texts.__getitem__, span), most, masks=self._masks)

    def _read(self, root: Node) -> None:
        open_: list[Node] = []
        silent: Node | None = None
        for node in root.walk():
            while open_ and open_[-1] is not node.parent:
                ended = open_.pop()
                self._end[ended.id] = len(self._texts)
                silent = None if ended is silent else silent
            self._first[node.id] = len(self._texts)
            open_.append(node)
            if silent is not None:
                continue
            if node.tag in _SILENT:
                silent = node
            elif node.kind is Kind.TEXT and words_of(node.text, masks=self._masks):
                self._texts.append(node.text)
        for left in open_:
            self._end[left.id] = len(self._texts)


def _compared(texts: Iterable[str], most: int, *, masks: bool) -> Iterator[str]:
    """Yield texts as they are compared, up to a number of characters."""
    for text in texts:
        words = words_of(text[:most], masks=masks)
        if words:
            yield words
            most -= len(words)
        if most <= 0:
            return


def _alone(tree: Tree, element: Node) -> tuple[bool, bool]:
    """Say whether no other element has an element's own words: exactly; and numbers aside."""
    masks = masks_texts(tree)
    texts = _texts(element, _AROUND_CHARS, masks=masks)
    pieces = list(islice(texts, _PIECES))
    if not pieces:
        pieces = [words for name in _NAMING if (words := words_of(element.attrs.get(name, "")))][:1]
    if not pieces or len(tree.nodes) > _LOOKED_AT:
        return False, False
    exact = set(pieces)
    loose = {words for piece in pieces if (words := loose_words(piece))}
    few = {max(words.split(), key=len) for words in exact | loose}  # told apart by these first
    for node in tree.nodes.values():
        for text in _own_texts(node):
            folded = text.casefold()
            if not any(word in folded for word in few) or _is_inside(node, element):
                continue
            words = words_of(text, masks=masks)
            exact.discard(words)
            loose.discard(loose_words(words))
        if not exact and not loose:
            break
    return bool(exact), bool(loose)


def _own_texts(node: Node) -> Iterator[str]:
    if node.kind is Kind.TEXT:
        yield node.text
    elif node.attrs:
        for name in _NAMING:
            if name in node.attrs:
                yield node.attrs[name]


def _is_inside(node: Node, element: Node) -> bool:
    return node is element or any(
        above is element or above.tag in _SILENT for above in node.ancestors()
    )
