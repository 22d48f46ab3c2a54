"""Photographs must not change what is photographed, and a click hits what the browser says."""

from playwright.sync_api import Browser

from tests.accuracy.corpus import Site
from tests.accuracy.driving import TRUTH, Driver, photograph
from tests.accuracy.serving import Corpus

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


PHONE = b"""<!doctype html><html><head><meta name="viewport" content="width=device-width"></head>
<body style="margin:0"><p style="margin:0;height:100px">Around</p>
<button style="display:block;width:200px;height:60px" onclick="1">Buy</button></body></html>"""


def test_the_truth_of_a_tap_is_what_the_browser_gave_it_to(chromium: Browser) -> None:
    """A finger that lands 2 px above a button presses the button."""
    corpus = Corpus()
    try:
        driver = Driver(chromium, corpus, 390)
        site = Site("phone", made={"index.html": lambda: PHONE})
        recorded = driver.record(site, b"", {}, [{"click": [100, 98]}, {"click": [300, 20]}])
    finally:
        corpus.shutdown()

    assert [one["tag"] for one in recorded.clicks] == ["BUTTON", "P"]
    assert recorded.clicks[0]["page"][1] >= 100
