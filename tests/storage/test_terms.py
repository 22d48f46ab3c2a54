"""Ids come back as they were sent, however they are laid down."""

from typing import Any

import pytest

PLAIN = "3f2504e0-4f89-41d3-9a0c-0305e82c3301"
ALIKE = [
    PLAIN,
    PLAIN.upper(),
    PLAIN.replace("-", ""),
    f"{{{PLAIN}}}",
    f" {PLAIN}",
    "00000000-0000-0000-0000-000000000000",
    "ffffffff-ffff-ffff-ffff-ffffffffffff",
    "not-a-uuid",
    "3f2504e0-4f89-41d3-9a0c-0305e82c330g",
]


def test_ids_that_look_alike_stay_apart(engine: Any, scenario: Any) -> None:
    views = [f"view {number}" for number in range(9)]  # more than "few terms in memory"
    for number, session in enumerate(ALIKE):
        ids = {"session_id": session, "user_id": session, "view_id": views[number]}
        assert engine.append([scenario.click(f"e{number}", element="#a", **ids)]).accepted == 1
    assert len({engine.term_id("session", session) for session in ALIKE}) == len(ALIKE)
    for number, session in enumerate(ALIKE):
        (back,) = engine.actions_of("shop", session)
        assert (back.session_id, back.user_id, back.view_id) == (session, session, views[number])
    assert engine.erase("shop", PLAIN.upper()) == [PLAIN.upper()]
    assert engine.term_id("user", PLAIN.upper()) == 0
    assert engine.term_id("user", PLAIN) > 0


@pytest.mark.parametrize("pattern", [f"(?i){PLAIN}", ".*-0305E82C3301"])
def test_a_pattern_finds_uuids_as_texts(engine: Any, scenario: Any, pattern: str) -> None:
    engine.append([scenario.click(str(n), user_id=user) for n, user in enumerate(ALIKE)])
    found = {ALIKE[0], ALIKE[1]} if "i" in pattern else {ALIKE[1]}
    assert set(engine.match_terms("user", pattern)) == {engine.term_id("user", u) for u in found}
