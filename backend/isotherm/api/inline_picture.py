"""The picture inside an answer, as data URLs, for viewers who cannot load it by its address.

Grafana answers the queries of a public dashboard on the server but refuses its visitors every other
call, so there the picture has to come with the numbers.
"""

import base64
from collections.abc import Mapping, Sequence
from threading import Lock
from typing import Any

from isotherm.api.services import Services
from isotherm.model.errors import Code, IsothermError
from isotherm.query.frame import Field, Frame, Shape
from isotherm.query.wireframe import WIREFRAME

KEY = "inline_picture"
"""The key of a query that asks for it; any question that names a background can be asked."""

PICTURE = Shape(
    "picture",
    "One row per strip of the background, from top to bottom.",
    (
        Field("top", "integer", "Top of the strip on the page", "pixel"),
        Field("height", "integer", "Height of the strip", "pixel"),
        Field("picture", "string", "The strip as a data URL (WebP)"),
    ),
)


MOST_BYTES = 64 * 1024 * 1024
"""Of the pictures in the answers of one request, as they are stored."""


class InlinePictures:
    """The pictures in the answers of one request, whose queries several threads answer."""

    def __init__(self, services: Services, room: int = MOST_BYTES) -> None:
        self._services = services
        self._room = room
        self._turn = Lock()

    def of(self, raw: object, frames: Sequence[Frame]) -> list[Frame]:
        """Return the picture's frame if a query asks for it and its answer has a background.

        Raises NOT_FOUND when the background went away in between, TOO_MUCH_DATA when no room is
        left for it.
        """
        if not isinstance(raw, Mapping) or raw.get(KEY) is not True or not frames:
            return []
        described: Mapping[str, Any] | None = frames[0].meta.get("background")
        if not described or described["origin"] == WIREFRAME:  # which is inside the answer anyway
            return []
        background = self._services.backgrounds.get(described["id"])
        urls = [self._url(background.id, number) for number in range(len(background.tiles))]
        values = ([t.top for t in background.tiles], [t.height for t in background.tiles], urls)
        return [Frame(shape=PICTURE, values=values)]

    def _url(self, background_id: str, number: int) -> str:
        strip = self._services.backgrounds.tile(background_id, number)
        with self._turn:
            self._room -= len(strip)
            is_full = self._room < 0
        if is_full:
            message = "The pictures are too large for one answer: ask for fewer at a time"
            raise IsothermError(Code.TOO_MUCH_DATA, message, field=KEY)
        return f"data:image/webp;base64,{base64.b64encode(strip).decode()}"
