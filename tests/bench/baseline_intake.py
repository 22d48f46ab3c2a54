"""The peer of the intake: a Flask route that decodes the same bodies with msgspec, nothing else.

It runs under the very gunicorn settings of `isotherm serve`.
"""

import os
from typing import Any

import click
import msgspec
from flask import Flask, Response, jsonify, request

from isotherm.app.cli.serve import Gunicorn
from isotherm.app.settings import load


def baseline_app() -> Flask:
    """Return the application."""
    app = Flask(__name__, static_folder=None)
    decoder = msgspec.json.Decoder()

    @app.post("/intake/<path:rest>")
    def decode(rest: str) -> tuple[Response, int]:
        del rest
        for line in request.get_data().split(b"\n"):
            if line:
                decoder.decode(line)
        return jsonify({}), 202

    @app.get("/health")
    def health() -> Response:
        return jsonify({})

    return app


class Baseline(Gunicorn):
    """The same server with the bare application."""

    def application(self) -> Any:
        """Return the application."""
        return baseline_app()


@click.command()
@click.option("--port", type=int, required=True)
def main(port: int) -> None:
    """Serve until told to stop."""
    Baseline(load(os.environ, None, {"port": port})).run()


if __name__ == "__main__":
    main()
