"""Which states are pictured, which picture serves a scope, which pictures stay."""

from typing import get_args

import pytest

from isotherm.model import Background, Box, Measured, State, Unplaced
from isotherm.model.background import Verdict
from isotherm.model.choice import Candidate, best
from isotherm.model.elements import Element
from isotherm.render.picture_choice import coverage, to_keep
from isotherm.render.states import cover, moments, same_sizes

SEEN, HIDDEN = Box(0, 0, 10, 10), Box(0, 0, 0, 0, visible=False)
MOVED, WIDER = Box(0, 24, 10, 10), Box(0, 0, 24, 10)


def on(**clicks: float) -> dict[Element, float]:
    """Return clicks by element; `nothing` is what the senders did not name."""
    return {Element("" if key == "nothing" else key): n for key, n in clicks.items()}


def background(name: str, boxes: dict[str, Box], **known: object) -> Background:
    values = {
        "application": "shop",
        "page": "/",
        "state": State("found"),
        "origin": "replay",
        "created_ms": 1,
        "seen_ms": 1,
        "viewport_w": 1440,
        "viewport_h": 900,
        "width": 1440,
        "height": 2000,
        "session_id": name,
    } | known
    return Background(id=name, boxes=boxes, **values)  # type: ignore[arg-type]


def test_moments_are_the_settled_beginning_and_just_before_each_click() -> None:
    assert moments(1000, 9000, [5000, 3000], 800, 10) == [1800, 2999, 4999]


def test_a_quick_first_click_ends_the_settling() -> None:
    assert moments(1000, 9000, [1300, 5000], 800, 10) == [1299, 4999]


def test_a_short_visit_ends_the_settling() -> None:
    assert moments(1000, 1200, [], 800, 10) == [1200]


@pytest.mark.parametrize(
    ("built", "settled"),
    [
        ([1_700, 2_000], 2_800),  # components get their style sheets last
        ([1_700, 3_000], 2_500),  # what comes after a pause is another state
        (list(range(1_000, 60_000, 300)), 9_000),  # it never ends
    ],
)
def test_a_page_has_settled_when_it_no_longer_grows(built: list[int], settled: int) -> None:
    assert moments(1_000, 60_000, [50_000], 800, 10, built_ms=built) == [settled, 49_999]
    assert moments(1_000, 60_000, [2_400], 800, 10, built_ms=built)[0] == 2_399


def test_many_moments_are_thinned_out() -> None:
    found = moments(0, 10**6, list(range(2_000, 900_000, 1_000)), 800, 10)
    assert len(found) == 10
    assert found[0] == 800
    assert found == sorted(found)


def test_the_cover_starts_with_the_first_state_and_shows_everything() -> None:
    layouts = [
        {"button": SEEN, "menu": HIDDEN, "dialog": HIDDEN},
        {"button": SEEN, "menu": SEEN, "dialog": HIDDEN},
        {"button": HIDDEN, "menu": HIDDEN, "dialog": SEEN},
    ]
    acted = [(Element("button"), 0), (Element("menu"), 1), (Element("dialog"), 2)]
    assert cover(layouts, acted, 4) == [0, 1, 2]
    assert cover(layouts, acted[:2], 4) == [0, 1]
    assert cover(layouts, acted[:1], 4) == [0]
    assert cover(layouts, acted, 2) == [0, 1]


def test_the_cover_adds_a_state_where_an_element_had_moved() -> None:
    assert cover([{"a": SEEN}, {"a": MOVED}], [(Element("a"), 1)], 4) == [0, 1]
    assert cover([{"a": SEEN}, {"a": WIDER}], [(Element("a"), 1)], 4) == [0, 1]


def test_covered_and_clipped_elements_are_not_shown() -> None:
    behind = [{"a": Box(0, 0, 9, 9, occluded=True)}, {"a": Box(0, 0, 9, 9, clipped=True)}]
    assert cover([*behind, {"a": SEEN}], [(Element("a"), 2)], 4) == [0, 2]


def test_the_share_of_equal_sizes_decides_about_fonts() -> None:
    boxes = {"a": Box(0, 0, 100, 20), "b": Box(0, 0, 100, 20), "c": HIDDEN}
    known = {"a": (100.9, 20.0), "b": (103.0, 20.0), "c": (5.0, 5.0), "d": (5.0, 5.0)}
    sizes = [(Element(key), *size) for key, size in known.items()]
    assert same_sizes(boxes, sizes) == 0.5
    assert same_sizes(boxes, []) is None


def test_coverage_counts_every_click_with_its_reason() -> None:
    item = background(
        "a",
        {
            "seen": SEEN,
            "hidden": HIDDEN,
            "clipped": Box(0, 0, 9, 9, clipped=True),
            "covered": Box(0, 0, 9, 9, occluded=True),
            "deep": Box(0, 5000, 9, 9),
        },
    )
    clicks = on(seen=5, hidden=1, clipped=1, covered=1, deep=1, gone=1, nothing=1)
    found = coverage(item, clicks)
    assert found.placed == 5
    assert found.unplaced == dict.fromkeys(
        (
            Unplaced.HIDDEN,
            Unplaced.CLIPPED,
            Unplaced.COVERED,
            Unplaced.OUTSIDE,
            Unplaced.GONE,
            Unplaced.NO_ELEMENT,
        ),
        1.0,
    )
    assert found.share == 5 / 11
    assert coverage(item, {}).share == 1.0


UNUSABLE, SHIFTED, TRUE = (
    Measured(verdict=verdict, clicks=9) for verdict in get_args(Verdict)[::-1]
)
MENU = State("menu")


def among(*shown: tuple[Background, float], device: int | None = None) -> str:
    """Return the id of the best of some pictures, each with the clicks that it shows."""
    found = best([Candidate(*one) for one in shown], device)
    return found.id if found else ""


def test_the_picture_that_shows_most_is_taken() -> None:
    found, opened = background("found", {}), background("opened", {}, state=MENU, seen_ms=9)
    assert among() == ""
    assert among((found, 60.0), (opened, 90.0)) == "opened"
    assert among((found, 90.0), (opened, 96.0)) == "opened"  # 6 % were once given away
    assert among((found, 995.0), (opened, 1000.0)) == "found"  # costs nothing worth noting


def test_between_equals_the_truer_then_the_newer_is_taken() -> None:
    shifted = background("shifted", {}, measured=SHIFTED, seen_ms=9)
    old, new = (background(f"true {ms}", {}, measured=TRUE, seen_ms=ms) for ms in (1, 2))
    assert among((shifted, 9.0), (old, 9.0), (new, 9.0)) == "true 2"
    assert among((shifted, 10.0), (old, 9.0)) == "shifted"


def test_no_picture_that_is_not_usable_while_there_is_another() -> None:
    bare = background("bare", {}, measured=UNUSABLE)
    assert among((bare, 100.0), (background("some", {}, measured=SHIFTED), 1.0)) == "some"
    assert among((bare, 100.0)) == ""
    assert among((background("own", {}, measured=UNUSABLE, pinned=True), 0.0), (bare, 9.0)) == "own"


def test_the_picture_is_of_the_device_that_is_asked_for() -> None:
    desktop, phone = background("desktop", {}), background("phone", {}, viewport_w=390)
    both = ((desktop, 90.0), (phone, 100.0))
    assert among(*both, device=2) == "desktop"
    assert among(*both, device=0) == "phone"
    assert among(*both, device=1) == "phone"  # there is none of a tablet
    assert among((desktop, 40.0), (phone, 100.0), device=2) == "phone"  # it would hide too much


def test_the_pictures_of_the_best_recordings_stay() -> None:
    clicks = on(a=1.0, b=1.0)
    poor = background("poor", {"a": SEEN})
    rich = [
        background("rich", {"a": SEEN}),
        background("rich 2", {"b": SEEN}, session_id="rich", state=MENU),
    ]
    mine = background("mine", {}, origin="upload")
    live = [background(f"live {n}", {}, origin="url", created_ms=n) for n in (1, 2)]
    assert to_keep([poor, *rich, mine, *live], clicks, 2, 1000) == [mine, live[1], *rich]
    assert to_keep([poor, *rich], clicks, 3, 1000) == rich  # it shows nothing more
    wide = background("wide", {"a": SEEN}, viewport_w=1920)
    assert to_keep([wide, *rich], clicks, 3, 1000) == [*rich, wide]
    assert to_keep([poor, *rich], clicks, 2, 1000) == rich
    bare = background("bare", {"a": SEEN, "b": SEEN}, seen_ms=9, measured=UNUSABLE)
    assert to_keep([bare, *rich], clicks, 3, 1000) == rich
    assert to_keep([bare], clicks, 3, 1000) == [bare]
    fresh = background("fresh", {"a": SEEN}, seen_ms=5000)
    assert to_keep([*rich, fresh], clicks, 3, 1000) == [fresh, *rich]
    assert to_keep([*rich, fresh], clicks, 2, 1000) == [fresh]
