"""Where elements are in a rendered document, and whether a person sees them."""

import io
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from PIL import Image

from isotherm.model import Box
from isotherm.render.messages import Layout, Point, Render, Scene, Target
from isotherm.render.picture import whole
from isotherm.render.process import RenderProcess
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


@pytest.mark.parametrize("key", ["#gone", "#blank", "#faint", "#flat"])
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


def test_a_fixed_bar_is_drawn_once(render: One) -> None:
    page = document(element("div", id="bar"), element("p", id="tail"), css=CSS)
    layout = render(page, picture=True)
    assert (layout.width, layout.height, len(layout.tiles)) == (800, 3000, 2)
    image = Image.open(io.BytesIO(whole(layout.tiles, 800, 3000)[0])).convert("RGB")
    red = [y for y in range(image.height) if image.getpixel((400, y)) == (200, 0, 0)]
    assert red == list(range(50))


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


def shell(*inside: dict[str, Any]) -> dict[str, Any]:
    css = """html,body{margin:0;height:100%;overflow:hidden} #app{display:flex;height:100%}
    #side{width:100px} #main{flex:1;overflow-y:auto} #top{position:sticky;top:0;height:40px}
    section{height:400px}"""
    return document(
        element(
            "div",
            element("nav", id="side"),
            element("main", element("header", "top", id="top"), *inside, id="main"),
            id="app",
        ),
        css=css,
    )


def test_an_app_shell_is_pictured_whole(render: One) -> None:
    page = shell(*[element("section", f"{n}", id=f"s{n}") for n in range(10)])
    layout = render(page, "#s9", picture=True)
    assert layout.height == 40 + 10 * 400
    assert layout.boxes["#s9"] == Box(left=100, top=3640, width=700, height=400)
    assert any("app shell" in note for note in layout.notices)
    assert render(page, "#s9").boxes == layout.boxes  # the window need not grow for that


@pytest.mark.parametrize(
    ("style", "rows"),
    [
        ("height:500px", range(100)),  # it would not grow with the window
        ("height:100%", range(50, 70)),  # the other rows are not in the recording
    ],
    ids=["fixed height", "virtual rows"],
)
def test_a_table_that_scrolls_is_pictured_as_it_was_seen(
    render: One, style: str, rows: range
) -> None:
    css = "html,body{margin:0;height:100%}#table{overflow:auto}#room{position:relative}"
    css += "#room div{position:absolute;height:40px;width:100%}"
    made = [element("div", f"row {n}", id=f"r{n}", style=f"top:{40 * n}px") for n in rows]
    room = element("div", *made, id="room", style="height:4000px")
    page = document(element("main", room, id="table", style=style), css=css)
    table = next(node for node in page["nodes"] if node.get("attrs", {}).get("id") == "table")
    table["scroll"] = [0, 2000]
    page["shell_scroller"] = table["id"]
    layout = render(page, "#r52", "#r69", picture=True)
    assert layout.height == 600
    assert layout.boxes["#r52"] == Box(left=0, top=80, width=800, height=40)
    assert layout.boxes["#r69"].clipped
    assert render(page, "#r52", "#r69").boxes == layout.boxes


def test_one_document_leaves_nothing_to_the_next(process: RenderProcess) -> None:
    """They are built in one page: a shell, a dialog, adopted sheets and a window are put away."""
    plain = document(element("p", "x", id="a"), css="p{margin:0;height:50px}")
    quirky = plain | {"doctype": None}
    wild = shell(element("section", id="a"), element("dialog", "Sure?", open=""))
    wild["shell_scroller"] = next(n["id"] for n in wild["nodes"] if n.get("tag") == "main")
    wild["sheets"] = [*wild["sheets"], {"text": "p{height:9px}", "media": "", "disabled": False}]

    def scene(page: dict[str, Any], *, picture: bool = False) -> Scene:
        return Scene(
            page=msgspec.json.encode(page),
            viewport_w=800,
            viewport_h=600,
            targets=(Target("#a"),),
            picture=picture,
        )

    alone = process.ask(Render((scene(plain),)), 60).layouts[0]
    after = process.ask(
        Render((scene(wild, picture=True), scene(quirky), scene(wild), scene(plain))), 60
    ).layouts
    assert after[3] == alone
    assert after[2].boxes == after[0].boxes


def test_a_click_in_a_scrolled_shell_gets_its_place(render: One) -> None:
    """The shell stood 1000 px down: page point = window point + 1000 inside the scroller."""
    page = shell(*[element("section", f"{n}", id=f"s{n}") for n in range(10)])
    main = next(n for n in page["nodes"] if n.get("attrs", {}).get("id") == "main")
    main["scroll"] = [0, 1000]
    page["shell_scroller"] = main["id"]
    points = (
        Point("inside", "#s3", "", 100 + 350, 1240 + 100, (0, 0)),
        Point("sticky", "#top", "", 100 + 70, 1000 + 10, (0, 0)),
        Point("beside", "#side", "", 50, 300, (0, 0)),
    )
    anchors = render(page, points=points).anchors
    assert anchors["inside"] == pytest.approx((0.5, 0.25, 700, 400))
    assert anchors["sticky"] == pytest.approx((0.1, 0.25, 700, 40))
    assert anchors["beside"] == pytest.approx((0.5, 0.5, 100, 600))


def test_clicks_on_fixed_parts_of_a_scrolled_page(render: One) -> None:
    page = document(element("div", id="bar"), element("p", id="tail"), css=CSS)
    points = (
        Point("bar", "#bar", "", 200, 1025, (0, 1000)),
        Point("tail", "#tail", "", 200, 1500, (0, 1000)),
    )
    anchors = render(page, points=points).anchors
    assert anchors["bar"][:2] == pytest.approx((0.25, 0.5))
    assert anchors["tail"][:2] == pytest.approx((0.25, 0.5))


def test_a_very_tall_document_is_cut_with_a_notice(render: One) -> None:
    page = document(
        element("p", "start", id="start"),
        element("div", id="long"),
        element("p", "end", id="end"),
        css="body{margin:0}#long{height:300000px;background:linear-gradient(red,blue)}",
    )
    layout = render(page, "#end", picture=True)
    assert layout.height == 200_000
    assert layout.page_height > 300_000
    assert layout.boxes["#end"].top > 300_000
    assert any(note.startswith("cut at 200,000 px of 300,") for note in layout.notices)
    heights = [Image.open(io.BytesIO(tile)).height for tile in layout.tiles]
    assert heights == [2_000] * 100
    picture, kind = whole(layout.tiles, layout.width, layout.height)
    assert kind == "image/png"  # WebP ends at 16,383 px
    wide, high = Image.open(io.BytesIO(picture)).size
    assert wide * high <= 60_100_000  # it is put together in memory
    assert high / wide == pytest.approx(250, rel=0.01)


def test_endless_animations_stand_still(render: One) -> None:
    css = """@keyframes in { from { opacity: 0; transform: translateX(500px) } }
    @keyframes spin { to { transform: rotate(1turn) } } p { margin: 0 }
    #in { animation: in 60s both }
    #spin { animation: spin 1s infinite; width: 10px; height: 50px }"""
    page = document(element("p", "x", id="in"), element("p", "x", id="spin"), css=css)
    found = render(page, "#in", "#spin").boxes
    assert found["#in"].visible
    assert found["#in"].left == 8
    assert (found["#spin"].width, found["#spin"].height) == (10, 50)


def test_inputs_scrollers_and_hidden_elements_are_as_recorded(render: One) -> None:
    page = document(
        element("input", id="box", type="checkbox") | {"checked": True},
        element("input", id="text") | {"value": "typed"},
        element("div", element("div", id="inner"), id="scroller") | {"scroll": [0, 120]},
        element("div", id="private", data_dd_privacy="hidden") | {"hidden_size": ["80px", "30px"]},
        element("noscript", element("p", "no script", id="noscript")),
        element("img", id="known", width="400", height="200"),
        css="""#box:checked{margin-left:99px} #scroller{height:100px;overflow:auto}
        #inner{height:500px} #known{max-width:100px;height:auto}""",
    )
    found = render(page, "#box", "#inner", "#scroller", "#private", "#noscript", "#known").boxes
    assert found["#box"].left == 8 + 99
    assert found["#inner"].top == found["#scroller"].top - 120
    assert (found["#private"].width, found["#private"].height) == (80, 30)
    assert "#noscript" not in found
    assert (found["#known"].width, found["#known"].height) == (100, 50)


@pytest.mark.parametrize("told", [{"rr_open_mode": "modal"}, {}], ids=["rrweb", "Datadog"])
def test_an_open_dialog_is_where_a_modal_one_is(render: One, told: dict[str, str]) -> None:
    dialog = element("dialog", element("button", "ok", id="ok"), open="")
    dialog["attrs"] |= told
    page = document(element("p", "first", id="p"), element("p", id="tail"), dialog, css=CSS)
    boxes = render(page, "#ok", "#p").boxes
    assert 200 < boxes["#ok"].top < 400  # in the middle of the window of 600 px
    assert (boxes["#ok"].occluded, boxes["#p"].occluded) == (False, True)


def test_a_dialog_opened_beside_the_page_stays_in_its_flow(render: One) -> None:
    dialog = element("dialog", element("button", "ok", id="ok"), open="")
    dialog["attrs"]["rr_open_mode"] = "non-modal"
    page = document(element("p", "first", id="p"), element("p", id="tail"), dialog, css=CSS)
    assert render(page, "#ok").boxes["#ok"].top > 3000


def test_a_closed_popover_takes_no_room(render: One) -> None:
    page = document(
        element("div", element("button", "ok", id="ok"), popover="auto"), element("p", "x", id="p")
    )
    boxes = render(page, "#ok", "#p").boxes
    assert not boxes["#ok"].visible
    assert boxes["#p"].top < 30


def test_images_without_their_bytes_keep_the_size_that_the_page_gives_them(render: One) -> None:
    src = "https://shop.example.test/photo.jpg"
    sizes = {
        "width:100%;height:auto": (784, 392),  # by its attributes
        "max-width:100%": (400, 200),
        "height:40px;width:auto": (80, 40),
        "": (400, 200),
    }
    bare = {
        "width:120px;height:40px": (120, 40),
        "height:40px": (60, 40),  # no wider than icons are
        "aspect-ratio:2/1": (300, 150),  # not as wide as the page
        "width:50%;aspect-ratio:2/1": (392, 196),
    }
    known = [
        element("img", src=src, width="400", height="200", style=style, id=f"k{n}")
        for n, style in enumerate(sizes)
    ]
    free = [element("img", src=src, style=style, id=f"b{n}") for n, style in enumerate(bare)]
    page = document(*known, *free, css="img{display:block}")
    keys = [f"#k{n}" for n in range(len(sizes))] + [f"#b{n}" for n in range(len(bare))]
    boxes = render(page, *keys).boxes
    found = [(boxes[key].width, boxes[key].height) for key in keys]
    assert found == [*sizes.values(), *bare.values()]


def test_a_phones_page_wider_than_its_screen_overflows_in_the_picture(render: One) -> None:
    page = document(
        element("div", "wide", id="wide"), css="#wide{width:700px;height:50px}", w=400, h=800
    )
    layout = render(page, "#wide", picture=True, mobile=True)
    assert layout.boxes["#wide"].width == 700
    assert layout.width == 708


def test_a_transparent_input_over_its_drawn_box_takes_the_clicks(render: One) -> None:
    css = """label { position: relative; display: block; width: 60px; height: 34px }
    input { position: absolute; inset: 0; width: 100%; height: 100%; margin: 0; opacity: 0 }
    label i { display: block; height: 34px } #veil { position: absolute; top: 0; height: 34px }"""
    switch = element("label", element("input", id="switch", type_="checkbox"), element("i"))
    assert render(document(switch, css=css), "#switch").boxes["#switch"].visible
    veiled = render(document(switch, element("div", "x" * 90, id="veil"), css=css), "#switch")
    assert not veiled.boxes["#switch"].visible


def test_a_drawing_of_strokes_is_seen_though_its_middle_is_empty(render: One) -> None:
    page = document(element("svg", element("circle", id="ring"), id="icon"))
    for node in page["nodes"]:
        if node["tag"] in {"svg", "circle"}:
            node["svg"] = True
        if node["tag"] == "circle":
            node["attrs"] |= {"cx": "50", "cy": "50", "r": "40", "fill": "none", "stroke": "red"}
    assert not render(page, "#ring").boxes["#ring"].occluded


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


def test_a_canvas_is_as_large_as_its_page_made_it(render: One) -> None:
    css = "canvas { display: block } #half { width: 50px }"
    canvases = [
        element("canvas", id="plain"),
        element("canvas", id="sized", width="600", height="300"),
        element("canvas", id="half", width="100", height="40"),
    ]
    boxes = render(document(*canvases, css=css), "#plain", "#sized", "#half").boxes
    sizes = {key: (box.width, box.height) for key, box in boxes.items()}
    assert sizes == {"#plain": (300, 150), "#sized": (600, 300), "#half": (50, 20)}


def test_sections_that_a_browser_skips_are_in_the_picture(render: One) -> None:
    css = "body{margin:0} section{content-visibility:auto;contain-intrinsic-size:auto 200px}"
    sections = [element("section", element("p", f"{n}", id=f"p{n}", style="margin:0;height:700px"))
                for n in range(4)]  # fmt: skip
    last = render(document(*sections, css=css), "#p3", picture=True).boxes["#p3"]
    assert (last.top, last.height) == (2100, 700)
    assert last.visible
    assert not last.occluded


def test_what_lies_left_of_a_right_to_left_page_is_in_the_picture(render: One) -> None:
    css = "body{margin:0} #wide{width:2000px} button{width:100px;display:block}"
    wide = element(
        "div", element("button", "b", id="far", style="margin-right:1700px"), id="wide"
    )  # fmt: skip
    page = document(element("button", "a", id="near"), wide, css=css)
    page["nodes"][0]["attrs"] |= {"dir": "rtl"}
    layout = render(page, "#near", "#far", picture=True)
    assert layout.width == 2000
    assert layout.boxes["#near"].left == 1900
    assert layout.boxes["#far"].left == 200
    assert not layout.boxes["#far"].occluded


def framed(frame: dict[str, Any], *inside: dict[str, Any]) -> dict[str, Any]:
    """Return a frame with a document of its own."""
    html = element("html", element("head"), element("body", *inside, style="margin:0"))
    return {**frame, "children": [{"tag": "#document", "children": [html]}]}


def test_the_documents_of_frames_stand_in_them(render: One) -> None:
    inner = framed(element("iframe", id="inner"), element("button", "Deep", id="deep"))
    style = "border:7px solid;padding:5px;width:400px;height:300px;display:block"
    outer = framed(element("iframe", id="outer", style=style), element("p", "x"), inner)
    page = document(element("div", style="height:100px"), outer, css="body{margin:0}")
    key = "#outer::frame #inner::frame #deep"
    point = Point("click", key, "", 5, 5, (0, 0), framed=True)
    layout = render(page, key, "#outer", points=(point,))
    box, around = layout.boxes[key], layout.boxes["#outer"]
    assert box.visible
    assert not box.clipped
    assert not box.occluded
    # border and padding of one frame, a paragraph of 18 px and its margins, the other's border
    assert (box.left - around.left, box.top - around.top) == pytest.approx((14, 64), abs=2)
    across, down, width, height = layout.anchors["click"]
    assert (across * width, down * height) == pytest.approx((5, 5))


def test_what_grew_with_an_app_shell_is_marked(render: One) -> None:
    rows = [element("p", f"{n}", id=f"row{n}", style="height:100px;margin:0") for n in range(30)]
    css = "html,body{height:100%;margin:0} main,aside{height:100%;float:left;overflow:auto}"
    css += " main{width:700px} aside{width:90px}"
    page = document(element("aside", id="side"), element("main", *rows, id="main"), css=css)
    boxes = render(page, "#main", "#side", "#row3", picture=True).boxes
    assert (boxes["#main"].grown, boxes["#side"].grown, boxes["#row3"].grown) == (
        True, True, False,
    )  # fmt: skip
