"""Images without a size on a recorded page: how large they were is told by the clicks below."""

from isotherm.render.images import Anchor, sizes_from
from isotherm.render.messages import ImageBox


def image(node: int, top: float, **more: bool) -> ImageBox:
    """Return an image as Chromium shows one without a file: 150 px high, as wide as its room."""
    return ImageBox(node, top, 600, 150, room=600, any_width=more.get("any_width", False))


def test_an_image_is_as_high_as_what_the_click_below_lacks() -> None:
    assert sizes_from([image(1, 0)], [Anchor(170, 250)], {}, None) == {1: (600, 400)}


def test_a_photo_of_unknown_width_stays_in_its_room() -> None:
    sizes = sizes_from([image(1, 0, any_width=True)], [Anchor(170, -50)], {}, None)
    assert sizes == {1: (150, 100)}
    sizes = sizes_from([image(1, 0, any_width=True)], [Anchor(170, 850)], {}, None)
    assert sizes == {1: (600, 1000)}


def test_each_click_tells_of_the_images_above_it_that_no_other_told_of() -> None:
    images = [image(1, 0), image(2, 200), image(3, 400), image(4, 1000)]
    anchors = [Anchor(170, 50), Anchor(600, 350)]
    assert sizes_from(images, anchors, {}, None) == {1: (600, 200), 2: (600, 300), 3: (600, 300)}


def test_images_side_by_side_move_what_is_below_once() -> None:
    sizes = sizes_from([image(1, 0), image(2, 10), image(3, 20)], [Anchor(180, 50)], {}, None)
    assert sizes == dict.fromkeys((1, 2, 3), (600, 200))


def test_a_clicked_image_has_the_size_that_the_click_told() -> None:
    images, clicked = [image(1, 0), image(2, 200)], {1: (600.0, 250.0)}
    sizes = sizes_from(images, [Anchor(370, 150)], clicked, None)
    assert sizes == {1: (600, 250), 2: (600, 200)}


def test_the_end_of_the_page_tells_of_the_last_images() -> None:
    assert sizes_from([image(1, 0)], [], {}, Anchor(900, 30)) == {1: (600, 180)}
    assert sizes_from([image(1, 0)], [], {}, None) == {}


def test_what_moved_up_further_than_images_can_shrink_moved_for_another_reason() -> None:
    assert sizes_from([image(1, 0)], [Anchor(170, -400)], {}, None) == {}


def test_no_image_is_blown_up_for_what_moved_for_another_reason() -> None:
    assert sizes_from([image(1, 0)], [Anchor(170, 5_000)], {}, None) == {}
    wide = ImageBox(1, 0, 300, 150, any_width=True, room=1440)
    assert sizes_from([wide], [Anchor(170, 850)], {}, None) == {1: (800, 1000)}
    assert sizes_from([wide], [Anchor(170, 5_000)], {}, None) == {}


def hidden(node: int, top: float) -> ImageBox:
    return ImageBox(node, top, 300, 100, any_width=False, room=300, hidden=True)


def test_what_a_hidden_part_lacks_are_its_margins() -> None:
    assert sizes_from([hidden(1, 0)], [Anchor(120, 30)], {}, None) == {1: (300, 130)}
    assert sizes_from([hidden(1, 0)], [], {}, Anchor(900, 10)) == {1: (300, 110)}
    assert sizes_from([hidden(1, 0)], [Anchor(120, 400)], {}, None) == {}
    assert sizes_from([hidden(1, 0)], [Anchor(120, -30)], {}, None) == {}


def test_between_an_image_and_a_hidden_part_the_image_is_what_lacks() -> None:
    both = [image(1, 0), hidden(2, 200)]
    assert sizes_from(both, [Anchor(400, 50)], {}, None) == {1: (600, 200)}
    each = [Anchor(170, 50), Anchor(400, 70)]
    assert sizes_from(both, each, {}, None) == {1: (600, 200), 2: (300, 120)}
