"""Drawing a page's heat in Chromium against heatmap.js: the same cells, the same radius."""

import os
import shutil
import subprocess
from pathlib import Path

import numpy as np
from playwright.sync_api import sync_playwright

from tests.bench.figures import Figure, Times
from tests.bench.work import Work

CELLS, WIDTH, HEIGHT = 50_000, 1440, 6000
RADIUS = 28  # page px, as in the workspace
TILE = 240  # px, as in the workspace
RUNS = 9

_HERE = Path(__file__).parent
_PLUGIN = _HERE.parents[2] / "grafana-plugin"


def measure(work: Work) -> list[Figure]:
    """Draw both in one page by turns. Raises RuntimeError when one of them draws nothing."""
    script = work.root / "draw.js"
    _bundle(script)
    found = os.environ.get("CHROMIUM") or shutil.which("chromium")
    spent: dict[str, list[float]] = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": WIDTH, "height": 900})
        page.set_content("<body style='margin:0'></body>")
        page.add_script_tag(path=script)
        for run in range(RUNS + 1):
            drawn = page.evaluate("(page) => draw(page)", _page(seed=run))
            for name, one in drawn.items():
                if one["painted"] < CELLS:
                    raise RuntimeError(f"{name} has painted {one['painted']} pixels only")
                spent.setdefault(name, []).append(one["ms"])
        browser.close()
    ours, theirs = (Times(ms[1:]) for ms in spent.values())  # the first run compiles
    return [
        Figure(
            f"drawing {CELLS:,} cells over {WIDTH} x {HEIGHT} px",
            str(ours),
            f"heatmap.js {theirs}",
            ratio=theirs.median / ours.median,
            least=5.0,
            unit="x faster",
        )
    ]


def _page(seed: int) -> dict[str, object]:
    """Return clicks around 200 elements, in the order in which the server sends cells."""
    random = np.random.default_rng(seed)
    around = random.integers(0, 200, CELLS)
    x = random.uniform(0, WIDTH, 200)[around] + random.normal(0, 40, CELLS)
    y = random.uniform(0, HEIGHT, 200)[around] + random.normal(0, 15, CELLS)
    x, y = np.clip(x, 0, WIDTH - 1).astype(int), np.clip(y, 0, HEIGHT - 1).astype(int)
    order = np.lexsort((x, y))
    points = {
        "x": x[order].tolist(),
        "y": y[order].tolist(),
        "value": random.geometric(0.3, CELLS).tolist(),
    }
    return {"width": WIDTH, "height": HEIGHT, "radius": RADIUS, "tile": TILE, "points": points}


def _bundle(script: Path) -> None:
    command = [
        _PLUGIN / "node_modules/.bin/esbuild", _HERE / "draw.ts", "--bundle", "--format=iife",
        f"--outfile={script}", "--log-level=warning",
    ]  # fmt: skip
    subprocess.run(command, check=True)
