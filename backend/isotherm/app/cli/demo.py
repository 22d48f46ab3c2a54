"""`isotherm demo`: recorded sessions of real SDKs and generated traffic, ready to look at."""

import logging
import shutil
import threading
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from isotherm.app.cli.options import setting_flags, settings_for
from isotherm.app.cli.serve import Server
from isotherm.app.demo.loading import load_demo, loaded, make_pictures
from isotherm.app.demo.site import sample_site
from isotherm.app.web import app_of
from isotherm.app.wiring import Components
from isotherm.model.errors import Code, IsothermError


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
        empty(settings.folder)
    fresh_start = not loaded(settings.folder)
    with sample_site() as host:
        settings = settings.having(sheet_hosts=[host])  # Faro records no style sheets
        if fresh_start:
            # pictures can wait when a page is to be shown: the server makes them
            with (
                console.status("Loading the demo") as status,
                Components(
                    settings.having(capture=settings.capture and not then_serve)
                ) as components,
            ):
                load_demo(
                    components, generated=generated, as_recorded=as_recorded, say=status.update
                )
                if not then_serve:
                    make_pictures(components, status.update)
        else:
            console.print(f"The demo is loaded in {settings.folder} (start again with --fresh).")
        if then_serve:
            console.print(f"Open http://{settings.host}:{settings.port}/")
            DemoServer(settings).run()


def empty(folder: Path) -> None:
    """Take everything out of a folder, which stays: it may be a volume of a container."""
    for one in folder.iterdir():
        if one.is_dir() and not one.is_symlink():
            shutil.rmtree(one)
        else:
            one.unlink()


class DemoServer(Server):
    """The backend, which makes the pictures of the sample pages while it is looked at."""

    def load(self) -> Any:
        """Make the application; runs in the worker process."""
        components = Components(self.settings).start()
        log = logging.getLogger("gunicorn.error")  # what gunicorn itself says is said there
        threading.Thread(
            target=make_pictures, args=(components, log.info), name="demo pictures", daemon=True
        ).start()
        return app_of(components)
