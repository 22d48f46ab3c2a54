"""`isotherm restore`: make a data folder from a backup."""

from pathlib import Path
from typing import Any

import click

from isotherm.app.cli.backup import tell_elsewhere
from isotherm.app.cli.options import setting_flags, settings_for
from isotherm.app.stores import ENGINE_FILE
from isotherm.pipeline.backup import restored


@click.command("restore")
@setting_flags("data")
@click.argument("backup", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.pass_context
def command(context: click.Context, /, backup: Path, **flags: Any) -> None:
    """Copy BACKUP into an empty data folder, and compare the counts with what was backed up."""
    settings = settings_for(context, flags)
    made = restored(backup, settings.folder, ENGINE_FILE)
    click.echo(f"Restored to {settings.folder}; all counts are as in the backup:")
    for what, count in {**made.rows, **made.files}.items():
        click.echo(f"{count:>12,} {what}")
    tell_elsewhere(made.elsewhere)
