"""From a trace back to the click: the first one it was caused by, else who sent the request."""

import pytest

from isotherm.model.errors import Code, IsothermError
from isotherm.query.traces import behind_trace
from tests.scenario import HOUR, NOON, Shop, call, click, error

TRACE = "0af7651916cd43dd8448eb211c80319c"
DAY = (NOON, NOON + 12 * HOUR)


def test_a_trace_leads_to_the_click_that_caused_its_request(shop: Shop) -> None:
    menu, pay, again = click("#menu"), click("#pay", t=NOON + 1), click("#pay", t=NOON + 9)
    shop.tells(
        menu, pay, again,
        call(menu, trace_id="b" * 32),
        call(pay, again, t=NOON + 11, trace_id=TRACE),
    )  # fmt: skip
    found = behind_trace(shop.context(), TRACE, *DAY)
    assert found is not None
    assert (found["application"], found["page"], found["session"]) == ("shop", "/cart", "s1")
    assert (found["element"], found["time"]) == ("#pay", NOON + 1)


def test_the_click_may_be_before_the_range_that_the_trace_is_in(shop: Shop) -> None:
    pay = click("#pay", t=NOON - 5)
    shop.tells(pay, call(pay, t=NOON + 1, trace_id=TRACE))
    found = behind_trace(shop.context(), TRACE, *DAY)
    assert found is not None
    assert found["time"] == NOON - 5


def test_without_a_click_it_is_the_page_that_sent_the_request(shop: Shop) -> None:
    shop.tells(call(t=NOON + 3, trace_id=TRACE), error(t=NOON + 4, trace_id=TRACE))
    found = behind_trace(shop.context(), TRACE, *DAY)
    assert found is not None
    assert (found["page"], found["element"], found["time"]) == ("/cart", "", NOON + 3)


def test_ids_are_read_as_others_write_them(shop: Shop) -> None:
    pay = click("#pay")
    shop.tells(pay, call(pay, trace_id="00000000000000001234567890abcdef"))
    assert behind_trace(shop.context(), "1234567890ABCDEF", *DAY) is not None
    assert behind_trace(shop.context(), "f" * 32, *DAY) is None
    assert behind_trace(shop.context(), "1234567890abcdef", NOON + HOUR, NOON + 2 * HOUR) is None
    with pytest.raises(IsothermError) as refused:
        behind_trace(shop.context(), "no trace", *DAY)
    assert refused.value.code is Code.INVALID
