"""The routes of the sites that an application is connected to."""

from typing import Any

from flask import Blueprint, Response, request

from isotherm.api.author import author
from isotherm.api.http_errors import json_response
from isotherm.api.json_body import json_object, read
from isotherm.api.services import Services
from isotherm.model.errors import Code, IsothermError
from isotherm.storage.saved.sites import NewSite, Site


def sites_blueprint(services: Services) -> Blueprint:
    """Return the routes under /sites."""
    routes = Blueprint("sites", __name__)

    @routes.get("/sites")
    def listing() -> Response:
        application = request.args.get("application", "")
        if not application:
            raise IsothermError(Code.INVALID, "Choose an application", field="application")
        return json_response(
            {
                "sites": services.sites.sites(application),
                "suggestions": services.sites.suggestions(application),
            }
        )

    @routes.post("/sites")
    def allow() -> Response:
        given = json_object(request.get_data())
        who = author(request.headers, given, services.options)
        new: NewSite = read({**given, "author": who}, NewSite)
        return json_response(_allowed(*services.sites.allow(new, services.clock_ms())), 201)

    @routes.post("/sites/<site_id>/private")
    def allow_private(site_id: str) -> Response:
        return json_response(_allowed(*services.sites.allow_private(site_id)))

    @routes.delete("/sites/<site_id>")
    def remove(site_id: str) -> Response:
        services.sites.remove(site_id)
        return Response(status=204)

    return routes


def _allowed(site: Site, pictures: int) -> dict[str, Any]:
    return {
        "site": {"id": site.id, "site": site.site, "private": site.private, "origin": "saved"},
        "pictures": pictures,
    }
