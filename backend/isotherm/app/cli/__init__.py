"""The command line: one file per command."""

import sys
from importlib import import_module
from pathlib import Path

import click

from isotherm import __version__
from isotherm.model.errors import IsothermError

COMMANDS = {
    # command -> (module, function); imported when used, so that `--help` is quick
    "serve": "serve",
    "demo": "demo",
    "import": "load",
    "capture": "capture",
    "provision": "provision",
    "move": "move",
    "forget": "forget",
    "doctor": "doctor",
    "dead": "dead",
}


class Lazy(click.Group):
    """A group that imports a command's module when the command is asked for."""

    def list_commands(self, _context: click.Context) -> list[str]:
        """Return the names in the order of the table."""
        return list(COMMANDS)

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        """Return the command, or nothing for an unknown name."""
        if name not in COMMANDS:
            return None
        command: click.Command = import_module(f"isotherm.app.cli.{COMMANDS[name]}").command
        return command


@click.group(cls=Lazy)
@click.version_option(__version__)
@click.option(
    "--config", type=click.Path(path_type=Path, dir_okay=False), help="TOML file of settings."
)
@click.pass_context
def group(context: click.Context, config: Path | None) -> None:
    """Isotherm: page heatmaps for Grafana, from the RUM events a site already sends."""
    context.obj = config


def main() -> None:
    """Run the command line; an expected failure is one sentence, not a traceback."""
    try:
        group(standalone_mode=True, prog_name="isotherm")
    except IsothermError as error:
        click.echo(f"isotherm: {error.message}", err=True)
        sys.exit(1)
