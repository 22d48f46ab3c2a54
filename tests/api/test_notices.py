"""Every notice that goes with an answer or a picture, as the pages must be able to translate it.

So must they be with what some modules say of a failure.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

PACKAGE = Path(__file__).parents[2] / "backend/isotherm"
FILE = Path(__file__).parent / "notices.json"
"""Read by the pages' tests, too, which translate each."""

NAMES = {"notice", "notices"}
FILLED = "7"
SAID_AS_IT_IS = ("api/http_errors.py", "storage/saved/zones.py")
"""Modules whose failures are read by people; of others the pages say what the code means."""


def notices(module: Path) -> Iterator[str]:
    """Yield what a module appends to its `notices`, or assigns to them; its values as `FILLED`."""
    tree = ast.parse(module.read_text())
    known = assigned(tree)
    for node in ast.walk(tree):
        match node:
            case ast.Call(ast.Attribute(ast.Name(name), "append"), [said]) if name in NAMES:
                yield from texts(known.get(said.id, said) if isinstance(said, ast.Name) else said)
            case ast.Assign([ast.Name(name)], said) if name in NAMES:
                yield from texts(said)


def failures(module: Path) -> Iterator[str]:
    """Yield the sentences of the errors that a module makes; its values as `FILLED`."""
    tree = ast.parse(module.read_text())
    known = assigned(tree)
    for node in ast.walk(tree):
        match node:
            case ast.Call(ast.Name("IsothermError"), [_, said]) | ast.Raise(
                ast.Call(ast.Name("ValueError"), [said])
            ):
                yield from texts(known.get(said.id, said) if isinstance(said, ast.Name) else said)


def assigned(tree: ast.Module) -> dict[str, ast.expr]:
    """Return what names stand for, wherever they get their value."""
    return {
        target.id: node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def texts(node: ast.AST) -> Iterator[str]:
    """Yield the texts of an expression; those within a text are part of it."""
    match node:
        case ast.Constant(str(text)):
            yield text
        case ast.JoinedStr(parts):
            yield "".join(p.value if isinstance(p, ast.Constant) else FILLED for p in parts)
        case _:
            for child in ast.iter_child_nodes(node):
                yield from texts(child)


def test_every_notice_is_in_the_list_that_the_pages_translate(
    request: pytest.FixtureRequest,
) -> None:
    told = {said for module in PACKAGE.rglob("*.py") for said in notices(module)}
    told |= {said for name in SAID_AS_IT_IS for said in failures(PACKAGE / name)}
    found = sorted(told)
    if request.config.getoption("--write-golden"):
        FILE.write_bytes(msgspec.json.format(msgspec.json.encode(found), indent=1) + b"\n")
    assert msgspec.json.decode(FILE.read_bytes()) == found
