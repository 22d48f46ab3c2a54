"""`isotherm mcp`: tools for assistants, over stdio or HTTP."""

import sys

import click

from isotherm.client import DEFAULT_URL, Client, ClientError

LOOPBACK = ("127.0.0.1", "::1", "localhost")


def _is_open(url: str) -> bool:
    """Say whether a server answers without a token."""
    try:
        Client(url).applications()
    except ClientError:
        return False
    return True


@click.command("mcp")
@click.option("--url", default=DEFAULT_URL, envvar="ISOTHERM_URL", show_default=True,
              help="Address of the Isotherm server.")  # fmt: skip
@click.option("--token", default="", envvar="ISOTHERM_TOKEN",
              help="Token (stdio); over HTTP, each caller sends its own.")  # fmt: skip
@click.option("--transport", type=click.Choice(["stdio", "http"]), default="stdio",
              show_default=True, help="Transport that callers use.")  # fmt: skip
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on (http).")
@click.option("--port", default=8421, show_default=True, help="Port to listen on (http).")
def command(url: str, token: str, transport: str, host: str, port: int) -> None:
    """Serve heatmaps, numbers and comparisons as tools of the Model Context Protocol."""
    try:
        from isotherm.app.mcp_server import build  # noqa: PLC0415 - an extra, and slow to import
    except ModuleNotFoundError as error:
        click.echo(f"isotherm: {error.name} is missing: pip install 'isotherm[mcp]'", err=True)
        sys.exit(1)
    if transport == "stdio":
        build(lambda _given: Client(url, token)).run("stdio")
        return
    if host not in LOOPBACK and _is_open(url):
        click.echo(
            f"isotherm: {url} asks for no token, so everybody who reaches {host} could read it: "
            "set ISOTHERM_TOKEN for that server",
            err=True,
        )
        sys.exit(1)
    # The caller's own token is passed on, never that of this process.
    build(lambda given: Client(url, given)).run("streamable-http", host=host, port=port)
