"""Makes a picture of a live page, behind the deciding proxy."""

from collections.abc import Sequence
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct

from isotherm.model import Background
from isotherm.model.errors import Code, IsothermError
from isotherm.model.sites import Lack, Missing, site_of
from isotherm.render.hosts import NOT_LISTED, Host, RefusedError, address_of
from isotherm.render.messages import Capture, Layout, Target
from isotherm.render.options import RenderOptions
from isotherm.render.picturing import as_background
from isotherm.render.process import RenderProcess
from isotherm.render.proxy import DecidingProxy
from isotherm.render.states import CONTROL_FONTS, Size, fit

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
    sizes: Sequence[Size] = (),
) -> tuple[Background, tuple[bytes, ...]]:
    """Return the background of a live page and its tiles.

    `sizes` of elements known at this width decide about fonts the page leaves to the system.
    Raises FORBIDDEN, CAPTURE_UNAVAILABLE.
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
    found: tuple[float, Layout, tuple[str, ...]] | None = None
    for font in CONTROL_FONTS:
        layout, refusals = _layout(
            process, options, allowed, msgspec.structs.replace(asked, control_font=font)
        )
        share = fit(layout.boxes, sizes)
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
        state="live",
        origin="url",
        viewport_w=page.viewport_w,
        viewport_h=page.viewport_h,
        url=layout.url,
        fit=fit(layout.boxes, sizes),
        notices=(*layout.notices, *refusals),
    )
    return background, layout.tiles


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
