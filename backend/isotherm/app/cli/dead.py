"""`isotherm dead`: the events that could not be stored: list them, or try them again."""

import json
from contextlib import closing
from typing import Any

import click
import msgspec
from rich.console import Console
from rich.table import Table

from isotherm.app.cli.options import setting_flags, settings_for
from isotherm.app.wiring import SPOOL, open_spool
from isotherm.pipeline.dead_letters import DeadLetters


@click.group("dead")
def command() -> None:
    """Events that could not be stored, with the reason of each."""


@command.command("list")
@setting_flags("data")
@click.option(
    "--json", "as_json", is_flag=True, help="One JSON object a line, with the whole event."
)
@click.pass_context
def listing(context: click.Context, /, as_json: bool, **flags: Any) -> None:
    """Show them; works beside a running server."""
    folder = settings_for(context, flags).folder / SPOOL / "dead_letters"
    letters = DeadLetters(folder).all()
    if as_json:
        for letter in letters:
            click.echo(json.dumps(msgspec.to_builtins(letter)))
        return
    table = Table("When", "Application", "Kind", "Reason")
    for letter in letters:
        event = letter.event
        kind = str(event.__struct_config__.tag)
        table.add_row(str(letter.at_ms), event.application, kind, letter.reason)
    Console().print(table if letters else "No dead letters: everything could be stored.")


@command.command("retry")
@setting_flags("data")
@click.pass_context
def retry(context: click.Context, /, **flags: Any) -> None:
    """Put them back into the spool; the server must be stopped, and stores them when it starts."""
    with closing(open_spool(settings_for(context, flags))) as spool:
        count = spool.replay_dead()
    click.echo(f"{count} events are in the spool again.")
