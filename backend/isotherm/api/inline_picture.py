"""The picture inside an answer, as data URLs, for viewers who cannot load it by its address.

Grafana answers the queries of a public dashboard on the server but refuses its visitors every other
call, so there the picture has to come with the numbers.
"""

import base64
from collections.abc import Mapping, Sequence
from typing import Any

from isotherm.api.services import Services
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


def inline_picture(services: Services, raw: object, frames: Sequence[Frame]) -> list[Frame]:
    """Return the picture's frame if the query asks for it and the answer has a background.

    Raises NOT_FOUND when the background went away in between.
    """
    if not isinstance(raw, Mapping) or raw.get(KEY) is not True or not frames:
        return []
    described: Mapping[str, Any] | None = frames[0].meta.get("background")
    if not described or described["origin"] == WIREFRAME:  # which is inside the answer anyway
        return []
    background = services.backgrounds.get(described["id"])
    strips = [services.backgrounds.tile(background.id, n) for n in range(len(background.tiles))]
    urls = [f"data:image/webp;base64,{base64.b64encode(strip).decode()}" for strip in strips]
    values = ([t.top for t in background.tiles], [t.height for t in background.tiles], urls)
    return [Frame(shape=PICTURE, values=values)]
