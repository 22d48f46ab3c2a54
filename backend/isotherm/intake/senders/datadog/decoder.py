"""Reads what the Datadog browser SDK (v4 to v7) sends: RUM batches as NDJSON, replay segments."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import unquote, unquote_plus

import msgspec

from isotherm.intake.bodies import Limits, declared_plain, lines, read_json
from isotherm.intake.click_fields import element_fields, signal_fields
from isotherm.intake.draft import (
    Draft,
    Kind,
    count,
    depth,
    flat_attributes,
    milliseconds,
    pixels,
    weight,
)
from isotherm.intake.drops import Drop, DropReason
from isotherm.intake.replay_uploads import read_segment
from isotherm.intake.requests import IntakeRequest
from isotherm.intake.senders.datadog.details import (
    error_fields,
    long_task_fields,
    resource_fields,
    vital_fields,
)
from isotherm.intake.senders.datadog.performance import performance_fields
from isotherm.intake.senders.datadog.rum_events import (
    Action,
    Click,
    Display,
    Internal,
    Line,
    Named,
    Position,
    Size,
    Target,
    View,
)
from isotherm.intake.senders.datadog.view_update import changed_fields
from isotherm.model.errors import IsothermError
from isotherm.model.text_cache import text_cache

MASKED_NAME = "Masked Element"
"""What the SDK calls what it may not name, as all there is at the level `mask`."""

UNUSED = ("telemetry", "transition")
_UNUSED_STARTS = tuple(f'{{"type":"{kind}"'.encode() for kind in UNUSED)
"""How such a line starts in v5 to v7: told apart without decoding it."""


_LINE = msgspec.json.Decoder(Line)
_UPDATE = msgspec.json.Decoder(dict[str, Any])
_NOBODY = Named()
_NO_VIEW = View()
_NO_DISPLAY = Display()
_NO_INTERNAL = Internal()
_NO_SIZE = Size()
_NO_CLICK = Click()
_NO_ACTION = Action()
_NO_TARGET = Target()
_NO_POSITION = Position()

VERSION_MAX = 2**62
PARAMETERS = ("ddtags", "dd-api-key", "dd-evp-encoding")


def decode(request: IntakeRequest, limits: Limits) -> Iterator[Draft | Drop]:
    """Yield the drafts of one request; the real path and query are inside `ddforward`."""
    path, query = _forwarded(request)
    if path.rstrip("/").endswith("replay"):
        draft = read_segment(request.body, request.headers.get("content-type", ""), limits)
        draft.facets = {**draft.facets, **_tags(query.get("ddtags", ""))}
        draft.token = query.get("dd-api-key", "")
        yield draft
        return
    deflated = query.get("dd-evp-encoding") == "deflate"
    body = declared_plain(request.body, limits, deflated=deflated)
    tags = query.get("ddtags", "")
    token = query.get("dd-api-key", "")
    empty = True
    for number, line in enumerate(lines(body), 1):
        empty = False
        if line.startswith(_UNUSED_STARTS):
            yield Drop(DropReason.NOT_USED)
        else:
            yield _item(line, number, tags, token)
    if empty:
        yield Drop(DropReason.UNDECODABLE, "The body is empty")


def _forwarded(request: IntakeRequest) -> tuple[str, dict[str, str]]:
    """Return the path and the parameters that matter, as the SDK meant them for Datadog."""
    query = request.parameters()
    forward = query.get("ddforward")
    if forward is None:
        return request.path, query
    if forward.startswith("%2F"):  # encoded twice by a proxy in between
        forward = unquote(forward)
    path, _, inner = forward.partition("?")
    pairs = (pair.partition("=") for pair in inner.split("&"))
    return path, {name: unquote_plus(text) for name, _, text in pairs if name in PARAMETERS}


@text_cache(1_024)
def _tags(ddtags: str) -> dict[str, str]:
    """Return env, service and version from `env:prod,service:shop,...`."""
    pairs = (tag.partition(":") for tag in ddtags.split(","))
    return {key: text for key, _, text in pairs if key in ("env", "service", "version")}


@text_cache(4_096)
def _facets(ddtags: str, service: str | None, version: str | None) -> dict[str, str]:
    """Return the facets of an event; shared between events, never changed."""
    given = {"service": service, "version": version}
    return {**_tags(ddtags), **{key: text for key, text in given.items() if text}}


def _item(line: bytes, number: int, tags: str, token: str) -> Draft | Drop:
    try:
        event = read_json(line, _LINE, f"Line {number}")
    except IsothermError as error:
        wrong_type = isinstance(error.__cause__, msgspec.ValidationError)
        return Drop(DropReason.INVALID if wrong_type else DropReason.UNDECODABLE, error.message)
    build = _BUILDERS.get(event.type)
    if build is None:
        return Drop(DropReason.NOT_USED)
    if event.date is None:
        return Drop(DropReason.MISSING_FIELD, f"Line {number} has no `date`")
    return build(event, _draft(event, tags, token), line)


def _draft(event: Line, tags: str, token: str) -> Draft:
    view = event.view or _NO_VIEW
    session = event.session or _NOBODY
    user = event.usr or _NOBODY
    viewport = (event.display or _NO_DISPLAY).viewport or _NO_SIZE
    configuration = (event.dd or _NO_INTERNAL).configuration
    return Draft(
        kind=_KINDS[event.type],
        time_ms=int(event.date or 0),
        application=(event.application or _NOBODY).id or "",
        session_id=session.id or "",
        session_type=session.type or "user",
        view_id=view.id or "",
        url=view.url or "",
        view_name=view.name or "",
        user_id=user.id or "",
        user_name=user.name or "",
        viewport_w=pixels(viewport.width),
        viewport_h=pixels(viewport.height),
        weight=weight(configuration.session_sample_rate) if configuration else 1.0,
        token=token,
        facets=_facets(event.ddtags or tags, event.service, event.version),
        attributes=flat_attributes(event.context) if event.context else {},
    )


def _view(event: Line, draft: Draft, _: bytes) -> Draft:
    view = event.view or _NO_VIEW
    scroll = (event.display or _NO_DISPLAY).scroll
    draft.own = {
        "version": _version(event),
        "referrer": view.referrer or "",
        "time_spent_ms": milliseconds(view.time_spent) or 0.0,
        "depth_px": depth(scroll.max_depth) if scroll else None,
        "page_height_px": depth(scroll.max_scroll_height) if scroll else None,
        "errors": count(view.error.count) if view.error else 0,
        "actions": count(view.action.count) if view.action else 0,
        "frustrations": count(view.frustration.count) if view.frustration else 0,
        "has_replay": bool((event.session or _NOBODY).has_replay),
        **performance_fields(view),
    }
    return draft


def _version(event: Line) -> int:
    version = (event.dd or _NO_INTERNAL).document_version or 0
    return min(max(version, 0), VERSION_MAX)


def _name(action: Action, target: Target) -> str:
    """Return what the SDK calls an action; its element's selector where it says only "masked"."""
    name = (action.target.name or "") if action.target else ""
    return (target.selector or "") if name == MASKED_NAME else name


def _action(event: Line, draft: Draft, _: bytes) -> Draft:
    action = event.action or _NO_ACTION
    click = (event.dd or _NO_INTERNAL).action or _NO_CLICK
    signals = (action.frustration.type if action.frustration else None) or ()
    target = click.target or _NO_TARGET
    position = click.position or _NO_POSITION
    draft.own = {
        "event_id": action.id if isinstance(action.id, str) else "",
        "kind": "click" if action.type in ("click", "tap") else "custom",
        "action_name": _name(action, target),
        "element_path": target.composed_path_selector or "",
        "errors": count(action.error.count) if action.error else 0,
        "loading_ms": milliseconds(action.loading_time),
        **signal_fields(signals),
        **element_fields(
            target.selector,
            target.width,
            target.height,
            (position.x, position.y),
            draft.viewport_w,
        ),
    }
    return draft


def _with(fields: Callable[[Line], dict[str, Any]]) -> Callable[[Line, Draft, bytes], Draft]:
    def build(event: Line, draft: Draft, _: bytes) -> Draft:
        draft.own = fields(event)
        return draft

    return build


def _update(event: Line, draft: Draft, line: bytes) -> Draft:
    """Return the part of a view that a `view_update` changes: null differs from absent there."""
    draft.own = {"version": _version(event), "changed": changed_fields(_UPDATE.decode(line))}
    return draft


_KINDS: dict[str, Kind] = {
    "view": "view",
    "action": "action",
    "error": "error",
    "resource": "resource",
    "long_task": "long_task",
    "vital": "vital",
    "view_update": "view_part",
}
_BUILDERS = {
    "view": _view,
    "action": _action,
    "error": _with(error_fields),
    "resource": _with(resource_fields),
    "long_task": _with(long_task_fields),
    "vital": _with(vital_fields),
    "view_update": _update,
}
