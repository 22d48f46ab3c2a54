"""What the picture maker asks about a page is the same from every store."""

from typing import Any

from isotherm.pipeline.pictures.page_facts import (
    elements,
    latest_url,
    recorded_elements,
    recorded_visits,
    usual_height,
    visited_urls,
    visits,
)

URL = "https://shop.example.test/"


def test_facts_of_a_page(engine: Any, scenario: Any) -> None:
    seen: dict[str, Any] = {"viewport_w": 1440, "viewport_h": 900, "page_height_px": 2800.0}
    seen |= {"url": URL, "has_replay": True}
    sized: dict[str, Any] = {
        "element": "#buy",
        "element_w": 131.0,
        "element_h": 44.0,
        "viewport_w": 1440,
    }
    engine.append(
        [
            scenario.view(1, **seen),
            *(scenario.click(str(n), at=n, **sized) for n in range(3)),
            scenario.click("other", at=5, element="#more", viewport_w=1440),
        ]
    )
    targets, clicks = elements(engine, "shop", "/")
    assert [target.key for target in targets] == ["#buy", "#more"]
    assert {element.key: count for element, count in clicks.items()} == {"#buy": 3.0, "#more": 1.0}
    (visit,) = visits(engine, "shop", "/", 5)
    assert (visit.session_id, visit.view_id, visit.viewport_w) == ("s1", "v1", 1440)
    (recorded,) = recorded_visits(engine, 3, 10)
    assert (recorded.application, recorded.page, recorded.view_id) == ("shop", "/", "v1")
    known = recorded_elements(engine, "shop", "/", 1440)
    assert [(one.element.key, one.size) for one in known] == [("#buy", (131.0, 44.0))]
    assert usual_height(engine, "shop", "/", 1440) == 2800.0
    assert latest_url(engine, "shop", "/") == URL
    assert visited_urls(engine, "shop", 5) == [(URL, 1)]
