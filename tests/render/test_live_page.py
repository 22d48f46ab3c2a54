"""Pictures of live pages: lazy content, things in the way, what is refused."""

import http.server
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from isotherm.model import Action, Background, State
from isotherm.model.element_matching import Boxes
from isotherm.model.elements import Element
from isotherm.model.errors import Code, IsothermError
from isotherm.model.fingerprints import Fingerprint
from isotherm.pipeline.pictures.maker import BackgroundMaker
from isotherm.render.options import RenderOptions
from isotherm.replay.recording import Recording
from isotherm.storage.duckdb.engine import DuckDBEngine
from isotherm.storage.objects.replays import LocalReplays
from isotherm.storage.saved.backgrounds import StoredBackgrounds
from isotherm.storage.saved.db import open_database
from tests.render.loopback import Server, reply
from tests.replay.events import Page, meta, rrweb, snapshot

pytestmark = pytest.mark.browser

LAZY = """<!doctype html><style>body{margin:0} div{height:700px} #banner{position:fixed;inset:0;
height:auto;background:#000} #chat{position:fixed;right:0;bottom:0;width:99px;height:99px}</style>
<div id="first">first</div><div></div><div></div><div id="end"></div>
<div id="banner"><button id="accept">Accept</button></div><div id="chat"></div>
<script>
document.querySelector('#accept').onclick = () => document.querySelector('#banner').remove();
new IntersectionObserver((seen, watcher) => {
  if (!seen.some((entry) => entry.isIntersecting)) return;
  watcher.disconnect();
  document.body.insertAdjacentHTML('beforeend', '<div id="late">loaded late</div>');
}).observe(document.querySelector('#end'));
</script>"""


class Capturing:
    """A picture maker with its stores."""

    def __init__(self, folder: Path, options: RenderOptions, keys: list[str]) -> None:
        self.engine = DuckDBEngine()
        self.engine.append([click(key) for key in keys])
        self.stored = StoredBackgrounds(open_database("", folder), "", folder)
        self.maker = BackgroundMaker(options, self.stored, self.engine, LocalReplays(folder / "r"))

    def capture(self, url: str, **wishes: tuple[str, ...]) -> Background:
        job = self.maker.capture_url("shop", "/", url, viewport_w=800, viewport_h=600, **wishes)
        assert self.maker.wait_idle(60)
        done = self.maker.job(job)
        if done["state"] == "failed":
            raise IsothermError(Code.CAPTURE_UNAVAILABLE, done["message"])
        return self.stored.get(done["backgrounds"][0])


def click(key: str) -> Action:
    return Action(
        event_id=key,
        time_ms=1795364504884,
        application="shop",
        session_id="s",
        view_id="v",
        page="/",
        element=key,
    )


@pytest.fixture
def capturing(tmp_path: Path) -> Iterator[Callable[..., Capturing]]:
    made: list[Capturing] = []

    def make(*keys: str, **options: object) -> Capturing:
        made.append(Capturing(tmp_path, RenderOptions(**options), list(keys)))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for one in made:
        one.maker.close()
        one.engine.close()


def test_a_live_page_is_made_ready(
    serve: Callable[..., Server], capturing: Callable[..., Capturing]
) -> None:
    page = serve(lambda handler: reply(handler, LAZY))
    found = capturing(
        "#first",
        "#late",
        "#banner",
        "#chat",
        hosts=(page.host,),
        click=("#accept",),
        hide=("#chat",),
    ).capture(f"http://{page.host}/")
    assert found.boxes["#late"].top == 4 * 700
    assert found.height == 5 * 700
    assert not found.boxes["#first"].occluded
    assert "#banner" not in found.boxes
    assert not found.boxes["#chat"].visible
    assert (found.origin, found.state, found.notices) == ("url", State("live"), ())


def test_a_person_can_say_what_to_click_and_to_hide_for_one_picture(
    serve: Callable[..., Server], capturing: Callable[..., Capturing]
) -> None:
    page = serve(lambda handler: reply(handler, LAZY))
    found = capturing("#first", "#banner", "#chat", hosts=(page.host,)).capture(
        f"http://{page.host}/", click=("#accept",), hide=("#chat",)
    )
    assert "#banner" not in found.boxes
    assert not found.boxes["#first"].occluded
    assert not found.boxes["#chat"].visible


def test_without_that_the_banner_covers_the_page(
    serve: Callable[..., Server], capturing: Callable[..., Capturing]
) -> None:
    page = serve(lambda handler: reply(handler, LAZY))
    found = capturing("#first", hosts=(page.host,), click=("#nothing",)).capture(
        f"http://{page.host}/"
    )
    assert found.boxes["#first"].occluded
    assert found.notices == ("nothing to click at #nothing",)


def test_an_endless_list_is_bounded(
    serve: Callable[..., Server], capturing: Callable[..., Capturing]
) -> None:
    endless = """<!doctype html><script>
    const more = () => document.body.insertAdjacentHTML('beforeend', '<p style="height:1000px">x');
    onscroll = more; addEventListener('load', () => { more(); more(); });</script><body>"""
    page = serve(lambda handler: reply(handler, endless))
    found = capturing(hosts=(page.host,), max_height_px=5_000).capture(f"http://{page.host}/")
    assert found.height == 5_000
    assert found.page_height > 5_000


def test_a_redirect_to_a_host_that_is_not_allowed_is_refused(
    serve: Callable[..., Server], capturing: Callable[..., Capturing]
) -> None:
    canary = serve()
    away = f"http://{canary.host}/"
    page = serve(lambda handler: reply(handler, "", status=302, Location=away))
    one = capturing(hosts=(page.host,))
    with pytest.raises(IsothermError) as refused:
        one.capture(f"http://{page.host}/")
    assert refused.value.code == Code.CAPTURE_UNAVAILABLE
    assert canary.asked == []
    assert one.stored.of_page("shop", "/") == []


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://127.0.0.1/", Code.FORBIDDEN),
        ("http://[::1]/", Code.FORBIDDEN),
        ("file:///etc/passwd", Code.INVALID),
        ("javascript:alert(1)", Code.INVALID),
        ("http://shop.example:99999/", Code.FORBIDDEN),
    ],
)
def test_addresses_that_are_refused(
    capturing: Callable[..., Capturing], url: str, code: Code
) -> None:
    one = capturing(hosts=("shop.example",))
    if code is Code.INVALID:
        with pytest.raises(IsothermError) as refused:
            one.capture(url)
        assert refused.value.code == code
        return
    with pytest.raises(IsothermError, match="may not be captured"):
        one.capture(url)


def test_nothing_is_captured_before_a_host_is_named(capturing: Callable[..., Capturing]) -> None:
    with pytest.raises(IsothermError) as refused:
        capturing().capture("http://shop.example/")
    assert refused.value.code == Code.FORBIDDEN
    assert refused.value.allow == {"site": "shop.example", "private": False}


def test_a_page_that_hangs_fails_in_time_and_the_next_one_works(
    serve: Callable[..., Server], capturing: Callable[..., Capturing]
) -> None:
    done = threading.Event()

    def answer(handler: http.server.BaseHTTPRequestHandler) -> None:
        if handler.path == "/hang":
            done.wait(30)
        reply(handler, "<!doctype html><p>fine")

    page = serve(answer)
    one = capturing(hosts=(page.host,), job_s=6.0)
    try:
        with pytest.raises(IsothermError, match="not ready after 6 s"):
            one.capture(f"http://{page.host}/hang")
    finally:
        done.set()
    assert one.maker.status()["jobs"]["failed"] == 1
    one.maker.close()


def test_clicks_of_a_recording_lie_on_their_items_of_a_live_page(
    capturing: Callable[..., Capturing], serve: Callable[..., Server]
) -> None:
    """The live page says the same of its elements as a recording of another order does."""
    live = "<ul><li><a href='b'>Pear</a></li><li><a href='a'>Apple</a></li></ul>"
    server = serve(lambda handler: reply(handler, f"<!doctype html>{live}"))
    keys = [f"UL>LI:nth-of-type({place})>A" for place in (1, 2)]
    found = capturing(*keys, hosts=(server.host,)).capture(f"http://{server.host}/")
    page = Page()
    links = [page.element("a", name, href=href) for name, href in (("Apple", "/a"), ("Pear", "/b"))]
    recorded = page.document(page.element("ul", *(page.element("li", link) for link in links)))
    recording = Recording.of_session([rrweb(meta(), snapshot(recorded))])
    document = recording.state_at(recording.end_ms)
    apple = Element(keys[0], print=Fingerprint.read(document.fingerprint(links[0]["id"])))
    assert Boxes(found.boxes).find(apple).box == found.boxes[keys[1]]
