"""`isotherm migrate`: copy the embedded store to ClickHouse."""

import time
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import click
from rich.progress import Progress

from isotherm.app.cli.options import setting_flags, settings_for
from isotherm.app.package_options import DAY_MS, engine_options, retention
from isotherm.app.stores import ENGINE_FILE, open_clickhouse
from isotherm.model.errors import Code, IsothermError
from isotherm.pipeline.copying import copy, differing
from isotherm.storage.duckdb.engine import DuckDBEngine

PROGRESS = "migrate.json"
_SHOWN = 10


@click.command("migrate")
@setting_flags("data")
@click.option(
    "--to", "address", required=True, help="clickhouse://user:password@host:8123/database"
)
@click.pass_context
def command(context: click.Context, /, address: str, **flags: Any) -> None:
    """Copy everything the embedded store has to ClickHouse; the server must be stopped.

    It may be interrupted and begun again: it goes on where it was, and no event counts twice. In
    the end the rows of each day are compared. What is older than the retention settings allow is
    deleted in ClickHouse at once, and not compared. Replays, pictures and saved heatmaps are not
    copied: they stay in the data folder.
    """
    settings = settings_for(context, flags)
    file = settings.folder / ENGINE_FILE
    if not file.exists():
        message = f"There is no embedded store in {settings.folder}: nothing to copy"
        raise IsothermError(Code.INVALID, message, field="data")
    kept = settings.folder / PROGRESS
    with (
        closing(DuckDBEngine(file, engine_options(settings))) as source,
        closing(open_clickhouse(settings.having(store=address))) as target,
    ):
        with Progress() as bar:
            task = bar.add_task("events", total=None)
            for copied in copy(source, target, target.name, kept):
                bar.update(task, completed=copied.events, total=copied.of)
        now_ms = int(time.time() * 1000)
        days = retention(settings).by_table
        since = {
            table: now_ms - kept_days * DAY_MS for table, kept_days in days.items() if kept_days
        }
        lacking = differing(source, target, since)
    if lacking:
        for one in lacking[:_SHOWN]:
            day = f"{datetime.fromtimestamp(one.day_ms / 1000, UTC):%Y-%m-%d}"
            click.echo(f"{one.table}, {day}: {one.source:,} rows here, {one.target:,} there")
        kept.unlink(missing_ok=True)
        message = f"{len(lacking):,} days have fewer rows there. Run it again: it begins anew."
        raise IsothermError(Code.CONFLICT, message)
    kept.unlink(missing_ok=True)
    click.echo(
        f"Done: {copied.events:,} events, and no day has fewer rows in ClickHouse. "
        "Set store to its address (ISOTHERM_STORE) and start the server."
    )
