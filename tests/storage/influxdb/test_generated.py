"""Generated traffic gives the same answers from the embedded store and from every InfluxDB."""

from pathlib import Path

from isotherm.app.wiring import Components
from isotherm.storage.influxdb.options import JournalOptions
from tests.bench.folders import fill
from tests.bench.generate import DAY_MS, Traffic
from tests.storage.influxdb.places import moved, places, settings_of
from tests.storage.influxdb.questions import answers

TRAFFIC = Traffic(actions=10_000, pages=12, elements_per_page=30, days=9)
SPAN = (TRAFFIC.start_ms, TRAFFIC.start_ms + (TRAFFIC.days + 2) * DAY_MS)


def test_generated_traffic_gives_the_same_answers_from_everywhere(
    options: JournalOptions, tmp_path: Path
) -> None:
    fill(tmp_path / "embedded", TRAFFIC)
    with Components(settings_of(tmp_path / "embedded", None)) as embedded:
        expected = answers(embedded, SPAN)
    assert len(expected["shop"]) > 60
    moved(tmp_path / "embedded", options)
    for name, components in places(tmp_path / "embedded", options, tmp_path):
        assert answers(components, SPAN) == expected, name
