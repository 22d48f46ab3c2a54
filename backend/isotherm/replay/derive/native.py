"""Isotherm's own script: its records (docs/events.md) become views, actions and errors."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

import msgspec
from msgspec import Struct

from isotherm.model import FRACTION_MAX, Action, PageError, Segment, Source, View
from isotherm.model.errors import IsothermError
from isotherm.replay.derive.clicks import Click
from isotherm.replay.derive.context import Context
from isotherm.replay.derive.derived import Derived, derived_id, url_without_query
from isotherm.replay.derive.signal_rules import SignalRules
from isotherm.replay.derive.signals import Activity, Chain, chains_of
from isotherm.replay.formats.json_values import integer, mapping, pixels, sequence, text
from isotherm.replay.formats.streams import decoded, in_order

_BODY = msgspec.json.Decoder(dict[str, Any])
MAX_ELEMENT_PX = 65_535


class _Item(Struct, frozen=True):
    """One record of the script with the time it has."""

    time_ms: int
    data: dict[str, Any]

    def length(self, key: str) -> float | None:
        return pixels(self.data.get(key))


class _Visit(Struct, frozen=True):
    """The requests of one view, put together."""

    view_id: str
    url: str
    page: str
    referrer: str
    context: Context
    clicks: tuple[_Item, ...]
    errors: tuple[_Item, ...]
    scrolls: tuple[_Item, ...]  # `page`, `scroll` and `end` records: depth and height
    items: tuple[_Item, ...]


def derive_native(
    segments: Sequence[Segment], rules: SignalRules, page_key: Callable[[str, str], str]
) -> Derived:
    """Return what the script's requests of one session say."""
    by_view: defaultdict[str, list[Segment]] = defaultdict(list)
    for segment in segments:
        by_view[segment.view_id].append(segment)
    visits = [_visit(name, by_view[name], page_key) for name in sorted(by_view)]
    actions: list[Action] = []
    views: list[View] = []
    errors: list[PageError] = []
    for visit in visits:
        if visit is None:
            continue
        own = _actions(visit, rules)
        raised = [_error(visit, item) for item in visit.errors]
        actions += own
        errors += raised
        views.append(_view(visit, own, raised))
    return Derived(tuple(actions), tuple(views), tuple(errors))


def _visit(
    view_id: str, segments: list[Segment], page_key: Callable[[str, str], str]
) -> _Visit | None:
    ordered = in_order(segments)
    found: dict[bytes, _Item] = {}
    url = name = referrer = ""
    for segment in ordered:
        try:
            body = decoded(_BODY.decode, segment)
        except IsothermError:
            continue  # a body that the intake would not have taken
        url = url or text(body.get("url"), 4096)
        name = name or text(body.get("name"), 500)
        referrer = referrer or text(body.get("referrer"), 4096)
        for entry in map(mapping, sequence(body.get("records"))):
            time_ms = integer(entry.get("t"))
            if time_ms >= 0:
                found.setdefault(msgspec.json.encode(entry), _Item(time_ms, entry))
    items = sorted(found.values(), key=lambda item: item.time_ms)
    if not items:
        return None
    sized = next((s for s in ordered if s.viewport_w), ordered[0])
    return _Visit(
        view_id=view_id,
        url=url_without_query(url),
        page=page_key(url, name),
        referrer=url_without_query(referrer),
        context=Context.of_segments(ordered, ordered, (sized.viewport_w, sized.viewport_h)),
        clicks=_of_type(items, "click"),
        errors=_of_type(items, "error"),
        scrolls=_of_type(items, "page", "scroll", "end"),
        items=tuple(items),
    )


def _of_type(items: list[_Item], *types: str) -> tuple[_Item, ...]:
    return tuple(item for item in items if item.data.get("type") in types)


def _actions(visit: _Visit, rules: SignalRules) -> list[Action]:
    """Group clicks into rage chains and make each an action."""
    elements: dict[str, int] = {}
    items: dict[Click, _Item] = {}
    for item in visit.clicks:
        key = text(item.data.get("element"), 2048)
        items.setdefault(_click(visit, item, key, elements.setdefault(key, len(elements))), item)
    activity = Activity(
        scrolls=tuple(i.time_ms for i in visit.scrolls if i.data.get("type") == "scroll"),
        errors=tuple(item.time_ms for item in visit.errors),
    )
    chains = chains_of(list(items), activity, rules)
    return [_action(visit, chain, items[chain.clicks[0]]) for chain in chains]


def _click(visit: _Visit, item: _Item, element: str, number: int) -> Click:
    """Return the click as the signals look at it; `active` means that it is not dead."""
    page_x, page_y = item.length("page_x"), item.length("page_y")
    return Click(
        down_ms=item.time_ms,
        up_ms=item.time_ms,
        click_ms=item.time_ms,
        node=number,
        element=element,
        label=text(item.data.get("label"), 200),
        client_x=page_x or 0.0,
        client_y=page_y or 0.0,
        page_x=page_x,
        page_y=page_y,
        viewport_w=visit.context.viewport[0],
        viewport_h=visit.context.viewport[1],
        reacts_alone=item.data.get("active") is not False,
    )


def _action(visit: _Visit, chain: Chain, item: _Item) -> Action:
    first = chain.clicks[0]
    width, height = item.length("w"), item.length("h")
    return Action(
        **visit.context.fields(),
        event_id=derived_id(
            "click", visit.view_id, first.up_ms, first.element, first.page_x, first.page_y
        ),
        time_ms=first.up_ms,
        view_id=visit.view_id,
        page=visit.page,
        url=visit.url,
        action_name=first.label or first.element,
        element=first.element,
        fx=_fraction(item.length("x"), width),
        fy=_fraction(item.length("y"), height),
        element_w=min(round(width), MAX_ELEMENT_PX) if width and width > 0 else None,
        element_h=min(round(height), MAX_ELEMENT_PX) if height and height > 0 else None,
        page_x=first.page_x,
        page_y=first.page_y,
        viewport_w=first.viewport_w,
        viewport_h=first.viewport_h,
        clicks=len(chain.clicks),
        rage=chain.rage,
        dead=chain.dead,
        error=chain.error,
        errors=chain.errors,
        source=Source.REPLAY,
    )


def _fraction(offset: float | None, size: float | None) -> int | None:
    """Return an offset inside a box as a 16-bit fraction of its size."""
    if offset is None or size is None or size <= 0:
        return None
    return round(min(max(offset / size, 0.0), 1.0) * FRACTION_MAX)


def _error(visit: _Visit, item: _Item) -> PageError:
    fields = visit.context.fields()
    del fields["user_name"]
    message, kind = text(item.data.get("message"), 2000), text(item.data.get("kind"), 200)
    return PageError(
        **fields,
        event_id=derived_id("error", visit.view_id, item.time_ms, kind, message),
        time_ms=item.time_ms,
        view_id=visit.view_id,
        page=visit.page,
        message=message,
        kind=kind,
        origin="source",
        viewport_w=visit.context.viewport[0],
    )


def _view(visit: _Visit, actions: list[Action], errors: list[PageError]) -> View:
    spent = [i.length("spent") for i in visit.scrolls if i.data.get("type") == "end"]
    elapsed = float(visit.items[-1].time_ms - visit.items[0].time_ms)
    return View(
        **visit.context.fields(),
        view_id=visit.view_id,
        version=0,
        time_ms=visit.items[0].time_ms,
        page=visit.page,
        url=visit.url,
        referrer=visit.referrer,
        viewport_w=visit.context.viewport[0],
        viewport_h=visit.context.viewport[1],
        time_spent_ms=max([elapsed, *(ms for ms in spent if ms is not None)]),
        depth_px=_greatest(visit.scrolls, "depth"),
        page_height_px=_greatest(visit.scrolls, "height"),
        errors=len(errors),
        actions=len(actions),
        frustrations=sum(a.rage + a.dead + a.error for a in actions),
    )


def _greatest(items: tuple[_Item, ...], key: str) -> float | None:
    lengths = [item.length(key) for item in items]
    return max((length for length in lengths if length is not None and length >= 0), default=None)
