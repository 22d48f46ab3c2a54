"""Reading a recording of a site with CSS in JavaScript, beside what rrweb's own player needs."""

import json
import os
import shutil
import statistics
import time
from pathlib import Path
from typing import Any

import msgspec
from playwright.sync_api import Page, sync_playwright

from isotherm.replay.derive.session import derive
from isotherm.replay.derive.signal_rules import SignalRules
from isotherm.replay.recording import recordings_of
from tests.bench.figures import Figure
from tests.bench.work import Work
from tests.replay.events import meta, rrweb

RRWEB = Path(__file__).parents[2] / "grafana-plugin/node_modules/rrweb/dist/rrweb.umd.min.cjs"
RUNS = 5
STATES = 20
MB_PER_S = 20
BATCH = 2_000  # events of one request
_SITE = """<!doctype html><head><style id="css"></style></head><body><button>More</button>
<table></table></body>"""
_LIVE = """async () => {
  const sheet = document.querySelector('#css').sheet, table = document.querySelector('table');
  const rule = (text) => sheet.insertRule(text, sheet.cssRules.length);
  const styled = (name, n) => {  // as emotion and styled-components do, rule by rule
    rule(`.${name}{padding:${n % 9}px;color:rgb(${n % 255},3,${(n * 7) % 255});display:flex;}`);
    rule(`.${name}:hover{background:#${(n * 4099).toString(16).padStart(6, '0').slice(-6)};}`);
    rule(`@media (min-width: 600px){.${name}{margin:${n % 5}px;}}`);
    return name;
  };
  for (let tick = 0; tick < 100; tick++) {
    for (let cell = 0; cell < 120; cell++) {
      const td = document.createElement('td');
      td.className = styled(`css-${tick}x${cell}`, tick * 120 + cell);
      td.textContent = `Cell ${cell} at ${tick}`;
      if (cell % 8 === 0) table.append(document.createElement('tr'));
      table.lastChild.append(td);
    }
    if (tick > 4) for (let row = 0; row < 15; row++) table.firstChild.remove();
    await new Promise((done) => setTimeout(done, 5));
  }
}"""
_PLAY = """(events) => {
  const box = document.createElement('div');
  document.body.append(box);
  const start = performance.now();
  const player = new rrweb.Replayer(JSON.parse(events), { root: box, mouseTail: false });
  player.pause(player.getMetaData().totalTime);
  const ms = performance.now() - start;
  player.destroy();
  box.remove();
  return ms;
}"""


def measure(work: Work) -> list[Figure]:
    """Record a page, then read it whole and take states, beside rrweb's player at its end."""
    found = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        try:
            events = _recorded(browser.new_page())
            work.say(f"{len(events):,} events recorded")
            text = json.dumps(events, separators=(",", ":"))
            player = browser.new_page()
            player.set_content("<!doctype html><body></body>")
            player.add_script_tag(path=RRWEB)
            theirs, whole, cpu, states = [], [], [], []
            segments = _segments(events)
            for _ in range(RUNS):
                theirs.append(player.evaluate(_PLAY, text))
                started = time.process_time()
                whole.append(_ms(lambda: derive(segments, SignalRules(), lambda url, _: url)))
                cpu.append((time.process_time() - started) * 1000)
                states.append(_ms(lambda: _states(segments)))
        finally:
            browser.close()
    size = len(text) / 1e6
    rate = size / statistics.median(cpu) * 1000
    what = f"recording of {size:.1f} MB, {len(events):,} events"
    times = f"{min(whole):,.0f} / {statistics.median(whole):,.0f} ms"
    player_ms = statistics.median(theirs)
    against = f"rrweb's player in Chromium: {player_ms:,.0f} ms"
    return [
        Figure(f"reading a {what}", f"{times}, {rate:.0f} MB/s", f"{MB_PER_S} MB/s a core",
               ratio=rate / MB_PER_S, least=1.0),
        Figure("the same", times, against, ratio=statistics.median(whole) / player_ms),
        Figure(f"{STATES} states of it for pictures",
               f"{min(states):,.0f} / {statistics.median(states):,.0f} ms", against,
               ratio=statistics.median(states) / player_ms),
    ]  # fmt: skip


def _recorded(page: Page) -> list[dict[str, Any]]:
    page.set_content(_SITE)
    page.add_script_tag(path=RRWEB)
    page.evaluate("() => { window.events = []; rrweb.record({ emit: (e) => events.push(e) }); }")
    page.click("button")
    page.evaluate(_LIVE)
    page.click("button")
    events: list[dict[str, Any]] = json.loads(page.evaluate("JSON.stringify(events)"))
    page.close()
    return events


def _segments(events: list[dict[str, Any]]) -> list[Any]:
    parts = [events[at : at + BATCH] for at in range(0, len(events), BATCH)]
    return [
        msgspec.structs.replace(
            rrweb(meta()),
            segment_id=f"part {number}",
            body=msgspec.json.encode(part),
            time_ms=part[0]["timestamp"],
            end_ms=part[-1]["timestamp"],
        )
        for number, part in enumerate(parts)
    ]


def _states(segments: list[Any]) -> int:
    (recording,) = recordings_of(segments)
    step = (recording.end_ms - recording.start_ms) // STATES
    return sum(
        len(recording.state_at(recording.start_ms + step * number).snapshot().nodes)
        for number in range(1, STATES + 1)
    )


def _ms(work: Any) -> float:
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000
