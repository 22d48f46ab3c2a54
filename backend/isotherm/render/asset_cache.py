"""Images, fonts and style sheets in a picture process, and how it asks for more."""

from collections import OrderedDict
from collections.abc import Callable, Sequence

from isotherm.model.sites import Lack, Missing, site_of
from isotherm.render.messages import Asset, Want

MOST_BYTES = 64 * 1024 * 1024
MOST_WANTS = 1_000  # of one visit
MOST_MISSING = 200  # told with a picture; the rest is counted

Supply = Callable[[Sequence[Want]], Sequence[Asset]]


def nothing(wants: Sequence[Want]) -> list[Asset]:
    """Supply nothing: for documents that belong to no application."""
    return [Asset(url=want.url, why=Lack.NOT_ALLOWED) for want in wants]


class AssetCache:
    """Assets of one application by URL; `supply` asks the product for those not at hand."""

    def __init__(self, supply: Supply = nothing, most_bytes: int = MOST_BYTES) -> None:
        self._supply = supply
        self._most_bytes = most_bytes
        self._there: OrderedDict[str, Asset] = OrderedDict()
        self._bytes = 0
        self._lacking: dict[str, Asset] = {}  # of this visit
        self._left = MOST_WANTS
        self.visit = object()  # another one for each visit

    def begin(self) -> None:
        """Forget what could not be had: it is asked for again for the next visit."""
        self._lacking.clear()
        self._left = MOST_WANTS
        self.visit = object()

    def take(self, wants: Sequence[Want]) -> dict[str, Asset]:
        """Return an asset for each wanted URL; without bytes for those that cannot be had."""
        asked = {want.url: want for want in wants}
        found: dict[str, Asset] = {}
        for url in asked:
            asset = self._there.get(url) or self._lacking.get(url)
            if asset is not None:
                found[url] = asset
        new = [want for url, want in asked.items() if url not in found]
        new, beyond = new[: self._left], new[self._left :]
        self._left -= len(new)
        for asset in self._supply(new) if new else ():
            self._keep(asset)
            found[asset.url] = asset
        for want in beyond:
            self._lacking[want.url] = Asset(url=want.url, why=Lack.TOO_MANY)
        return {url: found.get(url) or Asset(url=url, why=Lack.TOO_MANY) for url in asked}

    def _keep(self, asset: Asset) -> None:
        if asset.why is not None:
            self._lacking[asset.url] = asset
            return
        self._there[asset.url] = asset
        self._bytes += len(asset.body)
        while self._bytes > self._most_bytes:
            self._bytes -= len(self._there.popitem(last=False)[1].body)


def missing_of(want: Want, asset: Asset) -> Missing:
    """Return what a picture says of a want that came to nothing."""
    why = asset.why or Lack.WRONG_TYPE
    return Missing(want.url, want.kind, site_of(want.url), why, asset.detail)
