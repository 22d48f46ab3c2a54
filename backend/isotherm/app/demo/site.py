"""Serves the sample shop on loopback, so that style sheets missing in a recording can be had."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

SITE = Path(__file__).parent / "samples" / "site"
HOST = "shop.example.test"


class _Quiet(SimpleHTTPRequestHandler):
    def do_GET(self) -> None:
        """Answer a route of the shop with its page, as a server of a single-page site does."""
        if not Path(self.translate_path(self.path)).exists():
            self.path = "/index.html"
        super().do_GET()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def sample_site() -> Iterator[str]:
    """Serve the shop; yield the entry for `sheet_hosts` and `capture_hosts` that leads to it."""
    handler = partial(_Quiet, directory=str(SITE))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"{HOST}@127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
