"""`isotherm capture`: a running server makes page pictures, live or from stored replays."""

import json
import time
import urllib.error
import urllib.parse
import urllib.request
from typing import Any

import click
from rich.console import Console

from isotherm.cli.options import setting_flags, settings_for
from isotherm.errors import Code, IsothermError

POLL_S = 0.5
DONE = ("done", "failed", "skipped")


@click.command("capture")
@setting_flags("host", "port", "token")
@click.argument("url", required=False, default="")
@click.option("--application", required=True, help="Whose page it is.")
@click.option("--page", help="Page key; else the path of the URL.")
@click.option("--width", type=int, default=1440, help="Window width, css px.")
@click.option("--replays", is_flag=True, help="From stored replays instead of the live page.")
@click.pass_context
def command(
    context: click.Context,
    /,
    *,
    url: str,
    application: str,
    page: str | None,
    width: int,
    replays: bool,
    **flags: Any,
) -> None:
    """Make pictures of a page: from its address URL, or from its stored replays."""
    settings = settings_for(context, flags)
    base = f"http://{settings.host}:{settings.port}/api/v1/"
    body = {
        "application": application,
        "page": page or urllib.parse.urlsplit(url).path or "/",
        "source": "" if replays else "url",
        "url": "" if replays else url,
        "viewport_w": width,
    }
    console = Console(stderr=True)
    with console.status("Waiting for the picture") as status:
        job = _call(base + "backgrounds/capture", settings.token, body)["job"]
        while (state := _call(f"{base}jobs/{job}", settings.token))["state"] not in DONE:
            status.update(f"{state['state']}: {state['progress']:.0%}")
            time.sleep(POLL_S)
    if state["state"] != "done":
        raise IsothermError(Code.CAPTURE_UNAVAILABLE, state["message"] or "No picture was made")
    for background in state["backgrounds"]:
        click.echo(f"{base}backgrounds/{background}/picture")


def _call(url: str, token: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    headers = {"content-type": "application/json"}
    if token:
        headers["authorization"] = f"Bearer {token}"
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, headers)  # noqa: S310 (http to our own server)
    try:
        with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310
            answer: dict[str, Any] = json.load(response)
            return answer
    except urllib.error.HTTPError as error:
        message = json.load(error)["error"]["message"]
        raise IsothermError(Code.INVALID, message) from error
    except OSError as error:
        message = f"No Isotherm answers at {url}: start it with `isotherm serve` ({error})"
        raise IsothermError(Code.STORE_UNAVAILABLE, message) from error
