r"""Regular expressions and templates of page rules, run in linear time by RE2.

The syntax is RE2's (https://github.com/google/re2/wiki/Syntax). As in Python, `\w` and `\d` mean
letters and digits of every script, and `\Z` is the end of the text.
"""

import re2

from isotherm.model.errors import Code, IsothermError

_UNICODE = {"w": r"\p{L}\p{N}_", "d": r"\p{Nd}"}
_NOT_UNICODE = {"W": r"[^\p{L}\p{N}_]", "D": r"\P{Nd}", "Z": r"\z"}
_CANNOT = {
    "(?=": "look-ahead",
    "(?!": "look-ahead",
    "(?<=": "look-behind",
    "(?<!": "look-behind",
    "(?>": "atomic groups",
    "(?(": "conditions",
    "(?P=": "references to an earlier group",
    "(?#": "comments",
}
_MAX_PATTERN = 10_000
_MAX_GROUP = 99


class Pattern:
    """One regular expression. Raises INVALID with a sentence when it is none of RE2's."""

    def __init__(self, expression: str) -> None:
        if len(expression) > _MAX_PATTERN:
            raise _invalid(f"it is longer than {_MAX_PATTERN} characters")
        translated = _translated(expression)
        options = re2.Options()
        options.log_errors = False
        try:
            self._compiled = re2.compile(translated, options)
        except re2.error as error:
            reason = error.args[0] if error.args else ""
            raise _invalid(reason.decode() if isinstance(reason, bytes) else str(reason)) from error
        self.groups: int = self._compiled.groups
        self.names: dict[str, int] = dict(self._compiled.groupindex)

    def groups_of(self, text: str) -> list[str] | None:
        """Return the whole text and its groups ("" = took no part); None when it does not match."""
        match = self._compiled.fullmatch(text)
        return None if match is None else [part or "" for part in (text, *match.groups())]


class Template:
    r"""A text with groups in it: `\1`, `\g<1>`, `\g<name>`; `\\` is a backslash.

    Raises INVALID when it names a group that the pattern does not have.
    """

    def __init__(self, text: str, pattern: Pattern) -> None:
        self._parts: list[str | int] = []
        place = 0
        while (escape := text.find("\\", place)) >= 0:
            self._parts.append(text[place:escape])
            part, place = _group(text, escape + 1, pattern)
            self._parts.append(part)
        self._parts.append(text[place:])

    def filled(self, groups: list[str]) -> str:
        """Return the text with the groups of a match, as `Pattern.groups_of` gives them."""
        return "".join(part if isinstance(part, str) else groups[part] for part in self._parts)


def _group(text: str, place: int, pattern: Pattern) -> tuple[str | int, int]:
    r"""Read what follows a backslash; return a group's number or a text, and where it ends."""
    following = text[place : place + 1]
    if following == "\\":
        return "\\", place + 1
    if following == "g":
        end = text.find(">", place)
        name = text[place + 2 : end] if text.startswith("g<", place) and end > 0 else ""
        number = int(name) if name.isdecimal() and len(name) < 4 else pattern.names.get(name, -1)
        end += 1
    else:
        digits = text[place : place + 2]
        digits = digits if digits.isdecimal() and digits.isascii() else following
        name, end = digits, place + len(digits)
        number = int(digits) if digits.isdecimal() and digits.isascii() else -1
    if not 0 <= number <= min(pattern.groups, _MAX_GROUP):
        raise _invalid(f"its page names a group that the pattern does not have: \\{name or 'g'}")
    return number, end


def _translated(expression: str) -> str:
    """Return a pattern of Python's with what RE2 spells otherwise; say what RE2 cannot do."""
    out: list[str] = []
    place = 0
    in_class = False
    while place < len(expression):
        char = expression[place]
        if char == "\\":
            escaped = expression[place + 1 : place + 2]
            out.append(_escape(escaped, in_class=in_class))
            place += 2
            continue
        if char == "(" and not in_class:
            for start, what in _CANNOT.items():
                if expression.startswith(start, place):
                    raise _invalid(f"it uses {what} ({start}...)")
        if char == "[" and not in_class:
            in_class = True
            for first in ("[^]", "[]", "[^"):  # a bracket that comes first is a character
                if expression.startswith(first, place):
                    out.append(first)
                    place += len(first)
                    break
            else:
                out.append(char)
                place += 1
            continue
        in_class = in_class and char != "]"
        out.append(char)
        place += 1
    return "".join(out)


def _escape(char: str, *, in_class: bool) -> str:
    if not in_class and char.isdecimal() and char != "0":
        raise _invalid(f"it refers to an earlier group (\\{char})")
    if char in _UNICODE:
        return _UNICODE[char] if in_class else f"[{_UNICODE[char]}]"
    if char in _NOT_UNICODE and not (in_class and char == "W"):
        return _NOT_UNICODE[char]
    return f"\\{char}"


def _invalid(reason: str) -> IsothermError:
    return IsothermError(
        Code.INVALID,
        f"{reason}. Patterns are RE2's, which take the same time whatever the text: without "
        "look-ahead, look-behind and references to earlier groups.",
        field="page_rules",
    )
