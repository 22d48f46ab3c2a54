"""The same page with ten times more events on the other pages: its answer must not change."""

import itertools
from dataclasses import replace

from tests.bench.figures import Figure, interleaved
from tests.bench.folders import heat_query
from tests.bench.servers import Api, isotherm
from tests.bench.work import Work

TIMES = 10


def measure(work: Work) -> list[Figure]:
    """Compare the main folder with one that has a tenth of its events on other pages."""
    large = work.traffic
    own, others = large.first_page_share, 1 - large.first_page_share
    part = own + others / TIMES
    small = replace(large, actions=round(large.actions * part), first_page_share=own / part)
    folders = work.made("few_others", small), work.folder()
    number = itertools.count()
    with isotherm(folders[0]) as one, isotherm(folders[1]) as other:
        few, many = Api(one.port), Api(other.port)
        times = interleaved(
            {
                "few": lambda: few.query(heat_query(small, next(number))),
                "many": lambda: many.query(heat_query(large, next(number))),
            },
            {"few": one.cpu_ms, "many": other.cpu_ms},
        )
    return [
        Figure(
            f"the same page, {TIMES} times more events on other pages",
            str(times["many"]),
            f"with few {times['few']}",
            ratio=times["many"].median / times["few"].median,
            most=1.3,
        )
    ]
