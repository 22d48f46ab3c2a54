"""JSON answers, and error codes -> HTTP in one place."""

import logging
from typing import Any

from flask import Response
from flask.sansio.app import App
from werkzeug.exceptions import HTTPException

from isotherm.errors import Code, IsothermError
from isotherm.protocol.json_body import encode

log = logging.getLogger(__name__)

STATUS = {
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
_CODE_OF = {status: code for code, status in STATUS.items() if status != 503}
_INTERNAL = "Something is wrong in Isotherm itself; its log has the details."


def json_response(body: object, status: int = 200) -> Response:
    """Return a JSON answer."""
    return Response(encode(body), status, mimetype="application/json")


def error_body(error: IsothermError) -> dict[str, Any]:
    """Return the JSON of an error."""
    body: dict[str, Any] = {"code": error.code.value, "message": error.message}
    if error.field is not None:
        body["field"] = error.field
    return {"error": body}


def error_response(error: IsothermError) -> Response:
    """Return the answer to a request that failed."""
    response = json_response(error_body(error), STATUS[error.code])
    if error.retry_after_s is not None:
        response.headers["Retry-After"] = str(error.retry_after_s)
    if error.code is Code.UNAUTHORISED:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def unexpected(what: str, error: Exception) -> IsothermError:
    """Log an exception whole; return what is said about it outside."""
    log.error("Unexpected failure: %s", what, exc_info=error)
    return IsothermError(Code.INTERNAL, _INTERNAL)


def register_errors(app: App) -> None:
    """Answer every failure of an app in the same form."""
    app.register_error_handler(IsothermError, error_response)
    app.register_error_handler(HTTPException, _of_werkzeug)
    app.register_error_handler(Exception, _of_fault)


def _of_werkzeug(error: HTTPException) -> Response:
    status = error.code or 500
    code = _CODE_OF.get(status, Code.INVALID if status < 500 else Code.INTERNAL)
    body = error_body(IsothermError(code, error.description or error.name))
    response = json_response(body, status)
    response.headers.extend(
        (name, value) for name, value in error.get_headers() if name in {"Allow", "Retry-After"}
    )
    return response


def _of_fault(error: Exception) -> Response:
    return error_response(unexpected("a request", error))
