"""Friction, and what ran meanwhile, against stories and against what real SDKs saw."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from isotherm.app.wiring import Components
from isotherm.model import Action, Event, LongTask, Scope, Signal
from isotherm.pipeline.import_files import take_in
from isotherm.pipeline.recorded_requests import read_requests
from isotherm.query.context import Ask
from isotherm.query.questions import QUESTIONS, slow
from tests.scenario import NOON, Shop, call, cart, click, long_task, rows, visit
from tests.storage.influxdb.places import settings_of

TRACED = Path(__file__).parents[1] / "intake" / "traced"


def by_measure(shop: Shop, **params: Any) -> dict[tuple[str, str], dict[str, Any]]:
    found = rows(shop.ask("friction", **params)[0])
    return {(row["element"], row["measure"]): row for row in found}


def test_times_are_percentiles_over_sessions_with_order_statistics_around(shop: Shop) -> None:
    """One session clicks a hundred times and counts once, with the middle of its times."""
    random = np.random.default_rng(3)
    times = random.lognormal(5, 0.6, 200).round()
    told: list[Event] = [
        click("#pay", session=f"s{n}", loading_ms=float(time)) for n, time in enumerate(times)
    ]
    told += [click("#pay", session="eager", loading_ms=5000.0) for _ in range(100)]
    shop.tells(*told)
    row = by_measure(shop)["#pay", "p75_ms"]
    assert row["sessions"] == 201
    expected = np.quantile([*times, 5000.0], 0.75, method="inverted_cdf")
    assert row["value"] == pytest.approx(expected)
    assert row["low"] < row["value"] < row["high"]
    assert row["certain"]


def test_how_long_somebody_raged_is_no_time_to_react(shop: Shop) -> None:
    """Both SDKs give a rage chain the time until its last click as its loading time."""
    told = [click("#pay", session=f"s{n}", loading_ms=100.0) for n in range(20)]
    told += [
        click("#pay", session=f"r{n}", rage=True, clicks=4, loading_ms=2300.0) for n in range(9)
    ]
    shop.tells(*told)
    assert by_measure(shop)["#pay", "p75_ms"]["value"] == 100.0
    assert by_measure(shop)["#pay", "p75_ms"]["sessions"] == 20
    [row] = rows(shop.ask("actions")[0])
    assert (row["clicks"], row["median_loading_ms"], row["p75_loading_ms"]) == (56.0, 100.0, 100.0)


def test_little_is_never_hot(shop: Shop) -> None:
    """Two of two clicks on one link were dead, and 60 of 100 on another."""
    told = [click("#rare", session=f"r{n}", dead=True) for n in range(2)]
    told += [click("#often", session=f"o{n}", dead=n < 60) for n in range(100)]
    shop.tells(*told)
    found = by_measure(shop)
    rare, often = found["#rare", "dead"], found["#often", "dead"]
    assert (rare["value"], rare["certain"], often["certain"]) == (1.0, False, True)
    assert rare["heat"] < often["heat"] == 1.0
    assert rows(shop.ask("friction", by="dead")[0])[0]["element"] == "#often"


def test_requests_behind_an_element_cost_what_its_clicks_waited(shop: Shop) -> None:
    clicks = [click("#pay", session=f"s{n}") for n in range(20)]
    calls = [
        call(one, duration_ms=float(100 + n), status=503 if n < 5 else 200, t=NOON + 20)
        for n, one in enumerate(clicks)
    ]
    quick = [call(one, duration_ms=10.0, path="/api/log", t=NOON + 21) for one in clicks]
    shop.tells(*clicks, *calls, *quick, click("#menu"))
    found = by_measure(shop)
    assert found["#pay", "request_ms"]["value"] == 114
    assert found["#pay", "request_failures"]["value"] == pytest.approx(5 / 40)
    assert ("#menu", "request_ms") not in found
    [listed] = [row for row in rows(shop.ask("actions")[0]) if row["element"] == "#pay"]
    assert (listed["p75_request_ms"], listed["failed_requests"]) == (114, pytest.approx(1 / 8))


def test_inp_names_the_script_that_ran_while_it_lasted(shop: Shop) -> None:
    told: list[Event] = []
    for n in range(30):
        session = f"s{n}"
        told += [
            visit(session=session, inp_ms=600.0 + n, inp_at_ms=5000.0, inp_element="#sort"),
            long_task(session=session, t=NOON + 5010, script="https://shop.test/app.js",
                      function="sortAll", invoker="BUTTON#sort.onclick", script_ms=500.0,
                      layout_ms=40.0, blocking_ms=480.0, duration_ms=550.0),
            long_task(session=session, t=NOON + 9000, script="https://ads.test/ad.js",
                      script_ms=900.0, duration_ms=950.0),
        ]  # fmt: skip
    told += [visit("/fast", session=f"f{n}", inp_ms=40.0, inp_element="#ok") for n in range(30)]
    told.append(click("#sort", session="s0", action_name="Sort"))
    shop.tells(*told)
    found = rows(shop.ask("slow", scope=cart(pages=()))[0])
    worst, best = found
    assert (worst["element"], worst["action_name"], worst["rating"]) == ("#sort", "Sort", "poor")
    assert worst["inp_ms"] == 622
    assert (worst["worst_ms"], worst["sessions"], worst["tasks"]) == (629, 30, 30)
    facts = ("script", "function", "invoker", "script_ms", "layout_ms", "blocking_ms", "task_ms")
    assert [worst[name] for name in facts] == [
        "https://shop.test/app.js", "sortAll", "BUTTON#sort.onclick", 500, 40, 480, 550,
    ]  # fmt: skip
    assert (best["rating"], best["script"], best["tasks"]) == ("good", "", 0)
    pages = rows(shop.ask("slow", scope=cart(pages=()), by="page")[0])
    assert [row["page"] for row in pages] == ["/cart", "/fast"]
    assert pages[0]["script"] == "https://shop.test/app.js"
    one = {row["element"]: row for row in rows(shop.ask("actions")[0])}["#sort"]
    assert one["p75_inp_ms"] == 622


def test_where_the_sender_gives_no_time_the_click_on_the_element_is_the_interaction(
    shop: Shop,
) -> None:
    """Guance tells the slowest interaction and its element, but not when it was."""
    script = {"script": "https://shop.test/app.js", "script_ms": 290.0, "duration_ms": 300.0}
    shop.tells(
        visit(session="a", inp_ms=320.0, inp_element="#sort"),
        click("#sort", session="a", t=NOON + 5000),
        click("#menu", session="a", t=NOON + 8000),
        long_task(session="a", t=NOON + 5000, **script),
        long_task(session="a", t=NOON + 8000, script="https://shop.test/menu.js", script_ms=60.0),
        long_task(session="a", t=NOON + 9000, script="https://ads.test/ad.js", script_ms=900.0),
    )  # fmt: skip
    [row] = rows(shop.ask("slow")[0])
    assert (row["element"], row["tasks"], row["script"]) == ("#sort", 1, script["script"])
    [page] = rows(shop.ask("slow", by="page")[0])
    assert (page["tasks"], page["script"]) == (1, script["script"])


def test_a_task_is_behind_the_click_that_it_names(shop: Shop) -> None:
    sort = click("#sort", session="a")
    shop.tells(
        visit(session="a", inp_ms=300.0, inp_element="#sort"),
        sort,
        long_task(sort, script="https://shop.test/app.js", script_ms=170.0),
    )
    [row] = rows(shop.ask("slow")[0])
    assert (row["tasks"], row["script"], row["rating"]) == (1, "https://shop.test/app.js", "fair")


def test_a_signal_in_the_scope_does_not_narrow_friction(shop: Shop) -> None:
    shop.tells(*(click("#pay", session=f"s{n}", dead=n < 5) for n in range(20)))
    [dead] = rows(shop.ask("friction", cart(signal=Signal.DEAD), by="dead")[0])
    assert dead["value"] == pytest.approx(0.25)


@pytest.mark.parametrize("name", ["datadog-1.0.0", "datadog-1.1.0"])
def test_recorded_sessions_name_the_long_task_of_the_sort_button(name: str, tmp_path: Path) -> None:
    """In truth `#sort` blocked for 180 ms and nothing else did."""
    with Components(settings_of(tmp_path, None)) as components:
        for request in read_requests(TRACED / name / "requests.json"):
            take_in(components, request)
        components.worker.flush()
        [application] = components.engine.terms("application").values()
        [session] = components.engine.terms("session").values()
        actions: list[Action] = components.engine.actions_of(application, session)
        tasks = [
            one for one in components.engine.details_of(application, session)
            if isinstance(one, LongTask)
        ]  # fmt: skip
        first = min(one.time_ms for one in actions)
        scope = Scope(application=application, from_ms=first - 60_000, to_ms=first + 3_600_000)
        context = components.services().context()
        ask = Ask.about(scope, slow.Params(), context)
        found = rows(QUESTIONS["slow"].answer(ask)[0])
    assert max(one.duration_ms for one in tasks) >= 180
    [sort] = [row for row in found if "sort" in row["element"]]
    assert sort["inp_ms"] >= 180
    assert sort["tasks"] >= 1
    assert sort["task_ms"] >= 180
    assert sort["script"].endswith(("/", ".js", ".html")) or "shop.example.test" in sort["script"]
