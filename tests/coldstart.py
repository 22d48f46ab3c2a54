"""Fresh starts in a row while every core is busy: `python -m tests.coldstart --starts 20`.

Each is what `make run` does on a fresh clone: an empty data folder, `isotherm demo --serve`. It
must answer each time; how long that took is printed, counted from the start of the process.
"""

import contextlib
import http.client
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import click

from tests.bench.servers import Api, free_port

LIMIT_S = 120.0  # of each start
PAUSE_S = 0.05
BUSY = "while True: pass"
HEAT = {"refId": "A", "question": "heat", "page": "/"}
MARKS = ("/health", "start page", "first heat", "demo loaded")


@click.command()
@click.option("--starts", type=click.IntRange(1, 200), default=20)
@click.option("--busy", type=int, default=os.cpu_count() or 2, help="Loops that burn a core each.")
def main(starts: int, busy: int) -> None:
    """Start the demo again and again; end with status 1 when one start does not answer."""
    took: list[list[float]] = []
    click.echo(f"{starts} starts beside {busy} busy loops; seconds until ...")
    click.echo("".join(f"{name:>14}" for name in ("start", *MARKS)))
    with busy_loops(busy):
        for number in range(1, starts + 1):
            took.append(one_start())
            click.echo(f"{number:>14}" + "".join(f"{seconds:>14.1f}" for seconds in took[-1]))
    columns = list(zip(*took, strict=True))
    for name, of in (("median", statistics.median), ("slowest", max)):
        click.echo(f"{name:>14}" + "".join(f"{of(column):>14.1f}" for column in columns))


@contextlib.contextmanager
def busy_loops(count: int) -> Iterator[None]:
    """Occupy cores until the block ends."""
    loops = [subprocess.Popen([sys.executable, "-c", BUSY]) for _ in range(count)]
    try:
        yield
    finally:
        for loop in loops:
            loop.kill()
            loop.wait()


def one_start() -> list[float]:
    """Start a fresh demo and end it; return the seconds until each of MARKS."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith("ISOTHERM_")}
    with tempfile.TemporaryDirectory(prefix="isotherm-start-") as folder:
        port, log = free_port(), Path(folder) / "log"
        command = [sys.executable, "-m", "isotherm", "demo", "--serve", "--port", str(port)]
        began = time.monotonic()
        with log.open("wb") as out:
            server = subprocess.Popen(
                [*command, "--data", f"{folder}/data"], env=kept, stdout=out, stderr=out
            )
        try:
            return [until(question, port, began, server, log) for question in QUESTIONS]
        finally:
            server.terminate()
            server.wait(60)


def until(
    answered: Callable[[Api], bool],
    port: int,
    began: float,
    server: "subprocess.Popen[bytes]",
    log: Path,
) -> float:
    """Return the seconds until the server has answered a question."""
    while time.monotonic() < began + LIMIT_S and server.poll() is None:
        with contextlib.suppress(OSError, http.client.HTTPException):
            if answered(Api(port)):
                return time.monotonic() - began
        time.sleep(PAUSE_S)
    click.echo(log.read_text("utf-8"), err=True)
    raise click.ClickException("This start did not answer")


def healthy(api: Api) -> bool:
    """Whether /health answers."""
    return json.loads(api.get("/health"))["status"] == "ok"


def shown(api: Api) -> bool:
    """Whether the start page is there."""
    return b'<div id="root">' in api.get("/")


def hot(api: Api) -> bool:
    """Whether a page of any application has a heat map."""
    whole = {"from": 0, "to": 4_000_000_000_000}
    known = json.loads(api.get("/api/v1/applications?from=0&to=4000000000000"))["applications"]
    for one in known:
        query = HEAT | {"application": one["application"]}
        body = json.dumps({"range": whole, "queries": [query]}).encode()
        frames = json.loads(api.query(body))["results"]["A"]["frames"]
        if frames[0]["schema"]["meta"]["custom"]["isotherm"]["clicks"] > 0:
            return True
    return False


def loaded(api: Api) -> bool:
    """Whether every session of the demo is in."""
    return str(api.status()["demo"]["stage"]) in {"pictures", "done"}


QUESTIONS = (healthy, shown, hot, loaded)

if __name__ == "__main__":
    main()
