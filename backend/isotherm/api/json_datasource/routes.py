"""The plain JSON data-source protocol under /grafana, for stock JSON and Infinity sources."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, Response, request

from isotherm.api.answering import ANSWERED_S, MAX_QUERIES, ask
from isotherm.api.http_errors import json_response
from isotherm.api.json_body import json_object
from isotherm.api.json_datasource.lists import lookup, metric_list, payload_options
from isotherm.api.json_datasource.vocabulary import (
    LOOKUPS,
    METRICS,
    Target,
    asked_of,
    parse_target,
    series_of,
    table_of,
)
from isotherm.api.query_request import Asked, parse_range
from isotherm.api.selectors import selector_range
from isotherm.api.services import Services
from isotherm.model.deadline import answered_within
from isotherm.model.errors import STATUS, Code, IsothermError, error_body
from isotherm.query.context import Context

Body = Mapping[str, Any]
Answer = Callable[[Context, Body], object]


def json_datasource_blueprint(services: Services) -> Blueprint:
    """Return the routes under /grafana."""
    plain = Blueprint("plain", __name__, url_prefix="/grafana")
    plain.register_error_handler(IsothermError, _error)

    @plain.get("/", strict_slashes=False)
    def alive() -> Response:
        return json_response({"status": "ok", "version": services.options.version})

    for path, answer in _ANSWERS.items():
        plain.add_url_rule(path, path.strip("/"), _view(services, answer), methods=["POST"])
    return plain


def _view(services: Services, answer: Answer) -> Callable[[], Response]:
    def view() -> Response:
        body = json_object(request.get_data())
        with answered_within(ANSWERED_S):
            return json_response(answer(services.context(), body))

    return view


def _metrics(_: Context, __: Body) -> object:
    return metric_list()


def _payload_options(context: Context, body: Body) -> object:
    payload = body.get("payload")
    known = payload if isinstance(payload, Mapping) else {}
    return payload_options(context, str(body.get("name", "")), known, _span(body))


def _query(context: Context, body: Body) -> object:
    span = parse_range(body.get("range"))
    shared = _shared(body)
    targets = body.get("targets")
    if not isinstance(targets, list) or len(targets) > MAX_QUERIES:
        message = f"targets must be a list of at most {MAX_QUERIES} targets"
        raise IsothermError(Code.INVALID, message, field="targets")
    answers: list[dict[str, Any]] = []
    for position, raw in enumerate(targets):
        if not isinstance(raw, Mapping):
            raise IsothermError(Code.INVALID, "A target must be an object", field="targets")
        target = parse_target(raw.get("target") or "", raw.get("payload") or raw.get("data"))
        if raw.get("hide") is True or target.name in {"", "select metric"}:
            continue
        ref_id = str(raw.get("refId") or chr(ord("A") + position % 26))
        answers += _answers(context, target, asked_of(context, target, span, shared), ref_id)
    return answers


def _answers(context: Context, target: Target, asked: Asked, ref_id: str) -> list[dict[str, Any]]:
    frames = ask(context, asked)
    if asked.name == "timeseries":
        return [series_of(target.name, ref_id, frame) for frame in frames]
    return [table_of(ref_id, frame) for frame in frames]


def _search(context: Context, body: Body) -> object:
    target = parse_target(body.get("target") or "", body.get("payload"))
    if target.name in LOOKUPS:
        return lookup(context, target, _span(body))
    return list(METRICS)


def _variable(context: Context, body: Body) -> object:
    raw = body.get("payload")
    target = parse_target(raw if raw is not None else body.get("target") or "")
    if target.name not in LOOKUPS:
        message = f"A variable can list {', '.join(LOOKUPS)}, not {target.name!r}"
        raise IsothermError(Code.INVALID, message, field="payload")
    found = lookup(context, target, _span(body))
    return [{"__text": text, "__value": text} for text in found]


def _annotations(context: Context, body: Body) -> object:
    span = parse_range(body.get("range"))
    annotation = body.get("annotation")
    wanted = annotation.get("query") if isinstance(annotation, Mapping) else None
    target = parse_target(wanted or "annotations")
    asked = asked_of(context, Target("annotations", target.settings), span, _shared(body))
    frame = ask(context, asked)[0]
    return [
        {
            "annotation": annotation,
            "time": time,
            **({"timeEnd": end, "isRegion": True} if end is not None else {}),
            "title": title,
            "text": text,
            "tags": tags.split(","),
        }
        for time, end, title, text, tags in zip(*frame.values, strict=True)
    ]


def _tag_keys(context: Context, body: Body) -> object:
    span = _span(body)
    found = ["application", "page"]
    for application in lookup(context, Target("applications", {}), span):
        found += lookup(context, Target("facets", {"application": application}), span)
    return [{"type": "string", "text": key} for key in dict.fromkeys(found)]


def _tag_values(context: Context, body: Body) -> object:
    span, key = _span(body), str(body.get("key", ""))
    applications = lookup(context, Target("applications", {}), span)
    if key == "application":
        return [{"text": text} for text in applications]
    if not key:
        raise IsothermError(Code.INVALID, "Say of which key", field="key")
    found: dict[str, None] = {}
    others = [one for one in _shared(body)["filters"] if one.get("key") != key]
    for application in applications:
        settings = {"application": application, "key": key, "filters": others}
        name = "pages" if key == "page" else "values"
        found |= dict.fromkeys(lookup(context, Target(name, settings), span))
    return [{"text": text} for text in found]


def _shared(body: Body) -> dict[str, Any]:
    """Return what all targets of a request share; named as the data source names it."""
    filters = body.get("adhocFilters") or body.get("filters") or []
    if not isinstance(filters, list) or not all(isinstance(one, Mapping) for one in filters):
        raise IsothermError(Code.INVALID, "adhocFilters must be a list", field="adhocFilters")
    shared: dict[str, Any] = {"filters": [dict(one) for one in filters]}
    for name in ("intervalMs", "maxDataPoints"):
        if isinstance(body.get(name), int | float):
            shared[name] = int(body[name])
    return shared


def _span(body: Body) -> tuple[int, int]:
    """Return the request's range; pickers send none."""
    return parse_range(body["range"]) if body.get("range") else selector_range({})


def _error(error: IsothermError) -> Response:
    """Answer with `message` at the top as well, where these data sources look for it."""
    return json_response({"message": error.message, **error_body(error)}, STATUS[error.code])


_ANSWERS: Mapping[str, Answer] = {
    "/metrics": _metrics,
    "/metric-payload-options": _payload_options,
    "/query": _query,
    "/search": _search,
    "/variable": _variable,
    "/annotations": _annotations,
    "/tag-keys": _tag_keys,
    "/tag-values": _tag_values,
}
