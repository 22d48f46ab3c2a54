"""JSON answers, and error codes -> HTTP in one place."""

import logging

from flask import Response
from flask.sansio.app import App
from werkzeug.exceptions import HTTPException

from isotherm.api.json_body import encode
from isotherm.model.errors import STATUS, Code, IsothermError, error_body

log = logging.getLogger(__name__)

_CODE_OF = {status: code for code, status in STATUS.items() if status != 503}
_INTERNAL = "Something is wrong in Isotherm itself; its log has the details."


def json_response(body: object, status: int = 200) -> Response:
    """Return a JSON answer."""
    return Response(encode(body), status, mimetype="application/json")


def error_response(error: IsothermError) -> Response:
    """Return the answer to a request that failed."""
    response = json_response(error_body(error), STATUS[error.code])
    if error.retry_after_s is not None:
        response.headers["Retry-After"] = str(error.retry_after_s)
    if error.code is Code.UNAUTHORISED:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def unexpected(what: str, error: Exception) -> IsothermError:
    """Log an exception and return the error that is sent to the client."""
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
