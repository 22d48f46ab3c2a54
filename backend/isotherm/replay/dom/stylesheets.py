"""A style sheet: its rules, which a recording edits later, and its text.

Changes are kept until somebody asks for the text, as most readings never do. Then the text is cut
into rules, once, and a change costs what it changes.
"""

import re
from collections.abc import Callable
from functools import partial

from isotherm.replay.dom.css_rules import (
    EDITED,
    Place,
    at_name,
    declarations,
    only_rule,
    place_of,
    property_name,
    rules,
)
from isotherm.replay.dom.css_scan import scan

MAX_CSS = 8_000_000
"""Characters kept of one style sheet."""

MAX_PATH = 16
"""Levels of nested rules that a change may name."""

SPLIT_MARK = "/* rr_split */"
"""rrweb's mark between the parts of a style element's text that are in several text nodes."""


class Rule:
    """One rule: as text, or opened into what its block holds."""

    __slots__ = ("_block", "_text")

    def __init__(self, text: str) -> None:
        self._text: str | None = text
        self._block: _Block | None = None

    @property
    def text(self) -> str:
        """The rule as it stands."""
        if self._text is None:
            self._text = self._block.text if self._block is not None else ""
        return self._text

    def opened(self, around: Place) -> "_Block | None":
        """Return the block of a rule in a list of kind `around`; None when it has none."""
        if self._block is None:
            item = next(scan(self.text), None)
            if item is None or item.block < 0:
                return None
            self._block = _Block(item.head(self.text), item.body(self.text), around)
        return self._block

    def changed(self) -> None:
        """Forget the text: the block has changed."""
        if self._block is not None:
            self._text = None


class _Block:
    """What is inside a rule's braces."""

    __slots__ = ("declarations", "head", "place", "rules")

    def __init__(self, head: str, body: str, around: Place) -> None:
        self.head = head
        self.place = place_of(head, around)
        self.rules: list[Rule] = []
        self.declarations: dict[str, str] = {}
        if self.place is not Place.DECLARATIONS:
            self.rules = [Rule(text) for text in rules(body, self.place)]
        if self.place in _DECLARING:
            for name, text in declarations(body):
                before = self.declarations.get(name)  # `display: -webkit-box; display: flex`
                self.declarations[name] = f"{before}; {text}" if before else text

    @property
    def text(self) -> str:
        own = "; ".join(self.declarations.values())
        nested = _joined(self.rules)
        return f"{self.head}{{ {own}{'; ' if own and nested else ''}{nested} }}"


class Sheet:
    """One style sheet: of a link or style element, or adopted by a document or shadow root."""

    __slots__ = ("_later", "_rules", "_text", "disabled", "media", "parts")

    def __init__(self, text: str = "", media: str = "", disabled: bool = False) -> None:
        self._text: str | None = text[:MAX_CSS]
        self._rules: list[Rule] | None = None
        self._later: list[Callable[[], None]] = []  # changes that are still to be made
        self.media = media
        self.disabled = disabled
        self.parts: tuple[str, ...] = ()  # of its element's text nodes, as recorded

    @classmethod
    def of_rules(cls, texts: list[str], media: str = "", *, disabled: bool = False) -> "Sheet":
        """Return a sheet whose rules were recorded one by one."""
        sheet = cls("", media, disabled)
        sheet._rules, sheet._text = [Rule(text) for text in texts], None
        return sheet

    @classmethod
    def of_element(cls, css_text: str) -> "Sheet":
        """Return the sheet of a style or link element from its recorded text.

        rrweb marks where a text goes on in the element's next text node, even in the middle of a
        word, and joins the parts without the marks.
        """
        parts = css_text[:MAX_CSS].split(SPLIT_MARK)
        sheet = cls("".join(parts))
        sheet.parts = tuple(parts)
        return sheet

    @property
    def text(self) -> str:
        """The sheet as CSS."""
        for change in self._later:
            change()
        self._later.clear()
        if self._text is None:
            self._text = _joined(self._rules or [])
        return self._text

    def replace(self, text: str) -> None:
        """Replace all rules."""
        self._text, self._rules = text[:MAX_CSS], None
        self._later.clear()

    def insert_rule(self, rule: str, path: list[int]) -> None:
        """Insert at an index, or at a path of indices into nested blocks; wrong ones append.

        What a browser refuses is not inserted: recorders write a rule down before it is tried.
        """
        self._later.append(partial(self._insert, rule, path))

    def delete_rule(self, path: list[int]) -> None:
        """Delete the rule at an index or path; a rule that is not there is left alone."""
        self._later.append(partial(self._delete, path))

    def set_declaration(self, path: list[int], name: str, value: str | None) -> None:
        """Set (or with None remove) one property of the style rule at the path."""
        self._later.append(partial(self._set, path, name, value))

    def _insert(self, rule: str, path: list[int]) -> None:
        found = self._found(path)
        if found is None:
            return
        into, place, above = found
        text = (
            rule.strip()
            if place in _SIMPLY and _SIMPLE_RULE.fullmatch(rule)
            else only_rule(rule, place)
        )
        index = path[-1] if 0 <= path[-1] <= len(into) else len(into)
        if text is None or not _in_order(text, into, index):
            return
        into.insert(index, Rule(text))
        self._changed(above)

    def _delete(self, path: list[int]) -> None:
        found = self._found(path)
        if found is None or not 0 <= path[-1] < len(found[0]) or found[1] not in EDITED:
            return
        listed = found[0]
        fixed = at_name(listed[path[-1]].text) == "namespace"  # while there are other rules
        if not (fixed and at_name(listed[-1].text) not in {"import", "namespace"}):
            del listed[path[-1]]
            self._changed(found[2])

    def _set(self, path: list[int], name: str, value: str | None) -> None:
        found = self._found(path)
        if found is None or not 0 <= path[-1] < len(found[0]):
            return
        rule = found[0][path[-1]]
        block = rule.opened(found[1])
        if block is None or block.place not in _DECLARING:
            return
        block.declarations.pop(property_name(name), None)
        if value is not None:
            block.declarations[property_name(name)] = f"{name}: {value}"
        self._changed([*found[2], rule])

    def _found(self, path: list[int]) -> tuple[list[Rule], Place, list[Rule]] | None:
        """Return the list that the last index of a path counts in, and the rules around it."""
        if not 0 < len(path) <= MAX_PATH:
            return None
        if self._rules is None:
            self._rules = [Rule(text) for text in rules(self._text or "", Place.SHEET)]
        counted, place, above = self._rules, Place.SHEET, []
        for index in path[:-1]:
            block = counted[index].opened(place) if 0 <= index < len(counted) else None
            if block is None:
                return None
            above.append(counted[index])
            counted, place = block.rules, block.place
        return counted, place, above

    def _changed(self, above: list[Rule]) -> None:
        self._text = None
        for rule in above:
            rule.changed()


_SIMPLY = frozenset({Place.SHEET, Place.GROUP})
_DECLARING = frozenset({Place.STYLE, Place.DECLARATIONS})
_VALUES = r"[^{}()\[\]\"'/\\]"
_SIMPLE_RULE = re.compile(
    r"\s*+[.#]?+[a-zA-Z_][\w-]*+(?:::?[a-z][a-z-]*+)?+\s*+"
    rf"\{{{_VALUES}*+(?:\({_VALUES}*+\){_VALUES}*+)*+\}}\s*+"
)
"""What most inserted rules are: one class, id or tag, and a block with nothing to look into."""


def _in_order(text: str, into: list[Rule], index: int) -> bool:
    """Whether a rule may stand there: first all `@import`, then all `@namespace`, then the rest.

    Statements of `@layer` may stand among them; they are looked at only beside the new rule.
    """
    before, after, last = (
        at_name(into[at].text) if 0 <= at < len(into) else ""
        for at in (index - 1, index, len(into) - 1)
    )
    match at_name(text):
        case "import":
            return index == 0 or before == "import" or after in {"import", "namespace"}
        case "namespace":
            return after != "import" and (not into or last in {"import", "namespace"})
        case "layer" if not text.endswith("}"):
            return (before, after) != ("import", "namespace")
        case _:
            return after not in {"import", "namespace"}


def _joined(listed: list[Rule]) -> str:
    """Join rules, as many as fit."""
    texts: list[str] = []
    room = MAX_CSS
    for rule in listed:
        text = rule.text
        room -= len(text) + 1
        if room < -1:
            break
        texts.append(text)
    return "\n".join(texts)
