"""Starts of the server that go wrong on purpose: `python -m tests.app.cli.starts KIND --port P`.

`look` is no fault: it runs the real command line up to the fork, and prints what the master is.
"""

import json
import os
import signal
import sys
import threading
from pathlib import Path
from typing import Any

import click

from isotherm.app.cli import main
from isotherm.app.cli.serve import Gunicorn
from isotherm.app.settings import load

THREADED = ("duckdb", "pyarrow", "numpy", "pandas", "playwright", "requests", "influxdb_client")
OURS = (
    "isotherm.storage.duckdb",
    "isotherm.app.wiring",
    "isotherm.app.web",
    "isotherm.render",
    "isotherm.storage.influxdb",
)


class Hangs(Gunicorn):
    """A worker that never has its application, as one that waits for a lock of a lost thread."""

    def application(self) -> Any:
        """Never return."""
        threading.Event().wait()


class Crashes(Gunicorn):
    """A worker that is gone before it answers, without an exception: out of memory, say."""

    def application(self) -> Any:
        """Die."""
        os.kill(os.getpid(), signal.SIGKILL)


def look() -> None:
    """Run the command line in `sys.argv`; right before the fork, print a line of JSON and end."""

    def before_fork(_server: object, _worker: object) -> None:
        found = [name for name in (*THREADED, *OURS) if name in sys.modules]
        threads = len(list(Path("/proc/self/task").iterdir()))
        click.echo(json.dumps({"imported": found, "threads": threads}))
        os._exit(0)

    class Looked(Gunicorn):
        def load_config(self) -> None:
            plain(self)
            self.cfg.set("pre_fork", before_fork)

    plain = Gunicorn.load_config
    Gunicorn.load_config = Looked.load_config  # type: ignore[method-assign]
    main()


@click.command()
@click.argument("kind", type=click.Choice(["hangs", "crashes"]))
@click.option("--port", type=int, required=True)
def fail(kind: str, port: int) -> None:
    """Run a server that cannot start."""
    settings = load({"ISOTHERM_START_S": "1.5"}, None, {"port": port})
    {"hangs": Hangs, "crashes": Crashes}[kind](settings).run()


if __name__ == "__main__":
    if sys.argv[1] == "look":
        del sys.argv[1]
        look()
    else:
        fail()
