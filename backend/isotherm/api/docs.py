"""Writes `docs/api.md` from the tables of routes and questions; a test compares it.

`python -m isotherm.api.docs > docs/api.md`
"""

import sys
from collections.abc import Iterator
from typing import Any

import msgspec

from isotherm.api.route_table import ROUTES
from isotherm.query.frame import Shape
from isotherm.query.measures import MEASURES
from isotherm.query.question import Question
from isotherm.query.questions import QUESTIONS

_INTRODUCTION = """\
# HTTP API

This file is written by `python -m isotherm.api.docs`; edit the tables it comes from. The
same as a machine reads it: `/api/v1/openapi.json`.

Beyond loopback every request needs `Authorization: Bearer <token>`. A failed request is answered
with `{"error": {"code", "message", "field"?}}` and the fitting status.

## Asking

`POST /api/v1/query` takes `{"range": {"from", "to"}, "queries": [...]}` and answers in Grafana's
own form, `{"results": {"<refId>": {"status", "frames" | "error"}}}`: a query that cannot be
answered does not fail its neighbours. Times are RFC 3339 or epoch ms; the range takes its start
in and its end not. Each query has

| key | meaning |
|---|---|
| `refId` | name of the answer |
| `question` | one of the questions below |
| `application` | application id |
| `page` or `pages` | page key, or several; empty, `All` or `$__all`: every page |
| `filters` | list of `{"key", "operator", "value"}`; several values in `values` |
| `width` | `{"min", "max"}` of the window in css px, both included; an unknown width fits no band |
| `signal` | `all`; clicks with `rage`, `dead` or `error`; each view's `first` or `last` click |
| `metric` | `clicks`, `users` or `sessions`: what the cells of `heat` count |

and the parameters of its question.

Keys of filters: `env`, `service`, `version`, `browser`, `os`, `device`, `country`, `city`,
`user`, `page`, `url`, `session`, `view`, `width`, `element`, `action_name`; any other key is a
custom attribute. Operators: `=`, `!=`, `in`, `not in` (also written `=|`, `!=|`), `=~`, `!~`
(RE2, matches the whole text), `<`, `<=`, `>`, `>=` (numbers; versions part by part). What an
event lacks counts as the empty text. For views and errors a filter on an element or action keeps
those of views in which it was acted on. `reached_page` and `reached_element` are about the whole
session: what it visited or acted on at any time, on any page.

`meta.custom.isotherm` of a frame has `version` (of this contract), `question`, `notices` (sentences
for people) and the keys named below; while InfluxDB cannot be used also `stale_since_ms`, while
events are still being read from it `complete_from_ms` (epoch ms; null: not known yet). Clicks are
physical clicks: a rage chain counts as many as it had. Counts are weighted by the sample rate;
`estimated` says so.
"""


def api_document() -> str:
    """Return the whole file."""
    return "\n".join(_lines())


def _lines() -> Iterator[str]:
    yield _INTRODUCTION
    yield "## Questions"
    for name, question in QUESTIONS.items():
        yield from _question(name, question)
    yield "### Measures of `timeseries`"
    yield ""
    yield "| measure | meaning | unit | by element |"
    yield "|---|---|---|---|"
    for name, measure in MEASURES.items():
        by_element = "yes" if measure.by_element else "-"
        yield f"| `{name}` | {measure.doc} | {measure.unit} | {by_element} |"
    yield ""
    yield "## Routes"
    yield ""
    yield "| route | what it does | role | parameters |"
    yield "|---|---|---|---|"
    for route in ROUTES:
        parameters = ", ".join(f"`{one.name}`" for one in route.parameters) or "-"
        name = f"`{route.method.upper()} {route.path}`"
        yield f"| {name} | {route.doc} | {route.role} | {parameters} |"
    yield ""


def _question(name: str, question: Question) -> Iterator[str]:
    yield ""
    yield f"### `{name}`"
    yield ""
    yield question.about
    yield ""
    parameters = list(_parameters(question.params))
    if parameters:
        yield "| parameter | type | default | meaning |"
        yield "|---|---|---|---|"
        yield from parameters
        yield ""
    for shape in question.shapes:
        yield from _shape(shape)
    yield "| meta | meaning |"
    yield "|---|---|"
    for key, doc in question.meta.items():
        yield f"| `{key}` | {doc} |"
    yield ""


def _parameters(params: type[msgspec.Struct]) -> Iterator[str]:
    schema = msgspec.json.schema(params)
    own: dict[str, Any] = schema["$defs"][params.__name__]
    for name, known in own["properties"].items():
        kind = known.get("type") or " or ".join(str(one) for one in known.get("enum", ()))
        default = msgspec.json.encode(known["default"]).decode() if "default" in known else "needed"
        yield f"| `{name}` | {kind} | {default} | {known.get('description', '')} |"


def _shape(shape: Shape) -> Iterator[str]:
    yield f"Frame `{shape.name}`. {shape.doc}"
    yield ""
    yield "| field | type | unit | meaning |"
    yield "|---|---|---|---|"
    for field in shape.fields:
        kind = field.kind + (", may be null" if field.nullable else "")
        yield f"| `{field.name}` | {kind} | {field.unit or '-'} | {field.doc} |"
    yield ""


if __name__ == "__main__":
    sys.stdout.write(api_document())
