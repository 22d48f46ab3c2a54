"""Backgrounds in the database, their pictures as files."""

import sqlite3
from pathlib import Path
from typing import Any

import fsspec
import msgspec
import pytest
from sqlalchemy import inspect, text

from isotherm.model import Background, Box, Measured, State, Tile
from isotherm.model.errors import Code, IsothermError
from isotherm.render.from_recording import as_background
from isotherm.render.messages import Layout
from isotherm.storage.saved.backgrounds import KEPT, StoredBackgrounds
from isotherm.storage.saved.db import open_database


def background(name: str, created_ms: int = 1, page: str = "/") -> Background:
    return Background(
        id=name,
        application="shop",
        page=page,
        state=State("found"),
        origin="replay",
        created_ms=created_ms,
        seen_ms=created_ms,
        viewport_w=1440,
        viewport_h=900,
        width=1440,
        height=12_000,
        tiles=(Tile(0, 8_000, f"{name}/0.webp"), Tile(8_000, 4_000, f"{name}/1.webp")),
        boxes={"#buy": Box(1, 2, 3, 4, fixed=True)},
        measured=Measured(verdict="shifted", clicks=9, apart=2, from_px=2400.0, by_px=40.0),
        notices=("cut",),
    )


@pytest.fixture(params=["", "memory://pictures", pytest.param("s3", marks=pytest.mark.server)])
def stored(request: pytest.FixtureRequest, saved: str, tmp_path: Path) -> StoredBackgrounds:
    fsspec.filesystem("memory").store.clear()
    url = request.getfixturevalue("s3") if request.param == "s3" else request.param
    return StoredBackgrounds(open_database(saved, tmp_path), url, tmp_path)


def test_what_goes_in_comes_out(stored: StoredBackgrounds) -> None:
    stored.add(background("a"), [b"first", b"second"])
    assert stored.get("a") == background("a")
    assert [stored.tile("a", index) for index in (0, 1)] == [b"first", b"second"]


def test_a_page_lists_its_own_newest_first(stored: StoredBackgrounds) -> None:
    for name, created_ms, page in (("old", 1, "/"), ("new", 2, "/"), ("other", 3, "/cart")):
        stored.add(background(name, created_ms, page), [b"", b""])
    assert [item.id for item in stored.of_page("shop", "/")] == ["new", "old"]
    assert stored.of_page("other shop", "/") == []


def test_deleting_takes_the_picture_too(stored: StoredBackgrounds, tmp_path: Path) -> None:
    stored.add(background("a"), [b"first", b"second"])
    stored.delete("a")
    assert not list(tmp_path.rglob("*.webp"))
    for ask in (stored.get, stored.delete, lambda name: stored.tile(name, 0)):
        with pytest.raises(IsothermError) as missing:
            ask("a")
        assert missing.value.code == Code.NOT_FOUND


def test_a_known_id_is_refused_and_keeps_its_picture(stored: StoredBackgrounds) -> None:
    stored.add(background("a"), [b"first", b"second"])
    with pytest.raises(IsothermError) as twice:
        stored.add(background("a"), [b"third", b"fourth"])
    assert twice.value.code == Code.CONFLICT
    assert stored.tile("a", 0) == b"first"


def test_a_page_shows_all_its_own_when_memory_is_full(tmp_path: Path) -> None:
    stored = StoredBackgrounds(open_database("", tmp_path), "", tmp_path)
    for name in ("a", "b"):
        stored.add(background(name), [b"", b""])
        stored.get(name)
    stored.pin("a")
    for number in range(KEPT - 2):
        stored.add(background(f"{number}", page=f"/{number}"), [b"", b""])
        stored.get(f"{number}")
    stored.add(background("c", 2), [b"", b""])
    assert [item.id for item in stored.of_page("shop", "/")] == ["c", "a", "b"]


def test_a_row_has_its_picture_when_nobody_heard_that_it_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = open_database("", tmp_path)
    stored = StoredBackgrounds(database, "", tmp_path)
    commit = database.dialect.do_commit

    def and_be_cut_off(connection: Any) -> None:
        commit(connection)
        raise sqlite3.OperationalError("the connection is lost")

    with monkeypatch.context() as line:
        line.setattr(database.dialect, "do_commit", and_be_cut_off)
        with pytest.raises(IsothermError) as away:
            stored.add(background("a"), [b"first", b"second"])
    assert away.value.code is Code.STORE_UNAVAILABLE
    assert stored.get("a") == background("a")
    assert stored.tile("a", 1) == b"second"


def test_one_background_of_a_page_is_pinned(stored: StoredBackgrounds) -> None:
    for name in ("a", "b"):
        stored.add(background(name), [b"", b""])
        stored.pin(name)
    assert {item.id: item.pinned for item in stored.of_page("shop", "/")} == {"a": False, "b": True}
    stored.pin("b", pinned=False)
    assert not stored.get("b").pinned


def test_what_is_deleted_meanwhile_unpins_no_other(saved: str, tmp_path: Path) -> None:
    class Late(StoredBackgrounds):
        """Another process deletes what this one has just looked at."""

        def get(self, background_id: str) -> Background:
            found = super().get(background_id)
            other.delete(background_id)
            return found

    other = StoredBackgrounds(open_database(saved, tmp_path), "", tmp_path)
    for name in ("a", "b"):
        other.add(background(name), [b"1", b"2"])
    other.pin("a")
    with pytest.raises(IsothermError) as refused:
        Late(open_database(saved, tmp_path), "", tmp_path).pin("b")
    assert refused.value.code is Code.NOT_FOUND
    assert [(one.id, one.pinned) for one in other.of_page("shop", "/")] == [("a", True)]


def test_a_picture_without_all_its_strips_is_refused(stored: StoredBackgrounds) -> None:
    with pytest.raises(IsothermError):
        stored.add(background("a"), [b"first"])
    assert stored.of_page("shop", "/") == []


def test_an_older_database_gets_its_new_columns(tmp_path: Path) -> None:
    database = open_database("", tmp_path)
    stored = StoredBackgrounds(database, "", tmp_path)
    stored.add(background("a"), [b"first", b"second"])
    with database.begin() as connection:
        connection.execute(text("ALTER TABLE backgrounds DROP COLUMN pinned"))
        connection.execute(text("DROP TABLE isotherm_version"))  # which came later
    reopened = open_database("", tmp_path)
    assert "pinned" in {column["name"] for column in inspect(reopened).get_columns("backgrounds")}
    assert StoredBackgrounds(reopened, "", tmp_path).get("a") == background("a")


@pytest.mark.parametrize(
    ("version", "then", "now"),
    [
        (1, {"notes": ["cut"]}, {"notices": ("cut",)}),
        (
            0,
            {
                "notes": ["cut", "1 of 5 style sheets missing"],
                "state": "menu open",
                "fit": 0.9,
                "measured": None,
            },
            {
                "notices": ("cut",),
                "state": State("uploaded", "menu open"),
                "measured": Measured(verdict="shifted", lacking={"styles": 1}),
            },
        ),
    ],
)
def test_what_earlier_versions_stored_is_read(
    tmp_path: Path, version: int, then: dict[str, Any], now: dict[str, Any]
) -> None:
    database = open_database("", tmp_path)
    StoredBackgrounds(database, "", tmp_path).add(background("a"), [b"first", b"second"])
    body = msgspec.msgpack.decode(msgspec.msgpack.encode(background("a"))) | then
    del body["notices"]
    with database.begin() as connection:
        changed = {"body": msgspec.msgpack.encode(body), "version": version}
        connection.execute(text("UPDATE backgrounds SET body = :body, version = :version"), changed)
        connection.execute(text("DROP TABLE isotherm_version"))  # which came later
    read = StoredBackgrounds(open_database("", tmp_path), "", tmp_path).get("a")
    assert read == msgspec.structs.replace(background("a"), **now)


def test_a_field_that_a_background_does_not_have_is_refused() -> None:
    layout = Layout(width=1, height=1, page_height=1, boxes={}, notices=("cut",))
    known = {
        "application": "shop", "page": "/", "state": State("found"), "origin": "replay",
        "viewport_w": 1440, "viewport_h": 900,
    }  # fmt: skip
    assert as_background(layout, 2_000, **known).notices == ("cut",)
    with pytest.raises(TypeError, match="notes"):
        as_background(layout, 2_000, **known, notes=())


@pytest.mark.parametrize(
    "url", ["nonsense", "postgresql+nothing://host/name", "sqlite:////no/such/x"]
)
def test_a_bad_database_is_said_so(url: str, tmp_path: Path) -> None:
    with pytest.raises(IsothermError) as bad:
        open_database(url, tmp_path)
    assert bad.value.code in {Code.INVALID, Code.STORE_UNAVAILABLE}
