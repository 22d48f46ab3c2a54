"""The rules of a style sheet, edited as recordings edit them, beside Chromium's own CSSOM."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from isotherm.replay.dom.css_rules import Place, only_rule
from isotherm.replay.dom.stylesheets import Sheet

PIECES = [
    ".a { top: 1px; }",
    "#b{left:2px}",
    "p > q ~ i + b , [data-x='}'] { color: red }",
    "@media print { .c { top: 3px } .d { top: 4px } }",
    "@media screen{@supports (top:1px){.e{top:5px}}.f{top:6px}}",
    "@layer base { .g { top: 7px } }",
    '@import url("data:text/css,");',
    "@namespace svg url(http://www.w3.org/2000/svg);",
    '@charset "utf-8";',
    "@font-face { font-family: x; src: url(data:font/woff,) }",
    "@keyframes spin { from { top: 0 } 50% { top: 1px } }",
    "/* a comment { } */",
    "/**/",
    "<!--",
    "-->",
    "@unknown x { .z { top: 0 } }",
    "@unknown x;",
    "} .broken { top: 0 }",
    ".h { top: 8px } }",
    "x; .after { top: 0 }",
    ".k { background: url(data:image/png;base64,}) ; top: 9px }",
    ".l { background: url( 'data:,}' ) }",
    r".m\{ { top: 10px }",
    r'.n::before { content: "\"}" }',
    ".o { content: '}\n; top: 11px }",
    ".p:not(.q, [x]) .r::after { top: 12px }",
    ".s { ( } ; top: 1px ) ; left: 1px }",
    "a:-moz-any-link { top: 0 }",
    ".1x { top: 0 }",
    "b,, i { top: 0 }",
    "> b { top: 0 }",
    ".t { & .u { top: 13px } top: 14px; .v & { top: 15px } }",
    ".w { top: 1px; @media print { left: 1px; > .x { top: 2px } right: 2px } @layer in { a {} } }",
    "@scope (.a) { .y { top: 1px } } ",
    "@starting-style { .z { top: 1px } }",
    "*|a, *|* { top: 16px }",
    ":is(a, b):hover > * { top: 17px }",
    "{ top: 0 }",
    "a b { --x: {a:b}; top: 1px }",
    ".emoji-😀, .é { top: 18px }",
]
RULES = [piece for piece in PIECES if only_rule(piece, Place.SHEET)]
OPEN_ENDS = [
    "",
    ".end { top: 1px",
    ".end { content: 'x",
    "/* open",
    ".end { top: calc(1px",
    "@media print { .x {",
]
PATHS = st.lists(st.integers(0, 6), min_size=1, max_size=3)
INSERTS = st.tuples(st.just("insert"), PATHS, st.sampled_from([*RULES, ".bad,, { }", "a{} b{}"]))
DELETES = st.tuples(st.just("delete"), PATHS, st.none())

EDIT = r"""
(scenarios) => JSON.parse(scenarios).map(([css, edits]) => {
  const style = document.createElement('style');
  style.textContent = css;
  document.head.append(style);
  for (const [what, path, rule] of edits) {
    let list = style.sheet;
    for (const index of path.slice(0, -1)) list = list && list.cssRules && list.cssRules[index];
    if (!list || !list.insertRule) continue;
    const at = Math.min(path[path.length - 1], list.cssRules.length);
    try {
      if (what === 'insert') list.insertRule(rule, at);
      else list.deleteRule(path[path.length - 1]);
    } catch {}
  }
  const texts = [...style.sheet.cssRules].map((rule) => rule.cssText.replace(/\s+/g, ' '));
  style.remove();
  return texts;
})
"""
"""Edits sheets like rrweb's player: an index beyond the end means the end."""


class Scenario:
    """A style sheet and what is done to it."""

    def __init__(self, css: str, edits: list[tuple[str, list[int], str | None]]) -> None:
        self.css = css
        self.edits = edits

    @property
    def ours(self) -> str:
        """The text that we make of it."""
        sheet = Sheet(self.css)
        for what, path, rule in self.edits:
            if what == "insert":
                sheet.insert_rule(rule or "", path)
            else:
                sheet.delete_rule(path)
        return sheet.text


@pytest.fixture(scope="module")
def page(chromium: Any) -> Iterator[Any]:
    made = chromium.new_page()
    made.set_content("<!doctype html><head></head>")
    yield made
    made.close()


SHEETS = st.builds(
    lambda pieces, between, end: between.join([*pieces, end]),
    st.lists(st.sampled_from(PIECES), max_size=8),
    st.sampled_from(["", "\n", " /* ; */ "]),
    st.sampled_from(OPEN_ENDS),
)
SCENARIOS = st.builds(Scenario, SHEETS, st.lists(st.one_of(INSERTS, DELETES), max_size=12))


@settings(max_examples=400, suppress_health_check=list(HealthCheck))
@given(scenario=SCENARIOS)
def test_edited_sheets_are_what_chromium_has(page: Any, scenario: Scenario) -> None:
    asked = [[scenario.css, scenario.edits], [scenario.ours, []]]
    theirs, reread = page.evaluate(EDIT, json.dumps(asked))
    assert reread == theirs, (scenario.css, scenario.edits, scenario.ours)
