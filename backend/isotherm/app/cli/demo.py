"""`isotherm demo`: recorded sessions of real SDKs and generated traffic, ready to look at."""

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from isotherm.app.cli.options import setting_flags, settings_for
from isotherm.app.cli.serve import Gunicorn
from isotherm.app.demo.marker_file import FILE, Mark
from isotherm.app.settings import Settings
from isotherm.model.errors import Code, IsothermError


@click.command("demo")
@setting_flags("data", "host", "port")
@click.option("--generated", type=int, default=3000, help="Number of generated sessions to add.")
@click.option("--as-recorded", is_flag=True, help="Keep the original times.")
@click.option("--fresh", is_flag=True, help="Empty the demo data folder first.")
@click.option("--serve", "then_serve", is_flag=True, help="Start the server and load them there.")
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
    mark = Mark.of(settings.folder)
    if fresh and settings.folder.exists():
        if not mark:
            message = f"{settings.folder} was not made by the demo, so --fresh leaves it alone"
            raise IsothermError(Code.CONFLICT, message)
        replace(mark, complete=False).write(settings.folder)  # until it is loaded again
        empty(settings.folder)
    elif mark and mark.complete:
        console.print(f"The demo is loaded in {settings.folder} (start again with --fresh).")
        if not then_serve:
            return
    elif mark:
        console.print(f"The demo in {settings.folder} was loaded in part; the rest follows.")
    if then_serve:
        DemoServer(settings, generated=generated, as_recorded=as_recorded).run()
    else:
        load(settings, console, generated=generated, as_recorded=as_recorded)


def empty(folder: Path) -> None:
    """Empty a folder but keep it, because it may be a container's volume."""
    for one in sorted(folder.iterdir(), key=lambda one: one.name == FILE):  # the mark goes last
        if one.is_dir() and not one.is_symlink():
            shutil.rmtree(one)
        else:
            one.unlink()


def load(settings: Settings, console: Console, *, generated: int, as_recorded: bool) -> None:
    """Load the demo in this process, with its pictures."""
    from isotherm.api.history import EVERY_MS  # noqa: PLC0415
    from isotherm.app.demo import loading  # noqa: PLC0415
    from isotherm.app.demo.site import sample_sites  # noqa: PLC0415
    from isotherm.app.wiring import Components  # noqa: PLC0415

    with console.status("Loading the demo") as status, sample_sites() as hosts:

        def tell(step: loading.Step) -> None:
            status.update(f"{step.text} ({step.share:.0%})")

        # Faro records no style sheets
        with Components(settings.having(sheet_hosts=[*settings.sheet_hosts, *hosts])) as components:
            loading.note_counts(components, EVERY_MS)
            mark = loading.mark_for(settings.folder, generated=generated, as_recorded=as_recorded)
            loading.load_demo(components, mark, tell)
            loading.make_pictures(components, tell)


class DemoServer(Gunicorn):
    """The server, which loads the demo while it runs."""

    def __init__(self, settings: Settings, *, generated: int, as_recorded: bool) -> None:
        self._generated = generated
        self._as_recorded = as_recorded
        super().__init__(settings)

    def application(self) -> Any:
        """Return the application. What it needs is imported here: the master forks (023)."""
        from isotherm.app.demo.serving import demo_components  # noqa: PLC0415
        from isotherm.app.web import app_of  # noqa: PLC0415

        components, loading = demo_components(
            self.settings, generated=self._generated, as_recorded=self._as_recorded
        )
        app = app_of(components)
        loading.start()
        return app
