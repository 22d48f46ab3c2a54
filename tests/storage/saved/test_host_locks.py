"""Locks between machines: one has them, a machine that is gone does not, who lost one is told."""

import threading

import pytest
from sqlalchemy import create_engine, text

from isotherm.model.errors import Code, IsothermError
from isotherm.storage.saved.host_locks import HostLock, is_shared
from tests.conftest import free_port
from tests.storage.saved.postgres import Postgres

pytestmark = pytest.mark.server
LIMIT_S = 60


def cut(url: str) -> None:
    """End the connections that have locks, as when a machine goes away."""
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.begin() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' "
                "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            )
        )
    engine.dispose()


@pytest.fixture
def url(postgres: Postgres) -> str:
    return postgres.new_database()


def test_one_has_it_until_it_gives_it_up(url: str) -> None:
    first, second, other = (
        HostLock(url, "reading"), HostLock(url, "reading"), HostLock(url, "storing"),
    )  # fmt: skip
    assert not first.is_held()
    assert first.take()
    assert first.take(), "still"
    assert not second.take()
    assert second.is_held()
    assert not other.is_held()
    assert other.take()
    first.give_up()
    assert second.take()
    assert not first.take()
    second.give_up()
    other.give_up()


def test_each_database_has_its_own(url: str, postgres: Postgres) -> None:
    first, second = HostLock(url, "reading"), HostLock(postgres.new_database(), "reading")
    assert first.take()
    assert not second.is_held()
    assert second.take()
    first.give_up()
    second.give_up()


def test_who_is_cut_off_loses_it_and_sees_that(url: str) -> None:
    first, second = HostLock(url, "reading"), HostLock(url, "reading")
    assert first.take()
    cut(url)
    assert second.take(), "nobody waits for one that is gone"
    assert not first.take(), "it has it no more, and knows"
    second.give_up()
    assert first.take()
    cut(url)
    assert first.take(), "nobody else wanted it meanwhile"
    first.give_up()


def test_those_who_store_wait_for_each_other(url: str) -> None:
    inside, most, seen = 0, 0, threading.Lock()

    def store() -> None:
        nonlocal inside, most
        mine = HostLock(url, "storing")
        for _ in range(10):
            with mine:
                with seen:
                    inside += 1
                    most = max(most, inside)
                with seen:
                    inside -= 1

    hosts = [threading.Thread(target=store) for _ in range(4)]
    for one in hosts:
        one.start()
    for one in hosts:
        one.join(LIMIT_S)
    assert most == 1
    assert not HostLock(url, "storing").is_held()


def test_who_was_cut_off_while_storing_is_told_to_store_again(url: str) -> None:
    lock = HostLock(url, "storing")
    with pytest.raises(IsothermError, match="stored again"), lock:
        cut(url)

    def fail() -> None:
        with lock:
            cut(url)
            _ = 1 / 0

    with pytest.raises(ZeroDivisionError):  # the first fault is the one that is told
        fail()
    with lock:
        assert lock.is_held()


def test_a_database_that_is_away_is_told() -> None:
    away = HostLock(f"postgresql://isotherm:s@127.0.0.1:{free_port()}/isotherm", "storing")
    for ask in (away.take, away.is_held, away.__enter__):
        with pytest.raises(IsothermError) as told:
            ask()
        assert told.value.code is Code.STORE_UNAVAILABLE


def test_only_a_database_of_its_own_is_seen_by_other_machines(url: str) -> None:
    assert is_shared(url)
    assert not is_shared("")
    assert not is_shared("sqlite:////tmp/saved.sqlite")
