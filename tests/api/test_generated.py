"""The plugin's types say what the server does."""

import pytest

from isotherm.api.contract import __main__ as contract
from isotherm.api.contract import typescript
from isotherm.api.contract.facts import LISTS, RECORDS
from isotherm.model.errors import Code


def test_the_files_of_the_plugin_are_in_step_with_the_code() -> None:
    assert contract.stale() == [], "write them anew: make contract"


def test_a_change_of_the_server_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    name, codes = LISTS["ERROR_CODES"]
    monkeypatch.setitem(LISTS, "ERROR_CODES", (name, (*codes, "out_of_tea")))  # type: ignore[arg-type]
    assert contract.stale() == ["src/contract/generated/queries.ts"]


def test_what_is_optional_nullable_or_a_choice_says_so() -> None:
    answers, queries = typescript.answers(), typescript.queries()
    assert "median_loading_ms: 'number?'," in answers
    assert "coverage?: number | null;" in answers
    assert "validity?: Validity;" in answers
    assert "steps: Step[];" in queries
    assert all(f"'{code}'" in queries for code in Code)
    assert all(f"export interface {name} " in answers for name in RECORDS)
