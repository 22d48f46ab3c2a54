"""Where page visits begin and end in a recording."""

from isotherm.replay.dom.page_state import StateNode
from isotherm.replay.recording import Recording
from tests.replay.events import Page, event, incremental, meta, mutation, rrweb, snapshot

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


def test_how_a_dialog_was_opened_is_kept() -> None:
    page = Page()
    dialog = page.element("dialog", open="")
    dialog["attributes"]["rr_open_mode"] = "modal"
    recording = Recording.of_session([rrweb(meta(0, URL), snapshot(page.document(dialog), ms=10))])
    nodes = recording.state_at(recording.end_ms).snapshot().nodes
    drawn: StateNode = next(node for node in nodes if node.tag == "dialog")
    assert drawn.attrs["rr_open_mode"] == "modal"
