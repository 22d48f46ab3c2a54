"""Creates the Flask application with all routes and components."""

import atexit
import os
import signal
from collections.abc import Iterable
from functools import partial
from importlib import resources
from pathlib import Path
from urllib.parse import urlsplit
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask, Response, request, send_from_directory
from flask_compress import Compress
from whitenoise import WhiteNoise  # type: ignore[import-untyped]  # ships no types

from isotherm.api.access import role_of
from isotherm.api.routes import api_blueprint
from isotherm.api.services import Options
from isotherm.app.admission import COUNTERS
from isotherm.app.full_disk import is_full, waiting
from isotherm.app.settings import Settings
from isotherm.app.wiring import Components
from isotherm.intake.routes import intake_blueprint
from isotherm.model.errors import Code, IsothermError
from isotherm.pipeline.processes.slot_files import ServerStart

PAGE_POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; "
    "worker-src blob:; "
    "frame-ancestors 'self'; base-uri 'none'; form-action 'none'; object-src 'none'"
)
"""The stand-alone page loads nothing from elsewhere; its style library writes style elements, and
the script of the worker that colours the heat comes with the page's own."""

SNAPSHOT_POLICY = PAGE_POLICY.replace("base-uri 'none'", "base-uri 'self'").replace(
    "frame-ancestors 'self'", "frame-ancestors *"
)
"""A snapshot is one level further down, so it says where the page's files are. Any page may embed
it: there is nothing in it that a click could change, and whoever has the link sees it anyway."""

DATA_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"
"""Of JSON, pictures and files: opened by themselves, they load, run and embed nothing."""

_HASHED = r"^/assets/[^/]+-[A-Z0-9]{8}\.\w+$"
"""Addresses of files whose name holds a hash of their content, as esbuild writes it."""


class PageFiles(WhiteNoise):  # type: ignore[misc]  # ships no types
    """Sends the page's files as they were when the server started.

    What is gone since, because the page was built again, is left to the application.
    """

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Send the file that is asked for, or let the application answer."""
        try:
            sent: Iterable[bytes] = super().__call__(environ, start_response)
        except FileNotFoundError:
            sent = self.application(environ, start_response)
        return sent


def create_app(settings: Settings, server: ServerStart | None = None) -> WSGIApplication:
    """Return the application with all components started; one that waits while the disk is full.

    `server` is told to one of several processes. Raises what `Components` raises.
    """
    restart = partial(os.kill, os.getpid(), signal.SIGTERM)  # gunicorn starts another
    try:
        components = Components(settings, server)
    except (IsothermError, OSError) as error:
        if not is_full(error, settings.folder):
            if isinstance(error, IsothermError):
                raise
            message = f"The data folder {settings.folder} cannot be used: {error}"
            raise IsothermError(Code.STORE_UNAVAILABLE, message) from error
        return waiting(error, settings.folder, restart)
    components.restart = restart
    return app_of(components.start())


def app_of(components: Components) -> Flask:
    """Return the application over given components, which are closed when the process ends."""
    atexit.register(components.close)
    app = Flask(__name__, static_folder=None)
    app.extensions[COUNTERS] = components.counters
    app.json.sort_keys = False  # type: ignore[attr-defined]  # Grafana reads schema before data
    app.register_blueprint(
        intake_blueprint(
            components.steps,
            components.spool.append,
            components.counters,
            components.intake_options,
            components.rates,
        )
    )
    services = components.services()
    app.register_blueprint(api_blueprint(services))
    _add_page(app, services.options, components.settings.grafana_url)
    _add_headers(app)
    _compress(app)
    return app


def _framed(policy: str, grafana_url: str) -> str:
    """Return a policy that lets Grafana's pages show ours in a frame."""
    parts = urlsplit(grafana_url)
    if not parts.netloc:
        return policy
    grafana = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
    return policy.replace("frame-ancestors 'self'", f"frame-ancestors 'self' {grafana}")


def _add_headers(app: Flask) -> None:
    """Say of every answer that it is what it says, and of what is no page that nothing runs."""

    @app.after_request
    def add(response: Response) -> Response:
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers.setdefault("Referrer-Policy", "same-origin")
        file_of_page = request.endpoint == "asset" and response.status_code < 400
        if response.mimetype != "text/html" and not file_of_page:
            response.headers.setdefault("Content-Security-Policy", DATA_POLICY)
        return response


def _add_page(app: Flask, options: Options, grafana_url: str) -> None:
    folder = str(resources.files("isotherm") / "static")

    @app.get("/")
    def page() -> Response:
        try:
            role_of(options, request.headers.get("Authorization"), own_page=True)
        except IsothermError as error:
            # the browser asks for a name (any) and a password (the token), and keeps sending them
            challenge = {"WWW-Authenticate": 'Basic realm="Isotherm: the token is the password"'}
            return Response(error.message, 401, challenge, mimetype="text/plain")
        response = send_from_directory(folder, "index.html", max_age=0)
        response.headers["Content-Security-Policy"] = _framed(PAGE_POLICY, grafana_url)
        return response

    @app.get("/s/<token>")
    def snapshot(token: str) -> Response:  # noqa: ARG001 - the page itself reads its address
        html = (Path(folder) / "index.html").read_text("utf-8")
        page = html.replace("<head>", '<head><base href="../" />', 1)
        response = Response(page, mimetype="text/html")
        response.headers["Content-Security-Policy"] = SNAPSHOT_POLICY
        response.headers["Cache-Control"] = "no-cache"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    @app.get("/<path:name>")
    def asset(name: str) -> Response:
        return send_from_directory(folder, name, max_age=3600)  # built since the server started

    if Path(folder).is_dir():  # absent in a source tree whose page was never built
        app.wsgi_app = PageFiles(  # type: ignore[method-assign]
            app.wsgi_app,
            root=folder,
            max_age=3600,
            allow_all_origins=False,
            immutable_file_test=_HASHED,
        )


def _compress(app: Flask) -> None:
    """Compress what is written anew for each answer; the page's own files are compressed once."""
    app.config |= {
        "COMPRESS_ALGORITHM": ["zstd", "br", "gzip"],
        "COMPRESS_MIMETYPES": [
            "application/json",
            "text/html",
            "text/plain",
        ],
        "COMPRESS_MIN_SIZE": 1024,  # a smaller one fits into one packet anyway
        "COMPRESS_BR_LEVEL": 4,
        "COMPRESS_STREAMS": False,
    }
    Compress(app)
