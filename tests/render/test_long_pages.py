"""Pages far longer than any surface of a browser: every strip has what the page has there."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image

from isotherm.render.messages import Layout
from tests.render.loopback import document, element

ROW_PX = 80
BLACK, HEADER, SIDE, FOOT = (0, 0, 0), (0, 0, 200), (0, 150, 0), (200, 0, 0)
CSS = f"""
body{{margin:0}}
header{{position:sticky;top:0;height:60px;background:rgb{HEADER}}}
aside{{position:sticky;top:60px;width:100px;height:300px;background:rgb{SIDE}}}
footer{{position:fixed;bottom:0;left:0;right:0;height:40px;background:rgb{FOOT}}}
.flex{{display:flex;align-items:flex-start}}
.row{{margin:0;height:{ROW_PX}px;width:600px}}
.row:nth-child(odd)::before{{content:"";display:block;height:20px;width:20px;background:#000}}
.shell{{height:100vh;overflow:auto}}
img{{width:100px;height:50px;display:block}}
"""
Render = Callable[..., Layout]


def long_page(rows: int, *, shell: bool) -> dict[str, Any]:
    """Return a page of rows, of which every second has a black square at its left."""
    main = [
        element("p", element("img", src=f"https://shop.example.test/{n}.png"), class_="row")
        if n % 10 == 9
        else element("p", f"row {n}", class_="row", id=f"r{n}")
        for n in range(rows)
    ]
    flex = element("div", element("aside"), element("main", *main), class_="flex")
    parts = [element("header"), flex, element("footer")]
    body = [element("div", *parts, class_="shell")] if shell else parts
    return document(*body, css=CSS, w=800, h=900)


@pytest.mark.parametrize("shell", [False, True], ids=["page", "app shell"])
@pytest.mark.parametrize("height", [86_000, 107_000])
def test_every_strip_of_a_long_page_is_drawn(render: Render, height: int, shell: bool) -> None:
    rows = height // ROW_PX
    layout = render(long_page(rows, shell=shell), f"#r{rows - 2}", picture=True)
    assert layout.height == 60 + rows * ROW_PX
    assert layout.boxes[f"#r{rows - 2}"].top == 60 + (rows - 2) * ROW_PX
    seen: dict[tuple[int, int, int], int] = dict.fromkeys((HEADER, SIDE, FOOT), 0)
    missing = []
    top = 0
    for tile in layout.tiles:
        image = Image.open(io.BytesIO(tile)).convert("RGB")
        middle = [image.getpixel((50, y)) for y in range(image.height)]
        for colour in seen:
            seen[colour] += middle.count(colour)
        for row in range(0, rows, 2):
            y = 60 + row * ROW_PX + 10 - top
            if 0 <= y < image.height and image.getpixel((110, y)) != BLACK:
                missing.append(row)
        top += image.height
    assert top == layout.height
    # the fixed bar is at the end of the window: of a shell, that is the end of the page
    foot = layout.height - 40 if shell else 860
    assert all(foot < 60 + row * ROW_PX + 10 < foot + 40 for row in missing)
    assert seen[HEADER] == 60
    assert seen[SIDE] == 300
    assert seen[FOOT] == 40
