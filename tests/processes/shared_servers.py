"""Servers that the processes under test share: InfluxDB, and PostgreSQL with an S3 server."""

import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

from tests.conftest import free_port, wait_until_alive
from tests.storage.influxdb.influxd import Influxd
from tests.storage.saved.postgres import Postgres


def influxdb_of(running: ExitStack, folder: Path) -> dict[str, str]:
    """Start an InfluxDB 1.x; return the settings that name it."""
    folder.mkdir()
    server = Influxd(folder)
    running.callback(server.stop)
    server.start()
    return {
        "ISOTHERM_INFLUX_URL": server.url,
        "ISOTHERM_INFLUX_DATABASE": "killed",
        "ISOTHERM_INFLUX_RECONCILE_S": "2",
    }


def services_of(running: ExitStack) -> dict[str, str]:
    """Start a PostgreSQL and a server that speaks S3; return the settings that name them."""
    postgres, port = Postgres(free_port()), free_port()
    running.callback(postgres.remove)
    postgres.start()
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    log = postgres.folder / "s3.log"
    with log.open("wb") as out:
        server = subprocess.Popen(command, stdout=out, stderr=out)
    running.callback(server.terminate)
    wait_until_alive(f"http://127.0.0.1:{port}", server, log, "/moto-api/")
    return {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "AWS_ACCESS_KEY_ID": "isotherm",
        "AWS_SECRET_ACCESS_KEY": "s3cret-of-s3",
        "AWS_DEFAULT_REGION": "us-east-1",
        "ISOTHERM_SAVED": postgres.new_database(),
        "ISOTHERM_REPLAYS_URL": "s3://killed/replays",
        "ISOTHERM_PICTURES_URL": "s3://killed/pictures",
    }
