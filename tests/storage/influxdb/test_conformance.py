"""What every InfluxDB must do as a journal: each event once, the latest word, all comes back."""

from dataclasses import replace
from random import Random
from typing import Any

import msgspec
import pytest

from isotherm.model import Source
from isotherm.model.fingerprints import Fingerprint
from isotherm.storage.influxdb.journal import open_journal
from isotherm.storage.influxdb.line_protocol import point
from isotherm.storage.influxdb.options import JournalOptions
from tests.storage.influxdb.conftest import Isotherm, Start
from tests.storage.influxdb.events import (
    HOUR_MS,
    NOON_MS,
    click,
    error,
    everything,
    long_task,
    part,
    resource,
    rows,
    segment,
    view,
    vital,
)
from tests.storage.influxdb.test_reconcile import write_lines

FACETS = {"env": "prod", "version": "1.4", "device": "mobile", "country": "FR", "browser": "Chrome"}

TRACE = "0af7651916cd43dd8448eb211c80319c"

HARD_TEXTS = [
    'A[title="a, b=c"]',
    "back\\slash\\",
    "two\nlines\r\nand a\ttab",
    "comma, space =equals",
    "'quoted' \"twice\"",
    "日本 🙂 é",
    "trailing\\",
    "null",
    "NaN",
    "1",
]


def ask(options: JournalOptions, statement: str) -> list[Any]:
    """Ask the way Grafana's own InfluxDB data source does."""
    journal = open_journal(options)
    journal.prepare()
    series = journal._client.ask(statement)
    return [row for entry in series for row in entry["values"]]


def test_two_events_of_one_millisecond_are_two_and_one_sent_twice_is_one(
    options: JournalOptions, started: Start
) -> None:
    isotherm = started(options)
    events = [click("a"), click("b"), click("a")]
    isotherm.take(events)
    isotherm.take(events)
    open_journal(options).write(events)  # another one, which knows nothing
    assert isotherm.journal.count_by_hour(0, NOON_MS + HOUR_MS)["rum_action"] == {NOON_MS: 2}


def test_ids_need_to_differ_among_events_of_one_kind_only(
    options: JournalOptions, started: Start
) -> None:
    isotherm = started(options)
    isotherm.take([click("1"), error("1"), resource("1"), long_task("1"), vital("1"), segment("1")])
    counts = isotherm.journal.count_by_hour(0, NOON_MS + HOUR_MS)
    assert {name for name, hours in counts.items() if hours == {NOON_MS: 1}} == {
        "rum_action", "rum_error", "rum_resource", "rum_long_task", "rum_vital", "rum_segment",
    }  # fmt: skip


def test_everything_comes_back_as_it_was(options: JournalOptions, started: Start) -> None:
    first = started(options)
    first.take(
        [
            *(
                click(f"t{n}", NOON_MS + n, element=text, action_name=text, user_name=text)
                for n, text in enumerate(HARD_TEXTS)
            ),
            click(
                "all",
                NOON_MS - 1,
                user_id="u",
                user_name="Ann",
                kind="custom",
                element_path="a>b",
                fingerprint=Fingerprint(kind="NaYh", words="JODa", alone=True).text,
                fx=0,
                fy=65535,
                element_w=10,
                element_h=20,
                page_x=12.0,
                page_y=-3.0,
                clicks=5,
                clicks_exact=False,
                rage=True,
                dead=True,
                error=True,
                errors=2,
                loading_ms=120.0,
                weight=2.5,
                source=Source.REPLAY,
                url="http://a/b",
                facets=FACETS | {"os": "Linux", "city": "Paris", "service": "web"},
                attributes={"plan": "pro", "quote": 'a"b\\c\n'},
            ),
            click("bare", fx=None, fy=None, element="", viewport_w=0),
            view("v1", 3, time_spent_ms=1234.0, depth_px=2812.0, page_height_px=3000.0, errors=1),
            view("v2", 2**43, NOON_MS - HOUR_MS, depth_meaningful=False, has_replay=True),
            view(
                "v3", 1, lcp_ms=104.5, lcp_element="#form", inp_ms=8.0, cls=0.25, cls_element="#ad"
            ),
            error("e", message='line\n"two"', kind="TypeError", origin="console", facets=FACETS),
            error(
                "e2",
                frames="buy @ a.test/x.js:1:2\nat @ a.test/x.js:3:4",
                fingerprint="f",
                handling="handled",
                method="GET",
                host="a.test:8443",
                path="/x",
                status=404,
                trace_id=TRACE,
                action_ids=("all", "never sent"),
            ),
            *(
                resource(f"r{n}", NOON_MS + n, path=text, host=text)
                for n, text in enumerate(HARD_TEXTS)
            ),
            resource(
                "r",
                NOON_MS - HOUR_MS,
                kind="fetch",
                method="POST",
                status=503,
                duration_ms=12.5,
                size=2**32 - 1,
                trace_id=TRACE,
                action_ids=("all",),
                user_id="u",
                facets=FACETS,
                attributes={"plan": "pro"},
                weight=2.5,
                viewport_w=390,
            ),
            long_task("l"),
            long_task(
                "l2",
                kind="frame",
                blocking_ms=20.25,
                scripts=3,
                script="a.test/x.js",
                position=7,
                function="buy",
                invoker="BUTTON#buy.onclick",
                script_ms=60.0,
                layout_ms=1.0,
            ),
            vital("m"),
            vital("m2", kind="duration", value=17.5, detail="cart", operation="k"),
            segment("s", recording_id="r", index=4, records=7, full_snapshot=True, url="http://a"),
        ]
    )
    second = started(options)
    second.reconciler.run_once()
    assert everything(second.engine) == everything(first.engine)
    assert second.reconciler.status().state == "in step"


@pytest.mark.parametrize("seed", range(3))
def test_the_highest_version_of_a_view_wins_in_any_order(
    options: JournalOptions, started: Start, seed: int
) -> None:
    documents = [view("v1", n, time_spent_ms=n * 10.0, actions=n) for n in range(1, 7)]
    Random(seed).shuffle(documents)
    isotherm = started(options)
    for document in documents:
        isotherm.take([document])
    found = ask(options, "SELECT sum(live), sum(time_spent_ms), sum(actions) FROM rum_view")
    assert [row[1:] for row in found] == [[1, 60, 6]]


def test_an_old_version_after_a_restart_changes_nothing(
    options: JournalOptions, started: Start
) -> None:
    isotherm = started(options)
    isotherm.take([view("v1", 5, time_spent_ms=50.0)])
    restarted = open_journal(options, isotherm.engine)
    restarted.write([view("v1", 3, time_spent_ms=30.0)])
    assert ask(options, "SELECT time_spent_ms FROM rum_view")[0][1] == 50


def test_a_view_that_changes_its_page_is_counted_once(
    options: JournalOptions, started: Start
) -> None:
    isotherm = started(options)
    isotherm.take([view("v1", 1, page="/a", time_spent_ms=5.0)])
    isotherm.take([view("v1", 2, page="/b", time_spent_ms=9.0)])
    found = ask(options, "SELECT sum(live), sum(time_spent_ms) FROM rum_view")
    assert found[0][1:] == [1, 9]
    again = started(options)
    again.reconciler.run_once()
    assert rows(again.engine, "views") == rows(isotherm.engine, "views")


@pytest.mark.parametrize("seed", range(3))
def test_differences_of_views_survive_rebuilding(
    options: JournalOptions, started: Start, seed: int
) -> None:
    documents = [
        view("v1", 1, depth_px=100.0),
        part("v1", 2, time_spent_ms=20.0),
        part("v1", 3, depth_px=300.0),
        part("v1", 4, time_spent_ms=40.0, has_replay=True),
    ]
    Random(seed).shuffle(documents)
    isotherm = started(options)
    for document in documents:
        isotherm.take([document])
    again = started(options)
    again.reconciler.run_once()
    (found,) = again.engine.views_of("shop", "s1")
    assert (found.version, found.depth_px, found.time_spent_ms) == (4, 300, 40)
    assert rows(again.engine, "views") == rows(isotherm.engine, "views")


@pytest.mark.parametrize("since", ["read", "restarted", "rebuilt"])
def test_documents_that_come_late_survive_rebuilding(
    options: JournalOptions, started: Start, since: str
) -> None:
    """After the recording was read, a restart or a rebuild, earlier differences still come."""

    def rebuilt() -> Isotherm:
        again = started(options)
        again.reconciler.run_once()
        assert rows(again.engine, "views") == rows(isotherm.engine, "views")
        return again

    isotherm = started(options)
    isotherm.take([view("v1", 1), part("v1", 4, errors=4, depth_px=40.0), part("v1", 9, actions=9)])
    [seen] = isotherm.engine.views_of("shop", "s1")
    if since == "read":
        deeper = msgspec.structs.replace(seen, depth_px=99.0)
        now: dict[str, Any] = {"actions": [], "views": [deeper], "errors": []}
        with isotherm.journal.write_lock():
            isotherm.journal.replace("shop", "s1", "v1", **now)
            isotherm.engine.replace("shop", "s1", "v1", **now)
        rebuilt()
    elif since == "restarted":
        isotherm.journal = open_journal(options, isotherm.engine)
    else:
        isotherm = rebuilt()
    isotherm.take([part("v1", 3, errors=3, time_spent_ms=30.0)])
    [found] = rebuilt().engine.views_of("shop", "s1")
    assert (found.version, found.errors, found.time_spent_ms, found.actions) == (9, 4, 30, 9)
    isotherm.take([view("v1", 6, errors=6)])
    [found] = rebuilt().engine.views_of("shop", "s1")
    assert (found.version, found.errors, found.time_spent_ms, found.actions) == (9, 6, 0, 9)


def test_views_as_earlier_releases_wrote_them_get_their_differences(
    options: JournalOptions, started: Start
) -> None:
    """They had the version of the whole document, with the values of the last difference."""
    seen = point(view("v1", 1, depth_px=40.0, errors=4), {})
    parts = [part("v1", 3, errors=3, depth_px=40.0), part("v1", 4, errors=4)]
    write_lines(options, [seen.decode(), *(point(one, {}).decode() for one in parts)])
    isotherm = started(options)
    isotherm.reconciler.run_once()
    isotherm.take([part("v1", 2, errors=2, time_spent_ms=20.0)])
    for one in (isotherm, started(options)):
        one.reconciler.run_once()
        [found] = one.engine.views_of("shop", "s1")
        assert (found.version, found.depth_px, found.errors, found.time_spent_ms) == (4, 40, 4, 20)


def test_replaced_rows_change_in_place_and_withdrawn_ones_are_gone(
    options: JournalOptions, started: Start
) -> None:
    isotherm = started(options)
    rage = click("rage", clicks=3, clicks_exact=False, rage=True)
    isotherm.take([rage, click("artefact", NOON_MS + 5), view("v1", 1)])
    better = msgspec.structs.replace(rage, clicks=5, clicks_exact=True, page_x=10.0, page_y=20.0)
    now: dict[str, Any] = {"actions": [better], "views": [view("v1", 1)], "errors": []}
    with isotherm.journal.write_lock():
        isotherm.journal.replace("shop", "s1", "v1", **now)
        isotherm.engine.replace("shop", "s1", "v1", **now)
    assert ask(options, "SELECT sum(rage_clicks), sum(clicks), sum(live) FROM rum_action")[0][
        1:
    ] == [5, 5, 1]
    isotherm.take([rage])  # sent again by the browser
    again = started(options)
    again.reconciler.run_once()
    assert everything(again.engine) == everything(isotherm.engine)
    assert len(again.engine.actions_of("shop", "s1")) == 1


def test_numbers_that_an_event_has_no_longer_do_not_come_back(
    options: JournalOptions, started: Start
) -> None:
    """A recording shows another element, a view's second document has no paint time."""
    isotherm = started(options)
    box: dict[str, Any] = {"fx": 7, "fy": 8, "element_w": 90, "element_h": 0}
    there = click("there", page_x=1.0, page_y=2.0, **box)
    isotherm.take([there, view("v1", 1, lcp_ms=900.0, depth_px=50.0)])
    gone = msgspec.structs.replace(there, fx=None, fy=None, element_w=None, page_x=None)
    now: dict[str, Any] = {"actions": [gone], "views": [view("v1", 2)], "errors": []}
    with isotherm.journal.write_lock():
        isotherm.journal.replace("shop", "s1", "v1", **now)
        isotherm.engine.replace("shop", "s1", "v1", **now)
    again = started(options)
    again.reconciler.run_once()
    assert everything(again.engine) == everything(isotherm.engine)
    [back] = again.engine.actions_of("shop", "s1")
    assert (back.fx, back.fy, back.element_w, back.element_h) == (None, None, None, 0)
    assert (back.page_x, back.page_y) == (None, 2.0)

    with isotherm.journal.write_lock():  # and a better recording shows it again
        isotherm.journal.replace("shop", "s1", "v1", **(now | {"actions": [there]}))
    third = started(options)
    third.reconciler.run_once()
    assert third.engine.actions_of("shop", "s1")[0].fx == 7


def test_rage_clicks_and_views_can_be_charted_without_isotherm(
    options: JournalOptions, started: Start
) -> None:
    isotherm = started(options)
    isotherm.take(
        [
            click("a", rage=True, clicks=4, page="/buy"),
            click("b", NOON_MS + 60_000, dead=True, page="/buy"),
            click("c", NOON_MS + HOUR_MS, rage=True, clicks=3, page="/"),
            *(view("v1", n, page="/buy", time_spent_ms=1000.0 * n) for n in (1, 2, 3)),
        ]
    )
    span = f"time >= {NOON_MS}ms AND time < {NOON_MS + 2 * HOUR_MS}ms"
    found = ask(options, f"SELECT sum(rage_clicks) FROM rum_action WHERE {span} GROUP BY time(1h)")
    assert found == [[NOON_MS, 4], [NOON_MS + HOUR_MS, 3]]
    found = ask(options, f"SELECT mean(time_spent_ms), count(live) FROM rum_view WHERE {span}")
    assert found[0][1:] == [3000, 1]


def test_preparing_twice_changes_nothing_and_retention_is_set(options: JournalOptions) -> None:
    kept = replace(options, retention="90d")
    for _ in range(2):
        journal = open_journal(kept)
        journal.prepare()
        journal.write([click("a", at_ms=NOON_MS)])
    assert journal.count_by_hour(0, NOON_MS + HOUR_MS)["rum_action"] == {NOON_MS: 1}
