"""Makes a picture of a live page, behind the deciding proxy."""

from collections.abc import Sequence
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct

from isotherm.model import Background, Measured, State
from isotherm.model.element_matching import Boxes
from isotherm.model.errors import Code, IsothermError
from isotherm.model.sites import Lack, Missing, site_of
from isotherm.render.from_recording import as_background
from isotherm.render.hosts import NOT_LISTED, Host, RefusedError, address_of
from isotherm.render.measure import Known, compare, measured
from isotherm.render.messages import Capture, Layout, Target
from isotherm.render.options import RenderOptions
from isotherm.render.process import RenderProcess
from isotherm.render.proxy import DecidingProxy
from isotherm.render.states import CONTROL_FONTS, Size, same_sizes

PHONE = 600  # px; a window up to this wide is a phone's
PAGE_BYTES = 200 * 1024 * 1024
SHOWN_REFUSALS = 5


class LivePage(Struct, frozen=True, kw_only=True):
    """An address to picture: for which page, in which window (css px), and what to do first."""

    application: str
    page: str
    url: str
    hosts: tuple[Host, ...]  # the application's sites
    viewport_w: int
    viewport_h: int
    hide: tuple[str, ...] = ()  # selectors of what is taken away
    click: tuple[str, ...] = ()  # selectors of what is clicked


def capture(
    process: RenderProcess,
    options: RenderOptions,
    page: LivePage,
    targets: Sequence[Target],
    recorded: Sequence[Known] = (),
    *,
    page_height: float | None = None,
) -> tuple[Background, tuple[bytes, ...]]:
    """Return the background of a live page and its tiles.

    `recorded` is what clicks in windows of this width tell of their elements: by their sizes it
    decides about fonts that the page leaves to the system, and the picture is measured against it
    and `page_height`, the usual height of the page (css px). Raises FORBIDDEN, CAPTURE_UNAVAILABLE.
    """
    allowed = page.hosts
    parts = urlsplit(page.url)
    try:
        port = parts.port or (443 if parts.scheme == "https" else 80)
        address_of(parts.hostname or "", port, allowed)
    except (RefusedError, ValueError) as refused:
        why = refused.why if isinstance(refused, RefusedError) else Lack.REFUSED
        site = site_of(page.url)
        cure = {"site": site, "private": why is Lack.PRIVATE}
        curable = site and why in {Lack.NOT_ALLOWED, Lack.PRIVATE}
        raise IsothermError(
            Code.FORBIDDEN,
            f"The page may not be captured: {refused}.",
            field="url",
            allow=cure if curable else None,
        ) from refused
    asked = Capture(
        url=page.url,
        proxy_port=0,
        viewport_w=page.viewport_w,
        viewport_h=page.viewport_h,
        mobile=page.viewport_w <= PHONE,
        targets=tuple(targets),
        hide=(*options.hide, *page.hide),
        click=(*options.click, *page.click),
    )
    sizes: list[Size] = [(one.element, *one.size) for one in recorded if one.size]
    found: tuple[float, Layout, tuple[str, ...]] | None = None
    for font in CONTROL_FONTS:
        layout, refusals = _layout(
            process, options, allowed, msgspec.structs.replace(asked, control_font=font)
        )
        share = same_sizes(layout.boxes, sizes)
        if found is None or (share or 0.0) > found[0]:
            found = (share or 0.0, layout, refusals)
        if share is None or share == 1.0:
            break  # nothing to better
    assert found is not None
    _, layout, refusals = found
    background = as_background(
        layout,
        options.tile_px,
        application=page.application,
        page=page.page,
        state=State("live"),
        origin="url",
        viewport_w=page.viewport_w,
        viewport_h=page.viewport_h,
        url=layout.url,
        measured=_measured(layout, recorded, page_height),
        notices=(*layout.notices, *refusals),
    )
    return background, layout.tiles


def _measured(
    layout: Layout, recorded: Sequence[Known], page_height: float | None
) -> Measured | None:
    """Compare what is visible: menus and dialogs are closed on a page that was just opened."""
    found = Boxes(layout.boxes)
    aparts = [
        apart
        for one in recorded
        if (box := found.find(one.element).box) is not None
        and box.visible
        and (apart := compare(one.from_left(layout.before), box)) is not None
    ]
    height_px = layout.page_height - page_height if page_height else None
    return measured(aparts, height_px=height_px, page_height=layout.page_height)


def _layout(
    process: RenderProcess, options: RenderOptions, allowed: Sequence[Host], asked: Capture
) -> tuple[Layout, tuple[str, ...]]:
    """Return the page's layout and the notices on what the proxy refused."""
    with DecidingProxy(allowed, limit_s=options.job_s, limit_bytes=PAGE_BYTES) as proxy:
        through = msgspec.structs.replace(asked, proxy_port=proxy.port)
        layout = process.ask(through, options.job_s).layouts[0]
        missing = tuple(
            Missing(url, "page", site_of(url), Lack.NOT_ALLOWED)
            for (host, why) in proxy.refused
            if host in layout.hosts and (url := _unlisted(why))
        )
        notices = [
            f"{count} requests refused: {why}"
            for (host, why), count in proxy.refused.items()
            if host in layout.hosts and not _unlisted(why)
        ]
    return msgspec.structs.replace(layout, missing=missing), tuple(notices[:SHOWN_REFUSALS])


def _unlisted(why: str) -> str:
    """Return the origin that was refused because nobody has allowed it, or ""."""
    where, found, _ = why.partition(NOT_LISTED)
    host, _, port = where.rpartition(":")
    if not found:
        return ""
    return f"https://{host}/" if port in {"443", "80"} else f"http://{host}:{port}/"
