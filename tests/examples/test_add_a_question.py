"""The worked example of CONTRIBUTING.md: a question is a file and a row."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from msgspec import Struct

from isotherm.query.context import Ask
from isotherm.query.frame import Field, Frame, Shape, frame_of_rows
from isotherm.query.questions import QUESTIONS, _row
from tests.scenario import Shop, click, rows

PER_WIDTH = Shape(
    "per_width",
    "One row per window width.",
    (
        Field("width", "integer", "Width of the window", "pixel"),
        Field("clicks", "number", "Clicks", "short"),
    ),
)
META = {"widths": "different widths in scope"}
_STATEMENT = """
SELECT viewport_w AS width, sum(clicks * weight) AS clicks FROM actions WHERE slot_scope
GROUP BY width ORDER BY clicks DESC, width
"""


class Params(Struct, frozen=True):
    """Nothing can be asked beside the scope."""


def answer(ask: Ask[Any]) -> list[Frame]:
    """Count clicks per window width."""
    statement = ask.conditions.build(_STATEMENT, scope=ask.conditions.actions())
    columns = ask.context.run(statement)
    found = [
        {"width": int(width), "clicks": float(clicks)}
        for width, clicks in zip(columns["width"], columns["clicks"], strict=True)
    ]
    return [frame_of_rows(PER_WIDTH, found, meta={"widths": len(found)})]


def test_a_new_question_needs_a_file_and_a_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module: Any = SimpleNamespace(
        __doc__="Clicks per width.", Params=Params, answer=answer, META=META
    )
    monkeypatch.setitem(QUESTIONS, "per_width", _row(module, "Clicks per width", PER_WIDTH))
    shop = Shop(tmp_path)
    shop.tells(click(width=1440), click(width=390), click(width=390))
    [frame] = shop.ask("per_width")
    assert rows(frame) == [{"width": 390, "clicks": 2.0}, {"width": 1440, "clicks": 1.0}]
    shop.close()
