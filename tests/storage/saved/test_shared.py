"""Several processes with one database: they start together, write at once and lose nothing."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select, text

from isotherm.api.history import EVERY_MS, KEPT_MS, History
from isotherm.model.errors import Code, IsothermError
from isotherm.pipeline.quarantine import Quarantine
from isotherm.storage.saved.assets import AssetRow
from isotherm.storage.saved.audit import AuditLog, Entry
from isotherm.storage.saved.backgrounds import BackgroundRow
from isotherm.storage.saved.db import answered, open_database
from isotherm.storage.saved.heatmaps import NewHeatmap, SavedHeatmaps
from isotherm.storage.saved.names import ApplicationNames, NameRow
from isotherm.storage.saved.samples import StoredSamples
from isotherm.storage.saved.shares import Shares
from isotherm.storage.saved.sites import Sites
from isotherm.storage.saved.zones import Zones
from tests.conftest import environment, free_port
from tests.storage.saved.postgres import PASSWORD, Postgres
from tests.storage.saved.writer import MOST, NOW, TIMES

PROCESSES = 3
LIMIT_S = 120
CART = NewHeatmap(name="Cart", application="shop", page="/", address="?")


@pytest.mark.server
def test_processes_start_and_write_at_once(saved: str, tmp_path: Path) -> None:
    names = [f"p{number}" for number in range(PROCESSES)]
    command = [sys.executable, "-m", "tests.storage.saved.writer", saved, str(tmp_path)]
    writers = [
        subprocess.Popen(
            [*command, name], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env=environment(),
        )
        for name in names
    ]  # fmt: skip
    for writer in writers:  # all of them made the tables, or waited for the one that did
        assert writer.stdout is not None
        assert writer.stdout.readline() == "open\n"
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.close()
    refused = 0
    for writer in writers:
        assert writer.stdout is not None
        refused += json.loads(writer.stdout.read())["refused"]
        assert writer.wait(LIMIT_S) == 0
    database = open_database(saved, tmp_path)
    assert len(SavedHeatmaps(database).all()) == PROCESSES * TIMES
    assert ApplicationNames(database).all()["shop"] in {f"{name} {TIMES - 1}" for name in names}
    assert len(Sites(database).of("shop")) == TIMES, "each once, whoever came first"
    assert len(AuditLog(database).all()) == PROCESSES * TIMES
    assert len(Shares(database).all(NOW)) == PROCESSES * TIMES
    (aside,) = Quarantine(database).all()
    assert aside.tries == PROCESSES * TIMES
    assert len(Zones(database).of("shop", "/")) == MOST
    assert refused == PROCESSES * TIMES - MOST
    with database.connect() as connection:
        assert connection.execute(select(func.count()).select_from(AssetRow)).scalar() == 7


@pytest.fixture
def postgres_of_its_own() -> Postgres:
    if Postgres.installed() is None:
        pytest.skip("PostgreSQL is not installed (Debian: apt install postgresql)")
    return Postgres(free_port())


@pytest.mark.server
def test_postgres_goes_away_and_comes_back(
    postgres_of_its_own: Postgres, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    server = postgres_of_its_own
    with pytest.raises(IsothermError) as away:
        open_database(server.url(), tmp_path)
    assert away.value.code is Code.STORE_UNAVAILABLE
    assert "does not answer" in away.value.message
    try:
        server.start()
        heatmaps = SavedHeatmaps(open_database(server.new_database(), tmp_path))
        heatmaps.add(CART, NOW)
        server.stop()
        with pytest.raises(IsothermError) as gone:
            heatmaps.all()
        assert (gone.value.code, gone.value.retry_after_s) == (Code.STORE_UNAVAILABLE, 5)
        server.start()
        assert [one.name for one in heatmaps.all()] == ["Cart"]
    finally:
        server.remove()
    for error in (away.value, gone.value):
        assert PASSWORD not in f"{error.message} {error.__cause__!r}"
    assert PASSWORD not in caplog.text


@pytest.mark.server
def test_a_wrong_password_is_said_and_not_shown(postgres: Postgres, tmp_path: Path) -> None:
    url = postgres.url().replace(PASSWORD, "wr0ng-secret")
    with pytest.raises(IsothermError, match="password authentication failed") as refused:
        open_database(url, tmp_path)
    assert "wr0ng-secret" not in f"{refused.value.message} {refused.value.__cause__!r}"


@pytest.mark.parametrize(
    "url",
    [
        "mysql://root:s3cret@host/name",
        "postgresql+psycopg2://u:s3cret@h/d",
        "u:s3cret@:x",
        "sqlite://",
    ],
)
def test_what_is_no_address_is_refused_without_its_password(url: str, tmp_path: Path) -> None:
    with pytest.raises(IsothermError, match="postgresql://user:password@host") as refused:
        open_database(url, tmp_path)
    assert refused.value.code is Code.INVALID
    assert "s3cret" not in f"{refused.value.message} {refused.value.__cause__!r}"


@pytest.mark.server
def test_what_postgres_cannot_hold_is_told(postgres: Postgres, tmp_path: Path) -> None:
    database = open_database(postgres.new_database(), tmp_path)
    row = insert(NameRow).values(application="shop", name="a\0b")
    with (
        pytest.raises(IsothermError, match="NUL") as refused,
        answered(),
        database.begin() as connection,
    ):
        connection.execute(row)
    assert refused.value.code is Code.INVALID


def test_long_names_are_kept_and_found(saved: str, tmp_path: Path) -> None:
    database = open_database(saved, tmp_path)
    page = "".join(chr(0x4E00 + number) for number in range(4_000))  # does not compress
    with database.begin() as connection:
        known = {"id": "a", "application": page, "page": page, "body": b"", "created_ms": 1}
        connection.execute(insert(BackgroundRow).values(**known))
        found = "SELECT id FROM backgrounds WHERE page = :page AND application = :page"
        assert connection.execute(text(found), {"page": page}).scalars().all() == ["a"]


def test_what_hangs_holds_nothing_for_long(postgres: Postgres, tmp_path: Path) -> None:
    database = open_database(postgres.new_database(), tmp_path)
    for _ in range(2):  # a rollback does not take it back
        with database.connect() as connection:
            for name, value in (
                ("idle_in_transaction_session_timeout", "1min"),
                ("tcp_keepalives_idle", "10"),
            ):
                assert connection.execute(text(f"SHOW {name}")).scalar() == value
            driver = connection.connection.driver_connection
            assert driver is not None
            assert driver.info.get_parameters()["keepalives_idle"] == "10"


def test_one_look_an_hour_is_noted_however_many_look_at_once(saved: str, tmp_path: Path) -> None:
    logs = [AuditLog(open_database(saved, tmp_path)) for _ in range(2)]
    hours = range(10)
    with ThreadPoolExecutor(8) as people:
        for hour in hours:
            entry = Entry(at_ms=NOW + hour * 3_600_000, who="", did="looked", what="a snapshot")
            list(people.map(lambda n, e=entry: logs[n % 2].note(e, hourly=True), range(8)))
    assert len(logs[0].all()) == len(hours)


def test_a_database_that_hangs_holds_up_one_answer_only(postgres: Postgres, tmp_path: Path) -> None:
    url = postgres.new_database()
    database = open_database(url, tmp_path)
    history = History(StoredSamples(open_database(url, tmp_path), "here"), by_others=True)
    with ThreadPoolExecutor(2) as answers, database.begin() as connection:
        connection.execute(text("LOCK TABLE samples IN ACCESS EXCLUSIVE MODE"))
        first = answers.submit(history.note, NOW, dict)
        while not history._looked_ms:
            assert not first.done()
        try:
            answers.submit(history.note, NOW + 1, dict).result(LIMIT_S / 4)
            assert not first.done()
        finally:
            connection.rollback()
    first.result(LIMIT_S)
    assert [one.time_ms for one in history.between(NOW, NOW + 1)] == [NOW]


def test_processes_know_the_samples_of_each_other(saved: str, tmp_path: Path) -> None:
    mine, other = (
        History(StoredSamples(open_database(saved, tmp_path), "here"), by_others=True)
        for _ in range(2)
    )
    gone = StoredSamples(open_database(saved, tmp_path), "a server that is gone")
    gone.add(NOW - 2 * KEPT_MS, {}, 0)
    for n in range(6):
        (mine, other)[n % 2].note(NOW + n * EVERY_MS, lambda n=n: {("pending", ""): float(n)})
    for one in (mine, other):
        found = one.between(NOW, NOW + 6 * EVERY_MS)
        assert [sample.reading["pending", ""] for sample in found] == [0, 1, 2, 3, 4, 5]
    assert gone.since(0) == []
