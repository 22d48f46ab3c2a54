"""The short list of error codes, each with its HTTP status; a sentence for people comes with it."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final


class Code(StrEnum):
    """What went wrong, as the caller sees it; `STATUS` has its HTTP status."""

    INVALID = "invalid"  # 400: the request or the query is wrong; the message says where
    UNAUTHORISED = "unauthorised"  # 401
    FORBIDDEN = "forbidden"  # 403
    NOT_FOUND = "not_found"  # 404
    CONFLICT = "conflict"  # 409
    TOO_LARGE = "too_large"  # 413
    UNSUPPORTED = "unsupported"  # 415: a sender, format or encoding that is not known
    UNREADABLE = "unreadable"  # 422: a recording that breaks its reader; it is in quarantine
    TOO_OFTEN = "too_often"  # 429 with Retry-After: too many wrong passwords
    TOO_MUCH_DATA = "too_much_data"  # 422: the answer would not fit; narrow the scope
    STORE_UNAVAILABLE = "store_unavailable"  # 503 with Retry-After: disk, database or journal
    CAPTURE_UNAVAILABLE = (
        "capture_unavailable"  # 503: no Chromium, or the page could not be rendered
    )
    INTERNAL = "internal"  # 500: a fault of ours; logged whole, shown without detail


class IsothermError(Exception):
    """An expected failure: a code, a sentence that says what to do, and the field it is about."""

    def __init__(
        self,
        code: Code,
        message: str,
        *,
        field: str | None = None,
        retry_after_s: int | None = None,
        allow: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.field = field
        self.retry_after_s = retry_after_s
        self.allow = allow  # the site, and whether its private address, that would cure it


STATUS: Final[Mapping[Code, int]] = {
    Code.INVALID: 400,
    Code.UNAUTHORISED: 401,
    Code.FORBIDDEN: 403,
    Code.NOT_FOUND: 404,
    Code.CONFLICT: 409,
    Code.TOO_LARGE: 413,
    Code.UNSUPPORTED: 415,
    Code.UNREADABLE: 422,
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
    if error.allow is not None:
        body["allow"] = dict(error.allow)
    return {"error": body}
