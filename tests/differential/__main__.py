"""Many seeds: `python -m tests.differential --seeds 100`."""

import shutil
import sys
import tempfile
import time
import traceback
import uuid
from pathlib import Path

import click

from tests.differential.world import check, settings_in
from tests.storage.clickhouse.chdb_process import clickhouse
from tests.storage.influxdb.conftest import on
from tests.storage.influxdb.influxd import Influxd

PLACES = ("duckdb", "influxdb", "clickhouse", "both")
"""`both`: InfluxDB in front of ClickHouse."""


@click.command()
@click.option("--seeds", default=100, help="How many are tried.")
@click.option("--first", default=0, help="The first seed.")
@click.option("--seed", type=int, help="Only this one.")
@click.option("--minutes", default=600.0, help="Begin no seed later than that.")
@click.option("--only", multiple=True, type=click.Choice(PLACES), default=PLACES)
def main(seeds: int, first: int, seed: int | None, minutes: float, only: tuple[str, ...]) -> None:
    """Try seeds; print each that fails, and end with status 1 if one did."""
    until_s = time.monotonic() + 60 * minutes
    tried = rows = 0
    failed: list[int] = []
    with tempfile.TemporaryDirectory() as name, clickhouse(Path(name)) as url:
        root = Path(name)
        (root / "influxd").mkdir()
        influxd = Influxd(root / "influxd")
        if {"influxdb", "both"} & set(only):
            influxd.start()
        try:
            for one in [seed] if seed is not None else range(first, first + seeds):
                folder = root / f"seed{one}"
                folder.mkdir()
                places = {
                    "duckdb": settings_in(folder / "duckdb"),
                    "influxdb": settings_in(folder / "influxdb", on(influxd, folder)),
                    "clickhouse": settings_in(
                        folder / "clickhouse", store=f"{url}/seed_{uuid.uuid4().hex}"
                    ),
                    "both": settings_in(
                        folder / "both", on(influxd, folder), f"{url}/seed_{uuid.uuid4().hex}"
                    ),
                }
                try:
                    rows += check(one, folder, {place: places[place] for place in only})
                except Exception:  # noqa: BLE001 - the seed is what counts
                    failed.append(one)
                    again = f"python -m tests.differential --seed {one}"
                    click.echo(f"seed {one} fails; again: {again}\n{traceback.format_exc()}")
                tried += 1
                shutil.rmtree(folder, ignore_errors=True)
                click.echo(f"{tried} seeds, {rows} rows, failed: {failed}")
                if time.monotonic() > until_s:
                    break
        finally:
            influxd.stop()
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
