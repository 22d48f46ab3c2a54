"""Several processes with one database: they start together, write at once and lose nothing."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select, text

from isotherm.model.errors import Code, IsothermError
from isotherm.pipeline.quarantine import Quarantine
from isotherm.storage.saved.assets import AssetRow
from isotherm.storage.saved.audit import AuditLog
from isotherm.storage.saved.backgrounds import BackgroundRow
from isotherm.storage.saved.db import answered, open_database
from isotherm.storage.saved.heatmaps import NewHeatmap, SavedHeatmaps
from isotherm.storage.saved.names import ApplicationNames, NameRow
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
