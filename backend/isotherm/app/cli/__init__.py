"""The command line. Each command has its own file."""

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
    "migrate": "migrate",
    "erase": "erase",
    "backup": "backup",
    "restore": "restore",
    "doctor": "doctor",
    "dead": "dead",
    "table": "table",
    "mcp": "mcp",
}
FORMER = {"forget": "erase"}
"""Older names of commands, which scripts may still use."""


class Lazy(click.Group):
    """A group that imports a command's module when the command is used."""

    def list_commands(self, _context: click.Context) -> list[str]:
        """Return the names in the order of the table."""
        return list(COMMANDS)

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        """Return the command, or None if there is none with this name."""
        name = FORMER.get(name, name)
        if name not in COMMANDS:
            return None
        command: click.Command = import_module(f"isotherm.app.cli.{COMMANDS[name]}").command
        return command


@click.group(cls=Lazy)
@click.version_option(__version__)
@click.option(
    "--config", type=click.Path(path_type=Path, dir_okay=False), help="TOML file with settings."
)
@click.pass_context
def group(context: click.Context, config: Path | None) -> None:
    """Isotherm: page heatmaps for Grafana, from the RUM events your site already sends."""
    context.obj = config


def main() -> None:
    """Run the command line. Expected errors print one sentence instead of a traceback."""
    try:
        group(standalone_mode=True, prog_name="isotherm")
    except IsothermError as error:
        click.echo(f"isotherm: {error.message}", err=True)
        sys.exit(1)
