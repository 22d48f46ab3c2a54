"""The flags that several commands share, made from the table of settings."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from isotherm.app.settings import BY_NAME, Settings, load


def setting_flags(*names: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Give a command one flag per named setting, with the table's help."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        for name in reversed(names):
            row = BY_NAME[name]
            flag = "--" + name.replace("_", "-")
            function = click.option(flag, name, type=row.kind, default=None, help=row.help)(
                function
            )
        return function

    return decorate


def settings_for(context: click.Context, flags: dict[str, Any]) -> Settings:
    """Read the settings of a command: file, then environment, then its flags."""
    file: Path | None = context.obj
    return load(os.environ, file, flags)
