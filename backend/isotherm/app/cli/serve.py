"""`isotherm serve`: the backend under gunicorn, one process with many threads or several (039)."""

import logging
import os
import signal
import sys
import time
from typing import Any

import click
from gunicorn.app.base import BaseApplication
from gunicorn.errors import AppImportError

from isotherm.app.cli.answering import Answering
from isotherm.app.cli.options import setting_flags, settings_for
from isotherm.app.cli.worker import WAITING_THREADS
from isotherm.app.settings import Settings
from isotherm.model.errors import Code, IsothermError

STOP_LIMIT_S = 30
SILENT_S = 120
AGAIN_S = 2.0
ENDING = (signal.SIGTERM, signal.SIGQUIT, signal.SIGINT)
WORKER = "isotherm.app.cli.worker.Worker"


class Gunicorn(BaseApplication):  # type: ignore[misc]  # gunicorn ships no types
    """gunicorn with our settings; the application is made in the worker, which owns the store."""

    def __init__(self, settings: Settings, workers: int = 1) -> None:
        self.settings = settings
        self.workers = workers
        self.id = time.time_ns()  # the same in all its processes
        self.has_answered = False
        super().__init__()

    def load_config(self) -> None:
        """Set what gunicorn needs to know."""
        host = f"[{self.settings.host}]" if ":" in self.settings.host else self.settings.host
        rows = {
            "bind": f"{host}:{self.settings.port}",
            "workers": self.workers,
            "worker_class": WORKER,
            "threads": self.settings.threads + WAITING_THREADS,
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
        from isotherm.pipeline.processes.slot_files import ServerStart  # noqa: PLC0415

        if not self.settings.store:
            return create_app(self.settings)
        master, usual = os.getppid(), {one: signal.getsignal(one) for one in ENDING}
        while True:
            try:
                app = create_app(self.settings, ServerStart(self.id, self.workers))
            except IsothermError as error:
                # the others still take events: one that comes back while the store is away waits
                if error.code is not Code.STORE_UNAVAILABLE or not self.has_answered:
                    raise
                logging.getLogger(__name__).warning("This process waits: %s", error.message)
                for one in ENDING:  # gunicorn would note them for a loop that does not run yet
                    signal.signal(one, signal.SIG_DFL)
                time.sleep(AGAIN_S)
                if os.getppid() != master:
                    sys.exit("isotherm: the server has ended.")
            else:
                for one, handler in usual.items():
                    signal.signal(one, handler)
                return app

    def run(self) -> None:
        """Serve until told to stop; exit with a status other than 0 when it cannot."""
        try:
            Answering(self).run()
        except RuntimeError as error:  # gunicorn: what it cannot be set to
            raise IsothermError(Code.INVALID, str(error)) from error


@click.command("serve")
@setting_flags("data", "host", "port", "threads", "token", "log_level")
@click.option(
    "--workers",
    type=int,
    envvar="WEB_CONCURRENCY",
    default=1,
    help="Number of processes; more than one needs ClickHouse (store).",
)
@click.pass_context
def command(context: click.Context, /, workers: int, **flags: Any) -> None:
    """Start the server: intake, queries, and the stand-alone page."""
    settings = settings_for(context, flags)
    refuse_workers(workers, settings.store)
    Gunicorn(settings, workers).run()


def refuse_workers(workers: int, store: str) -> None:
    """Raise INVALID for a number of workers that cannot be: DuckDB's file has one writer."""
    if workers < 1:
        raise IsothermError(Code.INVALID, "A server needs at least 1 worker", field="workers")
    if workers > 1 and not store:
        message = (
            f"{workers} workers were requested, but only one process can write the embedded store: "
            "use --workers 1 and raise --threads, or set `store` to a ClickHouse server"
        )
        raise IsothermError(Code.INVALID, message, field="workers")
