"""A ClickHouse to test against: the server that `ISOTHERM_TEST_CLICKHOUSE_URL` names, else chDB."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

URL = "ISOTHERM_TEST_CLICKHOUSE_URL"


@contextmanager
def clickhouse(folder: Path) -> Iterator[str]:
    """Yield the address of a server, without a database."""
    if url := os.environ.get(URL):
        yield url.rstrip("/")
        return
    command = [sys.executable, "-m", "tests.storage.clickhouse.chdb_server", str(folder / "chdb")]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin
    assert process.stdout
    try:
        yield f"clickhouse://127.0.0.1:{int(process.stdout.readline())}"
    finally:
        process.stdin.close()
        process.wait(timeout=30)
