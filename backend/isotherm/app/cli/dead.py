"""`isotherm dead`: list and retry what could not be stored or read."""

import json
from contextlib import closing
from datetime import UTC, datetime
from typing import Any, Final

import click
import msgspec
import requests
from rich.console import Console
from rich.table import Table

from isotherm.api.quarantine_routes import as_row
from isotherm.app.cli.options import setting_flags, settings_for
from isotherm.app.cli.server import refusal, server_url
from isotherm.app.settings import Settings
from isotherm.app.stores import open_spool
from isotherm.model.errors import Code, IsothermError
from isotherm.pipeline.dead_letters import DeadLetters
from isotherm.pipeline.processes.slot_files import SPOOL
from isotherm.pipeline.quarantine import STAGES, Quarantine, Quarantined
from isotherm.pipeline.spool import DEAD_LETTERS
from isotherm.storage.saved.db import open_database

TIMEOUT_S: Final = 60


@click.group("dead")
def command() -> None:
    """List and retry events that could not be stored and recordings that could not be read."""


@command.command("list")
@setting_flags("data")
@click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON object per line, with the whole event."
)
@click.pass_context
def listing(context: click.Context, /, as_json: bool, **flags: Any) -> None:
    """Show them. The server may be running."""
    settings = settings_for(context, flags)
    letters = DeadLetters(settings.folder / SPOOL / DEAD_LETTERS).all()
    recordings = quarantine_of(settings).all(limit=None)
    if as_json:
        for line in [*map(msgspec.to_builtins, letters), *map(as_row, recordings)]:
            click.echo(json.dumps(line))
        return
    console = Console()
    events = Table("When", "Application", "Kind", "Reason", title="Events")
    for letter in letters:
        kind = str(letter.event.__struct_config__.tag)
        events.add_row(_when(letter.at_ms), letter.event.application, kind, letter.reason)
    console.print(events if letters else "No dead letters: everything could be stored.")
    if not recordings:
        click.echo("No recordings are in quarantine: all could be read.")
    for one in recordings:
        click.echo(_told(one))


def _told(one: Quarantined) -> str:
    """Return lines about a recording; its id is whole in a window of any width, for `--id`."""
    facts = [_when(one.at_ms), one.stage, one.sender, f"{one.size_bytes / 2**20:,.1f} MB"]
    facts += [f"{one.events:,} events not counted"] if one.events else []
    session = f"{one.recording.application}, session {one.recording.session_id}"
    lines = (f"{one.id}  {'  '.join(filter(None, facts))}", f"  {session}", f"  {one.reason}")
    return "\n" + "\n".join(map(_printable, lines))


def _printable(text: str) -> str:
    """Return a text of strangers without what a terminal would obey."""
    return "".join(
        letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text
    )


@command.command("retry")
@setting_flags("data", "host", "port", "token")
@click.option("--id", "entry", help="Only this recording (its id in `isotherm dead list`).")
@click.option(
    "--stage", type=click.Choice(STAGES), help="Only recordings that failed in this stage."
)
@click.pass_context
def retry(context: click.Context, /, entry: str | None, stage: str | None, **flags: Any) -> None:
    """Try again in the running server, or when the server next starts."""
    settings = settings_for(context, flags)
    chosen = {name: value for name, value in (("id", entry), ("stage", stage)) if value}
    try:
        recordings = _ask(settings, "quarantine", chosen)["recordings"]
        events = 0 if chosen else _ask(settings, "dead_letters", {})["events"]
    except requests.ConnectionError:
        recordings, events = _directly(settings, chosen)
        when = "when the server starts"
    else:
        when = "now"
    if entry and not recordings:
        message = f"No recording with the id {entry} is in quarantine; see: isotherm dead list"
        raise IsothermError(Code.NOT_FOUND, message)
    click.echo(f"{recordings:,} recordings and {events:,} events are tried again {when}.")


def quarantine_of(settings: Settings) -> Quarantine:
    """Return the quarantine of a data folder, whether or not a server runs."""
    return Quarantine(open_database(settings.saved, settings.folder))


def _directly(settings: Settings, chosen: dict[str, str]) -> tuple[int, int]:
    """Release what was chosen while no server runs. Raises CONFLICT when one does."""
    with closing(open_spool(settings)) as spool:
        events = 0 if chosen else spool.replay_dead()
        quarantine = quarantine_of(settings)
        released = [
            quarantine.release(one.recording, one.stage)
            for one in quarantine.all(limit=None)
            if chosen.get("id") in {None, one.id} and chosen.get("stage") in {None, one.stage}
        ]
    return sum(released), events


def _ask(settings: Settings, what: str, body: dict[str, str]) -> dict[str, int]:
    """Ask the running server. Raises ConnectionError without one, IsothermError if it refuses."""
    url = f"{server_url(settings)}/api/v1/{what}/retry"
    headers = {"Authorization": f"Bearer {settings.token}"} if settings.token else {}
    answer = requests.post(url, json=body, headers=headers, timeout=TIMEOUT_S)
    if answer.status_code == requests.codes.unauthorized:
        message = "The server rejects the token: set ISOTHERM_TOKEN to the server's token."
        raise IsothermError(Code.UNAUTHORISED, message)
    if not answer.ok:
        message = f"The server at {url} refused: {refusal(answer)}"
        raise IsothermError(Code.STORE_UNAVAILABLE, message)
    counts: dict[str, int] = answer.json()
    return counts


def _when(at_ms: int) -> str:
    return f"{datetime.fromtimestamp(at_ms / 1000, UTC):%Y-%m-%d %H:%M}"
