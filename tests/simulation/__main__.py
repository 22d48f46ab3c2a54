"""Schedules by seed: `python -m tests.simulation --schedules 10000`; one again: `--seed 17`."""

import shutil
import sys
import tempfile
import traceback
from pathlib import Path

import click

from tests.simulation.world import World


@click.command()
@click.option("--schedules", default=1_000, help="How many.")
@click.option("--first", default=0, help="The first seed.")
@click.option("--seed", type=int, help="Only this one.")
def main(schedules: int, first: int, seed: int | None) -> None:
    """Run schedules; print each seed that fails, and end with status 1 if one did."""
    seeds = range(first, first + schedules) if seed is None else range(seed, seed + 1)
    failed, restarts = 0, 0
    with tempfile.TemporaryDirectory() as root:
        for one in seeds:
            folder = Path(root) / str(one)
            folder.mkdir()
            world = World(folder, one)
            try:
                world.run()
            except Exception:  # noqa: BLE001 - the seed is what counts
                failed += 1
                click.echo(f"seed {one} fails; again: python -m tests.simulation --seed {one}")
                click.echo(traceback.format_exc())
                world.end()
            restarts += world.restarts
            shutil.rmtree(folder)
    click.echo(f"{len(seeds)} schedules with {restarts} restarts, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
