"""`isotherm serve`: the backend under gunicorn, one process with many threads."""

import logging
from typing import Any

import click
from gunicorn.app.base import BaseApplication
from gunicorn.errors import AppImportError

from isotherm.app.cli.answering import Answering
from isotherm.app.cli.options import setting_flags, settings_for
from isotherm.app.settings import Settings
from isotherm.model.errors import Code, IsothermError

STOP_LIMIT_S = 30
SILENT_S = 120


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn ships no types
    """gunicorn with our settings; the application is made in the worker, which owns the store."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        super().__init__()

    def load_config(self) -> None:
        """Set what gunicorn needs to know."""
        host = f"[{self.settings.host}]" if ":" in self.settings.host else self.settings.host
        rows = {
            "bind": f"{host}:{self.settings.port}",
            "workers": 1,
            "worker_class": "gthread",
            "threads": self.settings.threads,
            "graceful_timeout": STOP_LIMIT_S,
            "timeout": SILENT_S + int(self.settings.start_s),
            "keepalive": 30,
            "loglevel": self.settings.log_level,
            "proc_name": "isotherm",
            "control_socket_disable": True,  # it would lie in the home folder
        }
        for name, value in rows.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """Make the application; runs in the worker process."""
        level = self.settings.log_level.upper()
        logging.basicConfig(level=level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
        try:
            return self.application()
        except IsothermError as error:  # gunicorn shows the sentence and ends
            raise AppImportError(f"isotherm: {error.message}") from error

    def application(self) -> Any:
        """Return the application. What it needs is imported here: the master forks (023)."""
        from isotherm.app.web import create_app  # noqa: PLC0415

        return create_app(self.settings)

    def run(self) -> None:
        """Serve until told to stop; exit with a status other than 0 when it cannot."""
        try:
            Answering(self).run()
        except RuntimeError as error:  # gunicorn: what it cannot be set to
            raise IsothermError(Code.INVALID, str(error)) from error


@click.command("serve")
@setting_flags("data", "host", "port", "threads", "token", "log_level")
@click.option("--workers", type=int, envvar="WEB_CONCURRENCY", default=1, help="Must be 1.")
@click.pass_context
def command(context: click.Context, /, workers: int, **flags: Any) -> None:
    """Start the server: intake, queries, and the stand-alone page."""
    refuse_more_workers(workers)
    Server(settings_for(context, flags)).run()


def refuse_more_workers(workers: int) -> None:
    """Raise INVALID for more than one worker: spool and reading of recordings belong to one."""
    if workers != 1:
        message = (
            f"{workers} workers were asked for, but the spool and the embedded store have one "
            "writing process: use --workers 1 and raise --threads instead"
        )
        raise IsothermError(Code.INVALID, message, field="workers")
