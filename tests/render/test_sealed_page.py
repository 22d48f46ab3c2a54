"""A recorded page may be hostile: nothing of it runs and nothing is asked for."""

from collections.abc import Callable
from typing import Any

import pytest

from isotherm.render.messages import Layout
from tests.render.loopback import Server, document, element

Render = Callable[..., Layout]


def hostile(host: str) -> dict[str, Any]:
    url = f"http://{host}"
    loads = (
        f"@import url({url}/import.css);"
        f"@font-face{{font-family:x;src:url({url}/font.woff2)}}"
        f"body{{background:url({url}/background.png);font-family:x}}"
        f"#a::before{{content:url({url}/content.png)}}"
        f"#a{{cursor:url({url}/cursor.cur),auto;list-style-image:image-set('{url}/set.png' 1x)}}"
    )
    svg = element(
        "svg",
        element("script", f"fetch('{url}/svg-script')") | {"svg": True},
        element("image", href=f"{url}/svg-image.png") | {"svg": True},
        element("use", href=f"{url}/sprite.svg#x") | {"svg": True},
        element("animate", attributeName="href", to=f"{url}/animate") | {"svg": True},
        element("a", element("text", "link") | {"svg": True}, href=f"javascript:fetch('{url}/a')")
        | {"svg": True},
        onload=f"fetch('{url}/svg-onload')",
    ) | {"svg": True}
    return document(
        element("script", f"fetch('{url}/script')", src=f"{url}/script.js"),
        element("base", href=f"{url}/base/"),
        element("meta", http_equiv="refresh", content=f"0;url={url}/refresh"),
        element("link", rel="stylesheet", href=f"{url}/link.css"),
        element("link", rel="preconnect", href=url),
        element("link", rel="prefetch", href=f"{url}/prefetch"),
        element("link", rel="icon", href=f"{url}/icon"),
        element("style", loads) | {"css": [{"text": loads, "media": "", "disabled": False}]},
        element("p", "text", id="a", style=f"background:url({url}/style.png)"),
        element("img", src=f"{url}/image.png", onerror=f"fetch('{url}/onerror')"),
        element("img", srcset=f"{url}/srcset.png 2x"),
        element("picture", element("source", srcset=f"{url}/source.png"), element("img")),
        element("video", src=f"{url}/video.mp4", poster=f"{url}/poster.png", autoplay=""),
        element("audio", src=f"{url}/audio.mp3", autoplay=""),
        element("iframe", src=f"{url}/frame", srcdoc=f"<script src='{url}/srcdoc'></script>"),
        element("iframe", src=f"javascript:fetch('{url}/frame-js')"),
        element("object", data=f"{url}/object"),
        element("embed", src=f"{url}/embed"),
        element("input", type="image", src=f"{url}/input.png"),
        element("body", background=f"{url}/body.png", onload=f"fetch('{url}/body')"),
        element("table", background=f"{url}/table.png"),
        element(
            "form",
            element("button", "Go", formaction=f"{url}/formaction", autofocus=""),
            action=f"{url}/form",
        ),
        element("a", "link", id="b", href=f"javascript:fetch('{url}/href')", ping=f"{url}/ping"),
        element("input", autofocus="", onfocus=f"fetch('{url}/focus')"),
        element("details", element("summary", "s"), open="", ontoggle=f"fetch('{url}/toggle')"),
        svg,
    )


def test_a_hostile_page_asks_for_nothing(serve: Callable[..., Server], render: Render) -> None:
    canary = serve()
    layout = render(hostile(canary.host), "#a", "#b", picture=True)
    assert canary.asked == []
    assert layout.boxes["#a"].visible
    assert layout.tiles


def test_adopted_sheets_and_shadow_roots_ask_for_nothing(
    serve: Callable[..., Server], render: Render
) -> None:
    canary = serve()
    css = f"#a{{background:url(http://{canary.host}/adopted.png)}}"
    page = document(element("div", id="host"), css=css)
    host = next(n for n in page["nodes"] if n.get("attrs", {}).get("id") == "host")
    page["nodes"] += [
        {"id": 90, "parent": host["id"], "tag": "#shadow-root", "css": page["sheets"]},
        {"id": 91, "parent": 90, "tag": "button", "attrs": {"id": "a"}},
    ]
    layout = render(page, "#host::shadow #a", picture=True)
    assert layout.boxes["#host::shadow #a"].visible
    assert canary.asked == []


def test_ids_that_shadow_dom_properties_do_no_harm(render: Render) -> None:
    """Named elements hide properties of the document from careless scripts."""
    names = ("body", "head", "documentElement", "querySelectorAll", "images", "getAnimations")
    page = document(
        element(
            "form",
            *[element("input", name=name, id=name) for name in names],
            name="scrollingElement",
        ),
        element("p", "text", id="last"),
    )
    assert render(page, "#last").boxes["#last"].visible


@pytest.mark.parametrize("doctype", [None, "html", 'html PUBLIC "-//W3C//DTD HTML 4.01//EN"'])
def test_the_doctype_decides_about_quirks_mode(render: Render, doctype: str | None) -> None:
    page = document(element("p", "text", id="a"), css="p{width:50}") | {"doctype": doctype}
    width = render(page, "#a").boxes["#a"].width
    assert (width == 50) == (doctype is None)  # lengths without a unit count in quirks mode only


def test_deep_nesting_is_cut_and_said(render: Render) -> None:
    deep = element("b", "end", id="deep")
    for _ in range(1_500):
        deep = element("div", deep)
    layout = render(document(deep, element("p", "after", id="after")), "#deep", "#after")
    assert "#deep" not in layout.boxes
    assert layout.boxes["#after"].visible
    assert any("too deep" in note for note in layout.notices)
