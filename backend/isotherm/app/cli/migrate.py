"""`isotherm migrate`: copy what is in the data folder to services that several backends share."""

import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import click
from rich.progress import Progress

from isotherm.app.cli.backup import by_server
from isotherm.app.cli.options import setting_flags, settings_for
from isotherm.app.package_options import (
    DAY_MS,
    engine_options,
    pictures_url,
    replays_url,
    retention,
)
from isotherm.app.settings import Settings
from isotherm.app.stores import ENGINE_FILE, open_clickhouse, open_spool
from isotherm.model.errors import Code, IsothermError
from isotherm.pipeline import copy_store as events
from isotherm.storage.duckdb.engine import DuckDBEngine
from isotherm.storage.files import Files, shown
from isotherm.storage.objects import copying as objects
from isotherm.storage.objects.remote_replays import RemoteReplays
from isotherm.storage.objects.replays import LocalReplays, open_replays
from isotherm.storage.saved import copying as saved
from isotherm.storage.saved import db
from isotherm.storage.saved.backgrounds import WHAT as PICTURES
from isotherm.storage.saved.db import FILE as SAVED_FILE
from isotherm.storage.saved.db import open_database

SNAPSHOT: Final = "for-migrate"
PROGRESS: Final = "migrate.json"
REPLAYS_PROGRESS: Final = "migrate_replays.json"
_SHOWN: Final = 10


@click.command("migrate")
@setting_flags("data", "host", "port", "token")
@click.option("--to", help="For events: clickhouse://user:password@host:8123/database")
@click.option("--to-saved", help="For saved things: postgresql://user:password@host:5432/database")
@click.option("--to-replays", help="For session recordings: s3://bucket/folder")
@click.option("--to-pictures", help="For page pictures: s3://bucket/folder")
@click.pass_context
def command(context: click.Context, /, **flags: Any) -> None:
    """Copy what the data folder has to ClickHouse, PostgreSQL and S3.

    Each option copies one kind, and what it copies is compared in the end. The command may be
    interrupted and begun again: it goes on where it was, and nothing is there twice. The data
    folder stays as it is. Events that are older than the retention settings allow are deleted in
    ClickHouse at once, and not compared.

    Events can be copied while the server runs. Run it again when the server is stopped: that
    brings what has come, changed or been erased since. For the rest the server must be stopped.
    """
    targets = {name: flags.pop(name) for name in COPIES}
    asked = {name: target for name, target in targets.items() if target}
    if not asked:
        message = "Name at least one target: --to, --to-saved, --to-replays or --to-pictures"
        raise IsothermError(Code.INVALID, message)
    settings = settings_for(context, flags)
    for name in asked:
        _refuse_missing(settings, name)
    try:
        alone = closing(open_spool(settings))  # nobody writes meanwhile
    except IsothermError as error:
        if error.code is not Code.CONFLICT or set(asked) != {"to"}:
            raise
        click.echo(copy_while_serving(settings, asked["to"]))
        return
    with alone:
        for name, target in asked.items():
            click.echo(COPIES[name](settings, target))


def copy_while_serving(settings: Settings, address: str) -> str:
    """Let the server copy its store to a file, and that one to ClickHouse. Raises CONFLICT."""
    snapshot = settings.folder / "backups" / SNAPSHOT
    shutil.rmtree(snapshot, ignore_errors=True)  # an interrupted run has left it
    click.echo("The server is running and makes a copy of its store for this.")
    by_server(settings, SNAPSHOT, events_only=True)
    try:
        done = copy_events(settings, address, snapshot / ENGINE_FILE)
    finally:
        shutil.rmtree(snapshot, ignore_errors=True)
    return f"{done} First stop the server, and run this again: that brings what has come since."


def copy_events(settings: Settings, address: str, file: Path | None = None) -> str:
    """Copy the embedded store to ClickHouse; return what was done. Raises CONFLICT."""
    file = file or settings.folder / ENGINE_FILE
    kept = settings.folder / PROGRESS
    changed = 0

    def steps() -> Iterator[tuple[int, int]]:
        nonlocal changed
        for one in events.copy(source, target, target.name, kept):
            changed = one.changed
            yield one.events, one.of

    with (
        closing(DuckDBEngine(file, engine_options(settings))) as source,
        closing(open_clickhouse(settings.having(store=address))) as target,
    ):
        copied = _shown("events", steps())
        lacking = events.differing(source, target, _since(settings))
    if lacking:
        kept.unlink(missing_ok=True)
        for one in lacking[:_SHOWN]:
            day = f"{datetime.fromtimestamp(one.day_ms / 1000, UTC):%Y-%m-%d}"
            click.echo(f"{one.table}, {day}: {one.source:,} rows here, {one.target:,} there")
        message = (
            f"{len(lacking):,} days have fewer rows in the target. Run this again: it starts over."
        )
        raise IsothermError(Code.CONFLICT, message)
    return (
        f"Done: {copied:,} events of days that differed were compared, "
        f"{changed:,} rows were written. No day has fewer rows in ClickHouse. "
        "Set store to its address (ISOTHERM_STORE) and start the server."
    )


def copy_saved(settings: Settings, address: str) -> str:
    """Copy saved things to another database; return what was done. Raises CONFLICT."""
    left_out: tuple[str, ...] = ()

    def steps() -> Iterator[tuple[int, int]]:
        nonlocal left_out
        for one in saved.copy(source, target):
            left_out = one.left_out
            yield one.rows, one.of

    _refuse_same(settings.saved, address, "to_saved")
    source = open_database(settings.saved, settings.folder)  # a damaged file is not set aside
    target = open_database(address, settings.folder)
    try:
        rows = _shown("saved things", steps())
    finally:
        source.dispose()
        target.dispose()
    for one in left_out[:_SHOWN]:
        click.echo(f"Left out: {one} has a NUL character, or belongs to a row with one")
    return (
        f"Done: {rows - len(left_out):,} rows of saved things are in {db.shown(address)}, as they "
        f"are here; {len(left_out):,} were left out. Set saved to its address (ISOTHERM_SAVED)."
    )


def copy_replays(settings: Settings, url: str) -> str:
    """Copy session recordings to an object store; return what was done. Raises CONFLICT."""
    source, target = open_replays(replays_url(settings)), open_replays(url)
    if not isinstance(source, LocalReplays) or not isinstance(target, RemoteReplays):
        message = (
            "Recordings are copied from the data folder to an object store such as "
            "s3://bucket/folder. Between other places, use the tools of these."
        )
        raise IsothermError(Code.INVALID, message, field="to_replays")
    steps = objects.copy_replays(source, target, shown(url), settings.folder / REPLAYS_PROGRESS)
    sessions = _shown("recordings", ((one.done, one.of) for one in steps))
    return (
        f"Done: the recordings of {sessions:,} sessions are in {shown(url)}, all identical. "
        "Set replays_url to it (ISOTHERM_REPLAYS_URL)."
    )


def copy_pictures(settings: Settings, url: str) -> str:
    """Copy page pictures with their images and fonts; return what was done. Raises CONFLICT."""
    here = pictures_url(settings)
    _refuse_same(here, url, "to_pictures")
    steps = objects.copy_files(Files(here, PICTURES), Files(url, PICTURES))
    files = _shown("pictures", ((one.done, one.of) for one in steps))
    return (
        f"Done: {files:,} files of pictures are in {shown(url)}, all identical. "
        "Set pictures_url to it (ISOTHERM_PICTURES_URL)."
    )


COPIES: Final = {
    "to": copy_events,
    "to_saved": copy_saved,
    "to_replays": copy_replays,
    "to_pictures": copy_pictures,
}


def _shown(what: str, steps: Iterator[tuple[int, int]]) -> int:
    """Show how far a copy is; return how much it has copied in the end."""
    done = 0
    with Progress() as bar:
        task = bar.add_task(what, total=None)
        for done, of in steps:
            bar.update(task, completed=done, total=of)
    return done


def _since(settings: Settings) -> Mapping[str, int]:
    now_ms = int(time.time() * 1000)
    days = retention(settings).by_table
    return {table: now_ms - kept_days * DAY_MS for table, kept_days in days.items() if kept_days}


def _refuse_missing(settings: Settings, name: str) -> None:
    """Raise INVALID when the data folder lacks what is to be copied; opening it would make it."""
    here = {
        "to": str(settings.folder / ENGINE_FILE),
        "to_saved": "" if settings.saved else str(settings.folder / SAVED_FILE),
        "to_replays": replays_url(settings),
        "to_pictures": pictures_url(settings),
    }[name]
    if "://" not in here and not Path(here or ".").exists():
        option = f"--{name.replace('_', '-')}"
        message = f"There is no {here}. Is --data the right folder? If so, leave {option} out."
        raise IsothermError(Code.INVALID, message, field="data")


def _refuse_same(here: str, there: str, field: str) -> None:
    if here.rstrip("/") == there.rstrip("/"):
        raise IsothermError(Code.INVALID, "Source and target are the same", field=field)
