"""docs/api.md says what the code does."""

from pathlib import Path

from isotherm.api.docs import api_document

FILE = Path(__file__).parents[2] / "docs" / "api.md"


def test_the_document_is_in_step_with_the_code() -> None:
    message = "write it anew: python -m isotherm.api.docs > docs/api.md"
    assert FILE.read_text(encoding="utf-8") == api_document(), message
