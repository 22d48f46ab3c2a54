"""`isotherm backup`: copy the data folder while the server runs."""

from collections.abc import Mapping
from contextlib import closing
from typing import Any

import click
import requests

from isotherm.app.cli.options import setting_flags, settings_for
from isotherm.app.cli.server import refusal, server_url
from isotherm.app.settings import Settings
from isotherm.app.wiring import Components
from isotherm.model.errors import Code, IsothermError
from isotherm.storage.saved.db import FILE as SAVED

LIMIT_S = 3_600


@click.command("backup")
@setting_flags("data", "host", "port", "token")
@click.argument("name")
@click.pass_context
def command(context: click.Context, /, name: str, **flags: Any) -> None:
    """Copy all data to backups/NAME in the data folder, whether the server runs or not.

    Not in it: InfluxDB, and saved things, recordings and pictures that are not in the data folder
    (saved, replays_url, pictures_url). Back these up with their own tools; the command names them.
    """
    settings = settings_for(context, flags)
    try:
        with closing(Components(settings)) as components:
            made = components.back_up(name)
    except IsothermError as error:
        if error.code is not Code.CONFLICT or error.field:
            raise  # a folder that a server has is refused without one
        made = by_server(settings, name)
    click.echo(f"Saved in {made['folder']}:")
    for what, count in {**made["rows"], **made["files"]}.items():
        click.echo(f"{count:>12,} {what}")
    tell_elsewhere(made["elsewhere"])


def tell_elsewhere(places: Mapping[str, str]) -> None:
    """Say what a backup does not hold."""
    for what, place in places.items():
        named = "saved things" if what == SAVED else what
        click.echo(f"Not in it: {named}, at {place}. Back that up with its own tools.")


def by_server(settings: Settings, name: str, *, events_only: bool = False) -> Any:
    """Let the running server do it. Raises STORE_UNAVAILABLE, INVALID."""
    url = f"{server_url(settings)}/api/v1/backup"
    headers = {"Authorization": f"Bearer {settings.token}"} if settings.token else {}
    asked = {"name": name} | ({"events_only": True} if events_only else {})
    try:
        answer = requests.post(url, json=asked, headers=headers, timeout=LIMIT_S)
        body = answer.json() if answer.ok else None
    except requests.RequestException as error:
        message = f"The server that has the data folder does not answer at {url}: {error}"
        raise IsothermError(Code.STORE_UNAVAILABLE, message) from error
    if not answer.ok:
        message = f"The server at {url} refused: {refusal(answer)}"
        raise IsothermError(Code.INVALID, message)
    return body
