"""Draws the packages of the backend and the imports between them, from the code: a Mermaid diagram.

`python -m tests.structure.packages` writes it into ARCHITECTURE.md; a test compares.
"""

from collections import Counter
from pathlib import Path

import grimp

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "ARCHITECTURE.md"
BEGIN, END = "<!-- packages: begin -->\n", "<!-- packages: end -->\n"
TAKES = {
    "intake": "HTTP body of an SDK → events",
    "pipeline": "events → rows and pictures",
    "storage": "DuckDB, ClickHouse, InfluxDB, files, saved heatmaps",
    "replay": "recording → documents, clicks, scrolls",
    "render": "document or URL → picture with boxes",
    "query": "question and scope → frame",
    "api": "HTTP: Grafana's protocols, pages",
    "app": "settings, wiring, commands, demo",
    "model": "events, scopes, backgrounds, geometry",
}


def diagram() -> str:
    """Return the Mermaid text: one node per package, one arrow per pair that imports."""
    graph = grimp.build_graph("isotherm", cache_dir=None)
    arrows: Counter[tuple[str, str]] = Counter()
    for importer in graph.modules:
        for imported in graph.find_modules_directly_imported_by(importer):
            pair = (_package(importer), _package(imported))
            if pair[0] != pair[1] and set(pair) <= TAKES.keys():
                arrows[pair] += 1
    lines = ["```mermaid", "flowchart TD"]
    lines += [f'  {package}["<b>{package}</b><br/>{words}"]' for package, words in TAKES.items()]
    lines += [
        f"  {one} --> {other}"
        for one, other in sorted(arrows)
        if other != "model"
        and one != "app"  # every package imports model; app imports every package
    ]
    return "\n".join([*lines, "```", ""])


def _package(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


def written() -> str:
    """Return the diagram that ARCHITECTURE.md has."""
    return PAGE.read_text(encoding="utf-8").split(BEGIN)[1].split(END)[0]


if __name__ == "__main__":
    text = PAGE.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    PAGE.write_text(before + BEGIN + diagram() + END + rest.split(END)[1], encoding="utf-8")
