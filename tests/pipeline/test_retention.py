"""What is too old goes, whatever happens to the store."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from isotherm.model.errors import Code, IsothermError
from isotherm.pipeline.retention import Maintenance, Retention
from isotherm.storage.objects.replays import LocalReplays

DAY_MS = 86_400_000


class Away:
    """A store that does not answer."""

    def compact(self) -> bool:
        return False

    def expire(self, before_ms: Mapping[str, int]) -> None:
        raise IsothermError(Code.STORE_UNAVAILABLE, f"away: {sorted(before_ms)}")


def test_a_fault_of_the_store_keeps_nothing_else_from_expiring(tmp_path: Path) -> None:
    done: list[tuple[str, int]] = []
    maintain = Maintenance(
        Away(), LocalReplays(tmp_path), Retention(replays=2, audit=3),
        expire_failures=lambda before_ms: done.append(("failures", before_ms)),
        expire_audit=lambda before_ms: done.append(("audit", before_ms)),
        clock_s=lambda: 10 * DAY_MS / 1000,
    )  # fmt: skip
    with pytest.raises(IsothermError, match="away"):
        maintain()
    assert done == [("failures", 8 * DAY_MS), ("audit", 7 * DAY_MS)]


def test_a_fault_of_one_part_keeps_no_other_from_expiring(tmp_path: Path) -> None:
    done: list[str] = []

    def fail(_: int) -> None:
        raise IsothermError(Code.STORE_UNAVAILABLE, "away")

    maintain = Maintenance(
        Away(), LocalReplays(tmp_path), Retention(replays=2, audit=3),
        expire_failures=fail,
        expire_assets=lambda _: done.append("images"),
        expire_audit=lambda _: done.append("audit"),
    )  # fmt: skip
    with pytest.raises(IsothermError, match="away"):
        maintain()
    assert done == ["images", "audit"]
