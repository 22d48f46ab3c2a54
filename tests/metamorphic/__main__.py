"""Many questions about generated events: `python -m tests.metamorphic --questions 10000`."""

import sys
import tempfile
import traceback
from contextlib import nullcontext
from pathlib import Path

import click

from tests.metamorphic.run import ask_one
from tests.storage.clickhouse.chdb_process import clickhouse


@click.command()
@click.option("--questions", default=10_000, help="How many are asked.")
@click.option("--first", default=0, help="The first seed.")
@click.option("--seed", type=int, help="Only this one.")
@click.option("--store", type=click.Choice(["duckdb", "clickhouse"]), default="duckdb")
def main(questions: int, first: int, seed: int | None, store: str) -> None:
    """Ask; print each seed that fails, and end with status 1 if one did."""
    failed, asked, one = 0, 0, first if seed is None else seed
    with tempfile.TemporaryDirectory() as root:
        server = clickhouse(Path(root)) if store == "clickhouse" else nullcontext("")
        with server as url:
            while asked < questions:
                folder = Path(root) / f"seed{one}"
                folder.mkdir()
                try:
                    asked += ask_one(one, folder, url)
                except Exception:  # noqa: BLE001 - the seed is what counts
                    failed += 1
                    again = f"python -m tests.metamorphic --seed {one} --store {store}"
                    click.echo(f"seed {one} fails; again: {again}\n{traceback.format_exc()}")
                one += 1
                if one % 5 == 0:
                    click.echo(f"{asked} questions, next seed {one}")
                if seed is not None or failed >= 20:
                    break
    click.echo(f"{asked} questions to {store}, seeds {first} to {one - 1}, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
