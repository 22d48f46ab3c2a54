"""A user who asks for it is erased: from the journal, the engine, the replays, the dead letters."""

from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
import sqlglot
from click.testing import CliRunner

from isotherm.app.cli import group
from isotherm.app.wiring import Components
from isotherm.model import Event, Segment
from isotherm.storage.clickhouse.server import Server, read_address
from isotherm.storage.influxdb.engine_counts import HourStore
from isotherm.storage.influxdb.journal import open_journal
from isotherm.storage.influxdb.options import JournalOptions
from isotherm.storage.influxdb.schema import MEASUREMENTS
from tests.scenario import picture
from tests.storage.influxdb.conftest import Start
from tests.storage.influxdb.events import (
    NOON_MS,
    click,
    error,
    everything,
    long_task,
    part,
    resource,
    segment,
    view,
    vital,
)
from tests.storage.influxdb.places import settings_of
from tests.storage.influxdb.test_reconcile import write_lines

ANN, BOB = "ann-7/.*", "bob"


def moved() -> list[Event]:
    """Return a view that was Ann's before it was Bob's, told by differences."""
    return [
        view("vm", 1),
        part("vm", 2, NOON_MS + 1, user_id=ANN, user_name="Ann"),
        part("vm", 3, NOON_MS + 2, depth_px=700.0, user_name="Ann"),
        part("vm", 4, NOON_MS + 3, user_id=BOB, user_name="Bob"),
    ]


def body(one: Segment) -> Segment:
    return msgspec.structs.replace(one, body=b'{"records":[]}')


def scenario() -> list[Event]:
    ann = {"user_id": ANN, "user_name": "Ann", "session_id": "sa", "view_id": "va"}
    bob = {"user_id": BOB, "user_name": "Bob", "session_id": "sb", "view_id": "vb"}
    return [
        click("a1", NOON_MS + 1, rage=True, clicks=4, attributes={"mail": "ann@a.test"}, **ann),
        click("a2", NOON_MS + 2, facets={"country": "F R", "device": "a=b,c"}, **ann),
        click("b1", NOON_MS + 3, **bob),
        *(
            make(f"{name}{at}", NOON_MS + at, **_without_name(who))
            for at, make in enumerate((resource, long_task, vital, error))
            for name, who in (("a", ann), ("b", bob))
        ),
        resource("a-path", NOON_MS + 9, path="/people/ann-7", **_without_name(ann)),
        view("va", 1, **{key: ann[key] for key in ("user_id", "user_name", "session_id")}),
        part("va", 2, NOON_MS + 1, user_name="Ann", depth_px=900.0),
        view("vb", 1, **{key: bob[key] for key in ("user_id", "user_name", "session_id")}),
        body(segment("ra", **ann)),
        body(segment("rb", **bob)),
        *moved(),
    ]


def _without_name(who: dict[str, str]) -> dict[str, str]:
    return {key: value for key, value in who.items() if key != "user_name"}


def terms(engine: HourStore) -> set[str]:
    """Return all texts that an engine knows."""
    return set(engine.run(sqlglot.parse_one("SELECT text FROM terms"))["text"].tolist())


def everywhere(options: JournalOptions) -> str:
    """Return all that InfluxDB has as one text."""
    client = open_journal(options)._client
    names = [measurement.name for measurement in MEASUREMENTS]
    return str([client.ask(f'SELECT * FROM "{name}"') for name in names])


@pytest.mark.parametrize("started", ["duckdb"], indirect=True)  # compared with rows of one
def test_an_erased_user_is_nowhere_any_more_and_the_others_stay(
    options: JournalOptions, started: Start, tmp_path: Path
) -> None:
    settings = settings_of(tmp_path / "data", options)
    with Components(settings) as components:
        components.spool.append(scenario())
        components.worker.flush()
        components.spool.add_dead_letter(click("dead", user_id=ANN), "for a reason")
        components.spool.add_dead_letter(click("kept", user_id=BOB), "for a reason")
    stranger = f'application=shop,page=/x user_id="{ANN}",session_id="sx",clicks=2i,note="Ann"'
    write_lines(options, [f"rum_action,host=h1,{stranger} {NOON_MS * 10**6 + 123}"])
    assert "Ann" in everywhere(options)
    env = {"ISOTHERM_INFLUX_VERSION": options.version}
    flags = ["--data", str(tmp_path / "data"), "--influx-url", options.url]
    flags += ["--influx-database", options.database]
    flags += ["--influx-token", options.token, "--influx-org", options.org]
    for found in ("2 sessions, 1 dead letters", "0 sessions, 0 dead letters"):
        answer = CliRunner().invoke(group, ["erase", *flags, ANN], env=env)
        assert answer.exit_code == 0, answer.output
        assert found in answer.output
    for trace in (ANN, "Ann", "ann@a.test", "'sa'", "'va'", "sx"):
        assert trace not in everywhere(options)
    with Components(settings) as components:
        assert [letter.event.application for letter in components.spool.dead.all()] == ["shop"]
        assert not components.replays.bodies("shop", "sa")
        assert components.replays.bodies("shop", "sb")
        kept = everything(components.engine)
        assert not {ANN, "sa", "va", '{"mail":"ann@a.test"}', "F R"} & terms(components.engine)
    assert {name: len(rows) for name, rows in kept.items()} == {
        "actions": 1, "views": 2, "errors": 1, "resources": 1, "long_tasks": 1,
            "vitals": 1, "replay_segments": 1,
    }  # fmt: skip
    again = started(replace(options, state=tmp_path / "again.db"))
    again.reconciler.run_once()
    assert everything(again.engine) == kept
    assert "F R" not in terms(again.engine)
    (sums,) = open_journal(options)._client.ask("SELECT sum(live), sum(clicks) FROM rum_action")
    assert sums["values"][0][1:] == [1, 1]


@pytest.mark.parametrize("options", ["1.x"], indirect=True)
def test_with_clickhouse_behind_nothing_of_an_erased_user_is_left_in_either(
    options: JournalOptions, url: str, tmp_path: Path
) -> None:
    data, traces = tmp_path / "data", (ANN, "Ann", "ann@a.test", "/people/ann-7")
    settings = settings_of(data, options).having(store=url)
    with Components(settings) as components:
        components.spool.append(scenario())
        assert components.worker.flush(), components.worker.state()
        for session in ("sa", "sb"):
            shown = msgspec.structs.replace(
                picture(f"of-{session}", size=(1440, 900)), session_id=session
            )
            components.backgrounds.add(shown, [b"webp"])
    assert all(trace in in_tables(url) for trace in (*traces, "F R"))
    env = {"ISOTHERM_STORE": url, "ISOTHERM_INFLUX_VERSION": options.version}
    flags = ["--data", str(data), "--influx-url", options.url]
    answer = CliRunner().invoke(
        group, ["erase", *flags, "--influx-database", options.database, ANN], env=env
    )
    assert "Erased: 1 sessions, 0 dead letters, 1 pictures" in answer.output
    for trace in (*traces, "'sa'", "'va'"):
        assert trace not in everywhere(options) + in_tables(url)
    assert "F R" not in in_tables(url)
    for rebuilt in (settings, settings.having(store=f"{url}_rebuilt")):
        with Components(rebuilt) as components:
            assert components.reconciler
            assert components.reconciler.run_once().state == "in step"
            assert [one.id for one in components.backgrounds.of_page("shop", "/cart")] == ["of-sb"]
            assert not components.replays.bodies("shop", "sa")
            assert components.replays.bodies("shop", "sb")
            assert {row.session_id for row in components.engine.actions_of("shop", "sb")} == {"sb"}
            assert not components.engine.actions_of("shop", "sa")
        assert not any(trace in in_tables(rebuilt.store) for trace in traces)
    for file in data.rglob("*"):
        assert not file.is_file() or not any(one.encode() in file.read_bytes() for one in traces)


def in_tables(url: str) -> str:
    """Return all that ClickHouse has as one text, rows that count no more included."""
    server = Server(read_address(url), 30.0)
    found = []
    for (name,) in server.rows("SELECT name FROM system.tables WHERE database = currentDatabase()"):
        rows = server.rows(f"SELECT hex(toString(tuple(*))) FROM {name}")
        found += [bytes.fromhex(row).decode("utf-8", "replace") for (row,) in rows]
    server.close()
    return "\n".join(found)
