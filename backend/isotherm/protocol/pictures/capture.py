"""The request to make a background."""

from msgspec import Struct


class CaptureIn(Struct, frozen=True):
    """What to take a picture of; without an address it is made from replays."""

    application: str
    page: str
    url: str = ""
    source: str = ""  # "url" takes the page's own latest address
    viewport_w: int = 1440
    viewport_h: int = 0
