"""`make bench`: measures Isotherm beside its peers in one run and prints the ratios."""

import argparse
import os
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.bench import (
    appends,
    crowd,
    details,
    disk,
    drawing,
    fill,
    flux,
    heat,
    intake,
    linear,
    long_lists,
    other_pages,
    pictures,
    poison,
    reading,
    same_answers,
    screen,
    states,
    stored,
    top_elements,
)
from tests.bench.figures import Figure
from tests.bench.generate import Traffic
from tests.bench.work import Work

PARTS: dict[str, Callable[[Work], list[Figure]]] = {
    "heat": heat.measure,
    "states": states.measure,
    "top_elements": top_elements.measure,
    "crowd": crowd.measure,
    "other_pages": other_pages.measure,
    "disk": disk.measure,
    "details": details.measure,
    "intake": intake.measure,
    "stored": stored.measure,
    "appends": appends.measure,
    "fill": fill.measure,
    "same_answers": same_answers.measure,
    "flux": flux.measure,
    "reading": reading.measure,
    "screen": screen.measure,
    "drawing": drawing.measure,
    "long_lists": long_lists.measure,
    "pictures": pictures.measure,
    "poison": poison.measure,
    "linear": linear.measure,
}
VERDICTS = {True: "[green]met", False: "[red]missed", None: ""}


def main() -> None:
    """Run the measurements asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--actions", type=int, default=10_000_000, help="size of the store")
    parser.add_argument("--only", choices=PARTS, nargs="+", default=list(PARTS))
    asked = parser.parse_args()
    console = Console()
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="isotherm-bench-") as root:
        work = Work(Path(root), Traffic(asked.actions), console.print)
        for name in asked.only:
            console.print(f"Measuring {name} ...")
            found = PARTS[name](work)
            for one in found:  # a later one may fail
                console.print(f"  {one.what}: {one.measured}; {one.against}", soft_wrap=True)
            figures += found
    now, load = datetime.now(UTC), os.getloadavg()[0]
    console.print(
        table(figures, f"{now:%Y-%m-%d %H:%M} UTC, {os.cpu_count()} cores, load {load:.1f}")
    )


def table(figures: list[Figure], caption: str) -> Table:
    """Lay figures out; times are the fastest and the median run, ratios are of medians."""
    shown = Table(title="Isotherm's measurements (fastest / median run)", caption=caption)
    for heading in ("what", "measured", "compared with"):
        shown.add_column(heading, overflow="fold")
    for heading in ("ratio", "must be", ""):
        shown.add_column(heading, justify="right")
    for one in figures:
        ratio = "" if one.ratio is None else f"{one.ratio:.2f}"
        shown.add_row(one.what, one.measured, one.against, ratio, one.bar, VERDICTS[one.met])
    return shown


if __name__ == "__main__":
    main()
