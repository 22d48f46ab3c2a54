"""Where elements are in a rendered document, and whether a person sees them."""

from collections.abc import Callable

import pytest

from isotherm.model import Box
from isotherm.render.messages import Layout, Point, Target
from tests.render.loopback import document, element

One = Callable[..., Layout]

CSS = """
body { margin: 0 } p { margin: 0; height: 100px }
#bar { position: fixed; top: 0; left: 0; width: 100%; height: 50px; background: rgb(200, 0, 0) }
#gone { display: none } #blank { visibility: hidden } #faint { opacity: 0 } #flat { height: 0 }
#box { width: 300px; height: 100px; overflow: auto; white-space: nowrap; font-size: 0 }
#box i { display: inline-block; width: 200px; height: 80px }
#under { position: relative; z-index: 0 }
#over { position: absolute; left: 0; top: 500px; width: 800px; height: 100px; z-index: 2 }
#tail { height: 3000px }
"""


@pytest.fixture
def boxes(render: One) -> dict[str, Box]:
    page = document(
        element("div", id="bar"),
        element("p", "one", id="first", class_="line"),
        element("p", "two", class_="line"),
        element("p", element("b", "x", id="faint"), element("b", "x", id="blank")),
        element("p", "x", id="gone"),
        element("p", id="flat"),
        element("div", *[element("i", id=f"i{n}") for n in range(4)], id="box"),
        element("p", "x"),
        element("p", "x", id="under"),
        element("p", "x"),
        element("div", "x", id="over"),
        element("p", id="tail"),
        element("p", "last", id="last"),
        css=CSS,
    )
    keys = ["#bar", "#first", "P.line", "#faint", "#blank", "#gone", "#flat", "#i0", "#i3", "#last"]
    return render(page, *keys, "#under", "#over", "#nowhere", "][", "#tail").boxes


def test_a_box_is_in_page_px(boxes: dict[str, Box]) -> None:
    assert boxes["#last"] == Box(left=0, top=3700, width=800, height=100)


@pytest.mark.parametrize("key", ["#gone", "#blank", "#flat"])
def test_what_nobody_sees_is_not_visible(boxes: dict[str, Box], key: str) -> None:
    assert not boxes[key].visible


def test_inner_scrollers_clip(boxes: dict[str, Box]) -> None:
    assert (boxes["#i0"].clipped, boxes["#i3"].clipped) == (False, True)


def test_what_lies_behind_something_is_occluded(boxes: dict[str, Box]) -> None:
    assert boxes["#under"].occluded
    assert not boxes["#over"].occluded


def test_fixed_bars_are_marked_and_cover_nothing_below(boxes: dict[str, Box]) -> None:
    assert boxes["#bar"].fixed
    assert not boxes["#last"].fixed
    assert not boxes["#last"].occluded


def test_several_matches_are_counted(boxes: dict[str, Box]) -> None:
    assert boxes["P.line"].matches == 2
    assert boxes["P.line"].top == boxes["#first"].top


def test_unknown_and_invalid_keys_have_no_box(boxes: dict[str, Box]) -> None:
    assert not {"#nowhere", "]["} & boxes.keys()


def test_a_composed_path_finds_what_the_selector_lost(render: One) -> None:
    page = document(
        element("ul", *[element("li", f"item {n}", class_="item") for n in range(3)], id="list"),
        css="li{height:20px;margin:0}",
    )
    path = 'LI.item;UL[title="a;b\\"c"]#list;BODY;HTML;'
    found = render(
        page,
        targets=(
            Target("#generated-1>LI", "LI.item:nth-child(9):nth-of-type(2);UL#list;BODY;HTML"),
            Target("#generated-2>LI", path),
            Target("", "LI.item:nth-child(1);UL#list"),
            Target("#orders>LI", "LI.item:nth-child(1);UL#orders;BODY;HTML"),
        ),
    ).boxes
    assert "#orders>LI" not in found  # the only first item is one of another list
    assert found["#generated-1>LI"].top == found["LI.item:nth-child(1);UL#list"].top + 20
    assert "#generated-2>LI" not in found  # its list has another title


def test_clicks_on_fixed_parts_of_a_scrolled_page(render: One) -> None:
    page = document(element("div", id="bar"), element("p", id="tail"), css=CSS)
    points = (
        Point("bar", "#bar", "", 200, 1025, (0, 1000)),
        Point("tail", "#tail", "", 200, 1500, (0, 1000)),
    )
    anchors = render(page, points=points).anchors
    assert anchors["bar"][:2] == pytest.approx((0.25, 0.5))
    assert anchors["tail"][:2] == pytest.approx((0.25, 0.5))


def test_a_transparent_input_over_its_drawn_box_takes_the_clicks(render: One) -> None:
    css = """label { position: relative; display: block; width: 60px; height: 34px }
    input { position: absolute; inset: 0; width: 100%; height: 100%; margin: 0; opacity: 0 }
    label i { display: block; height: 34px } #veil { position: absolute; top: 0; height: 34px }"""
    switch = element("label", element("input", id="switch", type_="checkbox"), element("i"))
    assert render(document(switch, css=css), "#switch").boxes["#switch"].visible
    veiled = render(document(switch, element("div", "x" * 90, id="veil"), css=css), "#switch")
    assert not veiled.boxes["#switch"].visible


def test_what_is_seen_under_the_pointer_only_is_where_it_takes_clicks(render: One) -> None:
    css = """body { margin: 0 }
    li { display: block; position: relative; width: 600px; height: 40px }
    li button { opacity: 0; position: absolute; right: 0; width: 60px }
    li:hover button { opacity: 1 }
    #menu { position: absolute; top: 60px; opacity: 0; pointer-events: none }"""
    row = element("li", "Kettle", element("button", "Edit", id="edit"))
    menu = element("div", element("button", "Leave", id="leave"), id="menu")
    found = render(document(row, menu, element("p", "x" * 500), css=css), "#edit", "#leave").boxes
    assert found["#edit"].visible
    assert (found["#edit"].left, found["#edit"].width) == (540, 60)
    assert not found["#leave"].visible


def test_a_drawing_of_strokes_is_seen_though_its_middle_is_empty(render: One) -> None:
    page = document(element("svg", element("circle", id="ring"), id="icon"))
    for node in page["nodes"]:
        if node["tag"] in {"svg", "circle"}:
            node["svg"] = True
        if node["tag"] == "circle":
            node["attrs"] |= {"cx": "50", "cy": "50", "r": "40", "fill": "none", "stroke": "red"}
    assert not render(page, "#ring").boxes["#ring"].occluded


def test_a_shape_that_is_painted_under_the_pointer_only_is_seen(render: One) -> None:
    """JupyterLab's button that closes: a disc without a fill, clicked beside the cross on it."""
    disc = element("circle", id="disc", cx="12", cy="12", r="11", fill="none")
    cross = element("path", id="cross", d="M9 7L17 15L15 17L7 9Z")
    icon = element("svg", disc, cross, id="icon", viewBox="0 0 24 24", width="24", height="24")
    page = document(icon, css="body{margin:0}")
    for node in page["nodes"]:
        node["svg"] = node["tag"] in {"svg", "circle", "path"}
    boxes = render(page, "#disc", "#cross").boxes
    assert not boxes["#disc"].occluded
    assert not boxes["#cross"].occluded


def test_a_straight_line_is_as_thick_as_its_stroke(render: One) -> None:
    page = document(element("svg", element("line", id="line"), id="icon"), css="body{margin:0}")
    for node in page["nodes"]:
        if node["tag"] in {"svg", "line"}:
            node["svg"] = True
        if node["tag"] == "line":
            node["attrs"] |= {"x1": "10", "x2": "90", "y1": "20", "y2": "20", "stroke": "red"}
            node["attrs"] |= {"stroke-width": "4"}
    box = render(page, "#line").boxes["#line"]
    assert (box.left, box.top, box.width, box.height) == (10, 18, 80, 4)
    assert box.visible


def test_what_a_path_finds_without_its_numbers_is_one_of_several(render: One) -> None:
    """The last word of the 13th line: only the first line is left, and it has one word."""
    line = element("div", element("span", "}"), class_="line")
    page = document(element("div", line, id="code"))
    here = "SPAN:nth-child(1):nth-of-type(1);DIV.line:nth-child(1):nth-of-type(1);DIV#code;BODY"
    there = "SPAN:nth-child(7):nth-of-type(7);DIV.line:nth-child(13):nth-of-type(13);DIV#code;BODY"
    targets = (Target("#made-1 SPAN", here), Target("#made-2 SPAN", there))
    boxes = render(page, targets=targets).boxes
    assert [boxes[f"#made-{number} SPAN"].matches for number in (1, 2)] == [1, 2]


def test_what_only_the_end_of_a_path_finds_is_one_of_several(render: One) -> None:
    """JupyterLab: a note's bin in the list, and the cross of the same note while it pops up."""
    popped = element("button", element("svg", element("path", d="M9 7L17 15L15 17L7 9Z")))
    page = document(element("div", element("div", popped, class_="toast"), id="toasts"))
    for node in page["nodes"]:
        node["svg"] = node["tag"] in {"svg", "path"}
    inside = "path;svg;BUTTON:nth-child(1):nth-of-type(1);DIV.toast:nth-child(1):nth-of-type(1);"
    listed = Target("#list svg>path", f"{inside}LI:nth-child(1):nth-of-type(1);OL.list;BODY;HTML")
    made_anew = Target("#made-1 svg>path", f"{inside}DIV#made-1:nth-child(1);BODY;HTML")
    boxes = render(page, targets=(listed, made_anew)).boxes
    assert [boxes[one.key].matches for one in (listed, made_anew)] == [2, 1]


def test_shapes_without_points_and_strokes_of_no_plain_width_cost_no_picture(render: One) -> None:
    """An empty path has no length to ask for; a line inside a slot that is filled has no style."""
    css = "#line { stroke: red; stroke-width: calc(1% + 3px) }"
    css += "#over { position: relative; height: 90px }"
    css += "#icon { position: absolute; width: 40px; height: 40px }"
    shapes = element("path", id="empty", d=""), element("path", id="line", d="M0 9H30")
    icon = element("svg", *shapes, id="icon")
    unseen = element("svg", element("line", id="unseen", x2="9", stroke="red"))
    filled = element("#shadow-root", element("slot", unseen))
    host = element("div", filled, element("b", "own"), id="host")
    page = document(icon, element("p", "x" * 400, id="over"), host, css=css)
    for node in page["nodes"]:
        node["svg"] = node["tag"] in {"svg", "path", "line"}
    boxes = render(page, "#icon", "#empty", "#line", "#host::shadow #unseen", "#over").boxes
    assert boxes["#icon"].occluded
    assert not boxes["#empty"].visible
    assert boxes["#line"].height >= 1
    assert not boxes["#host::shadow #unseen"].visible
