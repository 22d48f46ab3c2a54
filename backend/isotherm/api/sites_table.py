"""What the routes of sites accept and return: rows of the table of routes."""

from typing import get_args

from isotherm.api.route_types import (
    BOOLEAN,
    INTEGER,
    TEXT,
    Parameter,
    Route,
    Schema,
    array,
    structure,
)
from isotherm.pipeline.pictures.allowed_hosts import AllowedBy
from isotherm.pipeline.pictures.site_connections import Why

_SITE: Schema = structure(
    {
        "site": TEXT, "private": BOOLEAN, "origin": {"enum": list(get_args(AllowedBy))},
        "id": TEXT,
    }
)  # fmt: skip
_SUGGESTION: Schema = structure(
    {
        "site": TEXT, "why": {"enum": list(get_args(Why))}, "assets": INTEGER, "views": INTEGER,
        "private": BOOLEAN, "id": TEXT,
    }
)  # fmt: skip
_ALLOWED: Schema = structure({"site": _SITE, "pictures": INTEGER})
SITE_ROUTES: tuple[Route, ...] = (
    Route(method="get", path="/api/v1/sites", role="read",
          parameters=(Parameter("application", "Application", required=True),), errors=(400, 401),
          doc="Sites an application is connected to, and those that would help its pictures.",
          answer=structure({"sites": array(_SITE), "suggestions": array(_SUGGESTION)})),
    Route(method="post", path="/api/v1/sites", role="write",
          audit="allowed a site", status=201,
          doc="Allow a site: a host, host:port or origin. Pictures that lacked it are made again.",
          body=structure({"application": TEXT, "site": TEXT}, author=TEXT), answer=_ALLOWED,
          errors=(400, 401, 409)),
    Route(method="post", path="/api/v1/sites/{site_id}/private", role="admin",
          audit="allowed a private address", answer=_ALLOWED,
          doc="Allow a site at its private address, too.", errors=(400, 401, 404)),
    Route(method="delete", path="/api/v1/sites/{site_id}", role="write",
          audit="removed a site", status=204, errors=(401, 404),
          doc="Stop allowing a site."),
)  # fmt: skip
