"""A playback tells what changes, not everything again; a player ends where the page did."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from playwright.sync_api import Browser

from isotherm.replay.playback.rrweb_events import playback
from tests.replay.events import Page, incremental, meta, mutation, rrweb, snapshot

RRWEB = Path(__file__).parents[2] / "grafana-plugin/node_modules/rrweb/dist/rrweb.umd.min.cjs"
_END = """(events) => {
  const box = document.createElement('div');
  document.body.append(box);
  const player = new rrweb.Replayer(JSON.parse(events), { root: box, mouseTail: false });
  player.pause(player.getMetaData().totalTime + 1);
  const style = player.iframe.contentDocument.querySelector('body style');
  return [...style.sheet.cssRules].map((rule) => rule.cssText);
}"""


def rule(number: int) -> str:
    return f".c{number} {{ color: rgb({number % 256}, 0, 0); }}"


def site(rules: int, *later: Any) -> list[Any]:
    """Record a page whose script adds rules one by one, ten milliseconds apart."""
    page = Page()
    style = page.element("style", _cssText=rule(0))
    style["attributes"] = {"_cssText": rule(0)}
    document = page.document(style, page.element("p", "Words"))
    added = [
        incremental(8, 10 * n, id=style["id"], adds=[{"rule": rule(n), "index": n}])
        for n in range(1, rules)
    ]
    return [meta(), snapshot(document), *added, *(make(style["id"]) for make in later)]


def events_of(recorded: list[Any]) -> list[dict[str, Any]]:
    played = playback([rrweb(*recorded)])
    assert played is not None
    return list(played.events)


def size_of(recorded: list[Any]) -> int:
    return len(msgspec.json.encode(events_of(recorded)))


def test_a_playback_of_rules_added_one_by_one_grows_with_them() -> None:
    small, large = size_of(site(300)), size_of(site(3_000))
    assert large < 15 * small
    assert large < 3_000 * 150


def test_rules_are_told_once_and_the_rest_as_before() -> None:
    sources = [event["data"]["source"] for event in events_of(site(50)) if event["type"] == 3]
    assert set(sources) == {8}


@pytest.mark.parametrize(
    "css",
    [
        "a { color: red",
        "@media print { a { b: c }",
        "a { b: 'c",
        "/* a",
        "a { b: c } /* d",
        "a { b: c } d",
    ],
)
def test_a_text_that_might_go_on_is_told_whole(css: str) -> None:
    """What is added to it might be part of its last rule."""
    page = Page()
    style = page.element("style", css)
    words = style["childNodes"][0]["id"]
    document = page.document(style)
    grown = {"id": words, "value": css + "\nx { y: z }"}
    told = events_of([meta(), snapshot(document), mutation(200, texts=[grown])])
    assert not [event for event in told if event["data"].get("source") == 8]


@pytest.mark.browser
@pytest.mark.browser
def test_a_player_ends_with_the_rules_of_the_page(chromium: Browser) -> None:
    """Rules are added, one is taken away, then more come: a player that jumps to the end."""
    if not RRWEB.exists():
        pytest.skip("rrweb is not installed: npm ci in grafana-plugin")
    recorded = site(
        40,
        lambda style: incremental(8, 1_000, id=style, removes=[{"index": 3}]),
        *(
            lambda style, n=n: incremental(
                8, 2_000 + 200 * n, id=style, adds=[{"rule": rule(40 + n), "index": 39 + n}]
            )
            for n in range(3)
        ),
    )
    player = chromium.new_page()
    try:
        player.set_content("<!doctype html><body></body>")
        player.add_script_tag(path=RRWEB)
        rules = player.evaluate(_END, json.dumps(events_of(recorded)))
    finally:
        player.close()
    assert rules == [rule(n) for n in range(43) if n != 3]


@pytest.mark.parametrize(
    "css",
    [
        "@import 'https://x.test/a'; a {}",
        "@\\69mport 'https://x.test/a'; a {}",
        "@\\i\\mport 'https://x.test/a'; a {}",
        "a { b: url(https://x.test/a) }",
        "a { b: \\75rl('https://x.test/a') }",
        "a { b: \\000075r\\6c\n(https://x.test/a) }",
        "@font-face { src: u\\72 l(https://x.test/a) }",
        "@font-f\\000061ce { src: local(x); unicode-range: https://x.test/a }",
    ],
)
def test_an_address_is_left_out_however_it_is_written(css: str) -> None:
    page = Page()
    document = page.document(page.element("style", css), page.element("p", "x", style=css))
    assert b"x.test" not in msgspec.json.encode(events_of([meta(), snapshot(document)])[1:])


def test_an_image_set_is_no_function_any_more() -> None:
    page = Page()
    style = "background: -webkit-image-set('https://x.test/a' 1x)"
    document = page.document(page.element("p", "x", style=style))
    assert b"image-set(" not in msgspec.json.encode(events_of([meta(), snapshot(document)]))


@pytest.mark.parametrize(
    "css", [".sm\\:w-1\\/2 { a: b }", ".\\31 0 { a: '\\\\75' }", "p { content: '\\2713' }"]
)
def test_other_escapes_stay(css: str) -> None:
    page = Page()
    document = page.document(page.element("style", css))
    told = msgspec.json.decode(msgspec.json.encode(events_of([meta(), snapshot(document)])))
    assert css in str(told).replace("\\\\", "\\")


def test_images_are_told_by_number_and_never_by_address() -> None:
    page = Page()
    there = page.element("img", src="/jacket.svg", alt="Jacket")
    sized = page.element("img", src="small.png", srcset="large.png 2x, huge.png 3x")
    odd = page.element("img", src="javascript:alert(1)")
    again = page.element("img", src="/jacket.svg")
    document = page.document(page.element("base", href="/shop/"), there, sized, odd, again)
    changed = mutation(10, attributes=[{"id": odd["id"], "attributes": {"src": "/late.png"}}])
    played = playback([rrweb(meta(), snapshot(document), changed)])
    assert played is not None
    home = "https://shop.test"
    assert played.images == (
        (f"{home}/jacket.svg",),
        (f"{home}/shop/small.png", f"{home}/shop/large.png", f"{home}/shop/huge.png"),
        (f"{home}/late.png",),
    )
    told = json.dumps([event["data"] for event in played.events if event["type"] != 4])
    assert told.count('"rr_src": 0') == 2
    assert told.count('"rr_src": 2') == 1
    assert ".svg" not in told
    assert ".png" not in told
    assert "javascript" not in told
