"""Which states are pictured, which picture serves a scope, which pictures stay."""

from isotherm.model import Background, Box, Unplaced
from isotherm.model.elements import Element
from isotherm.render.choose import best, coverage, to_keep
from isotherm.render.states import cover, fit, moments

SEEN, HIDDEN = Box(0, 0, 10, 10), Box(0, 0, 0, 0, visible=False)
MOVED, WIDER = Box(0, 24, 10, 10), Box(0, 0, 24, 10)


def on(**clicks: float) -> dict[Element, float]:
    """Return clicks by element; `nothing` is what the senders did not name."""
    return {Element("" if key == "nothing" else key): n for key, n in clicks.items()}


def background(name: str, boxes: dict[str, Box], **known: object) -> Background:
    values = {
        "application": "shop",
        "page": "/",
        "state": "initial",
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


def test_fit_is_the_share_of_equal_sizes() -> None:
    boxes = {"a": Box(0, 0, 100, 20), "b": Box(0, 0, 100, 20), "c": HIDDEN}
    known = {"a": (100.9, 20.0), "b": (103.0, 20.0), "c": (5.0, 5.0), "d": (5.0, 5.0)}
    sizes = [(Element(key), *size) for key, size in known.items()]
    assert fit(boxes, sizes) == 0.5
    assert fit(boxes, []) is None


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


def test_the_best_background_places_most_then_fits_then_is_new() -> None:
    clicks = on(a=9.0, b=1.0)
    both = background("both", {"a": SEEN, "b": SEEN}, fit=0.5)
    one = background("one", {"a": SEEN}, fit=1.0, seen_ms=9)
    fitting = background("fitting", {"a": SEEN, "b": SEEN}, fit=0.9)
    newer = background("newer", {"a": SEEN, "b": SEEN}, fit=0.9, seen_ms=5)
    phone = background("phone", {"a": SEEN, "b": SEEN}, fit=1.0, viewport_w=390)
    pinned = background("pinned", {}, pinned=True)
    assert best([], clicks) is None
    assert best([one, both], clicks) is both
    assert best([one, both, fitting], clicks) is fitting
    assert best([fitting, newer], clicks) is newer
    assert best([newer, phone], clicks, viewport_w=1500) is newer
    assert best([newer, phone], clicks, viewport_w=400) is phone
    assert best([one, newer, pinned], clicks) is pinned
    assert best([phone, newer], clicks | on(c=1.0)) is phone  # fits better


def test_the_page_as_found_stands_for_it_unless_another_state_places_much_more() -> None:
    found = background("found", {"a": SEEN, "b": HIDDEN})
    opened = background("opened", {"a": SEEN, "b": SEEN}, state="state 2", seen_ms=9)
    assert best([opened, found], on(a=96.0, b=4.0)) is found
    assert best([opened, found], on(a=90.0, b=10.0)) is opened


def test_the_pictures_of_the_best_recordings_stay() -> None:
    clicks = on(a=1.0, b=1.0)
    poor = background("poor", {"a": SEEN})
    rich = [
        background("rich", {"a": SEEN}),
        background("rich 2", {"b": SEEN}, session_id="rich", state="state 2"),
    ]
    mine = background("mine", {}, origin="upload")
    live = [background(f"live {n}", {}, origin="url", created_ms=n) for n in (1, 2)]
    assert to_keep([poor, *rich, mine, *live], clicks, 2, 1000) == [mine, live[1], *rich]
    assert to_keep([poor, *rich], clicks, 3, 1000) == rich  # it shows nothing more
    wide = background("wide", {"a": SEEN}, viewport_w=1920)
    assert to_keep([wide, *rich], clicks, 3, 1000) == [*rich, wide]
    assert to_keep([poor, *rich], clicks, 2, 1000) == rich
    fresh = background("fresh", {"a": SEEN}, seen_ms=5000)
    assert to_keep([*rich, fresh], clicks, 3, 1000) == [fresh, *rich]
    assert to_keep([*rich, fresh], clicks, 2, 1000) == [fresh]
