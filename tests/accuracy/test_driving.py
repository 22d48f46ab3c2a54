"""Photographs must not change what is photographed."""

from playwright.sync_api import Browser

from tests.accuracy.driving import TRUTH, photograph

PAGE = """<!doctype html><body style="margin:0;height:3000px">
<script>window.turned = 0; addEventListener('resize', () => { turned += 1 })</script>"""


def test_a_page_does_not_see_that_its_window_changes_for_a_photo(chromium: Browser) -> None:
    context = chromium.new_context(viewport={"width": 390, "height": 844}, is_mobile=True)
    context.add_init_script(TRUTH)
    page = context.new_page()
    page.goto(f"data:text/html,{PAGE}")  # `set_content` would take the listeners away

    photograph(page)
    after_photo = page.evaluate("turned")
    page.set_viewport_size({"width": 844, "height": 390})
    page.wait_for_function("turned > 0")

    assert after_photo == 0
    context.close()
