"""Gives pictures their images, fonts and style sheets: from what is kept, else fetched once."""

import time
from collections.abc import Callable, Sequence

from isotherm.model.sites import Lack
from isotherm.pipeline.pictures.allowed import AllowedSites, may_fetch
from isotherm.render.fetcher import Fetcher
from isotherm.render.messages import Asset, Want
from isotherm.storage.objects.assets import AssetBodies
from isotherm.storage.saved.assets import AssetIndex, Fetched

RETRY_MS = 3_600_000  # what could not be had is asked for again after an hour
UNUSED_MS = 90 * 86_400_000  # what no picture has asked for so long is forgotten
PASSING = {Lack.UNREACHABLE, Lack.STATUS}


class Assets:
    """The assets of all applications, each only from the application's own sites."""

    def __init__(
        self, sites: AllowedSites, index: AssetIndex, bodies: AssetBodies, fetcher: Fetcher
    ) -> None:
        self._sites = sites
        self._index = index
        self._bodies = bodies
        self._fetcher = fetcher

    def supply(self, application: str) -> Callable[[Sequence[Want]], list[Asset]]:
        """Return what answers the wants of an application's pictures.

        That raises STORE_UNAVAILABLE.
        """
        return lambda wants: self._supplied(application, wants)

    def expire(self, now_ms: int) -> None:
        """Forget what has long not been used."""
        self._index.expire(now_ms - UNUSED_MS, self._bodies.remove)

    def _supplied(self, application: str, wants: Sequence[Want]) -> list[Asset]:
        now_ms = time.time_ns() // 1_000_000
        hosts = self._sites.hosts(application)
        allowed = [want for want in wants if may_fetch(want.url, hosts)]
        known = self._index.of([want.url for want in allowed], now_ms)
        found: list[Asset] = []
        new: list[Want] = []
        for want in allowed:
            asset = self._kept(want, known.get(want.url), now_ms)
            if asset is None:
                new.append(want)
            else:
                found.append(asset)
        fetched = self._fetcher.fetch(new, hosts) if new else []
        self._index.keep(
            [self._note(want, asset, now_ms) for want, asset in zip(new, fetched, strict=True)]
        )
        others = {want.url for want in wants} - {want.url for want in allowed}
        return [
            *found,
            *fetched,
            *(Asset(url=url, why=Lack.NOT_ALLOWED) for url in sorted(others)),
        ]

    def _kept(self, want: Want, known: Fetched | None, now_ms: int) -> Asset | None:
        """Return what is kept of a want; None when it is to be fetched."""
        if known is None or known.kind != want.kind:
            return None
        if known.why is not None:
            # a site's private address may have been allowed meanwhile
            again = known.why in {Lack.NOT_ALLOWED, Lack.PRIVATE} or (
                known.why in PASSING and now_ms - known.fetched_ms > RETRY_MS
            )
            return None if again else Asset(url=want.url, why=known.why, detail=known.detail)
        body = self._bodies.get(known.content)
        return None if body is None else Asset(url=want.url, media=known.media, body=body)

    def _note(self, want: Want, asset: Asset, now_ms: int) -> Fetched:
        return Fetched(
            url=want.url,
            kind=want.kind,
            content=self._bodies.put(asset.body) if asset.why is None else "",
            media=asset.media,
            size=len(asset.body),
            fetched_ms=now_ms,
            why=asset.why,
            detail=asset.detail,
        )
