"""docs/api.md says what the code does."""

from pathlib import Path
from typing import get_args

from isotherm.api.docs import api_document
from isotherm.model import Operator
from isotherm.query.catalogue import LABELS

FILE = Path(__file__).parents[2] / "docs" / "api.md"


def test_the_document_is_in_step_with_the_code() -> None:
    message = "write it again: python -m isotherm.api.docs > docs/api.md"
    assert FILE.read_text(encoding="utf-8") == api_document(), message


def test_the_introduction_names_every_operator_and_every_key_of_filters() -> None:
    """It says in words what each of them does, so it is not written from their tables."""
    introduction, _, _ = api_document().partition("\n## Questions")
    assert [one for one in (*get_args(Operator), *LABELS) if f"`{one}`" not in introduction] == []
