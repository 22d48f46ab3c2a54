"""Answers that many ask for: worked out once, and anew as soon as something of them changed."""

import threading
import tracemalloc
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from isotherm.api.answering import answer_queries
from isotherm.app.settings import Settings
from isotherm.app.wiring import Components
from isotherm.model import Event
from isotherm.query.kept_results import KEPT_MS, KeptResults
from tests.scenario import HOUR, NOON, click, picture, strip, visit

KEY = b"heat of /cart"


def test_fifty_people_who_ask_at_once_have_it_worked_out_once() -> None:
    kept, go, times, got = KeptResults(lambda: 0), threading.Event(), list[int](), list[bytes]()

    def work() -> bytes:
        times.append(1)
        go.wait(30)
        return b"cells"

    people = [
        threading.Thread(target=lambda: got.append(kept.of(KEY, (1,), work))) for _ in range(50)
    ]
    for one in people:
        one.start()
    go.set()
    for one in people:
        one.join()
    assert (len(times), got) == (1, [b"cells"] * 50)


def test_who_knows_of_a_later_state_is_not_given_an_earlier_answer() -> None:
    """The first asked before an event was stored, the second after it: both while one works."""
    kept, begun, go, got = (
        KeptResults(lambda: 0),
        threading.Event(),
        threading.Event(),
        dict[str, bytes](),
    )

    def early() -> bytes:
        begun.set()
        go.wait(30)
        return b"without the event"

    first = threading.Thread(target=lambda: got.update(one=kept.of(KEY, (1,), early)))
    later = lambda: b"with the event"  # noqa: E731 - it is one
    second = threading.Thread(target=lambda: got.update(two=kept.of(KEY, (2,), later)))
    first.start()
    assert begun.wait(30)
    second.start()
    go.set()
    first.join()
    second.join()
    assert got == {"one": b"without the event", "two": b"with the event"}


def test_a_fault_is_not_kept() -> None:
    kept = KeptResults(lambda: 0)
    with pytest.raises(ZeroDivisionError):
        kept.of(KEY, (1,), lambda: b"%d" % (1 // 0))
    assert kept.of(KEY, (1,), lambda: b"cells") == b"cells"


def test_long_questions_take_no_more_memory_than_long_answers() -> None:
    kept, times = KeptResults(lambda: 0), list[int]()

    def work() -> bytes:
        times.append(1)
        return b"cells"

    def ask(number: int) -> None:
        kept.of(bytes(7 << 20) + bytes([number]), (1,), work)

    for number in (*range(10), 9, 0):  # 64 MB hold nine of them
        ask(number)
    assert len(times) == 11


def test_many_short_answers_take_no_more_memory_than_a_few_long_ones() -> None:
    kept = KeptResults(lambda: 0, 1 << 20)
    tracemalloc.start()
    for number in range(5_000):
        kept.of(b"%d" % number, (1, number), lambda: bytes(100))
    memory, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert memory < 1.3 * (1 << 20)


def test_an_answer_is_not_kept_for_long() -> None:
    """Whether a session has ended depends on the time."""
    now_ms = 0
    kept = KeptResults(lambda: now_ms)
    assert kept.of(KEY, (1,), lambda: b"goes on") == b"goes on"
    now_ms = KEPT_MS - 1
    assert kept.of(KEY, (1,), lambda: b"ended") == b"goes on"
    now_ms = KEPT_MS
    assert kept.of(KEY, (1,), lambda: b"ended") == b"ended"


@pytest.fixture
def components(tmp_path: Path) -> Iterator[Components]:
    with closing(Components(Settings({"data": str(tmp_path), "capture": False}))) as made:
        yield made


class Asking:
    """Asks for the heat of a page, and says whether the store was asked."""

    def __init__(self, components: Components) -> None:
        self.services = components.services()
        self.engine = components.engine

    def heat(self, page: str = "/cart") -> tuple[float, bool]:
        """Return the clicks, and whether they were counted for this answer."""
        query = {"refId": "A", "question": "heat", "application": "shop", "page": page}
        body = {"range": {"from": NOON, "to": NOON + HOUR}, "queries": [query]}
        answer, spent = answer_queries(self.services, body)
        frame: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(answer))
        [found] = frame["results"]["A"]["frames"]
        return found["schema"]["meta"]["custom"]["isotherm"]["clicks"], "sql" in spent

    def tells(self, *events: Event) -> None:
        self.engine.append(events)


def test_events_of_other_pages_leave_an_answer_as_it_is(components: Components) -> None:
    asking = Asking(components)
    asking.tells(visit(), click(), visit("/done"), click(page="/done"))
    assert [asking.heat(), asking.heat()] == [(1, True), (1, False)]
    asking.tells(click(page="/done", t=NOON + 5))
    assert asking.heat() == (1, False)
    asking.tells(click(t=NOON + 5))
    assert asking.heat() == (2, True)


def test_what_changes_an_answer_is_seen_at_once(components: Components) -> None:
    """A picture, a recording that was read, a person who is forgotten."""
    asking = Asking(components)
    asking.tells(visit(user_id="ann"), click(user_id="ann"))
    assert asking.heat() == (1, True)
    one = picture()
    asking.services.backgrounds.add(one, [strip(one.width, tile.height) for tile in one.tiles])
    assert asking.heat() == (1, True)
    found = [click(user_id="ann", t=NOON + second) for second in (1, 2)]
    asking.engine.replace("shop", "s1", None, actions=found, views=[visit()], errors=[])
    assert asking.heat() == (2, True)
    components.engine.compact(least_rows=1)
    assert asking.heat() == (2, False)
    components.engine.erase("shop", "ann")
    assert asking.heat() == (0, True)


def test_a_view_that_moves_changes_both_pages(components: Components) -> None:
    """A later document of the view says that it is of another page."""
    engine, pages = components.engine, ("/cart", "/done")
    engine.append([visit("/cart"), visit("/done", session="s2")])
    before = [engine.state("shop", [page]) for page in pages]
    engine.append([replace(visit("/cart"), version=2, page="/done")])
    after = [engine.state("shop", [page]) for page in pages]
    for old, new in zip(before, after, strict=True):
        assert old is not None
        assert new is not None
        assert new > old


def test_panels_that_need_the_same_times_of_elements_have_them_worked_out_once(
    components: Components,
) -> None:
    """The list of elements and friction of one scope; another range has times of its own."""
    asking = Asking(components)
    asking.tells(visit(), click("#pay", loading_ms=900.0), click("#menu", t=NOON + 5))

    def rows(start: int) -> tuple[dict[str, list[dict[str, Any]]], int]:
        """Return the rows of both, and how often requests of elements were asked for."""
        about = {"application": "shop", "page": "/cart"}
        both = [about | {"refId": name, "question": name} for name in ("actions", "friction")]
        body = {"range": {"from": start, "to": NOON + HOUR}, "queries": both}
        answer, _ = answer_queries(asking.services, body)
        found, asked = dict[str, list[dict[str, Any]]](), 0
        for name, result in msgspec.json.decode(msgspec.json.encode(answer))["results"].items():
            [frame] = result["frames"]
            names = [field["name"] for field in frame["schema"]["fields"]]
            values = zip(*frame["data"]["values"], strict=True)
            found[name] = [dict(zip(names, row, strict=True)) for row in values]
            asked += "resources" in frame["schema"]["meta"]["executedQueryString"]
        return found, asked

    def slowness(found: dict[str, list[dict[str, Any]]]) -> list[float]:
        [row] = [row for row in found["actions"] if row["element"] == "#pay"]
        [measure] = [row for row in found["friction"] if row["measure"] == "p75_ms"]
        return [row["p75_loading_ms"], measure["value"]]

    found, asked = rows(NOON)
    assert (slowness(found), asked) == ([900.0, 900.0], 1)
    assert rows(NOON - 1)[1] == 1
    asking.tells(click("#pay", t=NOON + 7, session="s2", loading_ms=1000.0))
    found, asked = rows(NOON)
    assert (slowness(found), asked) == ([1000.0, 1000.0], 1)
