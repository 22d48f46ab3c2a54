"""Saved heatmaps and shared snapshots, over a real SQLite file and a real PostgreSQL."""

from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import Engine, text

from isotherm.model.errors import Code, IsothermError
from isotherm.storage.saved.backgrounds import StoredBackgrounds
from isotherm.storage.saved.db import open_database
from isotherm.storage.saved.heatmaps import NewHeatmap, SavedHeatmaps
from isotherm.storage.saved.names import ApplicationNames
from isotherm.storage.saved.samples import StoredSamples
from isotherm.storage.saved.shares import DAY_MS, Shares, Snapshot
from isotherm.storage.saved.sites import NewSite
from tests.scenario import picture, strip

NOW = 1_795_000_000_000
CART = NewHeatmap(
    name="Cart", application="shop", page="/cart", address="?page=/cart", author="Ana"
)
SNAPSHOT = Snapshot(
    name="Cart",
    application="shop",
    page="/cart",
    address="?page=/cart",
    taken_ms=NOW,
    time_locked=True,
    answers={"heat": msgspec.Raw(b'{"frames":[]}')},
)


@pytest.fixture
def database(saved: str, tmp_path: Path) -> Engine:
    return open_database(saved, tmp_path)


@pytest.fixture
def heatmaps(database: Engine) -> SavedHeatmaps:
    return SavedHeatmaps(database)


@pytest.fixture
def shares(database: Engine) -> Shares:
    return Shares(database)


def test_the_heatmap_opened_last_comes_first(heatmaps: SavedHeatmaps) -> None:
    first = heatmaps.add(CART, NOW)
    second = heatmaps.add(CART, NOW + 1)
    heatmaps.opened(first.id, NOW + 2)
    assert [saved.id for saved in heatmaps.all()] == [first.id, second.id]


def test_a_deleted_heatmap_can_be_brought_back(heatmaps: SavedHeatmaps) -> None:
    saved = heatmaps.add(CART, NOW)
    heatmaps.delete(saved.id, NOW)
    assert heatmaps.all() == []
    with pytest.raises(IsothermError) as caught:
        heatmaps.delete(saved.id, NOW)
    assert caught.value.code is Code.NOT_FOUND
    assert heatmaps.restore(saved.id) == saved


def test_a_heatmap_without_a_name_is_refused() -> None:
    with pytest.raises(ValueError, match="name"):
        NewHeatmap(name="", application="shop", page="/", address="?")


def test_a_text_that_postgres_cannot_hold_is_refused_by_every_database(database: Engine) -> None:
    with pytest.raises(ValueError, match="NUL"):
        NewHeatmap(name="a\0b", application="shop", page="/", address="?")
    with pytest.raises(ValueError, match="NUL"):
        NewSite(application="a\0b", site="shop.test")
    heatmap = SavedHeatmaps(database).add(CART, NOW)
    for ask in (
        lambda: SavedHeatmaps(database).rename(heatmap.id, "a\0b"),
        lambda: ApplicationNames(database).give("shop", "a\0b"),
    ):
        with pytest.raises(IsothermError, match="NUL") as refused:
            ask()
        assert (refused.value.code, refused.value.field) == (Code.INVALID, "name")


def test_a_snapshot_opens_by_its_token_until_it_expires(shares: Shares) -> None:
    share, token = shares.add("h", SNAPSHOT, [b"webp"], author="", validity="1d", password="")
    assert shares.open(token, "", NOW) == SNAPSHOT
    assert shares.tile(token, "", 0, NOW) == b"webp"
    assert [row.id for row in shares.all(NOW)] == [share.id]
    with pytest.raises(IsothermError) as caught:
        shares.open(token, "", NOW + DAY_MS)
    assert caught.value.code is Code.NOT_FOUND
    assert shares.all(NOW + DAY_MS) == []


def test_a_password_is_asked_for_and_checked(shares: Shares) -> None:
    _, token = shares.add("h", SNAPSHOT, [], author="", validity="permanent", password="abc123")
    for wrong in ("", "abc124"):
        with pytest.raises(IsothermError) as caught:
            shares.open(token, wrong, NOW)
        assert caught.value.code is Code.UNAUTHORISED
    assert shares.open(token, "abc123", NOW).page == "/cart"


@pytest.mark.parametrize("password", ["abc", "a b c d", "пароль"])
def test_a_weak_or_odd_password_is_refused(shares: Shares, password: str) -> None:
    with pytest.raises(IsothermError) as caught:
        shares.add("h", SNAPSHOT, [], author="", validity="1d", password=password)
    assert caught.value.field == "password"


def test_a_long_password_is_as_good(shares: Shares) -> None:
    long = "correcthorsebatterystaple2026"
    _, token = shares.add("h", SNAPSHOT, [], author="", validity="1d", password=long)
    assert shares.open(token, long, NOW).page == "/cart"
    with pytest.raises(IsothermError):
        shares.open(token, long[:8], NOW)


def test_what_has_expired_is_cleared_away_with_its_picture(
    shares: Shares, database: Engine
) -> None:
    shares.add("h", SNAPSHOT, [b"webp"], author="", validity="1d", password="")
    shares.add("h", SNAPSHOT, [b"webp"], author="", validity="permanent", password="")
    later = msgspec.structs.replace(SNAPSHOT, taken_ms=NOW + DAY_MS)
    shares.add("h", later, [b"webp"], author="", validity="1d", password="")
    with database.connect() as connection:
        for table in ("shares", "share_tiles"):
            assert connection.execute(text(f"SELECT count(*) FROM {table}")).scalar() == 2


def test_a_revoked_snapshot_is_gone_with_its_picture(shares: Shares, database: Engine) -> None:
    share, token = shares.add("h", SNAPSHOT, [b"webp"], author="", validity="7d", password="")
    shares.revoke(share.id)
    with pytest.raises(IsothermError):
        shares.open(token, "", NOW)
    with database.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM share_tiles")).scalar() == 0


def test_snapshots_that_name_a_session_or_picture_are_revoked(shares: Shares) -> None:
    def kept(**changes: Any) -> str:
        snapshot = msgspec.structs.replace(SNAPSHOT, **changes)
        return shares.add("h", snapshot, [], author="", validity="7d", password="")[0].id

    kept(answers={"heat": msgspec.Raw(msgspec.json.encode([{"sessions": ["s1", 'ü"1']}]))})
    kept(address="?app=shop&page=/cart&filter=session%7C%3D%7Cs1")
    kept(address="?app=shop&page=/cart&background=p1")
    others = {
        kept(answers={"heat": msgspec.Raw(b'["s10", "s1x", "/s1/"]')}),
        kept(address="?app=shop&page=/s1&background=p10"),
        kept(application="other", answers={"heat": msgspec.Raw(b'["s1"]')}),
    }
    assert shares.revoke_naming("shop", {"s1", "p1"}) == 3
    assert {share.id for share in shares.all(NOW)} == others
    assert shares.revoke_naming("other", {'ü"1', ""}) == 0


@pytest.mark.parametrize("owner", [True, False])
def test_only_the_owner_sets_a_damaged_file_aside(tmp_path: Path, owner: bool) -> None:
    file = tmp_path / "saved.sqlite"
    file.write_bytes(b"no database" * 2_000)
    if owner:
        open_database("", tmp_path, owner=True).dispose()
    else:
        with pytest.raises(IsothermError, match="The server renames it"):
            open_database("", tmp_path)
        assert file.read_bytes() == b"no database" * 2_000
    assert len(list(tmp_path.glob("*.damaged-*"))) == int(owner)


def test_the_database_does_not_hold_the_token(tmp_path: Path) -> None:
    shares = Shares(open_database("", tmp_path))
    _, token = shares.add("h", SNAPSHOT, [], author="", validity="7d", password="abc123")
    kept = b"".join(file.read_bytes() for file in tmp_path.glob("saved.sqlite*"))
    assert token.encode() not in kept
    assert b"abc123" not in kept


def test_counters_are_kept_for_each_server_and_not_for_ever(database: Engine) -> None:
    mine, other = StoredSamples(database, "a:/data"), StoredSamples(database, "b:/data")
    reading = {("received", "faro"): 3.0, ("accepted", ""): 2.5}
    mine.add(NOW, reading, keep_from_ms=0)
    other.add(NOW, {("accepted", ""): 9.0}, keep_from_ms=0)
    other.add(NOW + 2, {("accepted", ""): 9.5}, keep_from_ms=0)
    mine.add(NOW + 1, {}, keep_from_ms=0)
    assert mine.since(NOW) == [(NOW, reading), (NOW + 1, {})]
    assert mine.since(NOW + 1) == [(NOW + 1, {})]
    mine.add(NOW + 2, reading, keep_from_ms=NOW + 2)
    assert [moment for moment, _ in mine.since(0)] == [NOW + 2]
    assert [moment for moment, _ in other.since(0)] == [NOW + 2], (
        "old ones of a server that is gone"
    )


def test_the_newest_picture_of_each_page_that_has_one(database: Engine, tmp_path: Path) -> None:
    backgrounds = StoredBackgrounds(database, "", tmp_path)
    for name, page, created in (("a", "/1", 1), ("b", "/1", 3), ("c", "/2", 2), ("d", "/1", 3)):
        one = picture(name, page=page, size=(9, 9), created_ms=created)
        backgrounds.add(one, [strip(9, 9)])
    pages = [f"/{number}" for number in range(2_500)]
    assert backgrounds.newest("shop", pages) == {"/1": "b", "/2": "c"}
    assert backgrounds.of_page("shop", "/1")[0].id == "b"
    assert backgrounds.newest("other", pages) == backgrounds.newest("shop", []) == {}
