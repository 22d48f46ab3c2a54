"""The requests that an element's clicks caused: what was called, how often it failed, how long.

Linked by what the SDK said, or for Faro by what was open at the time.
"""

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from isotherm.model import CALLS, METHODS, RESOURCE_KINDS
from isotherm.query.context import Ask
from isotherm.query.frame import Field, Frame, Shape, frame_of_rows
from isotherm.query.lookups import known, texts_of, whole
from isotherm.query.statement import Statement, condition

REQUESTS = Shape(
    "requests",
    "One row per method and address, most called first.",
    (
        Field("method", "string", "Method; empty when the sender names none"),
        Field("host", "string", "Host, with the port if any"),
        Field("path", "string", "Path without query; `?` stands for ids"),
        Field("requests", "number", "Requests, weighted by the sample rate", "short"),
        Field("failures", "number", "Those answered with a status of 400 or more", "short"),
        Field("unanswered", "number", "Those without a status: no answer, or not sent", "short"),
        Field("p75_ms", "number", "Three of four took no longer", "ms", nullable=True),
        Field("trace_id", "string", "Trace of the slowest one that has any, of failures first"),
    ),
)
META = {
    "requests": "requests in all rows, weighted by the sample rate",
    "total": "rows there would be without a limit",
}

_LATEST_MS = 60_000
"""An action lasts seconds; what it caused begins within it."""

_LINKED = """
WITH acted AS (
  SELECT session, event % 4294967296 AS event FROM actions WHERE slot_scope
), called AS (
  SELECT event, time_ms, session, method, host, path, status, duration_ms, trace, weight,
    unnest(actions) AS cause
  FROM resources WHERE slot_called
), linked AS (
  SELECT DISTINCT called.event, time_ms, called.session, method, host, path, status, duration_ms,
    trace, weight
  FROM called JOIN acted ON acted.session = called.session AND acted.event = called.cause
), grouped AS (
SELECT method, host, path, sum(weight) AS requests,
  coalesce(sum(weight) FILTER (WHERE status >= 400), 0) AS failures,
  coalesce(sum(weight) FILTER (WHERE status = 0), 0) AS unanswered,
  quantile_cont(duration_ms, 0.75) AS p75_ms,
  coalesce(replace(arg_max(trace::VARCHAR, (
    CASE WHEN status >= 400 THEN {worse} ELSE 0 END + coalesce(duration_ms, 0)::BIGINT, trace
  )) FILTER (WHERE NOT trace IS NULL), '-', ''), '') AS trace_id,
  sum(sum(weight)) OVER () AS all_requests, count(*) OVER () AS total
FROM linked GROUP BY method, host, path
)
SELECT grouped.* FROM grouped
LEFT JOIN terms AS hosts ON hosts.kind = 'host' AND hosts.id = host
LEFT JOIN terms AS paths ON paths.kind = 'path' AND paths.id = path
ORDER BY requests DESC, hosts.text, paths.text, method LIMIT {limit}
"""
_WORSE = 2**40  # than any duration


class Params(Struct, frozen=True):
    """Which actions; none: all in scope."""

    element: Annotated[str, Meta(description="Element key.", max_length=4096)] = ""
    action_name: Annotated[str, Meta(description="Action name.", max_length=4096)] = ""
    resources: Annotated[
        Literal["calls", "all"], Meta(description="Calls only, or also files that were loaded.")
    ] = "calls"
    limit: Annotated[int, Meta(description="Rows at most.", ge=1, le=1000)] = 50


def statement(ask: Ask[Params]) -> Statement:
    """Join the actions in scope with what says it belongs to them."""
    conditions, params = ask.conditions, ask.params
    named = conditions.acted(params.element, params.action_name)
    start = conditions.bind(ask.scope.from_ms)
    stop = conditions.bind(ask.scope.to_ms + _LATEST_MS)
    application = conditions.bind(conditions.term("application", ask.scope.application))
    called = f"application = {application} AND time_ms >= {start} AND time_ms < {stop}"
    if params.resources == "calls":
        codes = ", ".join(str(RESOURCE_KINDS.index(kind)) for kind in sorted(CALLS))
        called += f" AND kind IN ({codes})"
    template = _LINKED.format(limit=params.limit, worse=_WORSE)
    scope = conditions.actions(*named)
    return conditions.build(template, scope=scope, called=condition(called))


def answer(ask: Ask[Params]) -> list[Frame]:
    """Return the addresses, most called first."""
    columns = ask.context.run(statement(ask))
    hosts = texts_of(ask.context, "host", columns["host"].tolist())
    paths = texts_of(ask.context, "path", columns["path"].tolist())
    rows: list[dict[str, Any]] = []
    for position in range(len(columns["path"])):
        found = {name: values[position] for name, values in columns.items()}
        rows.append(
            {
                "method": METHODS[int(found["method"])],
                "host": hosts[int(found["host"])],
                "path": paths[int(found["path"])],
                "p75_ms": known(found["p75_ms"]),
                "trace_id": str(found["trace_id"]),
            }
            | {name: whole(found[name]) for name in ("requests", "failures", "unanswered")}
        )
    meta = {
        "requests": whole(columns["all_requests"][0]) if rows else 0,
        "total": int(columns["total"][0]) if rows else 0,
    }
    return [frame_of_rows(REQUESTS, rows, meta=meta)]
