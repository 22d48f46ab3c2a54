"""Where page visits begin and end in a recording."""

from typing import Any

from isotherm.replay.dom.page_state import StateNode
from isotherm.replay.recording import Recording
from tests.replay.events import (
    START_MS,
    Page,
    click,
    event,
    incremental,
    meta,
    mutation,
    rrweb,
    snapshot,
)

URL = "https://shop.example.test/cart"


def test_sheets_adopted_while_the_page_loads_are_no_visit_of_their_own() -> None:
    page = Page()
    sheet = {"styleId": 1, "rules": [{"rule": "b { color: red }"}]}
    recording = Recording.of_session(
        [
            rrweb(
                incremental(15, 0, id=-1, styleIds=[1], styles=[sheet]),
                event(0, 40, {}),
                event(1, 45, {}),
                meta(50, URL),
                snapshot(page.document(page.element("div")), ms=60),
                url=URL,
            )
        ]
    )
    assert [visit.url for visit in recording.visits] == [URL]


def test_a_document_loaded_again_is_a_visit_of_its_own() -> None:
    page = Page()
    document = page.document(page.element("div"))
    again = [event(0, 4_000, {}), meta(4_010, URL), snapshot(document, ms=4_020)]
    recording = Recording.of_session(
        [
            rrweb(
                meta(0, URL),
                snapshot(document, ms=10),
                mutation(900, texts=[{"id": 1, "value": "x"}]),
                *again,
                url=URL,
            )
        ]
    )
    assert [visit.start_ms - recording.start_ms for visit in recording.visits] == [0, 4_010]


def test_the_click_that_turns_the_page_belongs_to_the_page_it_was_made_on() -> None:
    """A body has the address at its end; what was clicked before the page turned is in it, too."""
    page = Page()
    button = page.element("button")
    document = page.document(button)
    old, new = f"{URL}#/list", f"{URL}#/item"
    turned = mutation(5_130, adds=[_text(button["id"], n) for n in (91, 92, 93)])
    recording = Recording.of_session(
        [
            rrweb(meta(0, old), snapshot(document, ms=10), click(button["id"], 900), url=old),
            rrweb(
                click(button["id"], 4_000),
                mutation(4_100, adds=[_text(button["id"], 90)]),
                click(button["id"], 5_000),
                turned,
                click(button["id"], 6_000),
                part=1,
                url=new,
            ),
        ]
    )
    first, second = recording.visits
    assert (first.url, second.url) == (old, new)
    assert 5_000 < second.start_ms - recording.start_ms <= 5_130


def test_events_that_carry_their_address_say_when_the_page_turned() -> None:
    """Whatever changed most, and though the click's body is sent from the next page."""
    page = Page()
    button = page.element("button")
    old, new = f"{URL}/list", f"{URL}/item"
    start, here = meta(0, old), mutation(1_020)
    start["url"], here["url"] = old, new
    grown = mutation(3_000, adds=[_text(button["id"], n) for n in range(90, 99)])
    first = rrweb(
        start,
        snapshot(page.document(button), ms=10),
        click(button["id"], 1_000),
        here,
        click(button["id"], 2_000),
        grown,
        url=new,
    )
    again = rrweb(click(button["id"], 4_000), part=1, url=new)
    for segments in ([first, again], [again, first], [first, first, again]):
        visits = Recording.of_session(segments).visits
        assert [(visit.url, visit.start_ms - START_MS) for visit in visits] == [
            (old, 0),
            (new, 1_020),
        ]


def test_a_lost_body_with_the_turn_leaves_the_rest_on_the_page_it_was_sent_from() -> None:
    page = Page()
    button = page.element("button")
    start = meta(0, URL)
    start["url"] = URL
    recording = Recording.of_session(
        [
            rrweb(start, snapshot(page.document(button), ms=10), url=URL),
            rrweb(
                click(button["id"], 6_000),
                mutation(6_100, adds=[_text(button["id"], 90)]),
                part=2,
                url=f"{URL}/item",
            ),
        ]
    )
    assert [visit.start_ms - START_MS for visit in recording.visits] == [0, 6_000]


def test_a_page_that_turned_without_a_click_turned_before_all_that_follows() -> None:
    page = Page()
    button = page.element("button")
    old, new = f"{URL}#/list", f"{URL}#/item"
    recording = Recording.of_session(
        [
            rrweb(meta(0, old), snapshot(page.document(button), ms=10), url=old),
            rrweb(
                mutation(2_000, adds=[_text(button["id"], n) for n in (91, 92)]),
                click(button["id"], 3_000),
                part=1,
                url=new,
            ),
        ]
    )
    assert [visit.start_ms - recording.start_ms for visit in recording.visits] == [0, 2_000]


def _text(parent: int, number: int) -> dict[str, Any]:
    node = {"id": number, "type": 3, "textContent": "x"}
    return {"parentId": parent, "nextId": None, "node": node}


def test_how_a_dialog_was_opened_is_kept() -> None:
    page = Page()
    dialog = page.element("dialog", open="")
    dialog["attributes"]["rr_open_mode"] = "modal"
    recording = Recording.of_session([rrweb(meta(0, URL), snapshot(page.document(dialog), ms=10))])
    nodes = recording.state_at(recording.end_ms).snapshot().nodes
    drawn: StateNode = next(node for node in nodes if node.tag == "dialog")
    assert drawn.attrs["rr_open_mode"] == "modal"
