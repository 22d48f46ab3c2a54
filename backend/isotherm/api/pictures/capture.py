"""The request to make a background."""

from typing import Annotated

from msgspec import Meta, Struct

Selector = Annotated[str, Meta(min_length=1, max_length=500, pattern=r"^[^{}]+$")]
Selectors = Annotated[tuple[Selector, ...], Meta(max_length=20)]


class CaptureIn(Struct, frozen=True):
    """What to capture; without an address, the picture is made from replays.

    `hide` and `click` are selectors of this capture, in addition to those of the settings.
    """

    application: str
    page: str
    url: str = ""
    source: str = ""  # "url" takes the page's own latest address
    viewport_w: int = 1440
    viewport_h: int = 0
    hide: Selectors = ()
    click: Selectors = ()
