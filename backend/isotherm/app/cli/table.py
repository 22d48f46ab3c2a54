"""`isotherm table`: the answer to a question as a CSV or Parquet file."""

import json
import sys
from pathlib import Path

import click

from isotherm.client import DEFAULT_URL, Client, ClientError, write_table


@click.command("table")
@click.argument("question")
@click.option("--application", required=True, help="Application id.")
@click.option("--page", default="", help="Page key; default: all pages.")
@click.option("--from", "start", default=None, help="Start (RFC 3339); default: 30 days ago.")
@click.option("--to", "end", default=None, help="End (exclusive); default: now.")
@click.option("--params", default="{}", help="Parameters of the question, as a JSON object.")
@click.option("--url", default=DEFAULT_URL, envvar="ISOTHERM_URL", show_default=True,
              help="Address of the Isotherm server.")  # fmt: skip
@click.option("--token", default="", envvar="ISOTHERM_TOKEN", help="Token of the server.")
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path),
              help="Output file: .csv or .parquet.")  # fmt: skip
def command(
    *,
    question: str, application: str, page: str, start: str | None, end: str | None, params: str,
    url: str, token: str, out: Path,
) -> None:  # fmt: skip
    """Ask QUESTION (see docs/api.md) of a running Isotherm and write the rows to a file."""
    try:
        more = json.loads(params)
        frame = Client(url, token).ask(
            question, application=application, page=page, start=start, end=end, **more
        )
        write_table(frame, out)
    except (ClientError, json.JSONDecodeError, TypeError) as error:
        click.echo(f"isotherm: {error}", err=True)
        sys.exit(1)
    click.echo(f"{len(frame)} rows in {out}")
