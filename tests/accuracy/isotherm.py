"""Asks a running Isotherm over HTTP, as its pages do."""

import io
import json
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode

from PIL import Image

LIMIT_S = 600.0
POLL_S = 0.3
QUIET = 10
"""So many looks in a row must find nothing to do: pictures come after events are stored."""

JSON = {"Content-Type": "application/json"}
MOST_PIXELS = 20_000_000
COARSE_PX = 4
"""Cells of larger pictures; a map of one cell per pixel takes their memory many times over."""

Box = tuple[float, float, float, float]  # left, top, width, height, px


@dataclass(frozen=True)
class Drawn:
    """Where one click is on a picture, or why it is not there."""

    point: tuple[float, float] | None  # px of the picture
    box: Box | None  # of its element there
    reason: str
    shown_in: str  # a picture that shows it


@dataclass(frozen=True)
class Counted:
    """What Isotherm knows of a moment: the clicks, and the row of the only element."""

    page: str
    background: str  # id of the picture that was asked for
    clicks: float
    element: str
    name: str
    box: Box | None  # of the element there
    shown_in: str  # another picture that shows it


class Isotherm:
    """One that listens on a port of loopback."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._pixels: dict[str, int] = {}  # of each picture

    def settle(self) -> float:
        """Wait until everything is stored, read and pictured; return when it was (monotonic s)."""
        started, quiet = time.monotonic(), 0
        while time.monotonic() - started < LIMIT_S:
            state = self.get("/api/v1/status")
            jobs = state["capture"]["jobs"]
            busy = state["spool"]["pending"] + state["readers"]["due"]
            busy += jobs["queued"] + jobs["running"]
            quiet = 0 if busy else quiet + 1
            if quiet >= QUIET:
                return time.monotonic() - QUIET * POLL_S
            threading.Event().wait(POLL_S)
        raise TimeoutError(f"Isotherm was still at work after {LIMIT_S:g} s: {state}")

    def get(self, path: str) -> Any:
        """Return the JSON under an address."""
        return json.loads(self.read(path))

    def read(self, path: str) -> bytes:
        """Return the bytes under an address. Raises RuntimeError for any status but 200."""
        return self._asked("GET", path, None)

    def pages(self, application: str) -> list[str]:
        """Return the keys of an application's pages."""
        frames = self._query(application, {"question": "pages", "limit": 100})[0]
        return [row["page"] for row in rows(frames)]

    def backgrounds(self, application: str, page: str) -> tuple[list[dict[str, Any]], str]:
        """Return the pictures of a page, and the id of the automatic one ("" without any)."""
        asked = urlencode({"application": application, "page": page})
        answer = self.get(f"/api/v1/backgrounds?{asked}")
        self._pixels |= {one["id"]: one["width"] * one["height"] for one in answer["backgrounds"]}
        return answer["backgrounds"], answer["automatic"] or ""

    def boxes(self, background: str) -> dict[str, dict[str, Any]]:
        """Return the box of each element on a picture."""
        known: dict[str, dict[str, Any]] = self.get(f"/api/v1/backgrounds/{background}/boxes")[
            "boxes"
        ]
        return known

    def picture(self, background: str) -> Image.Image:
        """Return a picture."""
        return Image.open(io.BytesIO(self.read(f"/api/v1/backgrounds/{background}/picture")))

    def counted(
        self, application: str, pictures: Mapping[str, str], moment: tuple[int, int]
    ) -> list[Counted]:
        """Return the rows of pages, each on a picture, for a span (epoch ms, without end)."""
        asked = [
            {"question": "actions", "page": page, "background": background}
            for page, background in pictures.items()
        ]
        answers = self._query(application, *asked, moment=moment)
        return [
            Counted(
                page, pictures[page], row["clicks"], row["element"], row["action_name"],
                box_of(row), row["shown_in"],
            )
            for page, frames in zip(pictures, answers, strict=True)
            for row in rows(frames)
        ]  # fmt: skip

    def drawn(self, application: str, on: Counted, moment: tuple[int, int]) -> Drawn:
        """Return where the only click of a span is on the picture that it was counted on."""
        cell = 1 if self._pixels.get(on.background, 0) <= MOST_PIXELS else COARSE_PX
        asked = {"question": "heat", "cell": cell, "page": on.page, "background": on.background}
        heat = self._query(application, asked, moment=moment)[0]
        meta = heat[0]["schema"]["meta"]["custom"]["isotherm"]
        cells = rows(heat)
        point = (cells[0]["x"] + cell / 2, cells[0]["y"] + cell / 2) if cells else None
        reason = "" if point else next(iter(meta["unplaced"]), "unknown")
        return Drawn(point, on.box, reason, on.shown_in)

    def _query(
        self,
        application: str,
        *asked: dict[str, Any],
        moment: tuple[int, int] = (0, 4_000_000_000_000),
    ) -> list[list[dict[str, Any]]]:
        queries = [
            {"refId": str(n), "application": application, **one} for n, one in enumerate(asked)
        ]
        body = {"range": {"from": moment[0], "to": moment[1]}, "queries": queries}
        results = json.loads(self._asked("POST", "/api/v1/query", json.dumps(body).encode()))[
            "results"
        ]
        for answer in results.values():
            if answer["status"] != 200:
                raise RuntimeError(str(answer))
        return [results[str(n)]["frames"] for n in range(len(asked))]

    def take(self, path: str, body: bytes, headers: Mapping[str, str]) -> None:
        """Send what an SDK sent."""
        self._asked("POST", path, body, headers)

    def _asked(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str] = JSON
    ) -> bytes:
        connection = HTTPConnection("127.0.0.1", self._port, timeout=60)
        connection.request(method, path, body, dict(headers))
        response = connection.getresponse()
        data = response.read()
        connection.close()
        if response.status not in {200, 202, 204}:
            raise RuntimeError(f"{method} {path}: HTTP {response.status} {data[:300]!r}")
        return data


def box_of(row: Mapping[str, Any]) -> Box | None:
    """Return the box of an element's row."""
    if row["left"] is None:
        return None
    return (row["left"], row["top"], row["width"], row["height"])


def rows(frames: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows of a question's frames."""
    return [
        dict(zip((field["name"] for field in frame["schema"]["fields"]), row, strict=True))
        for frame in frames[:1]
        for row in zip(*frame["data"]["values"], strict=True)
    ]
