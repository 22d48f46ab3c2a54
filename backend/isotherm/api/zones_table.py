"""What the routes of zones accept and return: rows of the table of routes."""

from isotherm.api.route_types import (
    INTEGER,
    TEXT,
    Parameter,
    Route,
    Schema,
    array,
    structure,
)

_ZONE: Schema = structure(
    {
        "id": TEXT, "application": TEXT, "page": TEXT, "name": TEXT, "element": TEXT,
        "left": INTEGER, "top": INTEGER, "width": INTEGER, "height": INTEGER,
        "background": TEXT, "author": TEXT, "created_ms": INTEGER,
    }
)  # fmt: skip
ZONE_ROUTES: tuple[Route, ...] = (
    Route(method="get", path="/api/v1/zones", role="read", errors=(400, 401),
          parameters=(
              Parameter("application", "Application", required=True),
              Parameter("page", "Page key", required=True),
          ),
          doc="The saved zones of a page, by name.",
          answer=structure({"zones": array(_ZONE)})),
    Route(method="post", path="/api/v1/zones", role="write",
          audit="kept a zone", status=201,
          doc="Save a part of a page under a name: an element, or a rectangle on its picture.",
          body=structure(
              {"application": TEXT, "page": TEXT, "name": TEXT},
              element=TEXT, left=INTEGER, top=INTEGER, width=INTEGER, height=INTEGER,
              background=TEXT, author=TEXT,
          ),
          answer=_ZONE, errors=(400, 401, 409)),
    Route(method="delete", path="/api/v1/zones/{zone_id}", role="write",
          audit="removed a zone",
          status=204, errors=(401, 404),
          doc="Delete a zone."),
)  # fmt: skip
