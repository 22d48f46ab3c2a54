"""Pages whose scroller is not the window: opened if it stands for the page, else as it was seen."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from isotherm.model import Box
from isotherm.render.messages import Layout, Point, Render, Scene, Target
from isotherm.render.process import RenderProcess
from tests.render.loopback import document, element

One = Callable[..., Layout]


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


def test_what_grew_with_an_app_shell_is_marked(render: One) -> None:
    rows = [element("p", f"{n}", id=f"row{n}", style="height:100px;margin:0") for n in range(30)]
    css = "html,body{height:100%;margin:0} main,aside{height:100%;float:left;overflow:auto}"
    css += " main{width:700px} aside{width:90px}"
    page = document(element("aside", id="side"), element("main", *rows, id="main"), css=css)
    boxes = render(page, "#main", "#side", "#row3", picture=True).boxes
    assert (boxes["#main"].grown, boxes["#side"].grown, boxes["#row3"].grown) == (
        True, True, False,
    )  # fmt: skip
