"""A process that writes saved things while others do: `python -m tests.storage.saved.writer`.

It opens the database, says so, waits until stdin ends, and then does everything `TIMES` times.
"""

import json
import sys
from pathlib import Path

import msgspec

from isotherm.model.errors import Code, IsothermError
from isotherm.pipeline.quarantine import Quarantine
from isotherm.storage.ports import Recording
from isotherm.storage.saved import zones
from isotherm.storage.saved.assets import AssetIndex, Fetched
from isotherm.storage.saved.audit import AuditLog, Entry
from isotherm.storage.saved.db import open_database
from isotherm.storage.saved.heatmaps import NewHeatmap, SavedHeatmaps
from isotherm.storage.saved.names import ApplicationNames
from isotherm.storage.saved.samples import StoredSamples
from isotherm.storage.saved.shares import Shares, Snapshot
from isotherm.storage.saved.sites import NewSite, Sites
from isotherm.storage.saved.zones import NewZone, Zones

TIMES = 40
MOST = 10
NOW = 1_795_000_000_000


def main(url: str, folder: str, name: str) -> None:
    zones.MOST_ZONES = MOST
    database = open_database(url, Path(folder))
    say("open")
    sys.stdin.read()
    refused = 0
    for number in range(TIMES):
        SavedHeatmaps(database).add(
            NewHeatmap(name=f"{name} {number}", application="shop", page="/", address="?"), NOW
        )
        ApplicationNames(database).give("shop", f"{name} {number}")
        Sites(database).add(NewSite(application="shop", site=f"{number}.example"), NOW)
        StoredSamples(database, "same").add(NOW + number, {("n", name): 1.0}, keep_from_ms=0)
        AuditLog(database).note(Entry(at_ms=NOW, who=name, did="tried", what=str(number)))
        addresses = [f"https://shop.example/{(number + one) % 7}" for one in range(7)]
        AssetIndex(database).keep(
            [Fetched(url=url, kind="image", content=name, fetched_ms=NOW) for url in addresses]
        )
        AssetIndex(database).of(addresses, NOW + (number + 2) * 86_400_000)
        Quarantine(database).add(Recording("shop", "s", None), "reading", name)
        snapshot = Snapshot(
            name=name, application="shop", page="/", address="?", taken_ms=NOW + number,
            time_locked=True, answers={"heat": msgspec.Raw(b"{}")},
        )  # fmt: skip
        Shares(database).add("h", snapshot, [b"x"], author=name, validity="1d", password="")
        try:
            Zones(database).add(
                NewZone(application="shop", page="/", name=f"{name} {number}", element="#buy"), NOW
            )
        except IsothermError as error:
            if error.code is not Code.CONFLICT:
                raise
            refused += 1
    say(json.dumps({"refused": refused}))


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
