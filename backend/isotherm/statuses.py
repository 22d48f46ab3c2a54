"""How an error looks over HTTP, for every edge that speaks it: its status and its JSON body."""

from collections.abc import Mapping
from typing import Any, Final

from isotherm.errors import Code, IsothermError

STATUS: Final[Mapping[Code, int]] = {
    Code.INVALID: 400,
    Code.UNAUTHORISED: 401,
    Code.FORBIDDEN: 403,
    Code.NOT_FOUND: 404,
    Code.CONFLICT: 409,
    Code.TOO_LARGE: 413,
    Code.UNSUPPORTED: 415,
    Code.TOO_MUCH_DATA: 422,
    Code.TOO_OFTEN: 429,
    Code.INTERNAL: 500,
    Code.STORE_UNAVAILABLE: 503,
    Code.CAPTURE_UNAVAILABLE: 503,
}


def error_body(error: IsothermError) -> dict[str, Any]:
    """Return the JSON of an error."""
    body: dict[str, Any] = {"code": error.code.value, "message": error.message}
    if error.field is not None:
        body["field"] = error.field
    return {"error": body}
