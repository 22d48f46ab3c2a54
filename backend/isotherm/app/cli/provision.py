"""`isotherm provision`: data source, dashboards and alert rules into a running Grafana."""

from importlib import resources
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from isotherm.app.cli.options import setting_flags, settings_for
from isotherm.app.cli.server import server_url
from isotherm.app.provisioning import Target, provision
from isotherm.model.errors import Code, IsothermError

FILES = Path(str(resources.files("isotherm.app") / "grafana"))
"""What comes with Isotherm: links to `provisioning/` and `dashboards/`, copies in a wheel."""


@click.command("provision")
@setting_flags("grafana_url", "grafana_token")
@click.option(
    "--isotherm-url",
    help="Address of this server as seen from Grafana; default: from the settings.",
)
@click.option("--application", default="", help="Default application of the data source.")
@click.option("--traces", default="", help="Uid of the data source that trace ids lead to.")
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=FILES,
    help="Folder with provisioning/ and dashboards/; default: those of Isotherm.",
)
@click.pass_context
def command(
    context: click.Context,
    /,
    isotherm_url: str | None,
    application: str,
    traces: str,
    folder: Path,
    **flags: Any,
) -> None:
    """Apply the provisioning files to a running Grafana. Can be run again at any time."""
    settings = settings_for(context, flags)
    for name in ("grafana_url", "grafana_token"):
        if not getattr(settings, name):
            variable = f"ISOTHERM_{name.upper()}"
            message = f"Set {variable} (or --{name.replace('_', '-')})"
            raise IsothermError(Code.INVALID, message, field=name)
    target = Target(
        grafana_url=settings.grafana_url,
        grafana_token=settings.grafana_token,
        isotherm_url=isotherm_url or server_url(settings),
        isotherm_token=settings.token,
        application=application,
        traces=traces,
    )
    console = Console()
    for step in provision(target, folder):
        console.print(f"{step.state:>9}  {step.what}")
