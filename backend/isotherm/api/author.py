"""Who asks."""

from collections.abc import Mapping
from typing import Any

from flask import request

from isotherm.api.services import Services
from isotherm.model.errors import Code, IsothermError
from isotherm.storage.saved.heatmaps import NAME_MAX

AUTHOR_HEADER = "X-Grafana-User"


def author(given: Mapping[str, Any], services: Services) -> str:
    """Return who asks: as Grafana says if it has shown the token, or else as the request does."""
    said = request.headers.get(AUTHOR_HEADER, "") if services.options.token else ""
    named = said or given.get("author", "")
    if not isinstance(named, str) or len(named) > NAME_MAX:
        message = f"author must be a text of at most {NAME_MAX} characters"
        raise IsothermError(Code.INVALID, message, field="author")
    return named
