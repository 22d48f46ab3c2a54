"""What a recorded element is, to tell it from another one under the same key."""

from typing import Any

import pytest

from isotherm.model.element_matching import Verdict, judge
from isotherm.model.fingerprints import Fingerprint, fingerprint_of_name, row_fact
from isotherm.replay.derive.clicks import Trail
from isotherm.replay.document import Document
from isotherm.replay.dom.fingerprints import fingerprints_of
from isotherm.replay.recording import Recording, recordings_of
from tests.replay.conftest import session
from tests.replay.events import (
    START_MS,
    Json,
    Page,
    click,
    datadog,
    meta,
    mutation,
    rrweb,
    snapshot,
)


def loaded(document: Json) -> Document:
    return Recording.of_session([rrweb(meta(), snapshot(document))]).state_at(START_MS)


def known(
    tag: str, *inside: Json | str, beside: tuple[Json, ...] = (), **attrs: Any
) -> Fingerprint:
    """Return the fingerprint of an element on a page of its own."""
    page = Page()
    node = page.element(tag, *inside, **attrs)
    document = loaded(page.document(page.element("p", "Above"), node, *beside))
    return Fingerprint.read(document.fingerprint(node["id"]))


def test_the_same_element_on_another_day_has_the_same_facts() -> None:
    first = known("a", "Offers", href="/offers?week=47", id="offers")
    later = known("a", " offers\n", href="https://shop.test/offers", id="offers")
    assert first == later
    assert first.kind and first.words and first.link and first.mark  # noqa: PT018 - all are there


def test_a_masked_link_leads_nowhere_that_is_known() -> None:
    """Datadog writes the same stars for every address."""
    assert known("a", "xxx", href="***").link == ""
    assert known("a", "xxx", href="/offers").link


def test_facts_are_independent() -> None:
    one = known("a", "Offers", href="/offers", id="offers")
    assert known("button", "Offers", id="offers").kind != one.kind
    assert known("a", "News", href="/offers").link == one.link
    assert known("a", "News", href="/offers").words != one.words


@pytest.mark.parametrize("masked", ["****** ***", "xxxxxx xxx"])
def test_masked_words_are_no_words(masked: str) -> None:
    found = known("button", masked)
    assert not found.words
    assert found.weak
    assert found.kind == known("button", "Secret").kind


@pytest.mark.parametrize("generated", [":r1k:", "_rk_", ":rk:", "radix-12", "\u00abrk\u00bb"])
def test_generated_ids_are_no_marks(generated: str) -> None:
    assert not known("button", "Go", id=generated).mark


def test_a_mark_that_two_elements_have_marks_none() -> None:
    page = Page()
    first, second = (page.element("li", name, data_testid="row") for name in ("One", "Two"))
    document = loaded(page.document(first, second))
    assert not Fingerprint.read(document.fingerprint(first["id"])).mark


def test_numbers_are_told_apart_only_where_something_else_has_the_same_words() -> None:
    cart, full = known("button", "Cart (3)"), known("button", "Cart (4)")
    assert cart.words != full.words
    assert cart.loose == full.loose
    assert cart.alone_loosely
    page = Page()
    rows = [page.element("div", f"Row {number}") for number in (2, 3)]
    document = loaded(page.document(*rows))
    row = Fingerprint.read(document.fingerprint(rows[0]["id"]))
    assert (row.alone, row.alone_loosely) == (True, False)


def test_buttons_of_one_name_are_told_apart_by_their_rows() -> None:
    page = Page()
    edits = [page.element("button", "Edit") for _ in range(2)]
    table = [
        page.element("tr", page.element("td", name), page.element("td", edit))
        for name, edit in zip(("Apple", "Pear"), edits, strict=True)
    ]
    document = loaded(page.document(page.element("table", *table)))
    apple, pear = (Fingerprint.read(document.fingerprint(edit["id"])) for edit in edits)
    assert apple.words == pear.words
    assert not apple.alone
    assert judge(apple, pear, "TR:nth-of-type(1)>TD>BUTTON") is Verdict.NO


def test_icons_are_what_their_row_is() -> None:
    page = Page()
    icons = [page.element("i", class_="trash") for _ in range(2)]
    rows = [page.element("li", name, icon) for name, icon in zip(("A1", "B"), icons, strict=True)]
    document = loaded(page.document(page.element("ul", *rows)))
    first, second = (Fingerprint.read(document.fingerprint(icon["id"])) for icon in icons)
    assert first.words != second.words
    assert not first.alone  # the row has the same words


def test_where_a_link_leads_says_what_is_in_it() -> None:
    page = Page()
    image = page.element("img")
    link = page.element("a", image, href="/apples?from=home#reviews")
    mail = page.element("a", "x@y.test", href="mailto:x@y.test")
    document = loaded(page.document(link, mail))
    assert Fingerprint.read(document.fingerprint(image["id"])).link
    assert not Fingerprint.read(document.fingerprint(mail["id"])).link
    assert document.fingerprint(12345) == ""


def test_a_stored_fingerprint_reads_as_it_was_and_nonsense_as_nothing() -> None:
    found = known("a", "Offers", href="/offers", id="offers")
    assert Fingerprint.read(found.text) == found
    assert len(found.text) == 25
    assert Fingerprint.read("nonsense") == Fingerprint() == Fingerprint.read("")
    assert Fingerprint().text == ""


@pytest.mark.parametrize("tag", ["button", "a", "li", "div"])
def test_a_name_and_a_selector_tell_the_same_as_the_recording(tag: str) -> None:
    """Clicks of sessions without a recording agree with the pictures of those that have one."""
    there = known(tag, "Add to cart")
    named = fingerprint_of_name("Add to cart", f'{tag.upper()}[data-testid="buy"]')
    assert (named.kind, named.words) == (there.kind, there.words)
    assert judge(named, there, f'{tag.upper()}[data-testid="buy"]') is not Verdict.NO


@pytest.mark.parametrize("name", ["datadog/dd7-desktop-allow", "guance/guance-mobile", "rrweb"])
def test_many_elements_have_the_facts_that_each_has_alone(name: str) -> None:
    """Texts are found in one walk for all of them, and by a walk around one."""
    recording = recordings_of(session(name).segments)[0]
    document = recording.state_at(recording.end_ms)
    asked = [node.id for node in document.tree.nodes.values() if node.tag == "button"]
    together = fingerprints_of(document.tree, asked, document.url)
    assert len(asked) > 5
    for number in asked:
        one, many = (
            Fingerprint.read(document.fingerprint(number)),
            Fingerprint.read(together[number]),
        )
        assert (one.words, one.around, one.mark) == (many.words, many.around, many.mark)


def test_one_letter_of_a_masked_document_names_nothing() -> None:
    """`}` and `2` are both masked as `x`, and so is all that is around them."""
    page = Page()
    masked = [page.element("p", "xxxxx xxx") for _ in range(5)]
    brace, digit = page.element("span", "x"), page.element("span", "x")
    beside = page.element("td", page.element("b", "x"), brace)
    document = loaded(page.document(*masked, beside, page.element("p", digit)))
    for node in (brace, digit):
        found = Fingerprint.read(document.fingerprint(node["id"]))
        assert (found.words, found.around) == ("", "")
        together = fingerprints_of(document.tree, [node["id"]], document.url)[node["id"]]
        assert Fingerprint.read(together) == found
        assert document.label(node["id"]) == ""
    long = page.element("div", "xxx x xxxxxx x " * 20)
    assert loaded(page.document(*masked, long)).label(long["id"]) == ""
    closing, some = page.element("button", "x"), page.element("p", "xxx x xxx")
    plain = loaded(page.document(page.element("p", "Some words here"), closing, some))
    assert [plain.label(one["id"]) for one in (closing, some)] == ["x", ""]


def masked_rows(scrolls: int) -> tuple[Recording, list[int]]:
    """Return a recording of a virtual list with masked rows, and the ids of the rows in it.

    It shows five rows. Each scroll takes the first two away and adds two, as grids do; then the
    third row is clicked.
    """
    page = Page()
    rows = [page.element("div", page.element("b", "***")) for _ in range(5)]
    body = page.element("div", *rows, id="body")
    document = page.document(body)
    ids = [row["id"] for row in rows]
    events: list[Any] = [meta(), snapshot(document)]
    for number in range(scrolls):
        gone = [{"parentId": page.ids["body"], "id": ids[number * 2 + at]} for at in (0, 1)]
        fresh = [page.element("div") for _ in (0, 1)]
        adds = [
            {"parentId": page.ids["body"], "nextId": None, "node": {**row, "childNodes": []}}
            for row in fresh
        ]
        ids += [row["id"] for row in fresh]
        events.append(mutation(1_000 + number * 2_000, removes=gone, adds=adds))
        events += click(ids[number * 2 + 4], 2_000 + number * 2_000)
    return Recording.of_session([rrweb(*events)]), ids


def test_rows_without_words_are_told_apart_by_their_nodes() -> None:
    recording, _ = masked_rows(6)
    clicks = Trail(recording).clicks
    acted = [Fingerprint.read(one.fingerprint) for one in clicks]
    assert len({one.element for one in clicks}) == 1  # a place that all of them had
    assert len({one.row for one in acted}) == len(clicks) == 6
    document = recording.state_at(recording.end_ms)
    last = clicks[-1].node
    prints = fingerprints_of(document.tree, [last], "")
    drawn = recording.rows.all_added(prints)
    there = Fingerprint.read(drawn[last])
    verdicts = [judge(one, there, clicks[0].element) for one in acted]
    assert verdicts == [Verdict.NO] * 5 + [Verdict.YES]


def masked_board(*, replaced: bool) -> Recording:
    """Return a board of four masked cards: each is clicked, then one comes before them.

    `replaced`: all of them are made anew instead.
    """
    page = Page()
    cards = [page.element("div", page.element("button", "***")) for _ in range(4)]
    board = page.element("div", *cards, id="board")
    other = page.element("p", page.element("button", "***"))
    document = page.document(board, other)
    board_id, buttons = page.ids["board"], [card["childNodes"][0]["id"] for card in cards]
    events: list[Any] = [meta(), snapshot(document)]
    events += [click(one, 1_000 * at) for at, one in enumerate(buttons, 1)]
    events += [click(other["childNodes"][0]["id"], 5_000)]
    new = page.element("div", page.element("button", "***"))
    first = {"parentId": board_id, "nextId": cards[0]["id"], "node": new}
    gone = [{"parentId": board_id, "id": card["id"]} for card in cards] if replaced else []
    events.append(mutation(6_000, removes=gone, adds=[first | ({"nextId": None} if gone else {})]))
    events += click(new["childNodes"][0]["id"], 7_000)
    return Recording.of_session([rrweb(*events)])


def test_a_card_that_comes_before_the_others_is_not_taken_for_the_first_of_them() -> None:
    clicks = Trail(masked_board(replaced=False)).clicks
    prints = [Fingerprint.read(one.fingerprint) for one in clicks]
    assert clicks[0].element == clicks[5].element  # the first place
    assert judge(prints[0], prints[5], clicks[0].element) is Verdict.NO
    assert prints[4].row == ""  # beside the board nothing moved
    anew = [Fingerprint.read(one.fingerprint) for one in Trail(masked_board(replaced=True)).clicks]
    assert judge(anew[0], anew[5], clicks[0].element) is Verdict.MAYBE  # it may be the same card


def test_nodes_say_nothing_of_another_recording_nor_of_a_list_that_stays() -> None:
    recording, _ = masked_rows(6)
    (row, *_) = (Fingerprint.read(one.fingerprint) for one in Trail(recording).clicks)
    other = Fingerprint(kind=row.kind, row=row_fact("another", 7))
    assert judge(row, other, "DIV:nth-of-type(3)") is Verdict.MAYBE
    stays = Trail(masked_board(replaced=True)).clicks
    assert {Fingerprint.read(one.fingerprint).row for one in stays} == {""}
    assert Fingerprint.read(row.text) == row
    assert len(Fingerprint(kind=row.kind).text) < len(
        row.text
    )  # most elements need no more than before


def test_a_link_that_only_a_script_answers_leads_nowhere() -> None:
    page = Page()
    links = [page.element("a", page.element("i"), href=href) for href in ("#", " # ", "#item", "/")]
    document = loaded(page.document(*links))
    found = [
        Fingerprint.read(document.fingerprint(link["childNodes"][0]["id"])).link for link in links
    ]
    assert [bool(link) for link in found] == [False, False, True, True]


def test_a_row_is_known_again_in_the_next_view_of_its_document() -> None:
    """A hash link begins a view; nodes keep their numbers, but Datadog v7 counts anew."""
    page = Page()
    rows = [page.element("div", page.element("b", "***")) for _ in range(4)]
    board = page.element("div", *rows, id="board")
    document, gone = page.document(board), {"parentId": page.ids["board"], "id": rows[0]["id"]}
    pressed = click(rows[2]["childNodes"][0]["id"], 3_000)
    views = [
        datadog(meta(), snapshot(document), mutation(2_000, removes=[gone]), pressed, view_id=view)
        for view in ("v-1", "v-2")
    ]
    prints = [
        Fingerprint.read(Trail(Recording.of_view([one])).clicks[0].fingerprint) for one in views
    ]
    assert prints[0].row
    assert prints[0] == prints[1]
