"""Query parameters of the selector routes -> a scope."""

import time
from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from isotherm.api.json_body import json_object, read, without_empty
from isotherm.api.query_request import parse_range, parse_scope
from isotherm.model import Scope
from isotherm.model.errors import Code, IsothermError

DAY_MS = 86_400_000
DEFAULT_RANGE_MS = 30 * DAY_MS
MAX_ROWS = 10_000


class Paging(Struct, frozen=True):
    """Search text and limit of a list."""

    search: str = ""
    limit: int = 200


def selector_range(given: Mapping[str, str]) -> tuple[int, int]:
    """Return the requested range. The end defaults to now, the start to 30 days earlier."""
    now = time.time_ns() // 1_000_000
    end: Any = given.get("to") or str(now + DAY_MS)
    if given.get("from"):
        return parse_range({"from": given["from"], "to": end})
    _, end_ms = parse_range({"from": 0, "to": end})
    return max(0, end_ms - DEFAULT_RANGE_MS - DAY_MS), end_ms


def selector_scope(given: Mapping[str, str], *, pages: bool = True) -> Scope:
    """Return the scope of a selector: application, page, filters (a JSON list), width.

    Raises INVALID naming the parameter.
    """
    if not given.get("application"):
        raise IsothermError(Code.INVALID, "Choose an application", field="application")
    query: dict[str, Any] = {"question": "", "application": given["application"]}
    if pages and given.get("page"):
        query["page"] = given["page"]
    if given.get("filters"):
        query["filters"] = json_object(f'{{"filters":{given["filters"]}}}'.encode())["filters"]
    if given.get("width"):
        low, _, high = given["width"].partition("-")
        query["width"] = {"min": low, "max": high}
    return parse_scope(query, selector_range(given))


def paging(given: Mapping[str, str], first: int | None = None) -> Paging:
    """Return search and limit; `first`: the limit when none is given.

    Raises INVALID for a limit outside 1..10,000.
    """
    asked: Paging = read(
        {"limit": first or Paging().limit}
        | without_empty({key: given.get(key) for key in ("search", "limit")}),
        Paging,
    )
    if not 1 <= asked.limit <= MAX_ROWS:
        raise IsothermError(Code.INVALID, f"limit must be 1 to {MAX_ROWS}", field="limit")
    return asked
