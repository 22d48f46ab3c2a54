"""Requests, web vitals and the site's own measurements, from the bodies of a Faro session."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlsplit

from msgspec import Struct
from msgspec.structs import replace

from isotherm.model import Detail, Resource, Vital
from isotherm.model.detail_fields import action_ids, is_call
from isotherm.replay.derive.derived import derived_id
from isotherm.replay.formats.faro import FaroBody, UserAction
from isotherm.replay.formats.faro_details import FaroRequest, Measurement

WEB_VITALS: Final = "web-vitals"
SAME_CALL_MS: Final = 250
"""A traced call and its performance entry begin within this: a preflight may lie between them."""

_SLACK_MS: Final = 50  # between the clocks of the recorder and of the tracer

_NOBODY: Final[dict[str, Any]] = dict.fromkeys(("application", "session_id", "view_id", "page"), "")
_VIEW_TIMES: Final = {"ttfb": "first_byte_ms", "fcp": "fcp_ms", "lcp": "lcp_ms", "inp": "inp_ms"}
_VIEW_PLACES: Final = {"interaction_time": "inp_at_ms", "largest_shift_time": "cls_at_ms"}
_VIEW_ELEMENTS: Final = {
    "element": "lcp_element",
    "interaction_target": "inp_element",
    "largest_shift_target": "cls_element",
}


class Around(Struct, frozen=True):
    """Everything around the actions of one recording, each thing once, by time."""

    requests: tuple[FaroRequest, ...]
    measurements: tuple[Measurement, ...]
    actions: tuple[UserAction, ...]

    def web_vitals(self, view_at: Callable[[int], str]) -> Mapping[str, dict[str, Any]]:
        """Return fields of views by their ids; a vital that came again is the later one."""
        views: dict[str, dict[str, Any]] = defaultdict(dict)
        for one in self.measurements:
            if one.type == WEB_VITALS:
                interaction = self._interaction(one)
                at_ms = one.time_ms if interaction is None else interaction[0]
                views[view_at(at_ms)] |= _of_view(one)
        return views

    def handled(self, at_least_ms: int) -> Iterator[tuple[int, int]]:
        """Yield when the page was busy with an interaction whose handlers ran that long."""
        for one in self.measurements:
            if one.values.get("processing_duration", 0.0) < at_least_ms:
                continue
            interaction = self._interaction(one)
            if interaction is not None:
                yield interaction[0] - _SLACK_MS, interaction[1]

    def _interaction(self, one: Measurement) -> tuple[int, int] | None:
        """Return when an interaction with the page began and was painted, epoch ms.

        Its time counts from the load of its document, which is not always the last one: a page
        reports its slowest interaction when it is left, and the next one is loading by then.
        """
        after_ms, lasted_ms = one.values.get("interaction_time"), one.values.get("inp")
        if after_ms is None or lasted_ms is None:
            return None
        latest_ms = one.time_ms + _SLACK_MS - after_ms - lasted_ms
        loads = [load.time_ms for load in self.requests if load.page_load]
        loaded_ms = max((load_ms for load_ms in loads if load_ms <= latest_ms), default=None)
        if loaded_ms is None:
            return None
        start_ms = round(loaded_ms + after_ms)
        return start_ms, start_ms + round(lasted_ms)

    @property
    def spans(self) -> Iterator[tuple[int, int]]:
        """When each request began and ended, epoch ms."""
        for one in self.requests:
            yield one.time_ms, one.time_ms + round(one.duration_ms or 0)

    def details(
        self,
        event_ids: Mapping[str, str],
        event_at: Callable[[int], str | None],
        page_key: Callable[[str, str], str],
    ) -> Iterator[Detail]:
        """Yield requests and vitals that lack the fields of their page visit.

        `event_ids` are those of the actions that user actions became, `event_at` says which action
        was open at a time: Faro names none for elements that the site has not marked.
        """
        for request in merged(self.requests):
            host, path = _address(request, page_key)
            yield Resource(
                **_NOBODY,
                event_id=request.id or derived_id("request", request.time_ms, request.address),
                time_ms=request.time_ms,
                kind=request.kind,
                method=request.method,
                host=host,
                path=path,
                status=request.status,
                duration_ms=request.duration_ms,
                size=request.size,
                trace_id=request.trace_id,
                action_ids=action_ids(
                    event_ids.get(self._cause(request))
                    or (None if request.page_load else event_at(request.time_ms))
                ),
            )
        for one in self.measurements:
            for name, value in one.values.items():
                if one.type != WEB_VITALS:
                    yield Vital(
                        **_NOBODY,
                        event_id=derived_id("vital", one.time_ms, one.type, name, value),
                        time_ms=one.time_ms,
                        name=name,
                        kind=one.type,
                        value=value,
                        action_ids=action_ids(event_ids.get(one.action_id)),
                    )

    def _cause(self, request: FaroRequest) -> str:
        """Return the user action that a request began in.

        A traced call names the action that was open when its span *ended*; where that one began
        after the call, it is the one before, if it was still open.
        """
        said = next((one for one in self.actions if one.id == request.action_id), None)
        if said is None or said.start_ms <= request.time_ms + _SLACK_MS:
            return request.action_id
        place = bisect_right(self.actions, request.time_ms, key=lambda one: one.start_ms) - 1
        before = self.actions[place] if place >= 0 else None
        return before.id if before is not None and before.end_ms >= request.time_ms else ""


def around(bodies: Sequence[FaroBody]) -> Around:
    """Gather what the bodies of a session say, in whatever order they came."""
    requests = {_key(one): one for body in bodies for one in body.requests}
    measured = {
        (one.time_ms, one.type, tuple(sorted(one.values.items()))): one
        for body in bodies
        for one in body.measurements
    }
    acted = {(one.start_ms, one.id): one for body in bodies for one in body.actions}
    return Around(
        tuple(requests[key] for key in sorted(requests)),
        tuple(measured[key] for key in sorted(measured)),
        tuple(acted[key] for key in sorted(acted)),
    )


def _key(request: FaroRequest) -> tuple[int, str, str]:
    return request.time_ms, request.address, request.id


def merged(requests: Sequence[FaroRequest]) -> list[FaroRequest]:
    """Return each call once: what its trace says, with the size that only the browser knows."""
    calls: dict[str, list[FaroRequest]] = defaultdict(list)
    for request in requests:
        if request.traced:
            calls[request.address].append(request)
    result = [request for request in requests if request.traced]
    sizes: dict[str, int | None] = {}
    for request in requests:
        if request.traced:
            continue
        near = calls.get(request.address, [])
        call = min(near, key=lambda one: abs(one.time_ms - request.time_ms), default=None)
        if call is None or abs(call.time_ms - request.time_ms) > SAME_CALL_MS:
            result.append(request)
        else:
            near.remove(call)
            sizes[call.id] = request.size
    sized = [replace(one, size=sizes.get(one.id, one.size)) for one in result]
    return sorted(sized, key=_key)


def _address(request: FaroRequest, page_key: Callable[[str, str], str]) -> tuple[str, str]:
    """Return host and path without query; ids in the path of a call are `?`."""
    try:
        parts = urlsplit(request.address)
    except ValueError:
        return "", ""
    host = parts.netloc.rpartition("@")[2][:80]
    if parts.scheme and not host:
        return "", f"{parts.scheme}:"[:80]
    path = parts.path or "/"
    return host, page_key(path, "") if is_call(request.kind) else path[:500]


def _of_view(one: Measurement) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for names in (_VIEW_TIMES, _VIEW_PLACES):
        for name, field in names.items():
            if name in one.values:
                fields[field] = float(round(max(one.values[name], 0.0)))
    if "cls" in one.values:
        fields["cls"] = max(one.values["cls"], 0.0)
    for name, field in _VIEW_ELEMENTS.items():
        if one.context.get(name):
            fields[field] = one.context[name]
    return fields
