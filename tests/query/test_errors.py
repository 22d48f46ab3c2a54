"""The errors behind an element: linked by the SDK's word, counted once, with stack and trace."""

from isotherm.model import Signal
from tests.scenario import HOUR, NOON, Shop, cart, click, error, rows

TRACE = "0af7651916cd43dd8448eb211c80319c"
STACK = "pay (https://shop.test/app.js:24:28)\nclick (https://shop.test/app.js:7:1)"


def test_errors_of_an_element_are_those_that_its_clicks_caused(shop: Shop) -> None:
    pay, again, menu = click("#pay"), click("#pay", t=NOON + 1), click("#menu", session="s2")
    stock = {"message": "stock is undefined", "kind": "TypeError", "frames": STACK}
    shop.tells(
        pay, again, menu,
        error(t=NOON + 10, action_ids=(pay.event_id, again.event_id), **stock),
        error(t=NOON + 20, action_ids=(again.event_id,), weight=2.5, facets={"version": "1.5.0"},
              trace_id=TRACE, **stock),
        error(t=NOON + 30, action_ids=(pay.event_id,), message="Failed to fetch", origin="network",
              method="POST", host="api.test", path="/api/order", status=503),
        error(session="s2", action_ids=(menu.event_id,), message="no menu"),
        error(session="s2", action_ids=(pay.event_id,), message="of another session"),
        error(message="nobody clicked"),
    )  # fmt: skip
    frame = shop.ask("errors", element="#pay")[0]
    thrown, fetch = rows(frame)
    assert {name: thrown[name] for name in ("kind", "message", "frames")} == {
        "kind": "TypeError", "message": "stock is undefined", "frames": STACK,
    }  # fmt: skip
    assert (thrown["errors"], thrown["sessions"]) == (3.5, 1)
    assert (thrown["first"], thrown["last"]) == (NOON + 10, NOON + 20)
    assert (thrown["version"], thrown["trace_id"]) == ("1.5.0", TRACE)
    assert (thrown["session"], thrown["view"]) == ("s1", "s1/cart")
    request = ("origin", "method", "host", "path", "status")
    assert [fetch[name] for name in request] == ["network", "POST", "api.test", "/api/order", 503]
    assert (thrown["has_replay"], fetch["has_replay"]) == (False, False)
    assert (frame.meta["errors"], frame.meta["total"]) == (4.5, 2)


def test_errors_of_a_page_need_no_click(shop: Shop) -> None:
    shop.tells(
        error(message="twice"), error(message="twice", session="s2"),
        error(message="once"), error("/other"), error(t=NOON - HOUR),
    )  # fmt: skip
    (frame,) = shop.ask("errors", limit=1)
    assert [(one["message"], one["errors"], one["sessions"]) for one in rows(frame)] == [
        ("twice", 2, 2)
    ]
    assert frame.meta["total"] == 2


def test_errors_of_raging_people_are_those_of_their_clicks(shop: Shop) -> None:
    calm, rage = click("#pay"), click("#pay", t=NOON + 1, rage=True, clicks=4)
    shop.tells(
        calm, rage,
        error(message="after a click", action_ids=(calm.event_id,)),
        error(message="after rage", action_ids=(rage.event_id,)),
    )  # fmt: skip
    (frame,) = shop.ask("errors", cart(signal=Signal.RAGE))
    assert [one["message"] for one in rows(frame)] == ["after rage"]


def test_the_same_message_from_two_places_is_two_errors(shop: Shop) -> None:
    shop.tells(error(frames=STACK), error(frames=STACK), error(frames="x (b.js:1:1)"))
    (frame,) = shop.ask("errors")
    assert [one["errors"] for one in rows(frame)] == [2, 1]
