"""What can go wrong with InfluxDB, told apart by status; each says what to do."""

import re
import time
from typing import Final, Literal

import msgspec
from msgspec import Struct

from isotherm.model.errors import Code, IsothermError
from isotherm.storage.influxdb.options import JournalOptions

State = Literal["ok", "stale"]

_CONFLICT: Final = re.compile(
    r'field type conflict: input field "(?P<field>[^"]++)" '
    r'on measurement "(?P<measurement>[^"]++)" '
    r"is type (?P<ours>\w++), already exists as type (?P<theirs>\w++)"
)
_UNAUTHORIZED: Final = re.compile(r'"([^"]++)" user is not authorized')
_OBJECT: Final = re.compile(r"^(<[^>]*+>|HTTPS?Connection\w*+\([^)]*+\)): ")
_WAIT_S: Final = 5
_WAIT_LONG_S: Final = 30


class Health(Struct, frozen=True):
    """Whether InfluxDB answers, for `/api/v1/status` and `isotherm doctor`."""

    state: State = "ok"
    since_ms: int | None = None  # since when answers may lack what others write
    why: str = ""
    what_to_do: str = ""


class TypeConflict(Struct, frozen=True):
    """InfluxDB has a field of another type than the one we write."""

    measurement: str
    field: str
    theirs: str  # float, integer, string, boolean


class JournalError(IsothermError):
    """InfluxDB cannot be used right now; the caller keeps what it has and tries again."""

    def __init__(
        self, message: str, what_to_do: str, retry_after_s: int = _WAIT_S, status: int = 0
    ) -> None:
        super().__init__(
            Code.STORE_UNAVAILABLE, f"{message} {what_to_do}", retry_after_s=retry_after_s
        )
        self.status = status  # of HTTP; 0 = no answer
        self.why = message
        self.what_to_do = what_to_do


class RefusedError(Exception):
    """InfluxDB will never take this request as it is: too large, or some points are wrong."""

    def __init__(self, status: int, body: str) -> None:
        super().__init__(body)
        self.status = status
        self.body = body

    @property
    def conflict(self) -> TypeConflict | None:
        """The field of another type, when that is the reason."""
        found = _CONFLICT.search(self.body)
        if found is None:
            return None
        return TypeConflict(found["measurement"], found["field"], found["theirs"])


def unreachable(options: JournalOptions, error: Exception) -> JournalError:
    """Return the error for a server that does not answer, or stops in the middle."""
    advice = (
        "Isotherm keeps new events in its spool and continues when InfluxDB is back; "
        "check that the server runs and that influx_url is right."
    )
    if "CERTIFICATE_VERIFY_FAILED" in str(error):
        advice = (
            "Its certificate is not trusted: name the authority that signed it, a PEM file, "
            "in influx_ca."
        )
    message = f"InfluxDB at {options.url} does not answer: {_innermost(error)}."
    return JournalError(message, advice)


def failure(options: JournalOptions, status: int, body: str, retry_after: str | None) -> Exception:
    """Return the exception for an answer that is no success.

    400, 413 and 422 are `RefusedError`s (the caller splits the batch), the others `JournalError`s.
    """
    text = _said(body).rstrip(".")
    if status in {400, 413, 422}:
        return RefusedError(status, text)
    if status in {401, 403}:
        advice = (
            f"Set influx_token to a token (1.x: user:password) that may read and write "
            f"{options.database!r}."
        )
        if user := _UNAUTHORIZED.search(text):  # 1.x names who it is
            grant = f'GRANT ALL ON "{options.database}" TO "{user[1]}"'
            advice = f"Run as an administrator: influx -execute '{grant}'"
        message = f"InfluxDB at {options.url} refuses the credentials ({status}): {text}."
        return JournalError(message, advice, _WAIT_LONG_S, status)
    if status == 404 and "organization" in text:
        message = f"InfluxDB at {options.url} has no organisation {options.org!r} for this token"
        return JournalError(f"{message} (404): {text}.", "Set influx_org.", _WAIT_LONG_S, status)
    if status == 404:
        return JournalError(
            f"InfluxDB at {options.url} has no {options.database!r} (404): {text}.",
            "Isotherm creates it at its next try, with a token that may create it; or create it by "
            "hand (docs/influxdb.md, First start).",
            _WAIT_LONG_S,
            status,
        )
    if status == 429:
        return JournalError(
            f"InfluxDB at {options.url} asks to slow down (429): {text}.",
            "Nothing has to be done; raise its rate limit if it lasts.",
            _seconds(retry_after),
            status,
        )
    advice = "Its own log says more; Isotherm goes on by itself."
    if "no space left" in text.lower():
        advice = "Its disk is full: free some room or shorten the retention; Isotherm goes on then."
    message = f"InfluxDB at {options.url} failed ({status}): {text}."
    return JournalError(message, advice, _seconds(retry_after), status)


def stale(error: IsothermError, since_ms: int | None) -> Health:
    """Return the state that an error puts the journal into; it began at `since_ms`, else now."""
    began = int(time.time() * 1000) if since_ms is None else since_ms
    why = error.why if isinstance(error, JournalError) else error.message
    cure = error.what_to_do if isinstance(error, JournalError) else ""
    return Health("stale", began, why, cure)


def _said(body: str) -> str:
    """Return the server's own words: 1.x puts them under `error`, 2.x and 3.x under `message`."""
    try:
        found = msgspec.json.decode(body, type=dict[str, object])
    except msgspec.DecodeError:
        found = {}
    text = str(found.get("error") or found.get("message") or body)
    if found.get("code") and found.get("message"):
        text = str(found["message"])
    return " ".join(text.split())[:500]


def _innermost(error: BaseException) -> str:
    """Return the words of the error that all others are wrapped around."""
    inner = getattr(error, "reason", None)
    if not isinstance(inner, BaseException):
        inner = next((one for one in error.args if isinstance(one, BaseException)), None)
    return _OBJECT.sub("", str(error)).rstrip(".") if inner is None else _innermost(inner)


def _seconds(retry_after: str | None) -> int:
    try:
        return max(1, min(int(retry_after or _WAIT_S), 3600))
    except ValueError:  # a date: rare enough to wait the usual time
        return _WAIT_S
