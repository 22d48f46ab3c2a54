"""The options of page pictures."""

from msgspec import Struct


class RenderOptions(Struct, frozen=True, kw_only=True):
    """Limits and choices of the picture maker; `app.py` fills it from the settings."""

    automatic: bool = True  # make pictures when recordings arrive
    chromium: str = ""  # path; "" = looked for on this machine
    run_as: str = "nobody"  # whom a root process becomes, so that Chromium's sandbox stays on
    hosts: tuple[str, ...] = ()  # of the settings: `[application=]host[:port][@address[:port]]`
    hide: tuple[str, ...] = ()  # selectors taken away before a capture (chat, cookie banner)
    click: tuple[str, ...] = ()  # selectors clicked before a capture (accept cookies)
    per_page: int = 6  # pictures kept per page and width band
    max_age_ms: int = 7 * 86_400_000  # older pictures are made anew when a recording arrives
    least_coverage: float = 0.8  # so are those that place less of the clicks
    states: int = 6  # pictures of one visit at most
    candidates: int = 80  # states of a recording that are looked at
    stable_after_ms: int = 800  # a route change swaps the document some time after its snapshot
    max_height_px: int = 200_000
    tile_px: int = 2_000  # what Chromium draws at once, and a screen loads at once
    queue: int = 200  # jobs waiting
    processes: int = 1  # that make pictures side by side, beside the one of the slow lane
    first_s: float = 3.0  # processor time for a session in its first turn
    visit_s: float = 15.0  # processor time for one visit in a longer turn
    session_s: float = 60.0  # processor time for all visits of a session in a longer turn
    slow_times: float = 3.0  # the last turn, in the slow lane, has this many times as long
    memory_mb: int = 2_048  # for one picture process and its browser
    job_s: float = 120.0  # for a live page, by the clock
    renders_per_browser: int = 50
    idle_s: float = 60.0  # after this the browser is closed, its memory freed
