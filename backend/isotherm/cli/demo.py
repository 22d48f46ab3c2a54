"""`isotherm demo`: recorded sessions of real SDKs and generated traffic, ready to look at."""

import shutil
from typing import Any

import click
from rich.console import Console

from isotherm.cli.options import setting_flags, settings_for
from isotherm.cli.serve import Server
from isotherm.demo.loading import load_demo, loaded
from isotherm.demo.site import sample_site
from isotherm.errors import Code, IsothermError
from isotherm.parts import Parts


@click.command("demo")
@setting_flags("data", "host", "port")
@click.option("--generated", type=int, default=3000, help="Generated sessions beside the recorded.")
@click.option("--as-recorded", is_flag=True, help="Keep the times of the recordings.")
@click.option("--fresh", is_flag=True, help="Empty the demo's data folder first.")
@click.option("--serve", "then_serve", is_flag=True, help="Start the backend afterwards.")
@click.pass_context
def command(
    context: click.Context,
    /,
    *,
    generated: int,
    as_recorded: bool,
    fresh: bool,
    then_serve: bool,
    **flags: Any,
) -> None:
    """Load the sample sessions of real SDKs, and generated traffic (marked as generated)."""
    console = Console(stderr=True)
    settings = settings_for(context, flags)
    if fresh and settings.folder.exists():
        if not loaded(settings.folder):
            message = f"{settings.folder} was not made by the demo, so --fresh leaves it alone"
            raise IsothermError(Code.CONFLICT, message)
        shutil.rmtree(settings.folder)
    if loaded(settings.folder):
        console.print(f"The demo is loaded in {settings.folder} (start again with --fresh).")
    else:
        with (
            console.status("Loading the demo") as status,
            sample_site() as host,
            Parts(settings.having(sheet_hosts=[host])) as parts,
        ):
            load_demo(
                parts,
                generated=generated,
                as_recorded=as_recorded,
                say=status.update,
            )
    if then_serve:
        console.print(f"Open http://{settings.host}:{settings.port}/")
        Server(settings).run()
