"""A ClickHouse to test against: the server that `ISOTHERM_TEST_CLICKHOUSE_URL` names, else chDB."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from isotherm.storage.clickhouse.server import Server, read_address

URL = "ISOTHERM_TEST_CLICKHOUSE_URL"


@contextmanager
def clickhouse(folder: Path) -> Iterator[str]:
    """Yield the address of a server, without a database."""
    if url := os.environ.get(URL):
        yield url.rstrip("/")
        return
    command = [sys.executable, "-m", "tests.storage.clickhouse.chdb_server", str(folder / "chdb")]
    root = Path(__file__).parents[3]
    process = subprocess.Popen(
        command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdin
    assert process.stdout
    try:
        yield f"clickhouse://127.0.0.1:{int(process.stdout.readline())}"
    finally:
        process.stdin.close()
        process.wait(timeout=30)


def emptied(url: str) -> str:
    """Return the address of a database, without what an earlier test has put in."""
    server = Server(read_address(url), 30.0)
    full = server.rows(
        "SELECT name FROM system.tables WHERE database = currentDatabase() AND total_rows > 0 "
        "AND name != 'migrations'"
    )
    for (name,) in full:
        server.command(f"TRUNCATE TABLE {name}")
    server.close()
    return url
