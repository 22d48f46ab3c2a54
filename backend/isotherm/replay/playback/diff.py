"""What is on a player's screen, and how to get from there to the next state, in rrweb's terms."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from isotherm.replay.dom.css_scan import scan
from isotherm.replay.playback.nodes import DOCUMENT, PlayNode

Key = int | str

MUTATION, RULES = 0, 8  # rrweb's IncrementalSource
CSS = "_cssText"
LAST = 2**31 - 1
"""Of a rule that is added: the player stops at the number of rules there are."""


class Screen:
    """The nodes a player has; they are numbered from 1, as rrweb takes 0 for none."""

    def __init__(self) -> None:
        self._numbers: dict[Key, int] = {}
        self._nodes: dict[Key, PlayNode] = {}
        self._children: dict[Key, list[Key]] = {}
        self._grown: set[Key] = set()  # nodes whose sheets got rules of their own

    def number(self, key: Key) -> int | None:
        """Return the player's number of a node; None when it has no such node."""
        known = key in self._nodes or key == "document"
        return self._numbers.get(key) if known else None

    def whole(self, nodes: Sequence[PlayNode], doctype: str | None) -> dict[str, Any]:
        """Return the whole document, as a full snapshot holds it."""
        self._keep(nodes)
        children = [self._tree(key) for key in self._children.get(DOCUMENT, ())]
        document: dict[str, Any] = {"type": 0, "id": self._numbered("document")}
        if doctype is None:
            document["compatMode"] = "BackCompat"
        else:
            kind = {"type": 1, "name": "html", "publicId": "", "systemId": ""}
            children.insert(0, {**kind, "id": self._numbered("doctype")})
        return {**document, "childNodes": children}

    def change(self, nodes: Sequence[PlayNode]) -> Iterator[dict[str, Any]]:
        """Yield the changes that lead to these nodes: a mutation, and rules of growing sheets.

        Sites with their CSS in JavaScript add rule after rule: the whole sheet each time would make
        a playback grow with the square of the recording.
        """
        before, children_before = self._nodes, self._children
        self._keep(nodes)
        added = dict(self._grown_sheets(before))
        fresh = self._fresh(before, children_before, self._rewritten(before, added))
        self._grown = (self._grown | added.keys()) - fresh
        mutation = self._mutation(before, fresh, added)
        if mutation is not None:
            yield {"source": MUTATION, **mutation}
        for key, rules in added.items():
            if key not in fresh:
                adds = [{"rule": rule, "index": LAST} for rule in rules]
                yield {"source": RULES, "id": self._numbered(key), "adds": adds}

    def _mutation(
        self,
        before: Mapping[Key, PlayNode],
        fresh: set[Key],
        grown: Collection[Key],
    ) -> dict[str, Any] | None:
        removes = [
            {
                "id": self._numbered(key),
                "parentId": self._parent(node),
                **({"isShadow": True} if node.shadow else {}),
            }
            for key, node in before.items()
            if (key not in self._nodes or key in fresh)
            and (node.parent == DOCUMENT or node.parent in self._nodes)
            and node.parent not in fresh
        ]
        changed = [
            (before[key], node)
            for key, node in self._nodes.items()
            if key in before and key not in fresh
        ]
        texts = [
            {"id": self._numbered(new.key), "value": new.text}
            for old, new in changed
            if old.text != new.text
        ]
        attributes = [
            {"id": self._numbered(new.key), "attributes": different}
            for old, new in changed
            if old.attrs != new.attrs
            and (different := _differences(old.attrs, new.attrs, known=new.key in grown))
        ]
        adds = list(self._adds(fresh))
        if not (removes or adds or texts or attributes):
            return None
        return {"removes": removes, "adds": adds, "texts": texts, "attributes": attributes}

    def _keep(self, nodes: Sequence[PlayNode]) -> None:
        children: defaultdict[Key, list[Key]] = defaultdict(list)
        for node in nodes:
            children[node.parent].append(node.key)
        self._nodes = {node.key: node for node in nodes}
        self._children = dict(children)

    def _grown_sheets(self, before: Mapping[Key, PlayNode]) -> Iterator[tuple[Key, list[str]]]:
        """Yield the nodes whose sheets have more rules at their end, and these."""
        for key, node in self._nodes.items():
            css: str = node.attrs.get(CSS, "")
            old: str = before[key].attrs.get(CSS, "") if css and key in before else ""
            if old and len(css) > len(old) and css.startswith(old + "\n"):
                if key not in self._grown and _rules(old) is None:
                    continue  # the old text might go on in the new one
                rules = _rules(css[len(old) + 1 :])
                if rules is not None:
                    yield key, rules

    def _rewritten(self, before: Mapping[Key, PlayNode], added: Collection[Key]) -> set[Key]:
        """Return the nodes that got rules one by one and now another text: they are built anew.

        A player that jumps over both would add the rules to the new text.
        """
        return {
            key
            for key in self._grown - set(added)
            if key in self._nodes
            and key in before
            and self._nodes[key].attrs.get(CSS) != before[key].attrs.get(CSS)
        }

    def _fresh(
        self,
        before: dict[Key, PlayNode],
        children: dict[Key, list[Key]],
        rewritten: Collection[Key],
    ) -> set[Key]:
        """Return what has to be built: new, moved and re-ordered nodes with all below them."""
        fresh: set[Key] = set()
        for parent, now in self._children.items():
            stayed = [key for key in now if key in before and before[key].parent == parent]
            there = set(stayed)
            in_order = stayed == [key for key in children.get(parent, ()) if key in there]
            for key in now:
                same = key in there and in_order and _alike(before[key], self._nodes[key])
                same = same and key not in rewritten
                if parent in fresh or not same:
                    fresh.add(key)
        return fresh

    def _adds(self, fresh: set[Key]) -> Iterator[dict[str, Any]]:
        for parent, children in self._children.items():
            if parent in fresh:
                continue
            following: Key | None = None
            for key in reversed(children):  # so that the next sibling is always there already
                if key in fresh:
                    next_id = None if following is None else self._numbered(following)
                    yield self._add(key, next_id)
                    yield from self._below(key)
                following = key

    def _below(self, parent: Key) -> Iterator[dict[str, Any]]:
        stack = list(reversed(self._children.get(parent, ())))
        while stack:
            key = stack.pop()
            yield self._add(key, None)
            stack.extend(reversed(self._children.get(key, ())))

    def _add(self, key: Key, next_id: int | None) -> dict[str, Any]:
        node = self._nodes[key]
        return {"parentId": self._parent(node), "nextId": next_id, "node": self._plain(node)}

    def _tree(self, key: Key) -> dict[str, Any]:
        top = self._plain(self._nodes[key])
        stack = [(key, top)]
        while stack:
            parent, plain = stack.pop()
            for child in self._children.get(parent, ()):
                below = self._plain(self._nodes[child])
                plain["childNodes"].append(below)
                if "childNodes" in below:
                    stack.append((child, below))
        return top

    def _plain(self, node: PlayNode) -> dict[str, Any]:
        shadow = {"isShadow": True} if node.shadow else {}
        if node.tag == "#text":
            text = {"type": 3, "textContent": node.text, "id": self._numbered(node.key)}
            return {**text, **shadow}
        return {
            "type": 2,
            "tagName": node.tag,
            "attributes": node.attrs,
            "childNodes": [],
            "id": self._numbered(node.key),
            **({"isSVG": True} if node.svg else {}),
            **({"isShadowHost": True} if node.host else {}),
            **shadow,
        }

    def _parent(self, node: PlayNode) -> int:
        return self._numbered("document" if node.parent == DOCUMENT else node.parent)

    def _numbered(self, key: Key) -> int:
        return self._numbers.setdefault(key, len(self._numbers) + 1)


def _alike(old: PlayNode, new: PlayNode) -> bool:
    return (old.tag, old.shadow, old.host) == (new.tag, new.shadow, new.host)


def _differences(old: dict[str, Any], new: dict[str, Any], *, known: bool) -> dict[str, Any]:
    """Return new values; None for what is gone. `told`: what is new of the sheet is told apart."""
    gone = dict.fromkeys(name for name in old if name not in new)
    changed = {name: value for name, value in new.items() if old.get(name) != value}
    if known:
        del changed[CSS]
    return {**gone, **changed}


def _rules(css: str) -> list[str] | None:
    """Return the rules of a text; None where it holds anything but whole rules with blocks."""
    items = list(scan(css))
    if not items or items[-1].end != len(css.rstrip()):
        return None  # a comment behind them might go on
    if any(item.block < 0 or item.closing for item in items):
        return None
    return [item.text(css) for item in items]
