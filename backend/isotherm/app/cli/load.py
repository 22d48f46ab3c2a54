"""`isotherm import`: stored SDK requests, line protocol, NDJSON, rrweb files, whole stores."""

import json
from pathlib import Path
from typing import Any

import click
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from isotherm.app.cli.options import setting_flags, settings_for
from isotherm.app.importers import GROWING, IMPORTERS, kind_of
from isotherm.app.wiring import Components
from isotherm.storage.durable import write_durably

LEDGER = "imported.json"


@click.command("import")
@setting_flags("data")
@click.option(
    "--kind",
    type=click.Choice(list(IMPORTERS)),
    help="Format; default: derived from the file name.",
)
@click.option(
    "--application", default="", help="Application, for rrweb files, which do not contain it."
)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@click.pass_context
def command(
    context: click.Context,
    /,
    *,
    kind: str | None,
    application: str,
    files: tuple[Path, ...],
    **flags: Any,
) -> None:
    """Load files into the store of a stopped server; a second import of a file changes nothing.

    A whole store is a file, too: another data folder's isotherm.duckdb, or a settings file (.toml)
    with influx_url for all that an InfluxDB has.

    What is interrupted goes on where it stopped: files that are done are left out, and events
    that are there already count once.
    """
    settings = settings_for(context, flags)
    ledger = settings.folder / LEDGER
    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    with Components(settings) as components, Progress(*columns) as progress:
        done: dict[str, int] = json.loads(ledger.read_text()) if ledger.exists() else {}
        task = progress.add_task("files", total=sum(file.stat().st_size for file in files))
        for file in files:
            key, size = str(file.resolve()), file.stat().st_size
            progress.update(task, description=file.name)
            known = kind or kind_of(file)
            if done.get(key) != size or known in GROWING:
                IMPORTERS[known](components, file, application)
                components.worker.flush(3600)
                done[key] = size
                write_durably(ledger, json.dumps(done).encode())
            progress.advance(task, size)
        counts = components.counters.snapshot()
    click.echo(f"{counts.accepted:,} events imported")
    for reason, count in sorted(counts.dropped.items()):
        click.echo(f"{count:,} left out: {reason}")
