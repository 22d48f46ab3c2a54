"""From the events of one small recording to its pictures: which states, and what is on them."""

from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from isotherm.app.settings import Settings
from isotherm.app.wiring import Components
from isotherm.model import FRACTION_MAX, Action, Background, Event, State
from isotherm.model.background import shows
from isotherm.model.element_matching import Boxes
from isotherm.model.elements import Element
from isotherm.render.messages import Look, Session
from isotherm.render.recorded_session import ReadSession
from tests.replay.events import START_MS, Page, click, meta, mutation, rrweb, snapshot

pytestmark = pytest.mark.browser

Pictured = Callable[..., tuple[list[Action], list[Background]]]


@pytest.fixture
def pictured(tmp_path: Path) -> Pictured:
    """Return a function that stores events and returns the clicks and pictures they led to."""

    def one(*events: Event) -> tuple[list[Action], list[Background]]:
        with Components(Settings({"data": str(tmp_path), "quiet_period_s": 0.05})) as components:
            components.spool.append(events)
            assert components.worker.flush()
            assert components.maker.wait_idle(120)
            assert components.maker.status()["last_error"] == ""
            return components.engine.actions_of("shop", "s-1"), components.backgrounds.of_page(
                "shop", "/"
            )

    return one


def point(action: Action, background: Background) -> tuple[float, float] | None:
    """Return where a click is on a picture (px); None when its element is not to be seen."""
    box = background.boxes.get(action.element)
    if box is None or not shows(box) or action.fx is None or action.fy is None:
        return None
    return (
        box.left + action.fx / FRACTION_MAX * box.width,
        box.top + action.fy / FRACTION_MAX * box.height,
    )


def test_a_popover_is_open_where_a_click_was_in_it(pictured: Pictured) -> None:
    """Opening one changes nothing in the document, so no recording says it."""
    page = Page()
    body = page.document(
        page.element("button", "Tip", id="opener", popovertarget="tip", style="height:40px"),
        page.element("div", page.element("button", "Fine", id="fine"), id="tip", popover=""),
    )
    opener, fine = page.ids["opener"], page.ids["fine"]
    events = [click(opener, 2000, at=(20, 20)), click(fine, 4000, at=(500, 400))]
    actions, backgrounds = pictured(rrweb(meta(), snapshot(body), *events))
    assert [action.dead for action in actions] == [False, True]
    by_state = {item.state: item for item in backgrounds}
    opened = State("menu", "Tip")
    assert set(by_state) == {State("found"), opened}
    assert not by_state[State("found")].boxes["#fine"].visible
    assert point(actions[1], by_state[opened]) == pytest.approx((500, 400), abs=0.1)


def test_a_button_that_grew_after_the_click_has_a_picture_from_before(pictured: Pictured) -> None:
    page = Page()
    words = page.text("Add")
    body = page.document(
        page.element("p", "x", id="first"),
        page.element("button", words, id="add", style="width:max-content;font-size:30px"),
    )
    grown = mutation(2010, texts=[{"id": words["id"], "value": "Added to your cart"}])
    events = [click(page.ids["add"], 2000, at=(40, 60)), grown, click(page.ids["first"], 3000)]
    actions, backgrounds = pictured(rrweb(meta(), snapshot(body), *events))
    found = [place for item in backgrounds if (place := point(actions[0], item))]
    assert min(abs(x - 40) + abs(y - 60) for x, y in found) < 0.1


def test_a_press_that_changes_its_field_leaves_the_click_where_it_was(pictured: Pictured) -> None:
    """The field is five times as wide as soon as it has the focus, before the button is lifted."""
    page = Page()
    field = page.element("input", id="search", style="position:absolute;left:400px;width:100px")
    body = page.document(field)
    down, *up = click(field["id"], 2000, at=(430, 10))
    opened = {"style": "position:absolute;left:0;width:500px"}
    wider = mutation(2001, attributes=[{"id": field["id"], "attributes": opened}])
    (action,), backgrounds = pictured(rrweb(meta(), snapshot(body), down, wider, *up))
    places = [place for item in backgrounds if (place := point(action, item))]
    assert [x for x, _ in places] == [pytest.approx(430, abs=0.1)]


def test_what_shows_under_the_pointer_only_is_shown_where_it_was_clicked(
    pictured: Pictured,
) -> None:
    """The tools of Streamlit's table come up from below; a picture has no pointer to do that."""
    page = Page()
    tool = page.element("button", id="tool", style="width:40px;height:20px")
    never = page.element("button", id="never", style="width:40px;height:20px")
    tools = "position:absolute;left:200px;top:60px;visibility:hidden;width:max-content"
    body = page.document(page.element("div", tool, never, style=tools))
    (action,), [background] = pictured(
        rrweb(meta(), snapshot(body), click(tool["id"], 2000, at=(220, 55)))
    )
    assert shows(background.boxes["#tool"])
    assert not shows(background.boxes["#never"])
    assert Boxes(background.boxes).find(Element.of(action)).why is None


def test_a_click_below_a_photo_is_on_its_button_in_the_picture(pictured: Pictured) -> None:
    """The recording has the photo's address and no size: on the rebuilt page it is 150 px high."""
    page = Page()
    body = page.document(
        page.element("img", src="https://shop.example.test/photo.jpg", style="display:block"),
        page.element("button", "Buy", id="buy", style="height:40px;display:block"),
    )
    buy = page.ids["buy"]
    actions, [background] = pictured(rrweb(meta(), snapshot(body), click(buy, 2000, at=(20, 420))))
    box = background.boxes["#buy"]
    assert box.top <= 420 <= box.top + box.height
    assert point(actions[0], background) is not None
    assert background.notices == ("images as large as the clicks around them say: 1",)


def test_a_page_that_was_left_without_a_picture_gets_it_after_a_restart(tmp_path: Path) -> None:
    page = Page()
    body = page.document(page.element("button", "Buy", id="buy", style="height:40px"))
    visit = rrweb(meta(), snapshot(body), click(page.ids["buy"], 2000, at=(20, 20)))
    without = Settings({"data": str(tmp_path), "quiet_period_s": 0.05, "capture": False})
    with Components(without) as components:
        components.spool.append([visit])
        assert components.worker.flush()
        assert components.backgrounds.of_page("shop", "/") == []
    for _ in range(2):  # the second start finds nothing to do
        with Components(without.having(capture=True)) as components:
            assert components.maker.wait_idle(120)
            assert components.maker.status()["last_error"] == ""
            [background] = components.backgrounds.of_page("shop", "/")
            (action,) = components.engine.actions_of("shop", "s-1")
    assert point(action, background) == pytest.approx((20, 20), abs=0.1)
    assert background.seen_ms == START_MS + 800


def test_cards_of_a_sorted_list_keep_their_clicks(pictured: Pictured) -> None:
    """Before and after the sort `nth-of-type(1)` is another card; each click is on its own."""
    page = Page()
    heights = {"Apple": 40, "Banana": 60, "Cherry": 90}
    cards = {
        name: page.element("div", name, class_="card", style=f"width:300px;height:{height}px")
        for name, height in heights.items()
    }
    rows = {name: page.element("li", card) for name, card in cards.items()}
    style = "margin:0;padding:0;list-style:none"
    listed = page.element("ul", *rows.values(), id="list", style=style)
    body = page.document(listed)
    moved = [rows["Cherry"], rows["Banana"], rows["Apple"]]
    sort = mutation(
        3000,
        removes=[{"parentId": listed["id"], "id": row["id"]} for row in moved],
        adds=[
            {"parentId": listed["id"], "nextId": None, "node": {**row, "childNodes": []}}
            for row in moved
        ]
        + [
            {"parentId": row["id"], "nextId": None, "node": node}
            for row in moved
            for card in row["childNodes"]
            for node in [{**card, "childNodes": []}]
        ]
        + [
            {"parentId": card["id"], "nextId": None, "node": text}
            for card in cards.values()
            for text in card["childNodes"]
        ],
    )
    events = [
        click(cards["Apple"]["id"], 2000, at=(20, 30)),
        sort,
        click(cards["Cherry"]["id"], 5000, at=(20, 30)),
        click(cards["Apple"]["id"], 7000, at=(20, 180)),
    ]
    actions, backgrounds = pictured(rrweb(meta(), snapshot(body), *events))
    assert len({action.element for action in actions}) == 2
    for item in backgrounds:
        boxes = Boxes(item.boxes)
        found = [boxes.find(Element.of(action)).box for action in actions]
        assert [box and box.height for box in found] == [40, 90, 40]


def test_clicks_that_come_later_in_a_session_get_their_places_too(tmp_path: Path) -> None:
    """The picture process keeps a session it knows; one that has grown is sent again."""
    page = Page()
    body = page.document(page.element("button", "Buy", id="buy", style="height:40px"))
    buy = page.ids["buy"]
    with Components(Settings({"data": str(tmp_path), "quiet_period_s": 0.05})) as components:
        for events in (
            [meta(), snapshot(body), click(buy, 2000, at=(20, 30))],
            [click(buy, 5000, at=(10, 12))],
        ):
            components.spool.append([rrweb(*events)])
            assert components.worker.flush()
            assert components.maker.wait_idle(120)
        [background] = components.backgrounds.of_page("shop", "/")
        actions = components.engine.actions_of("shop", "s-1")
    assert [point(action, background) for action in actions] == [
        pytest.approx((20, 30), abs=0.1),
        pytest.approx((10, 12), abs=0.1),
    ]


def test_a_click_in_a_frame_is_on_its_element_in_the_frame(pictured: Pictured) -> None:
    """The recorder says points of the frame's own window; where the frame is, the layout says."""
    page = Page()
    style = "width:400px;height:200px;border:3px solid;display:block;margin-top:60px"
    body = page.document(page.element("iframe", id="frame", style=style))
    button = page.element("button", "Pay", id="pay", style="display:block;width:80px;height:40px")
    inside = page.element("html", page.element("head"), page.element("body", button))
    framed = {"type": 0, "id": 500, "childNodes": [inside]}
    frame = page.ids["frame"]
    attached = mutation(100, adds=[{"parentId": frame, "nextId": None, "node": framed}])
    events = [attached, click(page.ids["pay"], 2000, at=(8 + 20, 8 + 10))]
    [action], [background] = pictured(rrweb(meta(), snapshot(body), *events))
    assert action.element == "#frame::frame #pay"
    assert action.page_x is None
    box = background.boxes["#frame"]
    corner = (box.left + 3 + 8, box.top + 3 + 8)
    place = point(action, background)
    assert place == pytest.approx((corner[0] + 20, corner[1] + 10), abs=0.1)


def test_a_recording_that_began_long_after_its_view_is_drawn_from() -> None:
    """A slow page, or one that starts to record when it wants to; its segments name the view."""
    page = Page()
    late = rrweb(meta(60_000), snapshot(page.document("late"), 60_000))
    found = {}
    for view in ("v-1", ""):
        session = ReadSession(Session("shop", "s-1"))
        session.add(replace(late, view_id=view))
        found[view] = session.recording(Look("v-1", START_MS)) is not None
    assert found == {"v-1": True, "": False}


@pytest.mark.parametrize(("content", "width"), [("width=device-width", 412), ("width=512", 512)])
def test_a_phone_that_zoomed_out_is_laid_out_as_wide_as_it_is(
    pictured: Pictured, content: str, width: int
) -> None:
    """Its page overflows to 512 px, and rrweb records only that; the clicks tell which phone.

    A page that asks for 512 px has them.
    """
    page = Page()
    asks = page.element("meta", name="viewport", content=content)
    bar = "position:relative;margin:-8px"
    style = "position:absolute;right:10px;width:20px"
    right = page.element("button", "x", id="buy", style=style)
    wide = page.element("p", "wide", style="width:512px;height:40px;margin:0")
    body = page.document(asks, page.element("div", wide, right, style=bar))
    events = [click(page.ids["buy"], 2000, at=(width - 27, 50))]
    recording = rrweb(meta(size=(512, 1000)), snapshot(body), *events)
    [action], [background] = pictured(replace(recording, facets={"device": "mobile"}))
    assert (background.viewport_w, background.width) == (512, 512)
    assert background.boxes["#buy"].left == pytest.approx(width - 30)
    assert point(action, background) == pytest.approx((width - 27, 50), abs=0.5)
