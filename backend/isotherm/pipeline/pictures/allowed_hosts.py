"""Who may be asked for an application's pages and assets: settings, a file, and saved sites."""

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import yaml
from msgspec import Struct

from isotherm.model.sites import WEB_PORTS, normal_site
from isotherm.render.hosts import Host, parse_hosts, site_host
from isotherm.storage.saved.sites import Sites

EVERY = "*"
"""Key of the file's sites that are every application's."""
log = logging.getLogger(__name__)


AllowedBy = Literal["saved", "file", "settings"]


class Connected(Struct, frozen=True):
    """A site of an application, and where that is said."""

    site: str
    private: bool
    origin: AllowedBy
    id: str = ""  # of a saved one, which can be removed


class AllowedSites:
    """The sites of each application, as they are now: nothing is kept from one call to the next."""

    def __init__(
        self, saved: Sites | None = None, settings: Sequence[str] = (), file: Path | None = None
    ) -> None:
        """Take the entries of `capture_hosts` and `sheet_hosts`, and the file of `sites_file`."""
        self._saved = saved
        self._settings = tuple(dict.fromkeys(settings))
        self._file = file
        self._read: tuple[int, dict[str, list[Connected]]] = (0, {})

    def hosts(self, application: str) -> tuple[Host, ...]:
        """Return whom the renderer may reach for an application. Raises STORE_UNAVAILABLE."""
        named = [one for one in self.of(application) if one.origin != "settings"]
        return (
            *parse_hosts(self._settings, application),
            *(site_host(one.site, private=one.private) for one in named),
        )

    def of(self, application: str) -> list[Connected]:
        """Return an application's sites, those that can be removed here first."""
        saved = self._saved.of(application) if self._saved is not None else []
        return [
            *(Connected(one.site, one.private, "saved", one.id) for one in saved),
            *self._of_file().get(application, []),
            *self._of_file().get(EVERY, []),
            *(
                Connected(_shown(host), host.private, "settings")
                for host in parse_hosts(self._settings, application)
            ),
        ]

    def _of_file(self) -> dict[str, list[Connected]]:
        """Read the file again when it has changed; a wrong one leaves what was read before."""
        if self._file is None:
            return {}
        try:
            changed = self._file.stat().st_mtime_ns
            if changed != self._read[0]:
                self._read = (changed, read_sites(self._file.read_text("utf-8")))
        except (OSError, ValueError, yaml.YAMLError) as error:
            log.warning("The file of sites %s cannot be read: %s", self._file, error)
        return self._read[1]


def read_sites(text: str) -> dict[str, list[Connected]]:
    """Read `sites: {application: [site or {site, private}]}`. Raises ValueError, YAMLError."""
    document = yaml.safe_load(text) or {}
    sites = document.get("sites", {}) if isinstance(document, dict) else None
    if not isinstance(sites, dict):
        raise ValueError("it must have the form `sites: {application: [site, ...]}`")  # noqa: TRY004
    found: dict[str, list[Connected]] = {}
    for application, entries in sites.items():
        if not isinstance(entries, list):
            raise ValueError(f"the sites of {application} must be a list")  # noqa: TRY004
        found[str(application)] = [_entry(one) for one in entries]
    return found


def may_fetch(url: str, hosts: Sequence[Host]) -> bool:
    """Say whether an address is at one of these hosts."""
    try:
        parts = urlsplit(url)
        port = parts.port or WEB_PORTS.get(parts.scheme, 0)
    except ValueError:
        return False
    return any(host.covers((parts.hostname or "").rstrip("."), port) for host in hosts)


def _entry(entry: object) -> Connected:
    if isinstance(entry, dict):
        return Connected(
            normal_site(str(entry.get("site", ""))), bool(entry.get("private")), "file"
        )
    return Connected(normal_site(str(entry)), False, "file")


def _shown(host: Host) -> str:
    return host.pattern if host.port is None else f"{host.pattern}:{host.port}"
