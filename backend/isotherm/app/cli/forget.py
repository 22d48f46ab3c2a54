"""`isotherm forget`: erase what is kept of a user."""

from contextlib import closing
from typing import Any

import click

from isotherm.app.cli.options import setting_flags, settings_for
from isotherm.app.wiring import Components
from isotherm.pipeline.erasure import erase_user


@click.command("forget")
@setting_flags("data", "influx_url", "influx_token", "influx_org", "influx_database")
@click.option("--application", default="", help="Only in this one; else in all.")
@click.argument("user")
@click.pass_context
def command(context: click.Context, /, user: str, application: str, **flags: Any) -> None:
    """Erase every event of USER (the id that the SDK sends), and the replays of their sessions.

    In InfluxDB, too. The server must be stopped. It may be interrupted and begun again.
    """
    settings = settings_for(context, flags)
    with closing(Components(settings)) as components:
        components.worker.start()
        components.sessionization.start()
        found = erase_user(components, user, application)
    click.echo(f"{found.sessions:,} sessions and {found.dead_letters:,} dead letters had events.")
    if settings.influx_mapping:
        click.echo(
            "Measurements of others, read by influx_mapping, are not Isotherm's to change: erase "
            "the user there, too, or their events come back when the engine is rebuilt."
        )
