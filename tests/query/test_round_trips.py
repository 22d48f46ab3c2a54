"""A question asks the store as often for many rows as for few: a statement may cross a network."""

from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from isotherm.api.answering import answer_queries
from isotherm.app.settings import Settings
from isotherm.app.wiring import Components
from tests.bench.folders import fill
from tests.bench.generate import DAY_MS, Traffic
from tests.storage.influxdb.questions import answers_by

ASKED = ("run", "terms", "term_id", "match_terms", "page_rows", "page_sums")


@pytest.mark.thorough
def test_no_question_asks_more_often_when_there_are_more_rows(tmp_path: Path) -> None:
    few, many = (statements(tmp_path / str(pages), pages) for pages in (3, 30))
    assert few.keys() == many.keys()
    assert {question for question in few if many[question] > few[question] + 2} == set()


def statements(folder: Path, pages: int) -> Counter[str]:
    """Return how often each question asks the store."""
    traffic = Traffic(actions=3_000, pages=pages, elements_per_page=20, days=9)
    fill(folder, traffic)
    span = (traffic.start_ms, traffic.start_ms + (traffic.days + 2) * DAY_MS)
    asked: Counter[str] = Counter()
    settings = Settings({"data": str(folder), "capture": False})
    with closing(Components(settings)) as components:
        services, engine = components.services(), components.engine
        question = ""

        def counted(name: str) -> Any:
            real = getattr(engine, name)

            def call(*values: Any, **named: Any) -> Any:
                asked[question] += 1
                return real(*values, **named)

            return call

        for name in ASKED:
            setattr(engine, name, counted(name))

        def ask(body: dict[str, Any]) -> dict[str, Any]:
            nonlocal question
            [query] = body["queries"]
            question = " ".join(
                [query["question"], str(query.get("by", "")), *sorted(query.keys() & {"page"})]
            )
            return answer_queries(services, body)[0]

        answers_by(ask, [traffic.application], span)
    return asked
