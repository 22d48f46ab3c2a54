"""Connects an application to its sites: what is allowed, and what else would help."""

from collections.abc import Callable
from typing import Literal

from msgspec import Struct

from isotherm.model.sites import Lack, normal_site, site_of
from isotherm.pipeline.pictures.allowed_hosts import AllowedSites, Connected, may_fetch
from isotherm.pipeline.pictures.page_facts import visited_urls
from isotherm.storage.ports import Backgrounds, Engine
from isotherm.storage.saved.sites import NewSite, Site, Sites

MOST_URLS = 2_000
MOST_SUGGESTED = 30


Why = Literal["own", "assets"]
"""An address of the application's views, or a place of assets that its pictures lack."""


class Suggestion(Struct, kw_only=True):
    """A site that is not allowed and would give something."""

    site: str
    why: Why
    assets: int = 0  # images, fonts and style sheets that pictures lack and it has
    views: int = 0
    private: bool = False  # allowed already, but for its private address
    id: str = ""  # of the saved site whose private address it is


class SiteConnections:
    """The sites of every application. Every method raises STORE_UNAVAILABLE."""

    def __init__(
        self,
        saved: Sites,
        allowed: AllowedSites,
        engine: Engine,
        backgrounds: Backgrounds,
        make_again: Callable[[str], int],
    ) -> None:
        self._saved = saved
        self._allowed = allowed
        self._engine = engine
        self._backgrounds = backgrounds
        self._make_again = make_again

    def sites(self, application: str) -> list[Connected]:
        """Return whom an application is connected to."""
        return self._allowed.of(application)

    def suggestions(self, application: str) -> list[Suggestion]:
        """Return sites that its views and its pictures name, those that would give most first."""
        hosts = self._allowed.hosts(application)
        found: dict[str, Suggestion] = {}
        for url, views in visited_urls(self._engine, application, MOST_URLS):
            site = site_of(url)
            if site and not may_fetch(url, hosts):
                found.setdefault(site, Suggestion(site=site, why="own")).views += views
        saved = {one.site: one.id for one in self._saved.of(application)}
        lacking = {
            (one.url, one.why): one
            for background in self._backgrounds.lacking(application)
            for one in background.missing
            if one.site
        }
        for missing in lacking.values():
            private = missing.why is Lack.PRIVATE
            if private and not self._is_private(application, missing.site):
                one = found.setdefault(
                    missing.site,
                    Suggestion(
                        site=missing.site,
                        why="assets",
                        private=True,
                        id=saved.get(missing.site, ""),
                    ),
                )
                one.assets += 1
            elif missing.why is Lack.NOT_ALLOWED and not may_fetch(missing.url, hosts):
                found.setdefault(
                    missing.site, Suggestion(site=missing.site, why="assets")
                ).assets += 1
        order = sorted(
            found.values(), key=lambda one: (one.why != "own", -one.assets, -one.views, one.site)
        )
        return order[:MOST_SUGGESTED]

    def allow(self, new: NewSite, now_ms: int) -> tuple[Site, int]:
        """Allow a site; return it, and how many pictures are made again for it.

        Raises INVALID, CONFLICT.
        """
        site = self._saved.add(new, now_ms)
        return site, self._make_again(site.application)

    def allow_private(self, site_id: str) -> tuple[Site, int]:
        """Allow a site at its private address, too; returns what `allow` does.

        Raises NOT_FOUND, INVALID.
        """
        site = self._saved.allow_private(site_id)
        return site, self._make_again(site.application)

    def remove(self, site_id: str) -> None:
        """Allow a site no longer; pictures that were made of it stay. Raises NOT_FOUND."""
        self._saved.remove(site_id)

    def _is_private(self, application: str, site: str) -> bool:
        return any(
            one.private and normal_site(one.site) == site
            for one in self._allowed.of(application)
            if "*" not in one.site
        )
