"""Makes a picture of a live page, behind the deciding proxy."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from isotherm.errors import Code, IsothermError
from isotherm.model import Background
from isotherm.render.hosts import RefusedError, address_of, parse_hosts
from isotherm.render.jobs import Job
from isotherm.render.make import as_background
from isotherm.render.messages import Capture, Target
from isotherm.render.options import RenderOptions
from isotherm.render.process import RenderProcess
from isotherm.render.proxy import DecidingProxy

PHONE = 600  # px; a window up to this wide is a phone's
PAGE_BYTES = 200 * 1024 * 1024
SHOWN_REFUSALS = 5


def capture(
    process: RenderProcess, options: RenderOptions, job: Job, targets: Sequence[Target]
) -> tuple[Background, tuple[bytes, ...]]:
    """Return the background of a job's address. Raises FORBIDDEN, CAPTURE_UNAVAILABLE."""
    allowed = parse_hosts(options.hosts, job.application)
    parts = urlsplit(job.url)
    try:
        port = parts.port or (443 if parts.scheme == "https" else 80)
        address_of(parts.hostname or "", port, allowed)
    except (RefusedError, ValueError) as refused:
        raise IsothermError(
            Code.FORBIDDEN, f"The page may not be captured: {refused}.", field="url"
        ) from refused
    with DecidingProxy(allowed, limit_s=options.job_s, limit_bytes=PAGE_BYTES) as proxy:
        asked = Capture(
            url=job.url,
            proxy_port=proxy.port,
            viewport_w=job.viewport_w,
            viewport_h=job.viewport_h,
            mobile=job.viewport_w <= PHONE,
            targets=tuple(targets),
            hide=options.hide,
            click=options.click,
        )
        layout = process.ask(asked, options.job_s).layouts[0]
        refused_notes = tuple(
            f"{count} requests refused: {why}"
            for why, count in list(proxy.refused.items())[:SHOWN_REFUSALS]
        )
    background = as_background(
        layout,
        application=job.application,
        page=job.page,
        state="live",
        origin="url",
        viewport_w=job.viewport_w,
        viewport_h=job.viewport_h,
        url=layout.url,
        notes=(*layout.notes, *refused_notes),
    )
    return background, layout.tiles
