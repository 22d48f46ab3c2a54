r"""Regular expressions of Python's `re` that cannot backtrack, whatever the text.

Two rules make a pattern linear. Unbounded quantifiers are possessive (`*+`, `++`), so nothing is
tried twice from one place. And a pattern that is searched for cannot fail after an unbounded
quantifier, so nothing is read again from the next place. Patterns that people write run on RE2
(`intake/patterns.py`). The linters on PyPI do not know possessive quantifiers.
"""

import ast
import re
from pathlib import Path
from re import _constants as ops  # type: ignore[attr-defined]
from re import _parser as sre  # type: ignore[attr-defined]
from typing import Any, NamedTuple

import pytest

pytestmark = pytest.mark.measures

PACKAGE = Path(__file__).parents[2] / "backend/isotherm"
ANCHORED = {"match", "fullmatch"}
CALLS = ANCHORED | {"compile", "search", "sub", "subn", "split", "findall", "finditer"}
LINEAR_FOR_ANOTHER_REASON = {
    # file -> how many patterns; each says in the source, or here, why it is linear
    "intake/privacy.py": 1,  # written out but for a class of letters, in what looks behind
    "intake/senders/guance/line_protocol.py": 1,  # _NEXT looks ahead within one line
    "storage/influxdb/failures.py": 2,  # a quoted part ends where the next begins
    "api/openapi.py": 1,  # reads our own route table
    "api/contract/golang.py": 1,  # reads our own route table
    "replay/dom/css_scan.py": 1,  # no address begins in the white space after `url(`
    "replay/playback/nodes.py": 2,  # neither does a font in what is after `@font-face`
}


class Pattern(NamedTuple):
    """A pattern in the source, and whether it is looked for anywhere in a text."""

    file: str
    line: int
    source: str | bytes
    flags: int
    searched: bool


def patterns(file: Path) -> list[Pattern]:
    """Return the patterns of a file; one that is not written out is given as `.*`, and fails."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    constants: dict[str, ast.expr] = {}
    uses: dict[str, set[str]] = {}
    named: dict[ast.expr, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            if isinstance(target, ast.Name):
                constants[target.id], named[node.value] = node.value, target.id
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            uses.setdefault(node.value.id, set()).add(node.attr)
    found = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        call = node.func
        if not (isinstance(call, ast.Attribute) and isinstance(call.value, ast.Name)):
            continue
        if call.value.id != "re" or call.attr not in CALLS:
            continue
        methods = uses.get(named.get(node, ""), set()) if call.attr == "compile" else {call.attr}
        source = text_of(node.args[0], constants)
        flags = 0 if call.attr != "compile" or len(node.args) < 2 else flags_of(node.args[1])
        where = str(file.relative_to(PACKAGE))
        found.append(Pattern(where, node.lineno, source, flags, not methods <= ANCHORED))
    return found


def text_of(node: ast.expr, constants: dict[str, ast.expr]) -> str | bytes:
    """Return a text that is written out, with the constants of its file in it."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes):
        return node.value
    if isinstance(node, ast.Name) and node.id in constants:
        return text_of(constants[node.id], constants)
    if isinstance(node, ast.JoinedStr):
        parts = [v.value if isinstance(v, ast.FormattedValue) else v for v in node.values]
        return "".join(str(text_of(part, constants)) for part in parts)
    return ".*"


def flags_of(node: ast.expr) -> int:
    """Return the flags that are written as `re.A | re.B`."""
    names = [n.attr for n in ast.walk(node) if isinstance(n, ast.Attribute)]
    return sum(int(getattr(re, name)) for name in set(names))


def problems(source: str | bytes, flags: int = 0, *, searched: bool = False) -> list[str]:
    """Return what can make a pattern slow."""
    found: list[str] = []
    items = list(sre.parse(source, flags))
    anchored = bool(items) and items[0] == (ops.AT, ops.AT_BEGINNING) and not flags & re.MULTILINE
    _walk(items, found, searched=searched and not anchored, rest=0)
    return found


def _walk(items: list[Any], found: list[str], *, searched: bool, rest: int) -> None:
    """Go through a sequence; `rest` is the least length of what must match after it."""
    for at, (op, value) in enumerate(items):
        after = rest + sum(_least(item) for item in items[at + 1 :])
        if op in {ops.MAX_REPEAT, ops.MIN_REPEAT, ops.POSSESSIVE_REPEAT}:
            _, most, body = value
            unbounded = most == ops.MAXREPEAT
            if unbounded and op is not ops.POSSESSIVE_REPEAT:
                found.append("an unbounded quantifier that is not possessive")
            elif unbounded and searched and after:
                found.append("it can fail after an unbounded quantifier, and is searched for")
            _walk(list(body), found, searched=searched, rest=after if not unbounded else 0)
        elif op in {ops.ASSERT, ops.ASSERT_NOT}:
            _walk(list(value[1]), found, searched=True, rest=1)
        elif op in {ops.BRANCH, ops.SUBPATTERN, ops.ATOMIC_GROUP}:
            inside = {ops.BRANCH: lambda v: v[1], ops.SUBPATTERN: lambda v: [v[-1]]}
            for branch in inside.get(op, lambda v: [v])(value):
                _walk(list(branch), found, searched=searched, rest=after)
        elif op in {ops.GROUPREF, ops.GROUPREF_EXISTS}:
            found.append("a reference to a group")


def _least(item: Any) -> int:
    """Return the least length that one part of a pattern matches; an assertion counts as one."""
    op, value = item
    if op in {ops.MAX_REPEAT, ops.MIN_REPEAT, ops.POSSESSIVE_REPEAT}:
        return int(value[0]) * sum(map(_least, value[2]))
    if op is ops.BRANCH:
        return min(sum(map(_least, branch)) for branch in value[1])
    if op is ops.SUBPATTERN:
        return sum(map(_least, value[-1]))
    return 1


def test_no_pattern_can_be_made_slow() -> None:
    allowed = dict(LINEAR_FOR_ANOTHER_REASON)
    slow = []
    for file in sorted(PACKAGE.rglob("*.py")):
        for pattern in patterns(file):
            wrong = problems(pattern.source, pattern.flags, searched=pattern.searched)
            if wrong and allowed.get(pattern.file, 0) > 0:
                allowed[pattern.file] -= 1
            elif wrong:
                slow.append(f"{pattern.file}:{pattern.line} {pattern.source!r}: {wrong[0]}")
    assert slow == []
    assert {file: left for file, left in allowed.items() if left} == {}


@pytest.mark.parametrize(
    ("source", "searched"),
    [
        (r"(\*+|x{2,}|\s)*\Z", False),
        (r"(a|a)*b", False),
        (r"(?!.*(bot|crawl))x", False),
        (r"@font-face\s*+\{[^}]*+\}", True),
        (r"(a)\1", False),
        (r"\s++$", True),
        (r"(?:a[^;]*+)++;", True),
    ],
)
def test_slow_patterns_are_found(source: str, *, searched: bool) -> None:
    assert problems(source, searched=searched) != []


@pytest.mark.parametrize(
    ("source", "searched"),
    [
        (r"(?:\*++|xx++|\s++)*+", False),
        (r"@font-face\s*+\{[^}]*+\}", False),
        (r"@import[^;]*+;?", True),
        (r"a{1,9}b", True),
    ],
)
def test_linear_patterns_pass(source: str, *, searched: bool) -> None:
    assert problems(source, searched=searched) == []
