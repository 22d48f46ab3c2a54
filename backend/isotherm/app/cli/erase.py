"""`isotherm erase`: erase all data of a user."""

from contextlib import closing
from typing import Any

import click

from isotherm.app.cli.options import setting_flags, settings_for
from isotherm.app.stores import ENGINE_FILE
from isotherm.app.wiring import Components
from isotherm.model.errors import Code, IsothermError
from isotherm.pipeline.erasure import erase_user
from isotherm.storage.duckdb.rewrite import rewrite


@click.command("erase")
@setting_flags("data", "influx_url", "influx_token", "influx_org", "influx_database")
@click.option("--application", default="", help="Only in this application; default: all.")
@click.argument("user")
@click.pass_context
def command(context: click.Context, /, user: str, application: str, **flags: Any) -> None:
    """Erase all events of USER (the id that the SDK sends) and the recordings of their sessions.

    Pictures made from these recordings and shared snapshots that show them go, too.

    This includes InfluxDB. The file of the embedded store is written anew, because deleted rows
    stay in it otherwise: that needs as much room on the disk as the file takes.

    Stop the server first. You can interrupt the command and run it again.
    """
    settings = settings_for(context, flags)
    # recordings that wait are read first; no picture may be made of one that is erased next
    with closing(Components(settings.having(capture=False))) as components:
        components.worker.start()
        components.sessionization.start()
        found = erase_user(components, user, application)
    click.echo(
        f"Erased: {found.sessions:,} sessions, {found.dead_letters:,} dead letters, "
        f"{found.pictures:,} pictures, {found.snapshots:,} snapshots."
    )
    if not settings.store:
        try:
            rewrite(settings.folder / ENGINE_FILE)
        except IsothermError as error:
            message = (
                f"{error.message}. No query returns data of this user any more, but the file may "
                "still contain some: free some disk space and run the command again."
            )
            raise IsothermError(Code.STORE_UNAVAILABLE, message) from error
    if settings.influx_mapping:
        click.echo(
            "Isotherm does not change the measurements that influx_mapping reads. Erase the user "
            "there as well, or their events come back when the engine is rebuilt."
        )
