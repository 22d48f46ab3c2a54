"""Answers queries with Grafana's query-response JSON; an invalid query does not fail the others."""

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec.structs import replace

from isotherm.api.frames import frame_json
from isotherm.api.http_errors import unexpected
from isotherm.api.inline_picture import KEY as INLINE
from isotherm.api.inline_picture import InlinePictures
from isotherm.api.json_body import encode
from isotherm.api.operations import NAME as OPERATIONS
from isotherm.api.operations import is_operations, operations
from isotherm.api.query_request import Asked, parse_query, parse_range
from isotherm.api.saved_query import present
from isotherm.api.services import Services
from isotherm.model.deadline import answered_within
from isotherm.model.errors import STATUS, Code, IsothermError
from isotherm.query.context import Ask, Context, side_by_side
from isotherm.query.filters import GOALS
from isotherm.query.frame import Frame

MAX_QUERIES = 100
ANSWERED_S = 60.0
"""For all queries of a request together; Grafana gives up after 30 s unless told otherwise."""


def answer_queries(
    services: Services, body: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, float]]:
    """Return the response and where its time went (ms by part). Raises INVALID for the whole.

    Answers are JSON already.
    """
    span = parse_range(body.get("range"))
    queries = body.get("queries")
    if not isinstance(queries, list) or not queries or len(queries) > MAX_QUERIES:
        message = f"queries must be a list of 1 to {MAX_QUERIES} queries"
        raise IsothermError(Code.INVALID, message, field="queries")
    ref_ids = [_ref_id(raw, position) for position, raw in enumerate(queries)]
    contexts = [services.context() for _ in queries]
    pictures = InlinePictures(services)

    def one(position: int) -> dict[str, Any] | msgspec.Raw:
        raw, context = queries[position], contexts[position]
        return _one(services, context, raw, span, ref_ids[position], pictures=pictures)

    with answered_within(ANSWERED_S):
        answers = side_by_side(one, range(len(queries)))
    spent: dict[str, float] = {}
    for context in contexts:
        for part, ms in context.spent_ms.items():
            spent[part] = spent.get(part, 0.0) + ms
    return {"results": dict(zip(ref_ids, answers, strict=True))}, spent


def ask(context: Context, asked: Asked) -> list[Frame]:
    """Answer one parsed query. Raises what the question raises."""
    return asked.question.answer(Ask.about(asked.scope, asked.params, context))


def _one(
    services: Services,
    context: Context,
    raw: object,
    span: tuple[int, int],
    ref_id: str,
    *,
    pictures: InlinePictures,
) -> dict[str, Any] | msgspec.Raw:
    try:
        query = present(raw)
        facts = services.freshness(span[0])
        if is_operations(query):
            frames = operations(services.history, query, span)
            return msgspec.Raw(_encoded(context, OPERATIONS, frames, facts, ref_id))
        asked = parse_query(query, span)
        state = _state(services, asked)
        if state is None or (isinstance(raw, Mapping) and raw.get(INLINE) is True):
            frames = ask(context, asked)
            frames += pictures.of(raw, frames)
            return msgspec.Raw(_encoded(context, asked.name, frames, facts, ref_id))

        def work() -> bytes:
            return _encoded(context, asked.name, ask(context, asked), facts, ref_id)

        key = encode((query, span, ref_id, facts))
        return msgspec.Raw(services.kept.of(key, state, work))
    except IsothermError as error:
        return _failed(error)
    except Exception as error:  # noqa: BLE001 - the neighbours must still be answered; logged whole
        return _failed(unexpected(f"query {ref_id}", error))


def _state(services: Services, asked: Asked) -> tuple[int, ...] | None:
    """Return what an answer depends on beside the question; None if that is not known."""
    goal = any(one.key in GOALS for one in asked.scope.filters)
    pages = asked.scope.pages if asked.question.of_pages and not goal else ()
    state = services.engine.state(asked.scope.application, pages)
    return None if state is None else (*state, services.backgrounds.changes)


def _encoded(
    context: Context, question: str, frames: list[Frame], facts: Mapping[str, Any], ref_id: str
) -> bytes:
    with context.timed("frame"):
        executed = context.executed()
        plain = [
            frame_json(frame, question, ref_id, executed if number == 0 else "")
            for number, frame in enumerate(_with_freshness(frames, facts))
        ]
    with context.timed("json"):
        return encode({"status": 200, "frames": plain})


def _with_freshness(frames: list[Frame], facts: Mapping[str, Any]) -> list[Frame]:
    """Add what is known of the freshness of all answers."""
    if not facts:
        return frames
    return [
        replace(
            frame,
            meta={
                **frame.meta,
                **facts,
                "notices": [*facts["notices"], *frame.meta.get("notices", ())],
            },
        )
        for frame in frames
    ]


def _failed(error: IsothermError) -> dict[str, Any]:
    source = "plugin" if error.code is Code.INTERNAL else "downstream"
    return {
        "status": STATUS[error.code],
        "error": error.message,
        "errorSource": source,
        "frames": [],
    }


def _ref_id(raw: object, position: int) -> str:
    given = raw.get("refId") if isinstance(raw, Mapping) else None
    return given if isinstance(given, str) and given else f"query {position + 1}"
