"""The rules of element matching one by one: what is evidence of an element, and where it ends."""

from typing import Any

import pytest

from isotherm.model import Box, Unplaced
from isotherm.model.element_matching import (
    NEAR,
    STRETCHING_PX,
    Boxes,
    Verdict,
    _one_letter,
    _renamed,
    _row,
    judge,
    reflowed,
    same_element,
)
from isotherm.model.elements import Element
from isotherm.model.fingerprints import Fingerprint

NAMING, COUNTING = "#tools>BUTTON.save", "#list>LI:nth-of-type(2)>BUTTON"
YES, NO, MAYBE = Verdict.YES, Verdict.NO, Verdict.MAYBE


def known(**facts: Any) -> Fingerprint:
    return Fingerprint(**{"kind": "btn.", **facts})


CART_3 = known(words="crt3", loose="cart", alone_loosely=True)
CART_4 = known(words="crt4", loose="cart")
SAVE = known(words="save", loose="save")


@pytest.mark.parametrize(
    ("acted", "there", "key", "verdict"),
    [
        # a mark speaks only where both have one
        (known(mark="idA."), known(mark="idA."), COUNTING, YES),
        (known(mark="idA."), known(), COUNTING, MAYBE),
        (known(), known(mark="idA."), COUNTING, MAYBE),
        (known(mark="idA."), known(mark="idB."), NAMING, NO),
        # without words on one side, what is around it may be proof
        (known(words="save", around="row1"), known(around="row1"), COUNTING, YES),
        (known(around="row1"), known(words="save", around="row1"), COUNTING, YES),
        (known(around="row1"), known(around="row2"), COUNTING, MAYBE),
        (known(), known(), COUNTING, MAYBE),
        # the same words are proof when nothing else had them, or the same stands around them
        (known(words="save", alone=True, around="row1"), known(words="save", around="row2"),
         COUNTING, YES),
        (known(words="save", around="row1"), known(words="save", around="row1"), COUNTING, YES),
        (known(words="save", around="row1"), known(words="save", around="row2"), COUNTING, NO),
        (known(words="save", around="row1"), known(words="save", around="row2"), NAMING, MAYBE),
        (known(words="save", around="row1", long=True), known(words="save", around="row2"),
         COUNTING, NO),
        # a link counts where both have it
        (known(words="save", around="row1", link="lnk1"), known(words="save", around="row2"),
         NAMING, MAYBE),
        (known(words="save", around="row1"), known(words="save", around="row2", link="lnk1"),
         NAMING, MAYBE),
        (known(words="save", link="lnk1"), known(words="open", link="lnk1"), COUNTING, YES),
        # long other words may be another's content, or the same one's of later
        (known(words="txt1", long=True, around="row1"), known(words="txt2", around="row2"),
         COUNTING, MAYBE),
        (known(words="txt1", around="row1"), known(words="txt2", around="row2"), NAMING, NO),
        (known(words="txt1", around="row1"), known(words="txt2", around="row1"), NAMING, MAYBE),
        (known(words="txt1", around="row1"), known(words="txt2", around="row1"), COUNTING, NO),
        (known(words="txt1", around="row1", named=True), known(words="txt2", around="row2"),
         NAMING, MAYBE),
        # but for its numbers it is the only one of these words
        (CART_3, CART_4, COUNTING, YES),
        (known(words="crt3", loose="cart"), CART_4, COUNTING, NO),
        (known(words="crt3", loose="", alone_loosely=True), known(words="crt4"), COUNTING, NO),
    ],
)  # fmt: skip
def test_what_is_proof_of_an_element(
    acted: Fingerprint, there: Fingerprint, key: str, verdict: Verdict
) -> None:
    assert judge(acted, there, key) is verdict


def test_two_actions_are_of_one_element_unless_something_speaks_against_it() -> None:
    one = Element(COUNTING, print=CART_3)
    assert same_element(one, Element(COUNTING, print=CART_4))
    assert not same_element(Element(COUNTING, print=SAVE), Element(COUNTING, print=CART_4))


def test_numbers_in_words_tell_nothing_where_several_differ_in_them() -> None:
    """The cart said 3 when it was clicked; one with 4 and one with 9: either, or none."""
    four = Box(0, 0, 80, 20, print=CART_4.text)
    nine = Box(0, 40, 80, 20, print=known(words="crt9", loose="cart").text)
    clicked = Element(COUNTING, print=CART_3)
    assert Boxes({COUNTING: four}).find(clicked).box == four
    assert Boxes({COUNTING: four, "#other": nine}).find(clicked).why is Unplaced.OTHER_ELEMENT
    same_words = Element(COUNTING, print=known(words="crt4", loose="cart", alone=True))
    assert Boxes({COUNTING: four, "#other": nine}).find(same_words).box == four


@pytest.mark.parametrize(
    ("was", "now", "same"),
    [
        # a size that is not known says nothing
        ((0, 10), (500, 10), True),
        ((10, 0), (10, 500), True),
        ((500, 10), (0, 10), True),
        ((10, 500), (10, 0), True),
        ((1, 10), (100, 100), False),  # one px is a size
        ((100, 1), (100, 100), False),
        # as high as it was: nearly as wide, or wide enough to stretch
        ((100, 20), (130, 20), True),
        ((100, 20), (140, 20), False),
        ((100, 20), (20, 26), False),
        ((STRETCHING_PX, 20), (4_000, 20), True),
        ((STRETCHING_PX - 1, 20), (4_000, 20), False),
        ((4_000, 20), (STRETCHING_PX, 20), True),
        # another height: the same text in other lines, or the same picture, scaled
        ((400, 20), (200, 40), True),
        ((400, 20), (200, 60), True),
        ((400, 20), (200, 70), False),
        ((400, 20), (800, 40), True),
        ((400, 20), (1_600, 70), True),
        ((400, 20), (1_600, 60), False),
        ((400, 20), (400, 40), False),
    ],
)
def test_how_an_element_may_have_changed_its_size(
    was: tuple[float, float], now: tuple[float, float], same: bool
) -> None:
    assert reflowed(Element("#x", width=was[0], height=was[1]), Box(0, 0, *now)) is same


@pytest.mark.parametrize(
    ("around", "size", "same"),
    [("row1", (90, 20), True), ("row1", (20, 200), False), ("row2", (90, 20), False)],
)
def test_another_name_is_the_same_element_where_the_rest_is_as_it_was(
    around: str, size: tuple[float, float], same: bool
) -> None:
    element = Element("#x", print=known(words="open", around="row1"), width=90, height=20)
    box = Box(0, 0, *size, print=known(words="shut", around=around).text)
    assert _renamed(element, box) is same
    nothing_around = Element("#x", print=known(words="open"), width=90, height=20)
    assert _renamed(nothing_around, Box(0, 0, 90, 20, print=known(words="shut").text)) is False


@pytest.mark.parametrize(
    ("was", "now", "same"),
    [
        ((13, 22), (7, 22), True),
        ((1, 18), (9, 18), True),
        ((22, 22), (7, 22), True),  # as wide as high
        ((23, 22), (7, 22), False),
        ((7, 22), (23, 22), False),
        ((13, 22), (7, 22 * 2**NEAR + 1), False),
        ((0, 22), (7, 22), False),
        ((13, 0), (7, 22), False),
        ((13, 22), (0, 22), False),
        ((13, 22), (7, 0), False),
    ],
)
def test_what_is_as_narrow_as_a_letter(
    was: tuple[float, float], now: tuple[float, float], same: bool
) -> None:
    element = Element("#x", print=known(), width=was[0], height=was[1])
    assert _one_letter(element, Box(0, 0, *now, print=known().text)) is same
    named = Element("#x", print=SAVE, width=was[0], height=was[1])
    assert not _one_letter(named, Box(0, 0, *now, print=known().text))
    assert not _one_letter(element, Box(0, 0, *now, print=SAVE.text))


@pytest.mark.parametrize(
    ("key", "row"),
    [
        ("#list>LI:nth-of-type(2)>DIV>IMG", "#list>LI:nth-of-type(2)"),
        ("#a>LI:nth-of-type(2)>DIV:nth-child(3)>IMG", "#a>LI:nth-of-type(2)>DIV:nth-child(3)"),
        ("#list>LI:nth-of-type(2)", ""),
        ("#list>LI>DIV", ""),
        ("#pay", ""),
    ],
)  # fmt: skip
def test_the_row_of_an_element_is_the_last_step_that_counts(key: str, row: str) -> None:
    assert _row(key) == row


@pytest.mark.parametrize(
    ("acted", "there", "found"),
    [
        (known(words="none"), known(words="save"), False),  # words that are nowhere on the picture
        (known(mark="idA."), known(mark="idA."), True),
        (known(mark="idA.", words="none"), known(mark="idA."), True),
        (known(row="aabb"), known(row="aabb"), True),
        (known(link="lnk1"), known(link="lnk1"), True),
        (known(around="row1"), known(around="row1"), True),
        (known(words="save", alone=True), known(words="save"), True),
        (known(words="save"), known(words="save"), False),
        (known(), known(), False),
    ],
)
def test_the_first_of_several_under_a_key_is_taken_for_what_only_it_has(
    acted: Fingerprint, there: Fingerprint, found: bool
) -> None:
    box = Box(0, 0, 80, 20, print=there.text, matches=2)
    spot = Boxes({NAMING: box}).find(Element(NAMING, print=acted))
    assert (spot.box == box) is found


def test_beside_one_of_the_same_facts_only_a_mark_or_a_row_tells_which() -> None:
    twin = known(words="save", link="lnk1", around="row1", mark="idA.")
    boxes = {NAMING: Box(0, 0, 80, 20, print=twin.text, matches=2)}
    beside = boxes | {"#tools>A": Box(90, 0, 80, 20, print=twin.text)}
    linked = Element(NAMING, print=known(words="save", link="lnk1", around="row1", alone=True))
    assert Boxes(boxes).find(linked).box == boxes[NAMING]
    assert Boxes(beside).find(linked).box is None
    marked = Element(NAMING, print=twin)
    assert Boxes(beside).find(marked).box == boxes[NAMING]
