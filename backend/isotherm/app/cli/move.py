"""`isotherm move`: write what the embedded store has to InfluxDB."""

from contextlib import closing
from typing import Any

import click
from rich.progress import Progress

from isotherm.app.cli.options import setting_flags, settings_for
from isotherm.app.package_options import journal_options
from isotherm.app.stores import ENGINE_FILE
from isotherm.model.errors import Code, IsothermError
from isotherm.pipeline.move_to_influxdb import move
from isotherm.storage.duckdb.engine import DuckDBEngine


@click.command("move")
@setting_flags("data", "influx_url", "influx_token", "influx_org", "influx_database")
@click.pass_context
def command(context: click.Context, /, **flags: Any) -> None:
    """Write everything the embedded store has to InfluxDB; the server must be stopped.

    It may be interrupted and begun again: what is there already stays as it is.
    """
    settings = settings_for(context, flags)
    if not settings.influx_url:
        message = "Set the address of InfluxDB: --influx-url or ISOTHERM_INFLUX_URL"
        raise IsothermError(Code.INVALID, message, field="influx_url")
    rejected = 0
    with closing(DuckDBEngine(settings.folder / ENGINE_FILE)) as engine, Progress() as bar:
        task = bar.add_task("events", total=None)
        for moved in move(engine, journal_options(settings)):
            bar.update(task, completed=moved.events, total=moved.of)
            rejected += len(moved.rejected)
            for entry in moved.rejected[-1:]:
                bar.console.print(f"InfluxDB refuses an event: {entry.reason}")
    click.echo(f"Done; {rejected:,} events were refused.")
