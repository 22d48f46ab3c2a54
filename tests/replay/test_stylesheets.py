"""Rules inserted into, and taken out of, style sheets."""

import pytest

from isotherm.replay.dom.css_rules import Place, rules
from isotherm.replay.dom.stylesheets import Sheet

CSS = (
    '@charset "a;b"; a { top: 0; } /* } */ @media print { b { x: url("}"); } c { } } d\\{ { e: 1 }'
)


def test_rules_are_split_outside_strings_comments_and_blocks() -> None:
    assert list(rules(CSS, Place.SHEET)) == [
        "a { top: 0; }",
        '@media print { b { x: url("}"); } c { } }',
        "d\\{ { e: 1 }",
    ]


@pytest.mark.parametrize("css", ["", "}", "a {", "{{{", '"', "/*", "\\", "@media {"])
def test_broken_css_is_survived(css: str) -> None:
    sheet = Sheet(css)
    sheet.insert_rule("z { }", [0])
    assert sheet.text.startswith("z { }")


def test_insert_delete_and_nested_paths() -> None:
    sheet = Sheet("a { } @media print { b { } c { } }")
    sheet.insert_rule("n { }", [1, 1])
    sheet.delete_rule([0])
    sheet.insert_rule("last { }", [99])
    media, last = rules(sheet.text, Place.SHEET)
    assert " ".join(media.split()) == "@media print { b { } n { } c { } }"
    assert last == "last { }"


def test_wrong_paths_change_nothing() -> None:
    sheet = Sheet("a { }")
    sheet.delete_rule([5])
    sheet.delete_rule([0, 0, 0])
    sheet.delete_rule([])
    sheet.set_declaration([7], "color", "red")
    assert sheet.text == "a { }"


def test_declarations_are_set_and_removed() -> None:
    sheet = Sheet('a { color: red; background: url("x;y"); }')
    sheet.set_declaration([0], "color", "blue !important")
    sheet.set_declaration([0], "top", "1px")
    sheet.set_declaration([0], "background", None)
    assert sheet.text.split() == ["a", "{", "color:", "blue", "!important;", "top:", "1px", "}"]
