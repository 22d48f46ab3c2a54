"""Every question, of the embedded store and of every engine that reads the same from InfluxDB."""

import tempfile
from dataclasses import replace
from pathlib import Path

from isotherm.app.wiring import Components
from tests.bench.figures import Figure
from tests.bench.fill import FACETS, PAGES, ROWS
from tests.bench.generate import DAY_MS
from tests.bench.influx import servers
from tests.bench.work import Work
from tests.storage.influxdb.places import moved, places, settings_of
from tests.storage.influxdb.questions import Answers, answers


def measure(work: Work) -> list[Figure]:
    """Count the answers that are the same, byte by byte, on each InfluxDB that there is."""
    actions = min(ROWS, work.traffic.actions)
    traffic = replace(work.traffic, actions=actions, pages=PAGES, facets=FACETS)
    folder = work.made("fill", traffic)
    span = (traffic.start_ms, traffic.start_ms + (traffic.days + 2) * DAY_MS)
    with Components(settings_of(folder, None)) as embedded:
        expected = answers(embedded, span)
    figures = []
    for version, options in servers():
        work.say(f"Moving the rows into InfluxDB {version} ...")
        moved(folder, options)
        with tempfile.TemporaryDirectory(dir=work.root) as root:
            for name, components in places(folder, options, Path(root)):
                work.say(f"Asking the {name} engine on InfluxDB {version} ...")
                found = answers(components, span)
                figures.append(
                    _figure(f"InfluxDB {version}, {name} engine", actions, expected, found)
                )
    return figures


def _figure(where: str, actions: int, expected: Answers, found: Answers) -> Figure:
    ((application, asked),) = expected.items()
    same = sum(found.get(application, {}).get(query) == answer for query, answer in asked.items())
    return Figure(
        f"same answers over {actions:,} actions: {where}",
        f"{same} of {len(asked)} questions",
        "the embedded store",
        ratio=same / len(asked),
        least=1.0,
    )
