"""The InfluxDBs that are measured: a 1.x of its own, and the 2.x that the environment names."""

import os
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from isotherm.storage.influxdb.client import InfluxClient
from isotherm.storage.influxdb.options import JournalOptions
from tests.storage.influxdb.influxd import Influxd

VARIABLE = "ISOTHERM_TEST_INFLUXDB2_URL"


def servers() -> Iterator[tuple[str, JournalOptions]]:
    """Lend a database on each InfluxDB that there is."""
    if Influxd.installed():
        with _first() as options:
            yield "1.x", options
    if os.environ.get(VARIABLE):
        with second() as options:
            yield "2.x", options


@contextmanager
def _first() -> Iterator[JournalOptions]:
    """Run an InfluxDB 1.x in a temporary folder."""
    with tempfile.TemporaryDirectory(prefix="isotherm-influxd-") as folder:
        server = Influxd(Path(folder))
        server.start()
        try:
            yield JournalOptions(server.url, database="bench")
        finally:
            server.stop()


@contextmanager
def second() -> Iterator[JournalOptions]:
    """Lend a bucket on the 2.x of the environment, not made yet; delete it in the end."""
    token, org = (
        os.environ.get(f"ISOTHERM_TEST_INFLUXDB2_{name}", "") for name in ("TOKEN", "ORG")
    )
    name = f"bench_{uuid.uuid4().hex[:12]}"
    options = JournalOptions(os.environ[VARIABLE], token=token, org=org, database=name)
    try:
        yield options
    finally:
        with closing(InfluxClient(options)) as client:
            buckets = client.api.buckets_api()
            buckets.delete_bucket(buckets.find_bucket_by_name(name))
