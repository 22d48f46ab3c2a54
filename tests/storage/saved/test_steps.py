"""The schema's steps: a file of an earlier installation is taken over, on either database."""

import shutil
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text

import isotherm.app.wiring  # noqa: F401 - all modules that declare tables
from isotherm.model.errors import Code, IsothermError
from isotherm.model.sites import Lack
from isotherm.pipeline.quarantine import Quarantine
from isotherm.storage.ports import Recording
from isotherm.storage.saved import migrations
from isotherm.storage.saved.assets import AssetIndex
from isotherm.storage.saved.audit import AuditLog, Entry
from isotherm.storage.saved.backgrounds import StoredBackgrounds
from isotherm.storage.saved.db import Base, open_database
from isotherm.storage.saved.heatmaps import SavedHeatmaps
from isotherm.storage.saved.names import ApplicationNames
from isotherm.storage.saved.samples import StoredSamples
from isotherm.storage.saved.shares import Shares
from isotherm.storage.saved.sites import Sites
from isotherm.storage.saved.zones import Zones

BEFORE = Path(__file__).with_name("before_steps.sqlite")
"""What version 0.1.0 wrote before there were steps: one or two of everything."""
NOW = 1_795_000_000_000
TOKEN = "Qf89QCLI54Ken1ZfuRYN2h_1tmXZLY7P"


def everything(database: Engine, folder: Path) -> None:
    """Check that all that is in the file can be read through today's code."""
    heatmaps = SavedHeatmaps(database)
    (cart,) = heatmaps.all()
    assert (cart.name, cart.author, cart.opened_ms) == ("Cart", "Ana", NOW)
    assert heatmaps.restore("0a57b264a40e2466").name == "Gone", "a deletion can still be undone"
    shares = Shares(database)
    assert shares.open(TOKEN, "abc123", NOW).answers["heat"] == msgspec.Raw(b'{"frames":[]}')
    assert [shares.tile(TOKEN, "abc123", index, NOW) for index in (0, 1)] == [
        b"strip 0",
        b"strip 1",
    ]
    assert [zone.element for zone in Zones(database).of("shop", "/cart")] == ["#buy"]
    assert [(one.site, one.private) for one in Sites(database).of("shop")] == [
        ("shop.example", True)
    ]
    assert ApplicationNames(database).all() == {"shop": "The shop"}
    samples = StoredSamples(database, "host:/data").since(0)
    assert samples == [(NOW, {("received", "faro"): 3.0})]
    log = AuditLog(database)
    assert [(one.number, one.what) for one in log.all()] == [(2, "session 2"), (1, "session 1")]
    log.note(Entry(at_ms=NOW, who="Ben", did="looked", what=""))
    assert log.all()[0].number == 3, "numbers go on"
    found = AssetIndex(database).of(
        ["https://shop.example/a.png", "https://shop.example/b.png"], NOW
    )
    assert {(one.content, one.why) for one in found.values()} == {
        ("c0ffee", None),
        ("", next(iter(Lack))),
    }
    (aside,) = Quarantine(database).all()
    assert (aside.recording, aside.events) == (Recording("a\0b", "ключ", ""), 7)
    picture = StoredBackgrounds(database, "", folder).get("p1")
    assert (picture.pinned, picture.notices, picture.boxes["#buy"].fixed) == (True, ("cut",), True)


def test_a_file_of_before_is_taken_over_whole(tmp_path: Path) -> None:
    shutil.copy(BEFORE, tmp_path / "saved.sqlite")
    everything(open_database("", tmp_path, owner=True), tmp_path)
    everything_again = open_database("", tmp_path, owner=True)
    assert len(SavedHeatmaps(everything_again).all()) == 2


def test_steps_make_the_tables_that_the_code_declares(saved: str, tmp_path: Path) -> None:
    database = open_database(saved, tmp_path)
    with database.connect() as connection:
        # SQLite does not care how long a text is, and keeps the types of before
        lengths = {"compare_type": database.dialect.name != "sqlite"}
        context = MigrationContext.configure(
            connection, opts={"version_table": migrations.TABLE, **lengths}
        )
        assert compare_metadata(context, Base.metadata) == []
    if saved:
        return
    shutil.copy(BEFORE, tmp_path / "before.sqlite")
    before = open_database(f"sqlite:///{tmp_path / 'before.sqlite'}", tmp_path)
    tables = set(inspect(database).get_table_names())
    assert tables == set(inspect(before).get_table_names())
    for table in tables:
        names = [
            {one["name"] for one in inspect(each).get_indexes(table)} for each in (database, before)
        ]
        assert names[0] == names[1]


def test_the_last_step_is_the_one_that_is_asked_for() -> None:
    folder = Path(migrations.__file__).parent
    assert ScriptDirectory(str(folder)).get_current_head() == migrations.HEAD


def test_what_a_later_release_has_changed_is_left_alone(saved: str, tmp_path: Path) -> None:
    database = open_database(saved, tmp_path)
    with database.begin() as connection:
        connection.execute(text("UPDATE isotherm_version SET version_num = '9000'"))
    with pytest.raises(IsothermError, match="of a later release") as refused:
        open_database(saved, tmp_path)
    assert refused.value.code is Code.CONFLICT


@pytest.mark.server
def test_a_first_start_logs_nothing_of_alembic(tmp_path: Path) -> None:
    starts = (
        "import logging, sys; from pathlib import Path; logging.basicConfig(level='INFO'); "
        "from isotherm.storage.saved.db import open_database; open_database('', Path(sys.argv[1]))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", starts, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert ended.stderr == ""
