"""How far a picture is from its recording, and what it is called."""

import pytest

from isotherm.model import FRACTION_MAX, Action, Box, Measured, Source
from isotherm.model.background import shows
from isotherm.render.measure import (
    in_its_visit,
    known_of,
    measured,
    of_picture,
    on_own_documents,
    seen_when_clicked,
)

BUTTON = Box(100, 1000, 200, 40)
MIDDLE = round(FRACTION_MAX / 2)


def action(
    key: str = "#buy",
    *,
    at: tuple[float, float] | None = (200, 1020),
    size: tuple[int, int] | None = (200, 40),
    source: Source = Source.SDK,
) -> Action:
    return Action(
        event_id=key, time_ms=1, application="shop", session_id="s", view_id="v", page="/",
        element=key, fx=MIDDLE if size else None, fy=MIDDLE if size else None,
        element_w=size[0] if size else None, element_h=size[1] if size else None,
        page_x=at[0] if at else None, page_y=at[1] if at else None, viewport_w=1440, source=source,
    )  # fmt: skip


def of(*pairs: tuple[Action, Box | None], **more: object) -> Measured | None:
    """Measure a picture that is the document in which all was clicked."""
    boxes = {one.element: box for one, box in pairs if box is not None}
    visited = on_own_documents([(boxes, [one for one, _ in pairs], 1440, 0)])
    return measured(of_picture(boxes, visited), **more)  # type: ignore[arg-type]


def test_a_picture_with_everything_in_its_place_is_true() -> None:
    found = of((action(), BUTTON), height_px=4.0, page_height=3000)
    assert found == Measured(verdict="true", clicks=1, height_px=4.0)


def test_a_picture_of_which_nothing_is_known_is_not_judged() -> None:
    assert of((action(at=None, size=None), BUTTON)) is None
    assert of() is None


def test_what_lies_below_a_missing_image_is_shifted() -> None:
    """Sizes agree; from 1,000 px on everything is 40 px too high."""
    above = [(action(f"#a{n}", at=(200, 120)), Box(100, 100, 200, 40)) for n in range(3)]
    below = [(action(f"#b{n}", at=(200, 1060)), BUTTON) for n in range(2)]
    found = of(*above, *below, height_px=-40.0, page_height=2960)
    assert found == Measured(
        verdict="shifted", clicks=5, apart=2, point_px=40.0, height_px=-40.0, from_px=1000.0,
        by_px=40.0,
    )  # fmt: skip


def test_bars_that_nothing_can_be_seen_of_condemn_a_picture_without_recorded_sizes() -> None:
    """A web component whose own sheet is not recorded: its content hangs below the window."""
    hidden = Box(0, 1800, 70, 20, fixed=True, occluded=True)
    clicked = [(action(f"#a{n}", size=None, source=Source.REPLAY), hidden) for n in range(3)]
    found = of(*clicked)
    assert found is not None
    assert found.verdict == "unusable"
    seen = Box(0, 0, 70, 20, fixed=True)
    assert of((action(size=None, source=Source.REPLAY), seen)) is None


def test_a_page_that_ends_elsewhere_is_shifted_below_what_is_known_to_be_right() -> None:
    shorter = {"height_px": -500.0, "page_height": 2500}
    grown_later = of((action(), BUTTON), **shorter)
    assert grown_later is not None
    assert grown_later.verdict == "true"
    found = of((action(), BUTTON), **shorter, lacking={"images": 1})
    assert found is not None
    assert (found.verdict, found.from_px, found.by_px) == ("shifted", 1000.0, 500.0)


def test_other_sizes_are_told_apart_from_other_places() -> None:
    wider = Box(100, 1000, 212, 40)
    found = of((action(at=None), wider))
    assert found == Measured(verdict="shifted", clicks=1, apart=1, size_px=12.0)


def test_a_page_in_another_layout_is_not_usable() -> None:
    """At the left edge, as high as their text: a document without its styles."""
    bare = [(action(f"#a{n}", at=(600 + n, 300)), Box(8, 100 + 30 * n, 60, 18)) for n in range(4)]
    found = of(*bare)
    assert found is not None
    assert found.verdict == "unusable"


def test_more_clicks_in_another_layout_than_where_they_were_condemn_a_picture() -> None:
    """A sheet that all shadow roots share is in no recording: all is higher, some is narrower."""
    lower = [(action(f"#l{n}", at=(200, 1091)), BUTTON) for n in range(4)]
    aside = [(action(f"#s{n}", at=(236, 1091)), BUTTON) for n in range(3)]
    right = [(action(f"#r{n}"), BUTTON) for n in range(3)]
    found = of(*lower, *aside, *right[:2])
    assert found is not None
    assert (found.verdict, found.clicks, found.apart) == ("unusable", 9, 7)
    found = of(*lower, *aside, *right)
    assert found is not None
    assert found.verdict == "shifted"


def test_a_state_that_nobody_clicked_is_as_true_as_the_rest_of_its_visit() -> None:
    unseen = of(height_px=-238.0, page_height=2000)
    wrong = of(*[(action(f"#s{n}", at=(236, 1091)), BUTTON) for n in range(3)])
    true = of((action(), BUTTON))
    lower = of((action(at=(200, 1091)), BUTTON))
    assert unseen is not None
    assert unseen.verdict == "true"
    assert in_its_visit(unseen, wrong) == wrong
    assert in_its_visit(None, wrong) == wrong
    assert in_its_visit(lower, wrong) == wrong
    assert in_its_visit(true, wrong) == true  # its own click is where it was
    assert in_its_visit(unseen, true) == unseen
    assert in_its_visit(None, None) is None


def test_a_missing_style_sheet_alone_condemns_only_what_nothing_confirms() -> None:
    assert of(sheets=2, lacking={"styles": 2}) == Measured(
        verdict="unusable", lacking={"styles": 2}
    )
    print_style = of((action(), BUTTON), sheets=2, lacking={"styles": 2})
    assert print_style is not None
    assert print_style.verdict == "true"
    assert of(sheets=4, lacking={"styles": 1}) is None
    one_of_two = {"sheets": 2, "lacking": {"styles": 1}}
    aside = [(action(f"#a{n}", at=(260, 1020)), BUTTON) for n in range(2)]
    layout = of((action(), BUTTON), *aside, **one_of_two)
    assert layout is not None
    assert layout.verdict == "unusable"
    wider = [(action(f"#a{n}", size=(212, 40)), BUTTON) for n in range(2)]
    only_fonts = of((action(), BUTTON), *wider, **one_of_two)
    assert only_fonts is not None
    assert only_fonts.verdict == "shifted"


def test_a_point_from_a_replay_must_be_inside_its_element() -> None:
    """Its fraction was measured on the rebuilt page itself, so it confirms nothing."""
    inside, left = (action(at=(x, 1020), size=None, source=Source.REPLAY) for x in (101, 60))
    assert of((inside, BUTTON)) == Measured(verdict="true", clicks=1)
    found = of((left, BUTTON))
    assert found is not None
    assert (found.verdict, found.point_px) == ("shifted", 40.0)


def test_what_was_clicked_and_is_not_to_be_seen_condemns() -> None:
    gone = [(action(f"#a{n}"), Box(0, 0, 0, 0, visible=False)) for n in range(3)]
    found = of(*gone, (action(), BUTTON))
    assert found is not None
    assert (found.verdict, found.apart) == ("unusable", 3)


@pytest.mark.parametrize(
    ("clicked", "box", "seen"),
    [
        (action(at=(200, 1010)), Box(100, 1000, 200, 40, visible=False), True),
        (action(), Box(100, 1000, 200, 40, occluded=True), True),
        (action(at=(200, 1050)), Box(100, 1000, 200, 40, occluded=True), False),
        (action(size=(40, 40)), Box(180, 1000, 200, 40, visible=False), False),
        (action(), Box(100, 1000, 200, 40, clipped=True, occluded=True), False),
        (action(at=None), Box(100, 1000, 200, 40, visible=False), False),
        (action(), Box(100, 1000, 0, 0, visible=False), False),
    ],
    ids=["hidden", "covered", "elsewhere", "other size", "scrolled away", "no point", "not there"],
)
def test_what_was_clicked_was_seen_if_it_is_where_it_was(
    clicked: Action, box: Box, seen: bool
) -> None:
    boxes = {"#buy": box, "#other": Box(0, 0, 9, 9, visible=False)}
    found = seen_when_clicked(boxes, [clicked], 1440, 0)
    assert shows(found["#buy"]) is seen
    assert found["#other"] == boxes["#other"]


def test_bars_that_move_along_have_a_size_but_no_place() -> None:
    assert of((action(at=(200, 5000)), Box(100, 0, 200, 40, fixed=True))) == Measured(
        verdict="true", clicks=1
    )


def test_a_click_says_nothing_of_a_picture_on_which_its_element_has_moved() -> None:
    """The page itself had changed in between: a message above, an opened part."""
    visited = on_own_documents([({"#buy": BUTTON}, [action(at=(200, 1060))], 1440, 0)])
    [found] = of_picture({"#buy": BUTTON}, visited)
    assert found.by == pytest.approx((0, 40), abs=0.01)
    assert of_picture({"#buy": Box(100, 1400, 200, 40)}, visited) == []


def test_points_of_a_right_to_left_page_are_counted_from_where_it_begins() -> None:
    """It is 760 px wider than its window, to the left; its picture begins with them."""
    clicked = [action(f"#a{n}", at=(200 - 760, 1020)) for n in range(3)]
    boxes = {one.element: BUTTON for one in clicked}
    visited = on_own_documents([(boxes, clicked, 1440, 760.0)])
    found = measured(of_picture(boxes, visited))
    assert found == Measured(verdict="true", clicks=3)


def test_another_window_says_nothing() -> None:
    assert known_of(action(), 390) is None
