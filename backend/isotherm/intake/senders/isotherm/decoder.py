"""Reads Isotherm's own events: complete ones, and the raw form that the script sends."""

from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec import Raw, Struct

from isotherm.intake.bodies import Limits, check_depth, plain, read_json
from isotherm.intake.click_fields import element_fields
from isotherm.intake.draft import Draft
from isotherm.intake.drops import Drop, DropReason
from isotherm.intake.requests import IntakeRequest
from isotherm.intake.senders.isotherm.events import (
    ActionEvent,
    Batch,
    ErrorEvent,
    NativeEvent,
    RawView,
    ViewEvent,
)
from isotherm.intake.session_fields import SessionFields
from isotherm.model import SegmentFormat
from isotherm.model.errors import IsothermError


class _Shape(Struct):
    """Enough of a body to tell which form it has."""

    records: Raw = Raw(b"null")


_SHAPE = msgspec.json.Decoder(_Shape)
_RAW_VIEW = msgspec.json.Decoder(RawView)
_BATCH = msgspec.json.Decoder(Batch)
_LIST = msgspec.json.Decoder(list[Raw])
_EVENT: msgspec.json.Decoder[NativeEvent] = msgspec.json.Decoder(NativeEvent)


def decode(request: IntakeRequest, limits: Limits) -> Iterator[Draft | Drop]:
    """Yield one draft per complete event, or one segment for the raw form."""
    data = plain(request.body, limits)
    check_depth(data, limits, "The body")
    is_list = data.lstrip()[:1] == b"["
    if not is_list and bytes(read_json(data, _SHAPE, "The body").records) != b"null":
        yield _segment(read_json(data, _RAW_VIEW, "The body"), data)
        return
    batch = (
        Batch(events=read_json(data, _LIST, "The body"))
        if is_list
        else read_json(data, _BATCH, "The body")
    )
    if not batch.events:
        yield Drop(DropReason.UNDECODABLE, "`events` is empty")
    for number, raw in enumerate(batch.events, 1):
        try:
            event = read_json(bytes(raw), _EVENT, f"Event {number}")
        except IsothermError as error:
            wrong_type = isinstance(error.__cause__, msgspec.ValidationError)
            reason = DropReason.INVALID if wrong_type else DropReason.UNDECODABLE
            yield Drop(reason, error.message)
            continue
        yield _draft(_completed(event, batch))


def _completed(event: NativeEvent, batch: Batch) -> NativeEvent:
    """Fill an event's empty session fields with those that stand around it."""
    for name in SessionFields.__struct_fields__:
        if not getattr(event, name):
            setattr(event, name, getattr(batch, name))
    return event


def _draft(event: NativeEvent) -> Draft:
    if isinstance(event, ViewEvent):
        draft = event.draft("view", event.time)
        draft.view_id = event.id
        draft.own = _view(event)
    else:
        draft = event.draft("action" if isinstance(event, ActionEvent) else "error", event.time)
        draft.view_id = event.view
        draft.own = (
            _action(event, draft.viewport_w) if isinstance(event, ActionEvent) else _error(event)
        )
    draft.view_name = event.page
    return draft


def _view(event: ViewEvent) -> dict[str, Any]:
    return {
        "version": event.revision,
        "referrer": event.referrer,
        "time_spent_ms": event.spent,
        "depth_px": event.depth,
        "page_height_px": event.height,
        "errors": event.errors,
        "actions": event.actions,
        "frustrations": event.frustrations,
    }


def _action(event: ActionEvent, viewport_w: int) -> dict[str, Any]:
    width, height = event.size or (None, None)
    fields = element_fields(
        event.element, width, height, event.position or (None, None), viewport_w
    )
    if event.page_position is not None:
        fields["page_x"], fields["page_y"] = event.page_position
    return {
        "event_id": event.id,
        "kind": event.kind,
        "action_name": event.name,
        "clicks": event.clicks,
        "rage": "rage" in event.signals,
        "dead": "dead" in event.signals,
        "error": "error" in event.signals,
        "errors": event.errors,
        "loading_ms": event.loading,
        **fields,
    }


def _error(event: ErrorEvent) -> dict[str, Any]:
    return {
        "event_id": event.id,
        "message": event.message,
        "kind": event.kind,
        "origin": event.origin,
    }


def _segment(view: RawView, data: bytes) -> Draft | Drop:
    if not view.records:
        return Drop(DropReason.UNDECODABLE, "`records` is empty")
    times = [record.t for record in view.records]
    draft = view.draft("segment", min(times))
    draft.view_id = view.view
    draft.user_name = draft.user_name or view.userName
    draft.token = view.token
    draft.own = {
        "segment_id": f"{view.view}:{view.seq}",
        "end_ms": max(times),
        "recording_id": view.view,
        "index": view.seq,
        "format": SegmentFormat.NATIVE,
        "records": len(view.records),
        "body": data,
    }
    return draft
