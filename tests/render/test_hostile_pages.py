"""Pages that are made to be slow: their pictures are cut short, and nobody else's are held up."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from isotherm.app.settings import Settings
from isotherm.app.wiring import Components
from isotherm.model import Event
from isotherm.pipeline.quarantine import Quarantine
from isotherm.render.messages import Layout, Render, Scene
from isotherm.render.options import RenderOptions
from isotherm.render.process import RenderProcess, SpoiltError
from isotherm.storage import ports
from tests.render.loopback import document, element
from tests.render.test_render_process import family
from tests.replay.events import Page, click, meta, rrweb, snapshot

pytestmark = [pytest.mark.browser, pytest.mark.measures]

ROOT = Path(__file__).parents[2]
SIZED = "body{margin:0}div{width:100px;height:20px}"
COSTLY = {
    "blur": "div{filter:blur(400px);width:500px;height:500px}",
    "backdrop": "div{backdrop-filter:blur(300px);width:800px;height:500px;position:absolute}",
    "shadows": "div{box-shadow:0 0 900px 500px red,0 0 900px 400px blue}",
    "gradients": "div{background:repeating-radial-gradient(red 0 1px,blue 1px 2px);height:99px}",
    "masks": "div{mask-image:repeating-conic-gradient(#000 0 1deg,transparent 1deg 2deg)}",
    "tracks": "body{display:grid;grid-template-columns:repeat(1000000,1px)}",
    "counters": "div{counter-increment:a}div::before{content:counters(a,'x') counters(a,'y')}",
    "has": "div:has(~ div ~ div ~ p.z) ~ div, div:nth-last-child(3n+1 of .a){color:red}",
    "fonts": "@font-face{font-family:x;src:url(data:font/woff2;base64,"
    + "QUJD" * 50_000
    + ")}div{font-family:x}",
}


@pytest.mark.parametrize("kind", COSTLY)
def test_costly_css_is_pictured_in_time(kind: str, process: RenderProcess) -> None:
    body = [element("div", "text", id=f"d{n}") for n in range(300)]
    page = document(*body, css=SIZED + COSTLY[kind])
    scene = Scene(page=msgspec.json.encode(page), viewport_w=800, viewport_h=600, picture=True)
    made = process.ask(Render((scene,)), 120)  # raises when that is not enough
    assert made.layouts[0].tiles


def test_taming_moves_nothing(render: Callable[..., Layout]) -> None:
    """Fixed elements hang on a filtered one above them, with its filter or without."""
    many = [
        element(
            "div", element("i", id=f"f{n}", style="position:fixed;left:7px;top:9px"), class_="b"
        )
        for n in range(60)
    ]
    css = "body{margin:0}.b{filter:blur(2in);height:100px}i{width:5px;height:5px}"
    layout = render(document(*many, css=css), *[f"#f{n}" for n in range(60)])
    assert [layout.boxes[f"#f{n}"].top for n in range(60)] == [9 + 100 * n for n in range(60)]
    assert "40 costly filters were left out" in layout.notices


def slow_page(count: int) -> tuple[dict[str, Any], Page]:
    """Return a page whose styles are quadratic in its size."""
    page = Page()
    rows = [page.element("p", "x", id=f"p{n}") for n in range(count)]
    css = "p:nth-child(odd) ~ p:has(~ p ~ p ~ p.z) ~ p:not(:has(+ p + p + b)) {color:red}"
    sheet = page.element("style", css)
    return page.document(sheet, *rows), page


def visit(session: str, body: dict[str, Any], page: Page, name: str) -> Event:
    event = rrweb(meta(), snapshot(body), click(page.ids[name], 2000, at=(20, 20)))
    return msgspec.structs.replace(event, session_id=session, segment_id=session)  # type: ignore[type-var,return-value]


def test_a_slow_recording_holds_up_nobody_and_is_set_aside(tmp_path: Path) -> None:
    body, page = slow_page(30_000)
    slow = visit("slow", body, page, "p7")
    page = Page()
    body = page.document(page.element("button", "Buy", id="buy", style="height:40px"))
    good = visit("good", body, page, "buy")
    settings = Settings(
        {
            "data": str(tmp_path),
            "quiet_period_s": 0.05,
            "picture_visit_s": 5.0,
            "picture_slow_times": 1.5,
        }
    )
    with Components(settings) as components:
        for one in (slow, good):
            components.spool.append([one])
            assert components.worker.flush()
        assert components.maker.wait_idle(300)
        status = components.maker.status()
        pictured = {item.session_id for item in components.backgrounds.of_page("shop", "/")}
        assert pictured == {"good"}
        assert "not ready after" in status["last_error"]
        assert status["lanes"] == {
            "quick": {"queued": 0, "running": 0},
            "slow": {"queued": 0, "running": 0},
        }
        (view,) = components.engine.views_of("shop", "slow")
        held = ports.Recording("shop", "slow", view.view_id)
        assert Quarantine(components.database).holds(held, "picture")


def test_more_memory_than_allowed_ends_the_process() -> None:
    one = RenderProcess(RenderOptions(memory_mb=60))  # a browser alone takes more
    body = msgspec.json.encode(document(*[element("p", "x" * 200) for _ in range(20_000)]))
    try:
        with pytest.raises(SpoiltError, match="memory"):
            one.ask(
                Render((Scene(page=body, viewport_w=800, viewport_h=600, picture=True),) * 9), 60
            )
        assert one._process is None
    finally:
        one.close()


SERVER = """
import msgspec, sys
from isotherm.render.messages import Render, Scene
from isotherm.render.options import RenderOptions
from isotherm.render.process import RenderProcess
from tests.render.loopback import document, element
def scene(count):
    rows = [element("p", "x") for _ in range(count)]
    css = "p:nth-child(odd) ~ p:has(~ p ~ p ~ p.z) ~ p:not(:has(+ p + p + b)) {color:red}"
    body = msgspec.json.encode(document(*rows, css=css))
    return Render((Scene(page=body, viewport_w=800, viewport_h=600),))
process = RenderProcess(RenderOptions())
process.ask(scene(1), 60)
print(process._process.pid, flush=True)
process.ask(scene(60_000), 300)
"""


def test_nothing_is_left_when_the_server_is_killed() -> None:
    """The browser is busy with a slow page at that moment."""
    server = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(SERVER)],
        stdout=subprocess.PIPE,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": f"{ROOT}/backend:{ROOT}"},
    )
    assert server.stdout is not None
    pid = int(server.stdout.readline())
    left = {pid, *family(pid)}
    assert len(left) > 3
    server.send_signal(signal.SIGKILL)
    server.wait()
    end = time.monotonic() + 60
    while left and time.monotonic() < end:
        left = {one for one in left if _lives(one)}
    assert not left


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
