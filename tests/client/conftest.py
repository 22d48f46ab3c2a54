"""The shop of `tests/api` over real HTTP, with and without a token."""

import threading
from collections.abc import Iterator

import msgspec
import pytest
from flask import Flask
from werkzeug.serving import make_server

from isotherm.api.routes import api_blueprint
from isotherm.api.services import Options, Services
from tests.api.conftest import app, served

__all__ = ["app", "served"]
TOKEN = "of-the-shop"


def listening(application: Flask) -> Iterator[str]:
    """Serve on a free port until the caller is done."""
    server = make_server("127.0.0.1", 0, application, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()


@pytest.fixture(scope="module")
def url(app: Flask) -> Iterator[str]:
    yield from listening(app)


@pytest.fixture(scope="module")
def guarded(served: Services) -> Iterator[str]:
    """Serve the same shop with a token."""
    options = Options(version="1.0.0", tokens={"admin": TOKEN})
    made = Flask("isotherm-guarded", static_folder=None)
    made.register_blueprint(api_blueprint(msgspec.structs.replace(served, options=options)))
    yield from listening(made)
