"""Who asks."""

from collections.abc import Mapping
from typing import Any, Protocol

from isotherm.api.services import Options
from isotherm.model.errors import Code, IsothermError
from isotherm.storage.saved.heatmaps import NAME_MAX

AUTHOR_HEADER = "X-Grafana-User"


class Headers(Protocol):
    """Headers of a request."""

    def get(self, key: str, default: str) -> str:
        """Return a header, whatever the case of its name."""


def author(headers: Headers, given: Mapping[str, Any], options: Options) -> str:
    """Return who asks: as Grafana says if it has shown the token, or else as the request does."""
    said = headers.get(AUTHOR_HEADER, "") if options.tokens else ""
    named = said or given.get("author", "")
    if not isinstance(named, str) or len(named) > NAME_MAX:
        message = f"author must be a string of at most {NAME_MAX} characters"
        raise IsothermError(Code.INVALID, message, field="author")
    return named
