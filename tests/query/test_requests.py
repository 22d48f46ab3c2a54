"""The requests behind an element: linked by the SDK's word, counted once, with a trace."""

from tests.scenario import NOON, Shop, call, click, rows

SLOW, FAILED = "a" * 32, "0af7651916cd43dd8448eb211c80319c"


def test_requests_of_an_element_are_those_that_its_clicks_caused(shop: Shop) -> None:
    pay, again, menu = click("#pay"), click("#pay", t=NOON + 1), click("#menu", session="s2")
    shop.tells(
        pay, again, menu,
        call(pay, duration_ms=100.0),
        call(pay, again, duration_ms=300.0, t=NOON + 11, trace_id=SLOW),
        call(again, status=503, duration_ms=200.0, t=NOON + 12, trace_id=FAILED),
        call(again, status=0, t=NOON + 13),
        call(pay, path="/api/order", method="POST", weight=2.5),
        call(menu, path="/api/menu"),
        call(path="/api/poll"),
        call(pay, path="/hero.jpg", kind="image"),
    )  # fmt: skip
    frame = shop.ask("requests", element="#pay")[0]
    stock, order = rows(frame)
    facts = ("method", "host", "path", "requests", "failures", "unanswered")
    assert [stock[name] for name in facts] == ["GET", "api.test", "/api/stock", 4, 1, 1]
    assert (stock["p75_ms"], stock["trace_id"]) == (250, FAILED), "a failure before a slow one"
    assert [order[name] for name in facts] == ["POST", "api.test", "/api/order", 2.5, 0, 0]
    assert (order["p75_ms"], order["trace_id"]) == (None, "")
    assert (frame.meta["requests"], frame.meta["total"]) == (6.5, 2)


def test_requests_of_all_elements_and_files(shop: Shop) -> None:
    pay, menu = click("#pay"), click("#menu", session="s2")
    shop.tells(pay, menu, call(pay), call(menu, path="/a.css", kind="css"), call(path="/poll"))
    assert [one["path"] for one in rows(shop.ask("requests")[0])] == ["/api/stock"]
    everything = shop.ask("requests", resources="all", limit=1)[0]
    assert len(rows(everything)) == 1
    assert everything.meta["total"] == 2


def test_nothing_was_called(shop: Shop) -> None:
    shop.tells(click("#pay"))
    frame = shop.ask("requests", element="#pay")[0]
    assert rows(frame) == []
    assert frame.meta["total"] == 0


def test_what_is_called_equally_often_stands_in_order_of_its_text(shop: Shop) -> None:
    pay = click("#pay")
    shop.tells(pay, *(call(pay, path=path, t=NOON + n) for n, path in enumerate(("/z", "/a"))))
    assert [one["path"] for one in rows(shop.ask("requests")[0])] == ["/a", "/z"]
