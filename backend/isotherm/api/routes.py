"""The routes under /api/v1, /health and /metrics."""

import time
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Final

import msgspec
from flask import Blueprint, Response, g, request

from isotherm.api.access import check_role, is_own_page, role_of, route_of
from isotherm.api.answering import answer_queries
from isotherm.api.audit_routes import audit_blueprint, note
from isotherm.api.http_errors import json_response, register_errors
from isotherm.api.json_body import json_object, read, without_empty
from isotherm.api.json_datasource.routes import json_datasource_blueprint
from isotherm.api.openapi import document
from isotherm.api.pictures.routes import pictures_blueprint
from isotherm.api.quarantine_routes import quarantine_blueprint
from isotherm.api.selectors import paging, selector_range, selector_scope
from isotherm.api.services import Services
from isotherm.api.sharing.routes import library_blueprint, snapshots_blueprint
from isotherm.api.sites_routes import sites_blueprint
from isotherm.api.status import Metrics, status_body
from isotherm.api.zones_routes import zones_blueprint
from isotherm.model import Scope, Segment
from isotherm.model.errors import Code, IsothermError
from isotherm.query import catalogue
from isotherm.query.context import Ask
from isotherm.query.overview import Asked, Order, overview
from isotherm.query.questions import QUESTIONS
from isotherm.query.questions.pages import Params as PagesParams
from isotherm.query.traces import behind_trace


def api_blueprint(services: Services) -> Blueprint:
    """Return the routes /api/v1, /grafana, /health and /metrics."""
    root = Blueprint("isotherm", __name__)
    metrics = Metrics(services)
    root.before_request(_guard(services))
    root.after_request(_measured(services, metrics))
    root.record_once(lambda state: register_errors(state.app))
    root.after_app_request(_noted(services, metrics))
    api = Blueprint("api", __name__, url_prefix="/api/v1")
    _add_questions(api, services)
    _add_selectors(api, services)
    _add_traces(api, services)
    _add_state(api, root, services, metrics)
    api.register_blueprint(pictures_blueprint(services))
    api.register_blueprint(library_blueprint(services))
    api.register_blueprint(audit_blueprint(services))
    api.register_blueprint(quarantine_blueprint(services))
    api.register_blueprint(sites_blueprint(services))
    api.register_blueprint(zones_blueprint(services))
    root.register_blueprint(api)
    root.register_blueprint(snapshots_blueprint(services))
    root.register_blueprint(json_datasource_blueprint(services))
    return root


def _guard(services: Services) -> Callable[[], None]:
    def guard() -> None:
        g.started = time.perf_counter()
        limit = services.options.max_body_bytes
        request.max_content_length = max(request.max_content_length or limit, limit)
        route = route_of(request.method, request.url_rule.rule if request.url_rule else None)
        g.route, g.role = route, None
        if route is None or route.role != "open":
            headers = request.headers
            own_page = is_own_page(request.method, headers.get("Sec-Fetch-Site"))
            g.role = role_of(services.options, headers.get("Authorization"), own_page=own_page)
            check_role(route, g.role)

    return guard


def _measured(services: Services, metrics: Metrics) -> Callable[[Response], Response]:
    def measured(response: Response) -> Response:
        note(services, response.status_code)
        metrics.answered(
            request.endpoint or "unknown", response.status_code, time.perf_counter() - g.started
        )
        return response

    return measured


def _noted(services: Services, metrics: Metrics) -> Callable[[Response], Response]:
    def noted(response: Response) -> Response:
        services.history.note(services.clock_ms(), metrics.reading)
        return response

    return noted


def _add_questions(api: Blueprint, services: Services) -> None:
    @api.post("/query")
    def query() -> Response:
        body = json_object(request.get_data())
        answer, spent_ms = answer_queries(services, body)
        start = time.perf_counter()
        response = json_response(answer)
        spent_ms["json"] = spent_ms.get("json", 0.0) + (time.perf_counter() - start) * 1000
        timing = [f"{part};dur={ms:.1f}" for part, ms in spent_ms.items()]
        total = (time.perf_counter() - g.started) * 1000
        response.headers["Server-Timing"] = ", ".join([*timing, f"total;dur={total:.1f}"])
        return response

    @api.get("/questions")
    def questions() -> Response:
        known = [
            {"name": name, "title": question.title, "about": question.about}
            for name, question in QUESTIONS.items()
        ]
        return json_response({"questions": known})

    @api.get("/openapi.json")
    def openapi() -> Response:
        return json_response(document(services.options.version))


APPLICATIONS: Final = 1_000
"""Without a limit, so many are told: who has more searches."""


class NewName(msgspec.Struct, frozen=True):
    """What an application is to be called; "" = as before anyone named it."""

    name: str


class OverviewIn(msgspec.Struct, frozen=True):
    """What of the overview is wanted, beside the range."""

    order: Order = "attention"
    search: str = ""
    limit: Annotated[int, msgspec.Meta(ge=1, le=500)] = 50
    pages: Annotated[int, msgspec.Meta(ge=1, le=50)] = 3


def _overview(services: Services, given: Mapping[str, str]) -> dict[str, Any]:
    span, context = selector_range(given), services.context()
    asked: OverviewIn = read(
        without_empty({key: given.get(key) for key in OverviewIn.__struct_fields__}), OverviewIn
    )
    wanted = Asked(
        from_ms=span[0],
        to_ms=span[1],
        order=asked.order,
        search=asked.search,
        applications=asked.limit,
        pages=asked.pages,
    )
    found = catalogue.applications(context, *span, services.given_names())
    return overview(context, wanted, {row["application"]: row["name"] for row in found})


def _add_selectors(api: Blueprint, services: Services) -> None:
    @api.get("/applications")
    def applications() -> Response:
        span, page = selector_range(request.args), paging(request.args, APPLICATIONS)
        found = catalogue.applications(services.context(), *span, services.given_names())
        rows = catalogue.called(found, page.search)
        return json_response({"applications": rows[: page.limit], "total": len(rows)})

    @api.post("/applications/<path:application>/name")
    def name(application: str) -> Response:
        asked: NewName = read(json_object(request.get_data()), NewName)
        services.names.give(application, asked.name)
        return json_response({"application": application, "name": asked.name.strip()})

    @api.get("/overview")
    def where_to_look() -> Response:
        return json_response(_overview(services, request.args))

    @api.get("/pages")
    def pages() -> Response:
        scope, page = selector_scope(request.args, pages=False), paging(request.args)
        params = PagesParams(limit=page.limit, search=page.search)
        frame = QUESTIONS["pages"].answer(Ask.about(scope, params, services.context()))[0]
        names = [field.name for field in frame.shape.fields]
        rows = [dict(zip(names, row, strict=True)) for row in zip(*frame.values, strict=True)]
        for row in rows:
            row["background"] = row["background"] or None
        return json_response({"pages": rows, "total": frame.meta["total"]})

    @api.get("/facets")
    def facets() -> Response:
        found = catalogue.facets(services.context(), selector_scope(request.args))
        return json_response({"facets": [msgspec.structs.asdict(facet) for facet in found]})

    @api.get("/facets/<path:key>/values")
    def values(key: str) -> Response:
        return json_response({"values": _values(services, selector_scope(request.args), key)})

    @api.get("/elements")
    def elements() -> Response:
        found = _values(services, selector_scope(request.args), "element")
        rows = [{"element": row["value"], "count": row["count"]} for row in found]
        return json_response({"elements": rows})


def _add_traces(api: Blueprint, services: Services) -> None:
    @api.get("/traces/<trace>")
    def trace(trace: str) -> Response:
        found = behind_trace(services.context(), trace, *selector_range(request.args))
        if found is None:
            raise IsothermError(Code.NOT_FOUND, "No request in this time range has this trace")
        return json_response(found)


def _values(services: Services, scope: Scope, key: str) -> list[dict[str, object]]:
    page = paging(request.args)
    return catalogue.values(services.context(), scope, key, search=page.search, limit=page.limit)


def _add_state(api: Blueprint, root: Blueprint, services: Services, metrics: Metrics) -> None:
    @api.get("/status")
    def status() -> Response:
        return json_response(status_body(services))

    @api.get("/replays/<session>")
    def session_replay(session: str) -> Response:
        return _replay(services, session, None)

    @api.get("/replays/<session>/<path:view>")
    def view_replay(session: str, view: str) -> Response:
        return _replay(services, session, view)

    @root.get("/health")
    def health() -> Response:
        return json_response({"status": "ok", "version": services.options.version})

    @root.get("/metrics")
    def prometheus() -> Response:
        return Response(metrics.text(), mimetype="text/plain; version=0.0.4")


def _replay(services: Services, session: str, view: str | None) -> Response:
    application = request.args.get("application", "")
    if not application:
        raise IsothermError(Code.INVALID, "Choose an application", field="application")
    if request.args.get("format", "") == "rrweb":
        response = json_response(
            {"session": session, **services.playback(application, session, view)}
        )
    else:
        most = services.options.max_replay_bytes
        segments = [
            segment
            for segment in services.replays.bodies(application, session, most_bytes=most)
            if view is None or segment.view_id in {view, ""}
        ]
        if not segments:
            raise IsothermError(Code.NOT_FOUND, f"There is no replay of session {session!r}")
        response = json_response({"session": session, "segments": _bodies(segments)})
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _bodies(segments: list[Segment]) -> list[dict[str, object]]:
    return [
        {
            "recording": segment.recording_id,
            "view": segment.view_id,
            "index": segment.index,
            "format": segment.format.value,
            "start": segment.time_ms,
            "end": segment.end_ms,
            "full_snapshot": segment.full_snapshot,
            "body": msgspec.Raw(segment.body),
        }
        for segment in segments
    ]
