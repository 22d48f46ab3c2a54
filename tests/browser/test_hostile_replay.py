"""A recorded page may be hostile: played, it asks for nothing, runs nothing and leads nowhere.

The page around it has no policy here, as in Grafana: the player alone has to see to it.
"""

import json
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.browser.scenario import address
from tests.conftest import serve

APP, SESSION = "hostile-site", "hostile-1"
ELSEWHERE = "https://elsewhere.example.test"
READ_MS = 60_000


@pytest.fixture(scope="module")
def playing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Yield a running Isotherm that has the recording."""
    for base in serve(tmp_path_factory.mktemp("hostile")):
        events = recording(ELSEWHERE)
        body = {"application": APP, "session": SESSION, "events": events}
        request = urllib.request.Request(
            f"{base}/intake/rrweb",
            data=json.dumps(body).encode(),
            headers={"content-type": "application/json"},
        )
        urllib.request.urlopen(request, timeout=10).close()
        yield base


def recording(url: str) -> list[dict[str, Any]]:
    """Return a page that tries everything, in its first state and in a change of it."""
    now = time.time_ns() // 1_000_000 - 60_000
    ids = iter(range(2, 10_000))

    def node(tag: str, *children: dict[str, Any], **attrs: str) -> dict[str, Any]:
        named = {name.rstrip("_").replace("_", "-"): value for name, value in attrs.items()}
        return {
            "type": 2,
            "tagName": tag,
            "id": next(ids),
            "attributes": named,
            "childNodes": list(children),
        }

    def text(words: str) -> dict[str, Any]:
        return {"type": 3, "textContent": words, "id": next(ids)}

    def drawn(tag: str, *children: dict[str, Any], **attrs: str) -> dict[str, Any]:
        return node(tag, *children, **attrs) | {"isSVG": True}

    css = (
        f"@import '{url}/import.css';"
        f"@\\69mport '{url}/escaped-import.css';"
        f"@font-face{{font-family:x;src:url({url}/font.woff2)}}"
        f"body{{background:url({url}/background.png);font-family:x}}"
        f"#a{{background-image:image-set('{url}/set.png' 1x);width:9px;height:9px}}"
        f"#b{{background:\\75rl({url}/escaped.png)}}"
        f"#c{{background:URL(/**/'{url}/comment.png')}}"
        f"#d::before{{content:url({url}/content.png)}}"
        f"#e{{cursor:url({url}/cursor.cur),auto;list-style-image:image-set('{url}/li.png' 1x)}}"
        f"#f{{--u:url({url}/variable.png);background:var(--u)}}"
        f"input[value^=s]{{background:image-set('{url}/leak' 1x)}}"
        f"#g{{background:cross-fade(url({url}/cross.png),white)}}"
        f"#h{{mask:image-set('{url}/mask.svg#m' 1x);clip-path:url({url}/clip.svg#c)}}"
    )
    svg = drawn(
        "svg",
        drawn("image", href=f"{url}/svg-image.png"),
        drawn("image", drawn("set", attributeName="href", to=f"{url}/svg-set.png")),
        drawn("image", drawn("animate", attributeName="href", values=f"{url}/1.png;{url}/2.png")),
        drawn("use", href=f"{url}/sprite.svg#x"),
        drawn("script", text(f"fetch('{url}/svg-script')")),
        drawn("a", drawn("text", text("link")), href=f"javascript:fetch('{url}/svg-a')"),
        drawn("feImage", href=f"{url}/fe.png"),
        drawn("foreignObject", node("img", src=f"{url}/foreign.png")),
        onload=f"fetch('{url}/svg-onload')",
    )
    tricks = [
        node("img", src=f"{url}/image.png", onerror=f"fetch('{url}/onerror')"),
        node("img", srcset=f"{url}/srcset.png 2x", rr_dataURL=f"{url}/data-url.png"),
        node("picture", node("source", srcset=f"{url}/source.png"), node("img")),
        node("video", src=f"{url}/video.mp4", poster=f"{url}/poster.png", autoplay=""),
        node("audio", src=f"{url}/audio.mp3", autoplay="", rr_mediaState="played"),
        node("iframe", src=f"{url}/frame", srcdoc=f"<script src='{url}/srcdoc'></script>"),
        node("iframe", src=f"javascript:fetch('{url}/frame-js')"),
        node("object", data=f"{url}/object"),
        node("embed", src=f"{url}/embed"),
        node("portal", src=f"{url}/portal"),
        node("input", type="image", src=f"{url}/input.png", value="secret"),
        node("table", background=f"{url}/table.png"),
        node(
            "form",
            node("button", text("Go"), formaction=f"{url}/go", autofocus="", id="go"),
            action=f"{url}/form",
        ),
        node("a", text("link"), id="leave", href=f"{url}/left", ping=f"{url}/ping"),
        node("a", text("script"), id="run", href=f"javascript:fetch('{url}/href')"),
        node("input", autofocus="", onfocus=f"fetch('{url}/focus')"),
        node("details", node("summary", text("s")), open="", ontoggle=f"fetch('{url}/toggle')"),
        node("p", text("styled"), style=f"background:image-set('{url}/inline.png' 1x)"),
        node("p", text("marked"), style=f"background:url({url}/inline-url.png)"),
        *(node("p", text(name), id=name) for name in "abcdefgh"),
        svg,
    ]
    head = node(
        "head",
        node("base", href=f"{url}/base/"),
        node("meta", http_equiv="refresh", content=f"0;url={url}/refresh"),
        node("meta", http_equiv="refresh", content=f"0;url={url}/refresh"),
        node("link", rel="stylesheet", href=f"{url}/link.css"),
        node("link", rel="preconnect", href=url),
        node("link", rel="dns-prefetch", href=url),
        node("link", rel="prefetch", href=f"{url}/prefetch"),
        node("link", rel="modulepreload", href=f"{url}/module.js"),
        node("link", rel="icon", href=f"{url}/icon"),
        node("link", rel="stylesheet", href="", _cssText=css),
        node("script", text(f"fetch('{url}/script')"), src=f"{url}/script.js"),
        node("style", text(css)),
    )
    body = node("body", node("h1", text("Welcome")), *tricks, onload=f"fetch('{url}/body')")
    page = {
        "type": 0,
        "id": 1,
        "childNodes": [
            {"type": 1, "name": "html", "publicId": "", "systemId": "", "id": 10_001},
            node("html", head, body),
        ],
    }
    late = node("img", src=f"{url}/late.png"), node("style", text(css.replace(".", ".late.")))
    adds = [{"parentId": body["id"], "nextId": None, "node": one} for one in late]
    attributes = [
        {"id": tricks[0]["id"], "attributes": {"src": f"{url}/changed.png"}},
        {"id": body["id"], "attributes": {"style": f"background:image-set('{url}/new.png' 1x)"}},
    ]
    change = {"source": 0, "adds": adds, "removes": [], "texts": [], "attributes": attributes}
    href = "https://hostile.example.test/"
    return [
        {"type": 4, "timestamp": now, "data": {"href": href, "width": 1000, "height": 700}},
        {
            "type": 2,
            "timestamp": now,
            "data": {"node": page, "initialOffset": {"left": 0, "top": 0}},
        },
        {"type": 3, "timestamp": now + 2_000, "data": change},
        {"type": 3, "timestamp": now + 5_000, "data": {"source": 3, "id": 1, "x": 0, "y": 0}},
    ]


def test_a_hostile_recording_does_nothing_when_it_is_played(
    chromium: Browser, playing: str
) -> None:
    asked: list[str] = []

    def note(route: Route) -> None:
        asked.append(route.request.url.removeprefix(ELSEWHERE))
        route.fulfill(status=204)

    def without_policy(route: Route) -> None:
        answer = route.fetch()
        policy = "content-security-policy"
        headers = {name: value for name, value in answer.headers.items() if name != policy}
        route.fulfill(response=answer, headers=headers)

    with closing(chromium.new_context()) as context:
        context.route(f"{ELSEWHERE}/**", note)
        context.route(f"{playing}/?**", without_policy)
        page = context.new_page()
        page.goto(address(playing, screen="replay", app=APP, session=SESSION))
        frame = page.get_by_test_id("player").locator("iframe").first
        inside = frame.content_frame
        expect(inside.locator("h1")).to_have_text("Welcome", timeout=READ_MS)
        expect(page.get_by_role("button", name="Play", exact=True)).to_be_enabled()
        page.get_by_test_id("player").focus()
        page.keyboard.press(" ")
        expect(inside.locator("img")).to_have_count(5, timeout=READ_MS)  # one is inserted later
        for name in ("#leave", "#run", "#go"):
            inside.locator(name).evaluate("node => node.click()")
        page.wait_for_load_state("networkidle")
        assert asked == []
        expect(inside.locator("h1")).to_have_text("Welcome")
        assert page.url.startswith(address(playing, screen="replay", app=APP, session=SESSION))
        page.evaluate(f"fetch('{ELSEWHERE}/control', {{mode: 'no-cors'}})")
        assert asked == ["/control"], "the page around it may ask, so this test sees who does"
