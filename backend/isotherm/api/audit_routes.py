"""The audit log: its route, and what is noted after each answer, as the route table says."""

import logging

from flask import Blueprint, Response, g, request

from isotherm.api.author import AUTHOR_HEADER
from isotherm.api.http_errors import json_response
from isotherm.api.route_types import Route
from isotherm.api.services import Services
from isotherm.model.errors import IsothermError
from isotherm.storage.saved.audit import Entry
from isotherm.storage.saved.heatmaps import NAME_MAX

_log = logging.getLogger(__name__)


def audit_blueprint(services: Services) -> Blueprint:
    """Return /audit."""
    routes = Blueprint("audit", __name__)

    @routes.get("/audit")
    def listing() -> Response:
        return json_response({"entries": services.audit.all()})

    return routes


def note(services: Services, status: int) -> None:
    """Note a request that was answered, if its route is one that the log is about."""
    route: Route | None = g.get("route")
    if route is None or not route.audit or status >= 400:
        return
    entry = Entry(
        at_ms=services.clock_ms(),
        who=_who(services),
        did=route.audit,
        what=_what(services, route),
        address=request.remote_addr or "",
    )
    try:
        services.audit.note(entry)
    except IsothermError:  # the answer is made; that it could not be noted is not kept quiet
        _log.exception("The audit log cannot be written: %s", entry)


def _who(services: Services) -> str:
    """Return the user whom Grafana names, or whose token it was."""
    if g.role is None:
        return "whoever has the link"
    named = request.headers.get(AUTHOR_HEADER, "") if services.options.tokens else ""
    return named[:NAME_MAX] or f"holder of the {g.role} token"


def _what(services: Services, route: Route) -> str:
    """Return the parts of the address. A snapshot is told by its id: its token opens it."""
    given = request.view_args or {}
    parts = [f"{name} {value}" for name, value in given.items() if name != "token"]
    if "token" in given:
        parts.append(f"share {services.shares.id_of(given['token'])}")
    if application := request.args.get("application"):
        parts.append(f"application {application}")
    return ", ".join(parts) or route.path
