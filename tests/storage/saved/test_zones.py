"""Zones: no more than a page and an application can have."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from isotherm.model.errors import Code, IsothermError
from isotherm.storage.saved import zones
from isotherm.storage.saved.db import open_database
from isotherm.storage.saved.zones import NewZone, Zones


def test_no_more_zones_are_kept_however_many_people_add_them(
    saved: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zones, "MOST_ZONES", 3)
    monkeypatch.setattr(zones, "MOST_OF_APPLICATION", 5)
    kept = Zones(open_database(saved, tmp_path))

    def add(page: str) -> bool:
        try:
            kept.add(NewZone(application="shop", page=page, name="Buy", element="#buy"), 1)
        except IsothermError as refused:
            return refused.code is not Code.CONFLICT
        return True

    with ThreadPoolExecutor(8) as people:
        assert sum(people.map(add, ["/a"] * 8)) == 3
        assert sum(people.map(add, ["/b"] * 8)) == 2, "the application has five"
    assert [len(kept.of("shop", page)) for page in ("/a", "/b")] == [3, 2]
