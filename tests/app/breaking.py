"""A server under Isotherm's own worker whose answers may break off: `python -m ... DATA PORT`."""

import sys
from collections.abc import Iterable
from pathlib import Path
from wsgiref.types import StartResponse, WSGIEnvironment

from isotherm.app.cli.serve import Gunicorn
from isotherm.app.settings import Settings


def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Answer with how many files are open; `/length` and `/chunked` break off after their head."""
    path = environ["PATH_INFO"]
    if path not in {"/length", "/chunked"}:
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b"%d" % sum(1 for _ in Path("/proc/self/fd").iterdir())]
    start_response("200 OK", [("Content-Length", "100000")] if path == "/length" else [])

    def pieces() -> Iterable[bytes]:
        yield b"the beginning"
        raise RuntimeError("the store has gone")

    return pieces()


class Breaking(Gunicorn):
    """The server with an application of its own."""

    def application(self) -> object:
        """Return the application."""
        return application


if __name__ == "__main__":
    Breaking(Settings({"data": sys.argv[1], "port": int(sys.argv[2]), "threads": 2})).run()
