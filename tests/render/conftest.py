"""A render process, and servers on loopback."""

import http.server
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from isotherm.render.messages import Layout, Render, Scene, Target
from isotherm.render.options import RenderOptions
from isotherm.render.process import RenderProcess, find_chromium
from tests.render.loopback import Server, reply

SITE = Path(__file__).parent.parent / "samples" / "site"


@pytest.fixture(scope="session")
def process() -> Iterator[RenderProcess]:
    """Yield a render process with a real Chromium."""
    options = RenderOptions()
    missing = find_chromium(options)[1]
    if missing:
        pytest.fail(missing)
    made = RenderProcess(options)
    yield made
    made.close()


@pytest.fixture
def render(process: RenderProcess) -> Callable[..., Layout]:
    """Return a function that renders one hand-made document."""

    def one(page: dict[str, Any], *keys: str, picture: bool = False, **more: Any) -> Layout:
        scene = Scene(
            page=msgspec.json.encode(page),
            viewport_w=page["viewport_w"],
            viewport_h=page["viewport_h"],
            picture=picture,
            **{"targets": tuple(Target(key) for key in keys)} | more,
        )
        return process.ask(Render((scene,)), 60).layouts[0]

    return one


@pytest.fixture
def serve() -> Iterator[Callable[..., Server]]:
    """Return a function that starts servers; they end with the test."""
    running: list[Server] = []

    def start(answer: Callable[[http.server.BaseHTTPRequestHandler], None] | None = None) -> Server:
        running.append(Server(answer or (lambda handler: reply(handler, "canary"))))
        return running[-1]

    yield start
    for server in running:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="session")
def shop() -> Iterator[Server]:
    """Yield the sample shop, with its single-page route `/checkout`."""
    kinds = {".css": "text/css", ".js": "text/javascript", ".html": "text/html; charset=utf-8"}

    def answer(handler: http.server.BaseHTTPRequestHandler) -> None:
        path = handler.path.partition("?")[0]
        name = "index.html" if path in {"/", "/checkout"} else path.lstrip("/")
        file = SITE / name
        if file.is_file():
            reply(handler, file.read_bytes(), kinds[file.suffix])
        else:
            reply(handler, "not found", status=404)

    server = Server(answer)
    yield server
    server.shutdown()
    server.server_close()
