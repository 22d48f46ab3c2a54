"""The routes of the zones that people keep of a page."""

from flask import Blueprint, Response, request

from isotherm.api.author import author
from isotherm.api.http_errors import json_response
from isotherm.api.json_body import json_object, read
from isotherm.api.services import Services
from isotherm.model.errors import Code, IsothermError
from isotherm.storage.saved.zones import NewZone


def zones_blueprint(services: Services) -> Blueprint:
    """Return the routes under /zones."""
    routes = Blueprint("zones", __name__)

    @routes.get("/zones")
    def listing() -> Response:
        asked = {field: request.args.get(field, "") for field in ("application", "page")}
        missing = next((field for field, given in asked.items() if not given), None)
        if missing:
            raise IsothermError(Code.INVALID, f"Choose the {missing}", field=missing)
        return json_response({"zones": services.zones.of(**asked)})

    @routes.post("/zones")
    def add() -> Response:
        given = json_object(request.get_data())
        who = author(request.headers, given, services.options)
        new: NewZone = read({**given, "author": who}, NewZone)
        return json_response(services.zones.add(new, services.clock_ms()), 201)

    @routes.delete("/zones/<zone_id>")
    def remove(zone_id: str) -> Response:
        services.zones.remove(zone_id)
        return Response(status=204)

    return routes
