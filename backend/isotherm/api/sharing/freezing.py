"""Freezes a snapshot: runs every query that it shows and keeps the answers with the picture."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from isotherm.api.frames import frame_json
from isotherm.api.json_body import encode
from isotherm.api.query_request import Asked, parse_query
from isotherm.api.services import Services
from isotherm.api.sharing.address import Address, read_address, span_of
from isotherm.model.errors import Code, IsothermError
from isotherm.query.context import Ask
from isotherm.query.frame import Frame
from isotherm.query.wireframe import WIREFRAME
from isotherm.storage.saved.heatmaps import Heatmap
from isotherm.storage.saved.shares import Snapshot

SIGNALS = ("all", "rage", "dead", "error", "first", "last")
FREE_RANGES = (("now-24h", "now"), ("now-7d", "now"), ("now-30d", "now"), ("now-90d", "now"))
"""What else can be looked at in a snapshot whose time range is not locked, seen from its moment."""

LISTED = 100
DETAILED = 10
"""How many actions of the list have their details in the snapshot."""

BARS = 60


def freeze(
    services: Services, heatmap: Heatmap, now_ms: int, *, time_locked: bool
) -> tuple[Snapshot, list[bytes]]:
    """Return a snapshot of a saved heatmap and the strips of its picture.

    Answers are kept under "question|from/to|signal|element" as JSON lists of frames. Raises what
    the questions raise.
    """
    address = read_address(heatmap.address)
    freezer = _Freezer(services, address, now_ms)
    picture = freezer.choose_picture()
    answers = dict(freezer.maps(address.start, address.end))
    answers |= freezer.details(answers)
    if not time_locked:
        for start, end in FREE_RANGES:
            answers |= dict(freezer.maps(start, end))
    snapshot = Snapshot(
        name=heatmap.name,
        application=address.application,
        page=address.page,
        address=heatmap.address,
        taken_ms=now_ms,
        time_locked=time_locked,
        answers={key: msgspec.Raw(encode(frames)) for key, frames in answers.items()},
    )
    return snapshot, [services.backgrounds.tile(picture, n) for n in range(freezer.strips)]


class _Freezer:
    def __init__(self, services: Services, address: Address, now_ms: int) -> None:
        self._services = services
        self._address = address
        self._now_ms = now_ms
        self._background = address.background
        self.strips = 0

    def choose_picture(self) -> str:
        """Choose one picture for all answers; return its id."""
        address = self._address
        if self._background != "auto":
            try:
                self._services.backgrounds.get(self._background)
            except IsothermError as error:
                if error.code is not Code.NOT_FOUND:
                    raise
                self._background = "auto"  # the saved one is gone: then as a new visit would choose
        query = {"question": "heat", "signal": address.signal, "background": self._background}
        frames = self._ask(address.start, address.end, query)
        found = _isotherm(frames[0]).get("background")
        if found:
            self._background = found["id"]
            if found["origin"] != WIREFRAME:  # whose strips are in the answers themselves
                self.strips = len(found["tiles"])
        return self._background

    def maps(self, start: str, end: str) -> Iterator[tuple[str, list[dict[str, Any]]]]:
        """Yield all maps and lists of a range."""
        shown = {"background": self._background}
        for signal in SIGNALS:
            queries: tuple[dict[str, Any], ...] = (
                {"question": "heat", **shown},
                {"question": "actions", "limit": LISTED, **shown},
                {"question": "page_stats"},
            )
            for query in queries:
                key = f"{query['question']}|{start}/{end}|{signal}|"
                yield key, self._ask(start, end, {**query, "signal": signal})
        yield f"scroll|{start}/{end}||", self._ask(start, end, {"question": "scroll", **shown})

    def details(self, answers: Mapping[str, list[dict[str, Any]]]) -> dict[str, Any]:
        """Return the details of the most used actions, in the address's own range and signal."""
        start, end, signal = self._address.start, self._address.end, self._address.signal
        place = f"{start}/{end}|{signal}"
        every = f"{start}/{end}|all"  # the course of an action shows its signals beside all clicks
        listed = answers[f"actions|{place}|"][0]
        names = [field["name"] for field in listed["schema"]["fields"]]
        elements = listed["data"]["values"][names.index("element")]
        found = {}
        for element in [one for one in elements if one][:DETAILED]:
            series = {
                "question": "timeseries",
                "measure": "clicks",
                "filters": _of_element(self._address.scope["filters"], element),
                "maxDataPoints": BARS,
                "signal": "all",
            }
            action = {"question": "action", "element": element, "signal": signal}
            found[f"timeseries|{every}|{element}"] = self._ask(start, end, series)
            found[f"action|{place}|{element}"] = self._ask(start, end, action)
        return found

    def _ask(self, start: str, end: str, query: Mapping[str, Any]) -> list[dict[str, Any]]:
        span = span_of(start, end, self._now_ms)
        asked = parse_query({**self._address.scope, **query}, span)
        return [self._frozen(frame, asked) for frame in self._answer(asked)]

    def _answer(self, asked: Asked) -> list[Frame]:
        ask = Ask.about(asked.scope, asked.params, self._services.context())
        return asked.question.answer(ask)

    def _frozen(self, frame: Frame, asked: Asked) -> dict[str, Any]:
        """Return the frame's JSON with the picture's strips at the snapshot's own address."""
        written = frame_json(frame, asked.name, "A")
        about = _isotherm(written)
        shown = about.get("background")
        if shown and shown["origin"] != WIREFRAME:
            tiles = [
                {**tile, "url": f"tiles/{number}"} for number, tile in enumerate(shown["tiles"])
            ]
            about["background"] = {**shown, "picture": "", "thumbnail": "", "tiles": tiles}
        if "others" in about:
            about["others"] = []  # a snapshot holds one picture
        return written


def _of_element(filters: Sequence[Mapping[str, Any]], element: str) -> list[Mapping[str, Any]]:
    """Return filters with one element in the place of those chosen: two would be any of them."""
    others = [one for one in filters
              if one["key"] != "element" or one["operator"] not in {"=", "in"}]  # fmt: skip
    return [*others, {"key": "element", "operator": "=", "value": element}]


def _isotherm(frame: Mapping[str, Any]) -> dict[str, Any]:
    about: dict[str, Any] = frame["schema"]["meta"]["custom"]["isotherm"]
    return about
