"""Cuts CSS text into rules and declarations in one pass, by the token rules of CSS Syntax 3.

Only what can hide or balance a bracket is told apart: comments, strings, unquoted addresses and
escapes. Why no tokenizer of all of CSS: docs/decisions/024-css.md.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

_TOKEN = re.compile(
    r"""
      /\* [^*]*+ (?: \*(?!/) [^*]*+ )*+ (\*/)?                   # 1: where a comment ends
    | "[^"\\\n\r\f]*+ (?: \\. [^"\\\n\r\f]*+ )*+ (")?             # 2: a line break ends a bad one
    | '[^'\\\n\r\f]*+ (?: \\. [^'\\\n\r\f]*+ )*+ (')?             # 3
    | (?<![\w\-\x80-\U0010ffff])[uU][rR][lL]\([ \t\n\r\f]*+(?!["'])  # an address without quotes,
      [^)\\]*+ (?: \\. [^)\\]*+ )*+ (\))?                         # 4: good or bad, ends alike
    | \\.?
    | <!-- | -->
    | [{}()\[\];]
    """,
    re.DOTALL | re.VERBOSE,
)
_SPACE = re.compile(r"[ \t\n\r\f]*+")
_PLAIN = re.compile(r"[^{}()\[\]\"'/\\]*+\}")
"""The rest of a block in which nothing needs a closer look."""

_CLOSING = {"{": "}", "(": ")", "[": "]"}
_UNCLOSED = {"/": "*/", '"': '"', "'": "'", "u": ")", "U": ")"}


class Item(NamedTuple):
    """A rule or declaration: `css[start:end]`; `block` is where its `{` is, -1 = it has none."""

    start: int
    end: int
    block: int
    closing: str = ""  # what the end of the text left open

    def text(self, css: str) -> str:
        """Return the item, closed."""
        return css[self.start : self.end] + self.closing

    def head(self, css: str) -> str:
        """Return what stands before the block."""
        return css[self.start : self.block] if self.block >= 0 else css[self.start : self.end]

    def body(self, css: str) -> str:
        """Return what is inside the block, closed; "" without one."""
        return self.text(css)[self.block + 1 - self.start : -1] if self.block >= 0 else ""


def scan(css: str, *, nested: bool = False) -> Iterator[Item]:
    """Yield the items of a style sheet, or of a block (`nested`), comments between them left out.

    In a block a semicolon ends a declaration; elsewhere it ends nothing but an at-rule.
    """
    return _Scanner(css, nested=nested).items()


class _Scanner:
    """One walk over the tokens of a text."""

    def __init__(self, css: str, *, nested: bool) -> None:
        self._css = css
        self._nested = nested
        self._between = "/;" if nested else "/<-"  # tokens that may stand between two items
        self._place = 0  # where the next token is looked for
        self._start = 0  # of the item
        self._begun = False  # something of the item was seen
        self._block = -1
        self._by_semicolon = self._by_block = False  # what the item can end by
        self._closers: list[str] = []

    def items(self) -> Iterator[Item]:
        css, last = self._css, None
        while token := _TOKEN.search(css, self._place):
            at, self._place = token.span()
            char = css[at]
            last = last if char == "\\" else token
            if (self._begun or self._begins(at, char)) and self._ends(at, char):
                yield Item(self._start, self._place, self._block)
                self._start, self._begun, self._block = self._place, False, -1
        start = self._start if self._begun else _after_space(css, self._start)
        end = len(css) - _ends_in_backslash(css)
        if start < end:
            yield Item(start, end, self._block, self._closing(last, end))

    def _begins(self, at: int, char: str) -> bool:
        """Whether a token belongs to an item, and which kind of item that is."""
        css = self._css
        start = self._start = _after_space(css, self._start)
        if start == at and char in self._between:
            self._start = self._place
            return False
        self._begun = True
        self._by_semicolon = self._nested or css[start] == "@"
        self._by_block = not (self._nested and css.startswith("--", start))
        return True

    def _ends(self, at: int, char: str) -> bool:
        """Take a token of an item; tell whether it is the last."""
        closers = self._closers
        if char in _CLOSING:
            if char == "{" and not closers and self._block < 0:
                self._block = at
                plain = _PLAIN.match(self._css, self._place) if self._by_block else None
                if plain is not None:
                    self._place = plain.end()
                    return True
            closers.append(_CLOSING[char])
            return False
        if not closers:
            return char == ";" and self._by_semicolon
        if char == closers[-1]:
            closers.pop()
        return not closers and char == "}" and self._by_block

    def _closing(self, last: re.Match[str] | None, end: int) -> str:
        """Return what has to follow so that nothing is left open at the end of the text."""
        token = ""
        if last is not None and last.end() == end and last.lastindex is None:
            token = _UNCLOSED.get(self._css[last.start()], "")
        return token + "".join(reversed(self._closers))


def _after_space(css: str, place: int) -> int:
    space = _SPACE.match(css, place)
    return space.end() if space is not None else place


def _ends_in_backslash(css: str) -> bool:
    """Whether the text ends in a backslash that escapes nothing."""
    return (len(css) - len(css.rstrip("\\"))) % 2 == 1


def outside_brackets(css: str) -> str:
    """Return a text without comments and what is inside brackets; an escape becomes a letter."""
    out: list[str] = []
    closers: list[str] = []
    place = 0
    while token := _TOKEN.search(css, place):
        at, end = token.span()
        char = css[at]
        if not closers:
            out.append(css[place:at])
        place = end
        if char in _CLOSING:
            if not closers:
                out.append(char + _CLOSING[char])
            closers.append(_CLOSING[char])
        elif closers:
            if char == closers[-1]:
                closers.pop()
        elif char != "/":
            out.append("e" if char == "\\" else char)
    out.append("" if closers else css[place:])
    return "".join(out)
