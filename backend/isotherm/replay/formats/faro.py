"""What a Faro body holds for us: recorder events, user actions, exceptions."""

from typing import Any

import msgspec
from msgspec import Struct

from isotherm.model.detail_fields import written_frames
from isotherm.replay.formats.faro_details import (
    FaroRequest,
    Measurement,
    epoch_ms,
    read_measurement,
    read_request,
    trace_of,
)
from isotherm.replay.formats.json_values import integer, mapping, sequence, text

RECORDING = "faro.session_recording.event"
USER_ACTION = "faro.user.action"


class Recorded(Struct, frozen=True):
    """One rrweb event as JSON text, with its number in the recording."""

    recording_id: str
    seq: int
    event: str


class UserAction(Struct, frozen=True):
    """A marked element was used and something happened; times are epoch ms."""

    id: str
    name: str
    start_ms: int
    end_ms: int
    pointer: bool  # by mouse or touch, not by the keyboard or from the site's code


class PageException(Struct, frozen=True):
    """An error of the page. Faro drops repetitions of the same one."""

    time_ms: int
    kind: str
    message: str
    action_id: str  # the user action that was open; "" = none
    frames: str = ""  # the first of the stack
    fingerprint: str = ""
    trace_id: str = ""


class FaroBody(Struct, frozen=True):
    """One request."""

    url: str
    recorded: tuple[Recorded, ...]
    actions: tuple[UserAction, ...]
    errors: tuple[PageException, ...]
    requests: tuple[FaroRequest, ...] = ()
    measurements: tuple[Measurement, ...] = ()


_BODY = msgspec.json.Decoder(dict[str, Any])


def read_faro_body(body: bytes) -> FaroBody:
    """Read a body; items of a wrong shape are left out. Raises msgspec.MsgspecError."""
    source = _BODY.decode(body)
    recorded: list[Recorded] = []
    actions: list[UserAction] = []
    around: list[dict[str, Any]] = []  # the events that are no recorder's
    for item in map(mapping, sequence(source.get("events"))):
        attributes = mapping(item.get("attributes"))
        name = item.get("name")
        if name == RECORDING:
            seq = _whole(attributes.get("seq"))
            if seq >= 0 and isinstance(attributes.get("event"), str):
                recording = text(attributes.get("recording_id"), 100)
                recorded.append(Recorded(recording, seq, attributes["event"]))
            continue
        around.append(item)
        time_ms = epoch_ms(item.get("timestamp"))
        if name == USER_ACTION and time_ms >= 0:
            actions.append(_user_action(item, attributes, time_ms))
    measured = [mapping(item) for item in sequence(source.get("measurements"))]
    errors = [_exception(mapping(item)) for item in sequence(source.get("exceptions"))]
    return FaroBody(
        url=text(mapping(mapping(source.get("meta")).get("page")).get("url"), 4096),
        recorded=tuple(recorded),
        actions=tuple(actions),
        errors=tuple(error for error in errors if error.time_ms >= 0),
        requests=tuple(filter(None, (read_request(item) for item in around))),
        measurements=tuple(filter(None, (read_measurement(item) for item in measured))),
    )


def _user_action(item: dict[str, Any], attributes: dict[str, Any], time_ms: int) -> UserAction:
    start, end = (_whole(attributes.get(f"userAction{edge}Time")) for edge in ("Start", "End"))
    start = start if start >= 0 else time_ms
    return UserAction(
        id=text(mapping(item.get("action")).get("id"), 100),
        name=text(attributes.get("userActionName"), 200),
        start_ms=start,
        end_ms=max(start, end),
        pointer=text(attributes.get("userActionTrigger")) in {"pointerdown", "click", "touchstart"},
    )


def _exception(item: dict[str, Any]) -> PageException:
    return PageException(
        time_ms=epoch_ms(item.get("timestamp")),
        kind=text(item.get("type"), 200),
        message=text(item.get("value"), 2000),
        action_id=text(mapping(item.get("action")).get("parentId"), 100),
        frames=written_frames(map(_frame, sequence(mapping(item.get("stacktrace")).get("frames")))),
        fingerprint=text(item.get("fingerprint"), 1_000),
        trace_id=trace_of(item),
    )


def _frame(frame: object) -> tuple[str, str, int | None, int | None]:
    given = mapping(frame)
    line, column = (integer(given.get(name)) for name in ("lineno", "colno"))
    return (
        text(given.get("function"), 200),
        text(given.get("filename"), 2_000),
        line if line >= 0 else None,
        column if column >= 0 else None,
    )


def _whole(value: object) -> int:
    """Return the whole number in a text attribute, -1 when there is none."""
    if isinstance(value, str):
        try:
            value = float(value[:40])
        except ValueError:
            return -1
    return integer(value)
