"""Gives pictures their images, fonts and style sheets: stored ones, else fetched once."""

import re
import time
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence

from isotherm.model.sites import Lack
from isotherm.pipeline.pictures.allowed_hosts import AllowedSites, may_fetch
from isotherm.render.fetcher import Fetcher
from isotherm.render.messages import Asset, Want
from isotherm.storage.objects.assets import AssetBodies
from isotherm.storage.saved.assets import AssetIndex, Fetched

RETRY_MS = 3_600_000  # what could not be had is asked for again after an hour
UNUSED_MS = 90 * 86_400_000  # what no picture has asked for so long is forgotten
MOST_IMAGE_BYTES = 8 * 1024 * 1024  # of one replay
_IMAGE = re.compile(r"image/[a-z0-9.+-]{1,40}")
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

    def images(self, application: str, urls: Sequence[str]) -> Mapping[str, str]:
        """Return what is kept of an application's images, as `data:` addresses by their own.

        Nothing is fetched, and nothing told of sites that the application may not use. Raises
        STORE_UNAVAILABLE.
        """
        hosts = self._sites.hosts(application)
        allowed = [url for url in dict.fromkeys(urls) if may_fetch(url, hosts)]
        found: dict[str, str] = {}
        room = MOST_IMAGE_BYTES
        for url, known in self._index.of(allowed, time.time_ns() // 1_000_000).items():
            if known.kind != "image" or known.size > room or not _is_image(known.media):
                continue
            body = self._bodies.get(known.content) if known.content else None
            if body is not None:
                room -= len(body)
                found[url] = f"data:{known.media};base64,{b64encode(body).decode()}"
        return found

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


def _is_image(media: str) -> bool:
    return _IMAGE.fullmatch(media) is not None
