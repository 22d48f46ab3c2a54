"""One action of a page: its counts, its rank, whether it led somewhere, and what came next."""

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from isotherm.model import Filter, Scope
from isotherm.model.errors import Code, IsothermError
from isotherm.query.context import Ask
from isotherm.query.frame import Field, Frame, Shape, frame_of_rows
from isotherm.query.journey import NEXT_LIMIT, conversion_statement, next_statement
from isotherm.query.lookups import whole
from isotherm.query.questions.actions import By, counted_rows, order, ranked, totals
from isotherm.storage.ports import Columns

ACTION = Shape(
    "action",
    "One row, or none when nobody did it.",
    (
        Field("rank", "integer", "Place among the actions of the scope"),
        Field("of", "integer", "How many there are"),
        Field("action_name", "string", "Most frequent name"),
        Field("element", "string", "Element key"),
        Field("clicks", "number", "Clicks, weighted by the sample rate", "short"),
        Field("share", "number", "clicks ÷ all clicks in scope", "percentunit"),
        Field("users", "integer", "Different users", "short"),
        Field("sessions", "integer", "Different sessions", "short"),
        Field("rage", "number", "Clicks of actions with the rage signal", "short"),
        Field("dead", "number", "Clicks of actions with the dead signal", "short"),
        Field("error", "number", "Clicks of actions with the error signal", "short"),
        Field("median_loading_ms", "number", "Median time to react", "ms", nullable=True),
        Field("first_seen", "time", "First time in scope"),
        Field("last_seen", "time", "Last time in scope"),
        Field(
            "conversion",
            "number",
            "Sessions that reached the target afterwards ÷ sessions with the action",
            "percentunit",
            nullable=True,
        ),
    ),
)
NEXT = Shape(
    "next",
    f"What sessions did next, at most {NEXT_LIMIT} rows.",
    (
        Field("rank", "integer", "Place in the list"),
        Field("kind", "string", "`action` or `page`"),
        Field("label", "string", "Name of the action, or the page"),
        Field("element", "string", "Element key of the action"),
        Field("page", "string", "Page it happened on, or that was opened"),
        Field("sessions", "integer", "Sessions that went there", "short"),
        Field("share", "number", "sessions ÷ sessions with the action", "percentunit"),
    ),
)
META = {
    "clicks": "clicks in scope, weighted by the sample rate",
    "actions": "actions in scope",
    "total": "actions ranked",
    "exact": "every click was counted; false: a rage chain is known by its lower bound only",
    "estimated": "some sessions were sampled, so counts are weighted",
}


class Params(Struct, frozen=True):
    """Which action; one of `element` and `action_name` is needed."""

    element: Annotated[str, Meta(description="Element key.", max_length=4096)] = ""
    action_name: Annotated[str, Meta(description="Action name.", max_length=4096)] = ""
    target: Annotated[
        str,
        Meta(description="A page, or else an element, that sessions may reach afterwards."),
    ] = ""


def answer(ask: Ask[Params]) -> list[Frame]:
    """Find the action in the ranking and follow its sessions. Raises INVALID without a name."""
    by: By = "element" if ask.params.element else "action_name"
    text = ask.params.element or ask.params.action_name
    if not text:
        message = "Name the action by its element or action_name"
        raise IsothermError(Code.INVALID, message, field="element")
    everything = ask.context.run(order(ask, by))
    wanted = ask.context.engine.term_id(by, text)
    keys = everything["key"].tolist()
    if not wanted or wanted not in keys:
        return [frame_of_rows(ACTION, [], meta=totals(everything)), frame_of_rows(NEXT, [])]
    position = keys.index(wanted)
    follow = _only(ask, Filter(by, "=", (text,)))
    found = ask.context.run(ranked(follow, by, 1))
    if not len(found["key"]):  # deleted meanwhile
        return [frame_of_rows(ACTION, [], meta=totals(everything)), frame_of_rows(NEXT, [])]
    found["all_clicks"] = everything["all_clicks"][:1]  # shares are of the whole scope
    row = counted_rows(ask.context, found)[0]
    row |= {"rank": position + 1, "of": len(keys), "conversion": _conversion(follow)}
    after = _next_rows(follow, row["sessions"])
    return [frame_of_rows(ACTION, [row], meta=totals(everything)), frame_of_rows(NEXT, after)]


def _only(ask: Ask[Params], one: Filter) -> Ask[Params]:
    scope: Scope = ask.scope
    narrowed = Scope(
        **{name: getattr(scope, name) for name in scope.__struct_fields__ if name != "filters"},
        filters=(*scope.filters, one),
    )
    return Ask.about(narrowed, ask.params, ask.context)


def _conversion(ask: Ask[Params]) -> float | None:
    if not ask.params.target:
        return None
    kind: Literal["page", "element"] = (
        "page" if ask.context.engine.term_id("page", ask.params.target) else "element"
    )
    found = ask.context.run(conversion_statement(ask, kind, ask.params.target))
    acted = float(found["acted"][0])
    return float(found["reached"][0]) / acted if acted else None


def _next_rows(ask: Ask[Params], sessions: int) -> list[dict[str, Any]]:
    columns: Columns = ask.context.run(next_statement(ask))
    terms = ask.context.engine.terms
    names, elements, pages = terms("action_name"), terms("element"), terms("page")
    rows = []
    for position in range(len(columns["sessions"])):
        kind = str(columns["kind"][position])
        page = pages.get(int(columns["page"][position]), "")
        element = elements.get(int(columns["element"][position]), "")
        name = names.get(int(columns["action_name"][position]), "")
        rows.append(
            {
                "rank": position + 1,
                "kind": kind,
                "label": page if kind == "page" else name or element,
                "element": element,
                "page": page,
                "sessions": whole(columns["sessions"][position]),
                "share": float(columns["sessions"][position]) / sessions,
            }
        )
    return rows
