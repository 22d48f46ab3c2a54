"""Any order of view documents and differences gives the same view as the order of sending."""

from collections.abc import Sequence
from itertools import count, pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from isotherm.model import View, ViewPart
from isotherm.storage.duckdb.engine import DuckDBEngine

pytestmark = pytest.mark.thorough

NUMBERS = (f"example {number} " for number in count())
T0 = 1_790_000_000_000
CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "depth_px": st.sampled_from([None, 10, 20.0]),
        "errors": st.sampled_from([None, 1, 2]),
        "time_spent_ms": st.sampled_from([1000, 2000.0]),
        "has_replay": st.booleans(),
        "facets": st.sampled_from([{"env": "prod"}, {"env": "test", "version": "1"}, None]),
        "page": st.sampled_from(["/", "/cart"]),
        "unknown_field": st.just("left out"),
    },
)
DEFAULTS = {"depth_px": None, "errors": 0, "facets": {}}


def document(version: int, whole: bool, view: str, changed: dict[str, Any]) -> View | ViewPart:
    where = {"view_id": view, "application": "a", "session_id": "s", "time_ms": T0}
    if not whole:
        return ViewPart(version=version, changed=changed, **where)
    known = {name: value for name, value in changed.items() if name != "unknown_field"}
    known = {name: value for name, value in known.items() if value is not None}
    return View(version=version, **{"page": "/", **where, **known})


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[View | ViewPart], list[list[View | ViewPart]]]:
    """Return documents of two views, and the same ones shuffled, repeated and cut into batches."""
    sent = [
        document(version, draw(st.booleans()), view, draw(CHANGES))
        for view in ("v1", "v2")
        for version in draw(st.lists(st.integers(0, 9), unique=True, max_size=6))
    ]
    repeats = st.lists(st.sampled_from(sent)) if sent else st.just([])
    arrived = draw(st.permutations([*sent, *draw(repeats)]))
    cuts = sorted(draw(st.lists(st.integers(0, len(arrived)), max_size=3)))
    edges = [0, *cuts, len(arrived)]
    return sent, [arrived[a:b] for a, b in pairwise(edges)]


def told(documents: Sequence[View | ViewPart], view: str) -> dict[str, Any] | None:
    """Replay the documents as the SDK sent them, field by field."""
    state: dict[str, Any] | None = None
    for one in sorted((d for d in documents if d.view_id == view), key=lambda d: d.version):
        if isinstance(one, View):
            state = {name: getattr(one, name) for name in View.__struct_fields__}
        elif state is not None:
            state["version"] = one.version
            for name, value in one.changed.items():
                if name in state:
                    state[name] = DEFAULTS[name] if value is None else value
    return state


@pytest.fixture(scope="module")
def shared() -> Any:
    engine = DuckDBEngine()
    yield engine
    engine.close()


@settings(max_examples=40)
@given(histories(), st.booleans())
def test_order_repeats_and_batches_do_not_matter(shared: Any, history: Any, compact: bool) -> None:
    sent, batches = history
    example = next(NUMBERS)  # each has views of its own in the one engine
    for batch in batches:
        mine = [replace(one, session_id=example, view_id=example + one.view_id) for one in batch]
        if mine:
            shared.append(mine)
        if compact:
            shared.compact(least_rows=1)
    found = {view.view_id: view for view in shared.views_of("a", example)}
    for name in ("v1", "v2"):
        expected = told(sent, name)
        if expected is None:
            assert example + name not in found
        else:
            view = found[example + name]
            view = replace(view, session_id="s", view_id=name)
            assert {field: getattr(view, field) for field in expected} == expected


def test_a_difference_to_a_stored_view_starts_from_its_row(shared: Any) -> None:
    whole = document(2, True, "v9", {"depth_px": 20.0, "errors": 1})
    shared.append([whole])
    shared.append([document(5, False, "v9", {"errors": 2})])
    shared.append([document(3, False, "v9", {"errors": 7, "depth_px": 10})])
    (view,) = [view for view in shared.views_of("a", "s") if view.view_id == "v9"]
    assert (view.version, view.errors, view.depth_px) == (5, 2, 10.0)
