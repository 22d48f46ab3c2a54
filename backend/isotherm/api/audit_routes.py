"""The audit log: its route, and what is noted after each answer, as the route table says."""

import logging
from typing import Annotated

from flask import Blueprint, Response, g, request
from msgspec import Meta, Struct

from isotherm.api.author import AUTHOR_HEADER
from isotherm.api.http_errors import json_response
from isotherm.api.json_body import read, without_empty
from isotherm.api.route_types import Route
from isotherm.api.services import Services
from isotherm.storage.saved.audit import Entry
from isotherm.storage.saved.heatmaps import NAME_MAX

_log = logging.getLogger(__name__)


class Page(Struct, frozen=True):
    """Which entries are wanted; without `before` the latest."""

    before: Annotated[int, Meta(ge=1, le=2**63 - 1)] | None = None


def audit_blueprint(services: Services) -> Blueprint:
    """Return /audit."""
    routes = Blueprint("audit", __name__)

    @routes.get("/audit")
    def listing() -> Response:
        page: Page = read(without_empty({"before": request.args.get("before")}), Page)
        return json_response({"entries": services.audit.all(before=page.before or 0)})

    return routes


def note(services: Services, status: int) -> None:
    """Note a request that was answered, if its route is one that the log is about."""
    route: Route | None = g.get("route")
    if route is None or not route.audit or status >= 400:
        return
    try:
        entry = Entry(
            at_ms=services.clock_ms(),
            who=_who(services),
            did=route.audit,
            what=_what(services, route),
            address=request.remote_addr or "",
        )
        # a link is opened as often as anybody likes: that must not push other entries out
        services.audit.note(entry, hourly="token" in (request.view_args or {}))
    except Exception:  # noqa: BLE001 - the answer is made; that it was not noted is not kept quiet
        _log.exception("The audit log cannot be written: somebody %s", route.audit)


def _who(services: Services) -> str:
    """Return whose token it was, and the user who was named with it."""
    if g.role is None:
        return "whoever has the link"
    named = request.headers.get(AUTHOR_HEADER, "") if services.options.tokens else ""
    if not named:
        return f"holder of the {g.role} token"
    said = f" ({g.role} token)"
    return named[: NAME_MAX - len(said)] + said


def _what(services: Services, route: Route) -> str:
    """Return the parts of the address. A snapshot is told by its id: its token opens it."""
    given = request.view_args or {}
    if "token" in given:
        return f"share {services.shares.id_of(given['token'])}"
    parts = [f"{name} {value}" for name, value in given.items()]
    if application := request.args.get("application"):
        parts.append(f"application {application}")
    return ", ".join(parts) or route.path
