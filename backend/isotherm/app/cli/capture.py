"""`isotherm capture`: a running server makes page pictures, live or from stored replays."""

import time
from typing import Any
from urllib.parse import urlsplit

import click
import requests
from rich.console import Console

from isotherm.app.cli.options import setting_flags, settings_for
from isotherm.app.cli.server import server_url
from isotherm.model.errors import Code, IsothermError

POLL_S = 0.5
TIMEOUT_S = 30
DONE = ("done", "failed", "skipped")


@click.command("capture")
@setting_flags("host", "port", "token")
@click.argument("url", required=False, default="")
@click.option("--application", required=True, help="Application that the page belongs to.")
@click.option("--page", help="Page; default: the path of the URL.")
@click.option("--width", type=int, default=1440, help="Window width in CSS pixels.")
@click.option("--replays", is_flag=True, help="Use stored replays instead of the live page.")
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
    """Make pictures of a page from its address URL, or from stored replays."""
    settings = settings_for(context, flags)
    base = f"{server_url(settings)}/api/v1/"
    body = {
        "application": application,
        "page": page or urlsplit(url).path or "/",
        "source": "" if replays else "url",
        "url": "" if replays else url,
        "viewport_w": width,
    }
    console = Console(stderr=True)
    with console.status("Waiting for the picture") as status:
        job = _call("POST", base + "backgrounds/capture", settings.token, body)["job"]
        while (state := _call("GET", f"{base}jobs/{job}", settings.token))["state"] not in DONE:
            status.update(f"{state['state']}: {state['progress']:.0%}")
            time.sleep(POLL_S)
    if state["state"] != "done":
        raise IsothermError(Code.CAPTURE_UNAVAILABLE, state["message"] or "No picture was made")
    for background in state["backgrounds"]:
        click.echo(f"{base}backgrounds/{background}/picture")


def _call(method: str, url: str, token: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    """Call the server. Raises STORE_UNAVAILABLE if none answers, or the code that it returns."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    try:
        response = requests.request(method, url, json=body, headers=headers, timeout=TIMEOUT_S)
        answer: dict[str, Any] = response.json()
    except requests.RequestException as error:
        message = f"Isotherm does not answer at {url}: start it with `isotherm serve` ({error})"
        raise IsothermError(Code.STORE_UNAVAILABLE, message) from error
    if not response.ok:
        problem = answer["error"]
        raise IsothermError(Code(problem["code"]), problem["message"])
    return answer
