"""Small pages and what happens on them, as rrweb events and as Datadog records."""

from itertools import count
from typing import Any

import msgspec

from isotherm.model import Segment, SegmentFormat

Json = dict[str, Any]
START_MS = 1_795_364_500_000


class Page:
    """Builds nodes with ids 1, 2, ... in the order in which they are made; keeps names for them."""

    def __init__(self) -> None:
        self.ids: dict[str, int] = {}
        self._next = count(2)

    def element(self, tag: str, *children: Json | str, **attrs: Any) -> Json:
        node: Json = {"type": 2, "tagName": tag, "id": next(self._next)}
        node["attributes"] = {key.replace("_", "-"): value for key, value in attrs.items()}
        node["childNodes"] = [
            self.text(child) if isinstance(child, str) else child for child in children
        ]
        if "id" in attrs:
            self.ids[attrs["id"]] = node["id"]
        return node

    def text(self, words: str) -> Json:
        return {"type": 3, "textContent": words, "id": next(self._next)}

    def document(self, *body: Json | str) -> Json:
        head = self.element("head")
        html = self.element("html", head, self.element("body", *body))
        doctype = {"type": 1, "name": "html", "publicId": "", "systemId": "", "id": 9_999}
        return {"type": 0, "id": 1, "childNodes": [doctype, html]}


def meta(
    ms: int = 0, href: str = "https://shop.test/", size: tuple[int, int] = (1000, 800)
) -> Json:
    return event(4, ms, {"href": href, "width": size[0], "height": size[1]})


def snapshot(document: Json, ms: int = 0, top: float = 0) -> Json:
    return event(2, ms, {"node": document, "initialOffset": {"left": 0, "top": top}})


def event(kind: int, ms: int, data: Json) -> Json:
    return {"type": kind, "data": data, "timestamp": START_MS + ms}


def incremental(source: int, ms: int, **data: Any) -> Json:
    return event(3, ms, {"source": source, **data})


def scroll(node: int, top: float, ms: int) -> Json:
    return incremental(3, ms, id=node, x=0, y=top)


def mutation(ms: int, **parts: Any) -> Json:
    return incremental(0, ms, **{"adds": [], "removes": [], "texts": [], "attributes": [], **parts})


def click(node: int, ms: int, at: tuple[float, float] = (10, 20)) -> list[Json]:
    """Return pointer down, up 2 ms later, and the click."""
    x, y = at
    return [
        incremental(2, ms, type=1, id=node, x=x, y=y),
        incremental(2, ms + 2, type=0, id=node, x=x, y=y),
        incremental(2, ms + 2, type=2, id=node, x=x, y=y),
    ]


def tap(node: int, ms: int, at: tuple[float, float] = (10, 20)) -> list[Json]:
    """Return a finger's touch and the mouse events that browsers emulate after it."""
    x, y = at
    gestures = [(7, 0), (9, 40), (1, 60), (0, 61), (2, 62)]
    return [incremental(2, ms + late, type=kind, id=node, x=x, y=y) for kind, late in gestures]


def rrweb(*events: Json | list[Json], part: int = 0, **fields: Any) -> Segment:
    """Return a segment of plain rrweb events."""
    flat = [one for item in events for one in (item if isinstance(item, list) else [item])]
    times = [one["timestamp"] for one in flat] or [START_MS]
    return Segment(
        **{
            "segment_id": f"part-{part}-{min(times)}",
            "time_ms": min(times),
            "end_ms": max(times),
            "application": "shop",
            "session_id": "s-1",
            "recording_id": "r-1",
            "format": SegmentFormat.RRWEB,
            "body": msgspec.json.encode(flat),
            **fields,
        }
    )


def datadog(*records: Json | list[Json], index: int = 0, **fields: Any) -> Segment:
    """Return a segment of Datadog records of the view `v-1`."""
    flat = [one for item in records for one in (item if isinstance(item, list) else [item])]
    start = min(one["timestamp"] for one in flat)
    own = {
        "segment_id": f"v-1:{index}:{start}",
        "index": index,
        "view_id": "v-1",
        "recording_id": "v-1",
        "format": SegmentFormat.DATADOG,
        "body": msgspec.json.encode({"records": flat}),
    }
    return rrweb(*records, **{**own, **fields})


def changes(ms: int, *items: list[Any], full: bool = False) -> Json:
    """Return a record of Datadog v7: a full snapshot, or a change."""
    kind = 2 if full else 12
    return {"type": kind, "format": 1, "data": list(items), "timestamp": START_MS + ms}
