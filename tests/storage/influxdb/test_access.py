"""InfluxDB as people run it: users with few rights, TLS of their own, prefixes, other policies."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from isotherm.model.errors import IsothermError
from isotherm.storage.influxdb.client import InfluxClient
from isotherm.storage.influxdb.journal import InfluxJournal, open_journal
from isotherm.storage.influxdb.options import JournalOptions
from tests.storage.influxdb.conftest import Start
from tests.storage.influxdb.events import NOON_MS, click, everything, rows, view
from tests.storage.influxdb.front import Front
from tests.storage.influxdb.influxd import Influxd
from tests.storage.influxdb.test_other_measurements import TELEGRAF


@pytest.fixture(scope="module")
def journal_with_users(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JournalOptions]:
    """Run a 1.x that asks for a user, and give its administrator's options."""
    if Influxd.installed() is None:
        pytest.skip("influxd is not installed (Debian: apt install influxdb)")
    server = Influxd(tmp_path_factory.mktemp("auth"), auth=True)
    server.start()
    said = "CREATE USER admin WITH PASSWORD 'p w:x' WITH ALL PRIVILEGES"
    open_journal(JournalOptions(server.url))._client.ask(said, database=False, post=True)
    yield JournalOptions(server.url, token="admin:p w:x", retention="90d")
    server.stop()


def tell(options: JournalOptions, *statements: str) -> None:
    for statement in statements:
        open_journal(options)._client.ask(statement, database=False, post=True)


def test_who_may_not_create_the_database_gets_the_command(
    journal_with_users: JournalOptions,
) -> None:
    tell(journal_with_users, "CREATE USER small WITH PASSWORD 'pw'")
    mine = replace(journal_with_users, database="mine")
    with pytest.raises(IsothermError, match='CREATE DATABASE "mine" WITH DURATION 90d'):
        open_journal(replace(mine, token="small:pw")).write([click("a")])
    assert not open_journal(mine).write([click("a")])


def test_who_may_only_read_gets_the_command(
    journal_with_users: JournalOptions, started: Start
) -> None:
    tell(journal_with_users, "CREATE USER reader WITH PASSWORD 'pw'", "CREATE DATABASE theirs")
    tell(journal_with_users, "GRANT READ ON theirs TO reader")
    reader = replace(journal_with_users, database="theirs", token="reader:pw")
    for attempt in (lambda one: one.write([click("a")]), InfluxJournal.try_rights):
        with pytest.raises(IsothermError, match='GRANT ALL ON "theirs" TO "reader"'):
            attempt(open_journal(reader))
    tell(journal_with_users, "GRANT ALL ON theirs TO reader")
    isotherm = started(reader)
    isotherm.take([click("a"), view("v1", 1)])
    again = started(reader)
    again.reconciler.run_once()
    assert everything(again.engine) == everything(isotherm.engine)


def test_a_wrong_password_is_told(journal_with_users: JournalOptions) -> None:
    with pytest.raises(IsothermError, match="influx_token"):
        open_journal(replace(journal_with_users, token="admin:wrong")).write([click("a")])


def test_tls_of_ones_own_and_a_prefix(
    journal_with_users: JournalOptions, started: Start, tmp_path: Path
) -> None:
    front = Front(int(journal_with_users.url.rpartition(":")[2]), tmp_path)
    options = replace(journal_with_users, url=front.url, ca=str(front.ca), database="through")
    try:
        with pytest.raises(IsothermError, match="influx_ca"):
            open_journal(replace(options, ca="")).write([click("a")])
        isotherm = started(options)
        isotherm.take([click("a"), view("v1", 1)])
        again = started(options)
        again.reconciler.run_once()
        assert everything(again.engine) == everything(isotherm.engine)
    finally:
        front.close()


def _token(client: InfluxClient, bucket: Any, rights: list[dict[str, Any]]) -> str:
    asked = json.dumps({"orgID": bucket.org_id, "permissions": rights})
    said = client.request("POST", "/api/v2/authorizations", data=asked)
    return str(said.json()["token"])


def test_a_token_for_one_bucket_is_enough(options: JournalOptions, started: Start) -> None:
    if options.version != "2":
        pytest.skip("buckets and their tokens are 2.x")
    owner = open_journal(options)
    owner.prepare()
    client = owner._client
    bucket: Any = client.api.buckets_api().find_bucket_by_name(options.database)
    rights = [
        {"action": action, "resource": {"type": "buckets", "id": bucket.id, "orgID": bucket.org_id}}
        for action in ("read", "write")
    ]
    narrow = replace(options, token=_token(client, bucket, rights))
    open_journal(narrow).try_rights()
    for right in rights:
        with pytest.raises(IsothermError, match=r"influx_token|influx_org"):
            open_journal(replace(options, token=_token(client, bucket, [right]))).try_rights()
    isotherm = started(narrow)
    isotherm.take([click("a"), view("v1", 1)])
    again = started(narrow)
    again.reconciler.run_once()
    assert everything(again.engine) == everything(isotherm.engine)
    elsewhere = replace(narrow, database="not_" + options.database)
    with pytest.raises(IsothermError, match="influx bucket create --name not_test"):
        open_journal(elsewhere).write([click("a")])


def test_a_measurement_in_another_database_and_policy(
    influxd: Influxd, started: Start, tmp_path: Path
) -> None:
    other = JournalOptions(influxd.url, database=f"other_{tmp_path.name}")
    tell(other, f'CREATE DATABASE "{other.database}"')
    tell(
        other,
        f'CREATE RETENTION POLICY "two years" ON "{other.database}" DURATION 104w REPLICATION 1',
    )
    line = f'clicks,site=shop,path=/a payload="{{\\"session\\":\\"s\\"}}" {NOON_MS}'
    open_journal(other)._client.request(
        "POST",
        "/write",
        params={"db": other.database, "rp": "two years", "precision": "ms"},
        data=line,
    )
    where = f'name = "clicks"\ndatabase = "{other.database}"\npolicy = "two years"'
    mapping = tmp_path / "mapping.toml"
    mapping.write_text(TELEGRAF.replace('name = "clicks"', where))
    isotherm = started(replace(other, database=f"own_{tmp_path.name}", mapping=str(mapping)))
    isotherm.take([click("mine", NOON_MS + 60_000)])
    assert isotherm.reconciler.run_once().state == "in step"
    assert len(rows(isotherm.engine, "actions")) == 2


def test_a_look_at_the_rights_writes_nothing(options: JournalOptions) -> None:
    journal = open_journal(options)
    journal.try_rights()
    assert not journal._client.ask("SHOW MEASUREMENTS")


def test_an_organisation_that_is_missing_or_wrong_is_told(options: JournalOptions) -> None:
    if options.version != "2":
        pytest.skip("organisations are 2.x")
    for org in ("", "nobody"):
        with pytest.raises(IsothermError, match="influx_org"):
            open_journal(replace(options, org=org)).prepare()
