"""Documents built from snapshots and changes, in each format."""

from typing import Any

import pytest

from isotherm.replay.document import Document
from isotherm.replay.dom.page_state import PageState, StateNode
from isotherm.replay.recording import Recording, recordings_of
from tests.replay.conftest import WITH_VIEWS, WITHOUT_VIEWS, session
from tests.replay.events import (
    START_MS,
    Json,
    Page,
    changes,
    click,
    datadog,
    incremental,
    meta,
    mutation,
    rrweb,
    snapshot,
)


def after(*events: Json | list[Json]) -> Document:
    return Recording.of_session([rrweb(*events)]).state_at(START_MS + 10_000)


def after_datadog(*records: Json | list[Json]) -> Document:
    return Recording.of_view([datadog(*records)]).state_at(START_MS + 10_000)


def drawn(state: PageState) -> str:
    """Write a state as nested tags, texts in quotes."""
    below: dict[int, list[StateNode]] = {}
    for node in state.nodes:
        below.setdefault(node.parent, []).append(node)

    def one(node: StateNode) -> str:
        inner = " ".join(one(child) for child in below.get(node.id, []))
        return repr(node.text) if node.tag == "#text" else f"{node.tag}({inner})"

    return " ".join(one(node) for node in below.get(-1, []))


def node_of(state: PageState, tag: str) -> StateNode:
    return next(node for node in state.nodes if node.tag == tag)


@pytest.mark.parametrize("name", [*WITH_VIEWS, *WITHOUT_VIEWS])
def test_states_are_flat_with_parents_first(name: str) -> None:
    for recording in recordings_of(session(name).segments):
        state = recording.state_at(recording.end_ms).snapshot()
        seen = {-1}
        for node in state.nodes:
            assert node.parent in seen
            seen.add(node.id)
        assert len(seen) == len(state.nodes) + 1 > 300
        assert (state.doctype, state.complete) == ("html", True)


def test_senders_and_versions_record_the_same_page() -> None:
    """dd7 and rrweb write the same final page; only script placeholders and blanks differ."""
    pages = []
    for name in ("datadog/dd7-desktop-allow", "guance/guance-desktop", "rrweb"):
        recording = recordings_of(session(name).segments)[-1]
        state = recording.state_at(recording.end_ms).snapshot()
        bodies = [n for n in state.nodes if n.tag in {"button", "a", "input", "section", "article"}]
        pages.append([(n.tag, n.attrs.get("id"), n.attrs.get("class")) for n in bodies])
    assert pages[0] == pages[1] == pages[2]


def test_times_may_go_on_and_back() -> None:
    recording = recordings_of(session("datadog/dd7-desktop-allow").segments)[0]
    end = recording.state_at(recording.end_ms).snapshot()
    start = recording.state_at(recording.start_ms).snapshot()
    assert start != end
    assert recording.state_at(recording.end_ms).snapshot() == end


def test_additions_may_come_in_any_order() -> None:
    page = Page()
    document = page.document(page.element("ul", id="list"))
    parent = page.ids["list"]
    items = [page.element("li", str(number)) for number in range(3)]
    adds = [
        {"parentId": parent, "nextId": items[1]["id"], "node": items[0]},
        {"parentId": parent, "nextId": None, "node": items[2]},
        {"parentId": parent, "nextId": items[2]["id"], "node": items[1]},
    ]
    expected = "li('0') li('1') li('2')"
    for order in ([0, 1, 2], [2, 1, 0], [1, 0, 2]):
        document_now = after(
            meta(), snapshot(document), mutation(10, adds=[adds[at] for at in order])
        )
        assert expected in drawn(document_now.snapshot())


def test_an_addition_whose_neighbour_never_comes_is_appended() -> None:
    page = Page()
    document = page.document(page.element("p", id="p"))
    add = {"parentId": page.ids["p"], "nextId": 777, "node": page.text("late")}
    orphan = {"parentId": 888, "nextId": None, "node": page.text("nowhere")}
    state = after(meta(), snapshot(document), mutation(10, adds=[add, orphan])).snapshot()
    assert "p('late')" in drawn(state)
    assert "nowhere" not in drawn(state)


def test_rrweb_shadow_roots_hold_the_children_marked_so() -> None:
    page = Page()
    inner = {**page.element("button", "Ask", id="ask"), "isShadow": True}
    host = {**page.element("div", inner, id="host"), "isShadowHost": True}
    late = {**page.element("b", "new"), "isShadow": True}
    document = after(
        meta(),
        snapshot(page.document(host)),
        mutation(10, adds=[{"parentId": page.ids["host"], "nextId": None, "node": late}]),
    )
    assert "div(#shadow-root(button('Ask') b('new')))" in drawn(document.snapshot())
    assert document.element_key(page.ids["ask"]) == "#host::shadow #ask"


def test_form_fields_have_their_live_values() -> None:
    page = Page()
    fields = [
        page.element("input", id="name", value="A"),
        page.element("input", id="ok", type="checkbox"),
        page.element(
            "select",
            page.element("option", value="s"),
            page.element("option", value="m", selected=True),
            id="size",
        ),
        page.element("textarea", id="note"),
    ]
    state = after(
        meta(),
        snapshot(page.document(*fields)),
        incremental(5, 10, id=page.ids["name"], text="Ann", isChecked=False),
        incremental(5, 20, id=page.ids["ok"], text="on", isChecked=True),
        incremental(5, 30, id=page.ids["size"], text="s", isChecked=False),
        incremental(5, 40, id=page.ids["note"], text="hello", isChecked=False),
    ).snapshot()
    by_id = {node.attrs.get("id"): node for node in state.nodes}
    assert (by_id["name"].value, by_id["ok"].checked, by_id["note"].value) == ("Ann", True, "hello")
    assert [node.selected for node in state.nodes if node.tag == "option"] == [True, False]


def test_an_option_without_a_value_is_chosen_by_its_text() -> None:
    page = Page()
    select = page.element(
        "select", page.element("option", " light  red "), page.element("option", "green"), id="s"
    )
    chosen = incremental(5, 100, id=select["id"], text="green", isChecked=False)
    state = after(meta(), snapshot(page.document(select)), chosen).snapshot()
    assert [node.selected for node in state.nodes if node.tag == "option"] == [False, True]
    back = incremental(5, 200, id=select["id"], text="light red", isChecked=False)
    state = after(meta(), snapshot(page.document(select)), chosen, back).snapshot()
    assert [node.selected for node in state.nodes if node.tag == "option"] == [True, False]


def test_attributes_carry_scroll_size_and_style_changes() -> None:
    page = Page()
    box = page.element("div", id="box", style="color: red; width: 10px", rr_scrollTop=30)
    box["attributes"] = {"id": "box", "style": "color: red; width: 10px", "rr_scrollTop": 30}
    private = page.element("div")
    private["attributes"] = {"data-dd-privacy": "hidden", "rr_width": "12px", "rr_height": "40px"}
    patch = {"style": {"color": False, "width": ["20px", "important"], "height": "5px"}}
    gone = {"id": page.ids["box"], "attributes": {**patch, "title": None, "onclick": True}}
    state = after(
        meta(), snapshot(page.document(box, private)), mutation(10, attributes=[gone])
    ).snapshot()
    first, second = [node for node in state.nodes if node.tag == "div"]
    assert first.attrs == {
        "id": "box",
        "style": "width: 20px !important; height: 5px",
        "onclick": "",
    }
    assert first.scroll == (0.0, 30.0)
    assert second.hidden_size == ("12px", "40px")


def test_style_sheets_are_where_they_were_and_missing_ones_are_told() -> None:
    page = Page()
    link = page.element("link", rel="stylesheet", href="/a.css", media="print")
    link["attributes"]["_cssText"] = "a { color: red; }"
    lost = page.element("link", rel="stylesheet", href="/b.css")
    style = page.element("style", "p { margin: 0px; }")
    state = after(
        meta(),
        snapshot(page.document(link, lost, style)),
        incremental(8, 10, id=style["id"], adds=[{"rule": "b { top: 1px; }", "index": 0}]),
    ).snapshot()
    links = [node for node in state.nodes if node.tag == "link"]
    assert [(css.text, css.media) for css in links[0].css] == [("a { color: red; }", "print")]
    assert [node.missing_css for node in links] == [False, True]
    assert node_of(state, "style").css[0].text == "b { top: 1px; }\np { margin: 0px; }"


def split_style(page: Page) -> Json:
    """Return a style of two text nodes as rrweb records it: its text marked where it is cut."""
    style = page.element("style", "", "")
    style["attributes"]["_cssText"] = ".a { col/* rr_split */or: red; }.b { top: 1px; }"
    return style


def test_a_style_split_inside_a_word_keeps_its_rule() -> None:
    page = Page()
    state = after(meta(), snapshot(page.document(split_style(page)))).snapshot()
    assert node_of(state, "style").css[0].text == ".a { color: red; }.b { top: 1px; }"


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ("texts", ".a { color: blue; }"),
        ("removes", "or: red; }.b { top: 1px; }"),
        ("adds", ".a { color: red; }.b { top: 1px; }i { top: 0 }"),
    ],
)
def test_a_split_style_whose_text_nodes_change_says_what_they_say(change: str, text: str) -> None:
    page = Page()
    style = split_style(page)
    first, second = (child["id"] for child in style["childNodes"])
    parts: dict[str, Any] = {
        "texts": [{"id": second, "value": "or: blue; }"}],
        "removes": [{"id": first, "parentId": style["id"]}],
        "adds": [{"parentId": style["id"], "nextId": None, "node": page.text("i { top: 0 }")}],
    }
    events = [meta(), snapshot(page.document(style)), mutation(10, **{change: parts[change]})]
    assert node_of(after(*events).snapshot(), "style").css[0].text == text


def test_adopted_sheets_of_document_and_shadow_root() -> None:
    page = Page()
    inner = {**page.element("p"), "isShadow": True}
    host = page.element("div", inner, id="host")
    sheet = {"styleId": 1, "rules": [{"rule": "p { top: 0px; }", "index": 0}]}
    state = after(
        meta(),
        snapshot(page.document(host)),
        incremental(15, 10, id=1, styles=[sheet], styleIds=[1]),
        incremental(15, 20, id=page.ids["host"], styleIds=[1]),
    ).snapshot()
    assert [css.text for css in state.sheets] == ["p { top: 0px; }"]
    assert [css.text for css in node_of(state, "#shadow-root").css] == ["p { top: 0px; }"]


def test_scripts_keep_their_place_only() -> None:
    page = Page()
    script = page.element("script", "alert(1)", src="/evil.js")
    state = after(meta(), snapshot(page.document(script, page.element("p")))).snapshot()
    assert "script() p()" in drawn(state)
    assert node_of(state, "script").attrs == {}


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ({"name": "html"}, "html"),
        (
            {"name": "html", "publicId": "-//W3C//DTD HTML 4.01//EN", "systemId": "http://x"},
            'html PUBLIC "-//W3C//DTD HTML 4.01//EN" "http://x"',
        ),
        ({"name": "html><script>", "systemId": 'a"><b>'}, 'htmlscript SYSTEM "ab"'),
    ],
)
def test_doctypes_cannot_end_early(parts: dict[str, str], expected: str) -> None:
    page = Page()
    document = page.document()
    document["childNodes"][0].update(parts)
    assert after(meta(), snapshot(document)).snapshot().doctype == expected


STRINGS = [11, [1, "#document", "HTML", "BODY", "P", "#text", "svg>path"], [4, "one", "two"]]
NODES: list[Any] = [1, [None, 0], [1, 1], [1, 2], [1, 3], [1, 4, 6], [2, 3], [-2, 3], [0, 5]]


def test_datadog_v7_inserts_relative_to_earlier_ids() -> None:
    document = after_datadog(meta(), changes(0, STRINGS, NODES, full=True))
    # 0 document, 1 html, 2 body, 3 p, 4 text, 5 in p (id 5 - 2), 6 before 4, 7 after 6
    assert drawn(document.snapshot()) == "html(body(p(p() path() 'one' p())))"
    document = after_datadog(
        meta(),
        changes(0, STRINGS, NODES, full=True),
        changes(10, [4, [4, 7]], [2, 5], [3, [3, ["id", "x"]]], [6, [3, 0, 40]]),
        changes(20, [1, [6, {"role": 1, "string": "#text"}, "lit"]], [5, [6, 12, 30]]),
    )
    state = document.snapshot()
    assert drawn(state) == "html(body(p(p() path() 'two') 'lit'))"
    assert (state.nodes[2].attrs, state.nodes[2].scroll) == ({"id": "x"}, (0.0, 40.0))
    assert [node.hidden_size for node in state.nodes if node.id == 6] == [("12px", "30px")]
    assert state.complete


def test_datadog_v7_sheets_are_attached_by_number() -> None:
    sheets: list[Any] = [7, ["a {}"], [["b {}", "c {}"], ["print"], True]]
    state = after_datadog(
        meta(), changes(0, STRINGS, NODES, sheets, [8, [0, 1, 0], [3, 1]], full=True)
    ).snapshot()
    assert [(css.text, css.media, css.disabled) for css in state.sheets] == [
        ("b {}\nc {}", "print", True),
        ("a {}", "", False),
    ]
    assert state.nodes[2].css[0].text == "b {}\nc {}"


def test_datadog_v7_sends_a_shared_sheet_again_for_each_shadow_root() -> None:
    """Its numbers count sheets, its list counts their uses: the toolbars of JupyterLab, say."""
    roles: list[Any] = [1, "#document", "HTML", "BODY", "JP-TOOLBAR", "JP-TREE", "#shadow-root"]
    nodes: list[Any] = [1, [None, 0], [1, 1], [1, 2]]
    nodes += [[1, 3], [1, 5], [3, 3], [1, 5], [5, 4], [1, 5]]  # two toolbars and a tree in the body
    sheets: list[Any] = [7, [["bar {}"]], [["base {}"]], [["bar {}"]], [["base {}"]], [["tree {}"]]]
    attached: list[Any] = [8, [4, 0, 1], [6, 0], [8, 1, 2]]
    state = after_datadog(meta(), changes(0, [11, roles], nodes, sheets, attached, full=True))
    later = changes(10, [1, [0, 4], [1, 5]], [7, [["tree {}"]], [["late {}"]]], [8, [10, 2, 3]])
    again = after_datadog(
        meta(), changes(0, [11, roles], nodes, sheets, attached, full=True), later
    )
    assert worn(state) == {4: ["bar {}", "base {}"], 6: ["bar {}"], 8: ["base {}", "tree {}"]}
    assert worn(again)[10] == ["tree {}", "late {}"]


def worn(document: Document) -> dict[int, list[str]]:
    """Return the texts of each shadow root's style sheets."""
    nodes = document.snapshot().nodes
    return {node.id: [css.text for css in node.css] for node in nodes if node.css}


def test_a_missing_segment_stops_datadog_v7_at_the_gap() -> None:
    start = datadog(meta(), changes(0, STRINGS, NODES, full=True))
    late = datadog(changes(900, [2, 3]), click(3, 950), index=2)
    again = datadog(changes(1500, STRINGS, NODES, full=True), index=3)
    recording = Recording.of_view([late, start])
    state = recording.state_at(START_MS + 1000).snapshot()
    assert not state.complete
    assert drawn(state) == "html(body(p(p() path() 'one' p())))"
    whole = Recording.of_view([again, late, start])
    assert whole.state_at(START_MS + 2000).snapshot().complete


def test_an_unknown_string_is_noticed() -> None:
    state = after_datadog(
        meta(), changes(0, STRINGS, NODES, full=True), changes(10, [4, [4, 99]])
    ).snapshot()
    assert not state.complete
    assert "'one'" in drawn(state)


def test_other_formats_go_on_after_a_gap() -> None:
    page = Page()
    document = page.document(page.element("p", "x", id="p"))
    rename = mutation(900, attributes=[{"id": page.ids["p"], "attributes": {"class": "new"}}])
    recording = Recording.of_view([datadog(meta(), snapshot(document)), datadog(rename, index=2)])
    state = recording.state_at(START_MS + 1000).snapshot()
    assert node_of(state, "p").attrs["class"] == "new"
    assert not state.complete
