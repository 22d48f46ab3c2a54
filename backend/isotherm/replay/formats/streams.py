"""Segments of a view or a recording -> its records in order, each once, losses marked."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import islice
from typing import Any, TypeVar
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from isotherm.model import Segment, SegmentFormat
from isotherm.model.errors import Code, IsothermError
from isotherm.replay.formats.faro import FaroBody, read_faro_body
from isotherm.replay.formats.json_values import integer, many_objects, sequence
from isotherm.replay.formats.read_records import MAX_URL, datadog_record, rrweb_record
from isotherm.replay.formats.records import (
    Gesture,
    Meta,
    Mutation,
    PageUrl,
    Pointer,
    Record,
    RecordsLost,
)
from isotherm.replay.formats.rrweb_order import Ordered

_CLICKED = frozenset({Gesture.DOWN, Gesture.TOUCH_START, Gesture.UP, Gesture.CLICK})

MAX_RECORDS = 500_000
"""Records kept of one recording; a session of hours has some ten thousand."""


SET_BACK_MS = 5_000
"""Records are written a little out of order; what goes further back is a clock that was set."""


class Stream(Struct, frozen=True):
    """The records of one view or recording, in the order in which they were made."""

    segments: tuple[Segment, ...]  # readable ones, by index and time
    records: tuple[Record, ...]
    unreadable: tuple[str, ...] = ()  # "segment id: reason" of bodies that are no recording
    around: tuple[FaroBody, ...] = ()  # what Faro's bodies say beside their recorder's events


class _DatadogBody(Struct):
    records: list[Any]


_Form = TypeVar("_Form")

_DATADOG = msgspec.json.Decoder(_DatadogBody)
_RRWEB = msgspec.json.Decoder(list[Any])
_ANY = msgspec.json.Decoder()
_encode = msgspec.json.Encoder(order="sorted").encode


def decoded(read: Callable[[bytes], _Form], segment: Segment) -> _Form:
    """Decode a body. Raises INVALID with the reason."""
    try:
        return read(segment.body)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError, ValueError) as error:
        message = f"The body of replay segment {segment.segment_id!r} cannot be read: {error}"
        raise IsothermError(Code.INVALID, message, field="body") from error


def in_order(segments: Iterable[Segment]) -> list[Segment]:
    """Return each segment once, by index and time, whatever the order of arrival."""
    by_key = {(s.index, s.time_ms, s.segment_id): s for s in segments}
    return [by_key[key] for key in sorted(by_key)]


def stream_of(segments: Sequence[Segment]) -> Stream:
    """Read the segments of one view (Datadog, Guance) or one recording (Faro, rrweb).

    A body that cannot be read counts as missing and is listed.
    """
    ordered = in_order(segments)
    form = ordered[0].format if ordered else SegmentFormat.DATADOG
    read = {
        SegmentFormat.DATADOG: _datadog,
        SegmentFormat.RRWEB: _rrweb,
    }.get(form)
    unreadable: list[str] = []
    readable: list[Segment] = []
    records: list[Record] = []
    around: list[FaroBody] = []
    if form is SegmentFormat.FARO:
        read = partial(_faro, around)
    if read is not None:
        same_form = [segment for segment in ordered if segment.format is form]
        with many_objects():
            records.extend(islice(read(same_form, readable, unreadable), MAX_RECORDS + 1))
        if len(records) > MAX_RECORDS:
            records.pop()
            unreadable.append(f"cut after {MAX_RECORDS} records")
        _make_steady(records)
    return Stream(tuple(readable), tuple(records), tuple(unreadable), tuple(around))


def _make_steady(records: list[Record]) -> None:
    """Let time go on where the visitor's clock was set back during the recording.

    How long nothing was recorded there is not known: it counts as no time. One record of another
    time between its neighbours is no clock's.
    """
    late = 0
    sent = [record.time_ms for record in records]
    for at in range(1, len(records)):
        before, now = sent[at - 1], sent[at]
        if before - now > SET_BACK_MS and not (at > 1 and now >= sent[at - 2] - SET_BACK_MS):
            late += before - now
        if late:
            records[at] = replace(records[at], time_ms=now + late)


def _datadog(
    segments: list[Segment], readable: list[Segment], unreadable: list[str]
) -> Iterator[Record]:
    """Yield by index; where an index is missing, say so before going on."""
    expected = 0
    seen: set[tuple[int, int]] = set()
    for segment in segments:
        if (segment.index, segment.time_ms) in seen:
            continue  # the same segment sent twice, named differently
        try:
            body = decoded(_DATADOG.decode, segment)
        except IsothermError as error:
            unreadable.append(error.message)
            continue
        seen.add((segment.index, segment.time_ms))
        readable.append(segment)
        if segment.index > expected:
            yield RecordsLost(segment.time_ms)
        expected = segment.index + 1
        yield from filter(None, map(datadog_record, body.records))


def _rrweb(
    segments: list[Segment], readable: list[Segment], unreadable: list[str]
) -> Iterator[Record]:
    """Yield in order. An event that came in an earlier body is dropped."""
    earlier: list[_Body] = []
    ordered = Ordered()
    url = ""
    exact = False  # the events say when the address changed
    for segment in segments:
        try:
            body = _Body(decoded(_RRWEB.decode, segment))
        except IsothermError as error:
            unreadable.append(error.message)
            continue
        readable.append(segment)
        events = body.without(earlier)
        earlier.append(body)
        records = [rrweb_record(event) for event in events]
        known = [record for record in records if record is not None]
        start = min((record.time_ms for record in known), default=segment.time_ms)
        since: int | None = None  # from when on the body's own address holds
        if body.urls:
            exact = True
        elif segment.url and not _meta_says(segment.url, known):
            turned = bool(url) and not exact and not same_page(segment.url, url)
            since = _turned_ms(known, start) if turned else start
        for event, record in zip(events, records, strict=True):
            here = _own_address(event)
            if since is not None and record is not None and record.time_ms >= since:
                here, since = PageUrl(since, segment.url[:MAX_URL]), None
            ordered.event(event, here, record)
        if since is not None:
            ordered.beside(PageUrl(since, segment.url[:MAX_URL]))
        url = (body.urls[-1] if body.urls else segment.url) or url
    yield from ordered.all()


def _own_address(event: Any) -> PageUrl | None:
    """Return the address that an event carries itself: it holds from the event on."""
    url = _own_url(event)
    return PageUrl(integer(event.get("timestamp")), url) if url else None


def _own_url(event: Any) -> str:
    url = event.get("url") if type(event) is dict else None
    return url[:MAX_URL] if isinstance(url, str) else ""


def _turned_ms(records: Sequence[Record], start_ms: int) -> int:
    """Return from when on a body's URL holds that the body before did not have (epoch ms).

    A body has the address at its end. The page turned at the click before the greatest change of
    the document: that click still belongs to the page before, and so do those before it.
    """
    ordered = sorted(records, key=lambda record: record.time_ms)
    pressed_ms, most, found = 0, 0, start_ms
    for record in ordered:
        if isinstance(record, Pointer) and record.gesture in _CLICKED:
            pressed_ms = record.time_ms
        elif isinstance(record, Mutation):
            changes = sum(len(sequence(record.data.get(name))) for name in ("adds", "removes"))
            if changes > most:
                most, found = changes, pressed_ms + 1 if pressed_ms else start_ms
    return found


class _Body:
    """The events of one body and their times."""

    def __init__(self, events: list[Any]) -> None:
        self.events = events
        self._times = [
            integer(event.get("timestamp")) if type(event) is dict else -1 for event in events
        ]
        self.urls = [url for url in map(_own_url, events) if url]
        self.low, self.high = min(self._times, default=0), max(self._times, default=0)

    def without(self, others: Iterable["_Body"]) -> list[Any]:
        """Return the events that no other body has; those of other times need no comparison."""
        near = [one for one in others if one.low <= self.high and self.low <= one.high]
        if not near:
            return self.events
        low, high = min(one.low for one in near), max(one.high for one in near)
        low, high = max(low, self.low), min(high, self.high)
        there = {bytes_ for one in near for _, bytes_ in one.between(low, high)}
        known = {number for number, bytes_ in self.between(low, high) if bytes_ in there}
        return [event for number, event in enumerate(self.events) if number not in known]

    def between(self, low: int, high: int) -> Iterator[tuple[int, bytes]]:
        """Yield number and content of the events of [low, high]."""
        for number, time_ms in enumerate(self._times):
            if low <= time_ms <= high:
                yield number, _encode(self.events[number])


def _meta_says(url: str, records: list[Record]) -> bool:
    """Whether a Meta in the body carries this URL: then it says best from when on."""
    return any(isinstance(record, Meta) and same_page(record.url, url) for record in records)


def _faro(
    around: list[FaroBody],
    segments: list[Segment],
    readable: list[Segment],
    unreadable: list[str],
) -> Iterator[Record]:
    """Yield by recording number (`seq`); each body's URL stands before its first event."""
    numbered: dict[int, Record | None] = {}
    urls_by_seq: dict[int, str] = {}
    urls_by_time: list[PageUrl] = []
    for segment in segments:
        try:
            body = decoded(read_faro_body, segment)
        except IsothermError as error:
            unreadable.append(error.message)
            continue
        readable.append(segment)
        url = (body.url or segment.url)[:MAX_URL]
        seqs = _number(body, numbered)
        around.append(replace(body, recorded=()))
        if url and seqs:
            urls_by_seq.setdefault(min(seqs), url)
        elif url:
            urls_by_time.append(PageUrl(segment.time_ms, url))
    yield from _merged(numbered, urls_by_seq, sorted(urls_by_time, key=lambda u: u.time_ms))


def _number(body: FaroBody, numbered: dict[int, Record | None]) -> list[int]:
    """File a body's recorder events under their number; return the numbers."""
    for event in body.recorded:
        if event.seq not in numbered:
            try:
                numbered[event.seq] = rrweb_record(_ANY.decode(event.event))
            except (msgspec.MsgspecError, RecursionError):
                continue  # shows as a gap
    return [event.seq for event in body.recorded]


def _merged(
    numbered: dict[int, Record | None], urls_by_seq: dict[int, str], urls: list[PageUrl]
) -> Iterator[Record]:
    expected = position = 0
    url = ""
    lost = False
    for seq in sorted(numbered):
        lost = lost or seq > expected
        expected = seq + 1
        url = urls_by_seq.get(seq, url)
        record = numbered[seq]
        if record is None:
            continue
        while position < len(urls) and urls[position].time_ms <= record.time_ms:
            yield urls[position]
            position += 1
        if lost:
            yield RecordsLost(record.time_ms)
        if url:
            yield PageUrl(record.time_ms, url)
        url, lost = "", False
        yield record
    yield from urls[position:]


def same_page(url: str, other: str) -> bool:
    """Whether two URLs are one page visit: equal but for query and fragment (hash routes count)."""
    return page_path(url) == page_path(other)


def page_path(url: str) -> str:
    """Return host and path of a URL, with a fragment that is a route (`#/…`, `#!/…`)."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    route = parts.fragment if parts.fragment.startswith(("/", "!/")) else ""
    return f"{parts.netloc}{parts.path or '/'}" + (f"#{route}" if route else "")
