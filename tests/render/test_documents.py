"""Documents are built and pictured as they were recorded."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image

from isotherm.render.messages import Layout, Point
from isotherm.render.picture import whole
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


def test_a_fixed_bar_is_drawn_once(render: One) -> None:
    page = document(element("div", id="bar"), element("p", id="tail"), css=CSS)
    layout = render(page, picture=True)
    assert (layout.width, layout.height, len(layout.tiles)) == (800, 3000, 2)
    image = Image.open(io.BytesIO(whole(layout.tiles, 800, 3000)[0])).convert("RGB")
    red = [y for y in range(image.height) if image.getpixel((400, y)) == (200, 0, 0)]
    assert red == list(range(50))


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
