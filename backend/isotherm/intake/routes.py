"""The intake over HTTP: limits, CORS, tokens, 202. The only file here that knows Flask."""

import logging
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from importlib import resources
from typing import Any, Final

from flask import Blueprint, Response, jsonify, request
from limits.storage import MemoryStorage

from isotherm.intake.bodies import Limits, too_large
from isotherm.intake.clients import client_address
from isotherm.intake.drops import Counters, DropReason, Refusal
from isotherm.intake.limiting import Limiter
from isotherm.intake.options import Options
from isotherm.intake.requests import IntakeRequest, IntakeResult, NothingUsableError
from isotherm.intake.senders import SENDERS
from isotherm.intake.steps import Steps
from isotherm.model import Event
from isotherm.model.errors import STATUS, Code, IsothermError, error_body

log = logging.getLogger(__name__)

RETRY_AFTER_S = 5
PREFLIGHT_AGE_S = 86_400
SCRIPT_AGE_S = 3_600

REFUSALS: Final = {
    Code.TOO_OFTEN: Refusal.TOO_OFTEN,
    Code.TOO_LARGE: Refusal.TOO_LARGE,
    Code.STORE_UNAVAILABLE: Refusal.NO_ROOM,
}
"""Where the events of a request are not counted, the request is."""

Append = Callable[[list[Event]], None]


def intake_blueprint(
    steps: Steps,
    append: Append,
    counters: Counters,
    options: Options,
    rates: Callable[[], Any] = MemoryStorage,
) -> Blueprint:
    """Return the routes under `/intake`.

    `append` makes events durable before it returns, or raises STORE_UNAVAILABLE (answered with
    503 and Retry-After; no event is counted, because the sender comes again). `rates` makes what
    counts requests for the limits (`limits.storage`).
    """
    blueprint = Blueprint("intake", __name__, url_prefix="/intake")
    limiter = Limiter(options.rates, rates)

    def receive(sender: str, rest: str = "") -> tuple[Response, int]:
        with _counting_refusals(counters):
            limiter.request(_address(options))
            whole = _request(sender, rest, options.limits)
        result = _run(steps, whole, counters)
        with _counting_refusals(counters):
            if result.events:
                limiter.events(Counter(event.application for event in result.events))
                append(result.events)
        counters.arrived(sender, result.received, result.drops)
        return jsonify({}), 202

    def allow_origin(answer: Response) -> Response:
        _add_cors(answer, options)
        return answer

    for rule in ("/<sender>", "/<sender>/", "/<sender>/<path:rest>"):
        blueprint.post(rule, provide_automatic_options=False)(receive)
        blueprint.route(rule, methods=["OPTIONS"])(_preflight)
    blueprint.get("/isotherm.js")(_script)
    blueprint.register_error_handler(IsothermError, _explain)
    blueprint.after_request(allow_origin)
    return blueprint


@contextmanager
def _counting_refusals(counters: Counters) -> Iterator[None]:
    try:
        yield
    except IsothermError as error:
        if error.code in REFUSALS:
            counters.refused(REFUSALS[error.code])
        raise


def _address(options: Options) -> str:
    forwarded = request.headers.get("X-Forwarded-For", "")
    return client_address(request.remote_addr or "", forwarded, options.trusted_proxies)


def _request(sender: str, rest: str, limits: Limits) -> IntakeRequest:
    return IntakeRequest(
        sender=sender,
        path=f"/{rest}",
        query=request.query_string.decode("utf-8", "replace"),
        headers={name.lower(): value for name, value in request.headers.items()},
        body=_body(limits),
        remote=request.remote_addr or "",
    )


def _run(steps: Steps, whole: IntakeRequest, counters: Counters) -> IntakeResult:
    try:
        return steps.run(whole)
    except NothingUsableError as error:
        counters.arrived(whole.sender, error.received, error.drops)
        raise
    except IsothermError as error:
        if whole.sender in SENDERS:
            counters.received(whole.sender)
            refused = error.code is Code.UNAUTHORISED
            counters.dropped(DropReason.REFUSED if refused else DropReason.UNDECODABLE)
        raise


def _preflight(sender: str, rest: str = "") -> tuple[str, int]:
    del sender, rest
    return "", 204


def _script() -> Response:
    answer = Response(_script_text(), mimetype="text/javascript")
    answer.cache_control.public = True
    answer.cache_control.max_age = SCRIPT_AGE_S
    answer.add_etag()
    answer.make_conditional(request)
    return answer


def _explain(error: IsothermError) -> tuple[Response, int]:
    status = STATUS[error.code]
    if status >= 500:
        log.warning("The intake could not take a request: %s", error.message)
    answer = jsonify(error_body(error))
    if status in {429, 503}:
        answer.headers["Retry-After"] = str(error.retry_after_s or RETRY_AFTER_S)
    return answer, status


def _body(limits: Limits) -> bytes:
    """Return the body. Raises TOO_LARGE, INVALID."""
    length = request.content_length
    if length is not None and length > limits.body_bytes:
        raise too_large(limits)  # nothing of it is kept; `app.admission` has read it away
    body = request.stream.read(limits.body_bytes + 1)
    if len(body) > limits.body_bytes:
        raise too_large(limits)
    if length is not None and len(body) < length:
        message = f"Only {len(body):,} of {length:,} bytes came, or came in time"
        raise IsothermError(Code.INVALID, message)
    return body


def _add_cors(answer: Response, options: Options) -> None:
    """Let pages of the allowed origins send, and read the answer, without credentials."""
    origin = request.headers.get("Origin")
    if origin is None:
        return
    answer.vary.add("Origin")
    if not options.may_send(origin):
        return
    # The origin itself, not "*": `sendBeacon` always sends with credentials, and browsers then
    # refuse the wildcard. Nothing here depends on cookies.
    answer.headers["Access-Control-Allow-Origin"] = origin
    answer.headers["Access-Control-Allow-Credentials"] = "true"
    if request.method == "OPTIONS":
        answer.headers["Access-Control-Allow-Methods"] = "POST, OPTIONS"
        answer.headers["Access-Control-Max-Age"] = str(PREFLIGHT_AGE_S)
        wanted = request.headers.get("Access-Control-Request-Headers")
        if wanted:
            answer.headers["Access-Control-Allow-Headers"] = wanted


@lru_cache(maxsize=1)
def _script_text() -> bytes:
    return (resources.files("isotherm.intake.senders.isotherm") / "isotherm.js").read_bytes()
