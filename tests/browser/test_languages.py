"""The page in Chinese: no English words of ours, numbers and dates its own way."""

import json
import re
import urllib.request
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import DESKTOP, opened
from tests.browser.scenario import DATADOG, EVER, address, ask, open_map, rows

pytestmark = pytest.mark.alone("the language there is that of Grafana's user")

TECHNICAL = set(
    re.findall(
        r"\w+",
        """Isotherm SDK RUM Datadog Guance Grafana Faro Chromium rrweb setUser id px connect src
        doctor demo isotherm dead capture trackUserInteractions startSessionReplayRecording
        sessionReplaySampleRate true Inferno Cividis Viridis kestrel shop CSV PNG SVG URL
        env nowhere Shift TrueWatch setView startView page rules
        ISOTHERM PAGE RULES product""",
    )
)
"""Names that are the same in every language."""

SAID = """() => {
  const said = [];
  const own = (node) => !node.closest('[lang]:not(html), pre, code, iframe');
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const parent = walk.currentNode.parentElement;
    if (!['SCRIPT', 'STYLE', 'NOSCRIPT'].includes(parent.tagName) && own(parent)) {
      said.push(walk.currentNode.data);
    }
  }
  const names = ['aria-label', 'title', 'placeholder', 'alt', 'aria-valuetext'];
  for (const node of document.body.querySelectorAll(names.map((name) => `[${name}]`).join())) {
    for (const name of names) {
      if (node.hasAttribute(name) && own(node)) said.push(node.getAttribute(name));
    }
  }
  return said;
}"""


@pytest.fixture
def chinese(chromium: Browser) -> Iterator[Page]:
    """Yield a desktop page of a browser that asks for Chinese."""
    yield from opened(chromium, DESKTOP, touch=False, colours="light", locale="zh-CN")


def listed(base: str, path: str) -> str:
    with urllib.request.urlopen(f"{base}/api/v1/{path}", timeout=30) as answer:
        text: str = answer.read().decode()
    return text


def english_of_the_data(base: str) -> set[str]:
    """Return the words that the site itself brings: pages, elements, browsers, its own fields."""
    known = [json.dumps(rows(ask(base, question))) for question in ("actions", "replays")]
    applications = listed(base, f"applications?from=0&to={4_000_000_000_000}")
    known.append(applications)
    # Home shows pages of all applications, and a page's path is a word of its site.
    known += [
        listed(base, f"pages?{urlencode({'application': one['application']})}&from=0")
        for one in json.loads(applications)["applications"]
    ]
    facets = json.loads(listed(base, f"facets?application={DATADOG}&from=0"))["facets"]
    known += [facet["key"] for facet in facets if facet["custom"]]
    for facet in ("browser", "os", "device", "country", "service", "version", "env"):
        known.append(listed(base, f"facets/{facet}/values?application={DATADOG}&from=0"))
    return set(re.findall(r"[A-Za-z]+", " ".join(known)))


def foreign(page: Page, known: set[str]) -> list[str]:
    """Return what the page says with English words that are neither names nor the site's own."""
    said: list[str] = page.evaluate(SAID)
    words = {text: set(re.findall(r"[A-Za-z]{2,}", text)) - known for text in said}
    return sorted({f"{text.strip()} {sorted(rest)}" for text, rest in words.items() if rest})


def test_no_english_words_are_left_in_chinese(chinese: Page, served: str) -> None:
    known = TECHNICAL | english_of_the_data(served)
    found: dict[str, list[str]] = {}

    def look(where: str) -> None:
        chinese.wait_for_load_state("networkidle")
        found[where] = foreign(chinese, known)

    for screen in ("", "new", "shares", "health"):
        chinese.goto(address(served, **({"screen": screen} if screen else {})))
        expect(chinese.locator("html")).to_have_attribute("lang", "zh-Hans")
        look(screen or "home")
    for kind in ("clicks", "elements", "scroll"):
        open_map(chinese, served, map=kind)
        look(kind)
    chinese.get_by_role("button", name="选择页面截图").click()
    look("backgrounds")
    open_map(chinese, served)
    chinese.get_by_role("button", name="按字段筛选").click()
    look("filters")
    open_map(chinese, served, action=rows(ask(served, "actions"))[0]["element"])
    look("details")
    chinese.goto(address(served, app=DATADOG, page="/", filter="env|%3D|nowhere"))
    expect(chinese.get_by_test_id("empty")).to_be_visible()
    look("nothing")
    session = next(row for row in rows(ask(served, "replays")) if row["has_replay"])
    chinese.goto(address(served, screen="replay", app=DATADOG, session=session["session"]))
    expect(chinese.get_by_test_id("player").locator("iframe")).to_be_visible()
    played = listed(served, f"replays/{session['session']}?application={DATADOG}&format=rrweb")
    clicked = " ".join(click["label"] for click in json.loads(played)["clicks"])
    known |= set(re.findall(r"[A-Za-z]+", clicked))
    look("replay")
    assert {where: said for where, said in found.items() if said} == {}


def test_the_language_is_switched_kept_and_taken_from_the_address(
    desktop: Page, served: str
) -> None:
    desktop.goto(address(served))
    expect(desktop.get_by_role("heading", name="Where to look")).to_be_visible()
    desktop.get_by_role("button", name="中文").click()
    expect(desktop.get_by_role("heading", name="该看哪里")).to_be_visible()
    desktop.reload()
    expect(desktop.get_by_role("heading", name="该看哪里")).to_be_visible()
    desktop.goto(address(served, lang="en"))
    expect(desktop.get_by_role("heading", name="Where to look")).to_be_visible()


def test_numbers_and_times_are_written_in_the_language(chinese: Page, served: str) -> None:
    open_map(chinese, served, **EVER)
    stats = rows(ask(served, "page_stats"))[0]
    region = chinese.get_by_role("region", name="页面统计").first
    expect(region).to_contain_text(f"{stats['views']:.0f} 次浏览")
    seconds = round(stats["average_time_ms"] / 1000)
    expect(region).to_contain_text(f"{seconds}秒")
