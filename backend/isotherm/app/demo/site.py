"""Serves the demo's sites on loopback, so that pictures get what the recordings lack."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from isotherm.app.demo.outfitters import shop

SITE = Path(__file__).parent / "samples" / "site"
HOST = "shop.example.test"


class _Quiet(SimpleHTTPRequestHandler):
    def do_GET(self) -> None:
        """Answer a route of a shop with its page, as a server of a single-page site does."""
        if not Path(self.translate_path(self.path)).is_file():
            self.path = "/index.html"
        super().do_GET()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def sample_sites() -> Iterator[list[str]]:
    """Serve both shops; yield the entries for `sheet_hosts` and `capture_hosts` that lead there."""
    with ExitStack() as both:
        yield [
            both.enter_context(_served(host, folder))
            for host, folder in ((HOST, SITE), (shop.HOST, shop.SITE))
        ]


@contextmanager
def _served(host: str, folder: Path) -> Iterator[str]:
    handler = partial(_Quiet, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"{host}@127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
