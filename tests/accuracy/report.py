"""The report: tables for docs/accuracy.md, and the list of failing clicks."""

import os
import platform
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from tests.accuracy.applications import applications
from tests.accuracy.corpus import pages
from tests.accuracy.driving import WINDOWS
from tests.accuracy.measuring import Measured
from tests.accuracy.senders import USUAL, versions

Result = dict[str, Any]


def summary_line(one: Measured) -> str:
    """Return one run in one line."""
    row = figures([asdict(one)])
    return (
        f"{one.site:22} {one.sender:14} {one.width:5}  "
        f"clicks {row['clicks']:3}  counted {row['counted']:3}  right {row['right']:3}  "
        f"another {row['another']:2}  not drawn {row['not drawn']:2}  (at once "
        f"{row['right at once']}, coordinates {row['by coordinates']})  SSIM {row['SSIM']}  "
        f"{one.seconds:.0f} s for {one.pictures}"
    )


def figures(results: Iterable[Result]) -> dict[str, Any]:
    """Sum up runs."""
    results = list(results)
    clicks = [click for one in results for click in one["clicks"] if click["counts"]]
    extra = [click for one in results for click in one["clicks"] if not click["counts"]]
    verdicts = Counter(click["any_state"]["verdict"] for click in clicks)
    errors = [
        click["any_state"]["error_px"]
        for click in clicks
        if click["any_state"]["error_px"] is not None
    ]
    like = [value for one in results for value in one["likeness"].values()]
    pictures = sum(one["pictures"] for one in results)
    return {
        "clicks": len(clicks),
        "sent": sum(click["sent"] for click in clicks),
        "counted": sum(click["counted"] == 1 for click in clicks),
        "counted twice": sum(click["counted"] > 1 for click in clicks)
        + sum(click["counted"] > 0 for click in extra),
        "right": verdicts["right"],
        "another": verdicts["another"],
        "not drawn": verdicts["not drawn"],
        "right at once": sum(click["automatic"]["verdict"] == "right" for click in clicks),
        "by coordinates": sum(click["coordinates"]["verdict"] == "right" for click in clicks),
        "median": f"{np.median(errors):.1f}" if errors else NONE,
        "p95": f"{np.percentile(errors, 95):.1f}" if errors else NONE,
        "SSIM": f"{np.median(like):.2f}" if like else NONE,
        "s per picture": f"{sum(one['seconds'] for one in results) / pictures:.1f}"
        if pictures
        else NONE,
    }


COLUMNS = (
    "clicks", "sent", "counted", "right", "another", "not drawn", "right at once",
    "by coordinates", "median", "p95", "SSIM", "s per picture",
)  # fmt: skip

INTRODUCTION = Path(__file__).with_name("introduction.md")
BY_HAND = Path(__file__).with_name("by_hand.md")
"""What was tried beside it, with applications that are not installed here."""


def written(results: list[Result], failed: Sequence[str] = (), note: str = "") -> str:
    """Return the report as Markdown; `note` is about how it was measured."""
    small = [one for one in results if not one["application"]]
    big = [one for one in results if one["application"]]
    parts = [INTRODUCTION.read_text("utf-8"), _circumstances(results, note)]
    if failed:
        parts.append(f"Visits that could not be recorded or measured: {', '.join(failed)}.\n")
    parts.append(_not_run(big, list(applications()), failed, "Applications"))
    parts.append(_not_run(small, list(pages()), failed, "Small pages"))
    parts.append("## By sender\n\n### Applications that nobody here wrote\n")
    parts.append(_table(big, lambda one: one["sender"], "sender"))
    parts.append("\n### Small pages of one trouble each\n")
    parts.append(_table(small, lambda one: one["sender"], "sender"))
    parts.append("\n## By window width\n")
    parts.append(
        _table(
            results,
            lambda one: f"{'applications' if one['application'] else 'pages'}, {one['width']} px",
            "what, window",
        )
    )
    parts.append("\n## Why clicks are not drawn\n")
    parts.append(_reasons(results))
    parts.append("\n## By application and sender\n")
    parts.append(
        _table(
            big,
            lambda one: f"{one['site']}, {one['sender']}, {one['width']} px",
            "application, sender, window",
        )
    )
    parts.append("\n## By page and sender\n")
    parts.append(_table(small, lambda one: f"{one['site']}, {one['sender']}", "page, sender"))
    parts.append(f"\n{BY_HAND.read_text('utf-8')}")
    return "\n".join(parts)


def failing(results: list[Result]) -> str:
    """Return every click that is not right, with what is known of it."""
    lines = [
        "| site | sender | window | clicked | verdict | why, or drawn on | box | drawn | key |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for one in results:
        for click in one["clicks"]:
            seen = click["any_state"]
            wrong = seen["verdict"] != "right" or click["counted"] != 1
            if not click["counts"] or not wrong:
                continue
            verdict = seen["verdict"]
            if not click["sent"]:
                verdict = "not sent"
            elif click["counted"] != 1:
                verdict = f"counted {click['counted']:g} times"
            cells = (
                one["site"], one["sender"], one["width"], click["clicked"], verdict,
                seen["reason"] or seen["on"], _short(click["box"]), _short(seen["box"]),
                f"`{click['element']}`",
            )  # fmt: skip
            lines.append("| " + " | ".join(_cell(cell) for cell in cells) + " |")
    return "\n".join(lines) + "\n"


NONE = "-"  # nothing to measure
SDKS = (
    "rrweb", "@datadog/browser-rum", "@grafana/faro-web-sdk",
    "@grafana/faro-instrumentation-replay",
)  # fmt: skip
APPLICATIONS = (
    "swagger-ui-dist", "redoc", "startbootstrap-sb-admin-2", "@mui/material", "ag-grid-community",
    "quill", "@excalidraw/excalidraw",
)  # fmt: skip


def _not_run(results: list[Result], names: Sequence[str], failed: Sequence[str], what: str) -> str:
    """Say which visits of a whole run there are no figures of."""
    there = {f"{one['site']}.{one['sender']}.{one['width']}" for one in results} | set(failed)
    left = []
    for width, sender in product(sorted(WINDOWS, reverse=True), USUAL):
        lacking = [name for name in names if f"{name}.{sender}.{width}" not in there]
        if lacking:
            which = "all" if len(lacking) == len(names) else ", ".join(lacking)
            left.append(f"- {sender} at {width} px: {which}")
    return "\n".join([f"{what} without figures:\n", *left, ""]) if left else ""


def _circumstances(results: list[Result], note: str) -> str:
    known = versions()
    sdks, applications = (
        ", ".join(f"{name} {known[name]}" for name in names) for names in (SDKS, APPLICATIONS)
    )
    visits = Counter(f"{one['sender']} at {one['width']} px" for one in results)
    return (
        f"Measured on {datetime.now(UTC):%Y-%m-%d} on {os.cpu_count()} cores "
        f"({platform.machine()}, {platform.system()}). {note + ' ' if note else ''}Visits: "
        f"{', '.join(f'{name} {count}' for name, count in sorted(visits.items()))}.\n\n"
        f"SDKs: {sdks}. `faro` shows text and has `inlineStylesheet: true`; `faro-defaults` masks "
        "text and has no linked style sheets. Guance's SDK is not on npm, so it is left out.\n\n"
        f"Applications: {applications}, mkdocs-material {version('mkdocs-material')}.\n"
    )


def _table(results: list[Result], key: Callable[[Result], str], heading: str) -> str:
    groups: dict[str, list[Result]] = defaultdict(list)
    for one in results:
        groups[key(one)].append(one)
    lines = [f"| {heading} | " + " | ".join(COLUMNS) + " |", "|---|" + "---:|" * len(COLUMNS)]
    for name in sorted(groups):
        row = figures(groups[name])
        lines.append(f"| {name} | " + " | ".join(str(row[column]) for column in COLUMNS) + " |")
    return "\n".join(lines) + "\n"


def _reasons(results: list[Result]) -> str:
    senders = sorted({one["sender"] for one in results})
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for one in results:
        for click in one["clicks"]:
            if click["counts"] and click["any_state"]["verdict"] == "not drawn":
                reason = click["any_state"]["reason"] if click["sent"] else "not sent by the SDK"
                counts[reason][one["sender"]] += 1
    lines = ["| reason | " + " | ".join(senders) + " |", "|---|" + "---:|" * len(senders)]
    for reason, row in sorted(counts.items()):
        lines.append(f"| {reason} | " + " | ".join(str(row[name]) for name in senders) + " |")
    return "\n".join(lines) + "\n"


def _short(box: Sequence[float] | None) -> str:
    return " ".join(f"{value:.0f}" for value in box) if box else ""


def _cell(value: object) -> str:
    return str(value).replace("|", "\\|").replace("\n", " ")
