"""The same heat cold, and with filters, against itself warm; a dashboard against its questions."""

import itertools
import json
import time
from collections.abc import Callable, Iterator, Mapping

from tests.bench.figures import Figure, Times, interleaved
from tests.bench.folders import PAGE, asked
from tests.bench.generate import Traffic
from tests.bench.servers import Api, isotherm
from tests.bench.work import Work

STARTS = 3
RUNS = 15
HEAT: Mapping[str, object] = {"question": "heat", "background": "auto", "cell": 8}
FILTERED = HEAT | {
    "filters": [
        {"key": "device", "operator": "=", "value": "device-0"},
        {"key": "browser", "operator": "=", "value": "browser-0"},
    ],
    "width_min": 1_024,
    "width_max": 1_600,
}
PANELS = (
    *("heat", "actions", "scroll", "page_stats"),
    *("pages", "timeseries", "errors", "friction"),
)
"""Questions of a page's dashboard, one a panel."""


def measure(work: Work) -> list[Figure]:
    """Start a server anew for each cold answer; the system may have the file in memory."""
    folder, number = work.folder(), itertools.count()
    cold: dict[str, list[float]] = {"heat": [], "dashboard": [], "one by one": []}
    for _ in range(STARTS):
        for name, spent in cold.items():
            with isotherm(folder) as server:
                things = _things(Api(server.port), work.traffic, number)
                things["elsewhere"]()  # so that all is imported
                start = time.perf_counter()
                things[name]()
                spent.append((time.perf_counter() - start) * 1000)
    with isotherm(folder) as server:
        things = _things(Api(server.port), work.traffic, number)
        warm = interleaved(things, dict.fromkeys(things, server.cpu_ms), RUNS)
    return [
        _figure("heat cold, the first after a start", Times(cold["heat"]), "warm", warm["heat"], 6),
        _figure("heat with filters on two facets and a width band", warm["filtered"],
                "without", warm["heat"], 1.5),
        _figure(f"a dashboard of {len(PANELS)} panels, warm", warm["dashboard"],
                "its questions one by one", warm["one by one"], 0.5),
        _figure(f"a dashboard of {len(PANELS)} panels, cold", Times(cold["dashboard"]),
                "its questions one by one", Times(cold["one by one"]), 0.5),
    ]  # fmt: skip


def _things(api: Api, traffic: Traffic, number: Iterator[int]) -> dict[str, Callable[[], object]]:
    def ask(*queries: Mapping[str, object]) -> None:
        _good(api.query(asked(traffic, queries, next(number))))

    def one_by_one() -> None:
        for one in panels:
            ask(one)

    panels = [{"question": one} for one in PANELS]
    return {
        "elsewhere": lambda: ask(HEAT | {"page": "/section-1/page-1"}),
        "heat": lambda: ask(HEAT),
        "filtered": lambda: ask(FILTERED),
        "dashboard": lambda: ask(*panels),
        "one by one": one_by_one,
    }


def _good(answer: bytes) -> None:
    """Check that every question was answered: a refusal would look quick."""
    failed = [one for one in json.loads(answer)["results"].values() if one["status"] != 200]
    if failed:
        raise RuntimeError(f"A question was not answered: {failed[0]}")


def _figure(what: str, ours: Times, name: str, other: Times, most: float) -> Figure:
    ratio = ours.median / other.median
    return Figure(f"{what}, page {PAGE}", str(ours), f"{name} {other}", ratio=ratio, most=most)
