"""Derives browser, system and device from a User-Agent, and the location from an IP address."""

import ipaddress
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import maxminddb
import ua_parser
from msgspec import Struct

from isotherm.model import Device
from isotherm.model.errors import Code, IsothermError
from isotherm.model.text_cache import text_cache

BROWSERS = {
    "HeadlessChrome": "Chrome",
    "Chrome Headless": "Chrome",
    "Chrome Mobile": "Chrome",
    "Chrome Mobile iOS": "Chrome",
    "Chrome Mobile WebView": "Chrome WebView",
    "Chromium": "Chrome",
    "Edge Mobile": "Edge",
    "Firefox Mobile": "Firefox",
    "Firefox iOS": "Firefox",
    "Mobile Safari": "Safari",
    "Mobile Safari UI/WKWebView": "Safari WebView",
    "Opera Mobile": "Opera",
}
"""One name per browser, whoever parsed it, so that a filter needs one value."""

SYSTEMS = {"Mac OS X": "macOS", "Mac OS": "macOS", "iPadOS": "iOS", "Ubuntu": "Linux"}
UNKNOWN = frozenset({"", "unknown", "Other", "N/A", "-"})
USER_AGENT_MAX = 1_024

_ROBOTS = ("bot", "crawl", "spider")
_PROGRAM = re.compile(r"[\w.-]++/[\w.-]++(?: [\w.-]++/[\w.-]++)*+")
"""Names and versions only (`Python-urllib/3.11`): a program that passes on what browsers sent."""


class Client(Struct, frozen=True):
    """Browser, system and device of a User-Agent; "" if unknown."""

    browser: str = ""
    os: str = ""
    device: Device = ""
    robot: bool = False


@text_cache(8_192)
def client_of(user_agent: str) -> Client:
    """Read a User-Agent header. Never fails: an unknown one gives empty values."""
    if not user_agent:
        return Client()
    agent = user_agent[:USER_AGENT_MAX]
    if _PROGRAM.fullmatch(agent) and not any(robot in agent.lower() for robot in _ROBOTS):
        return Client()
    found = ua_parser.parse(agent)
    system = found.os.family if found.os else ""
    family = found.device.family if found.device else ""
    return Client(
        browser=browser_name(found.user_agent.family if found.user_agent else ""),
        os=system_name(system),
        device=_device(agent, system, family),
        robot=family == "Spider",
    )


def browser_name(name: str) -> str:
    """Return the common name of a browser."""
    return "" if name in UNKNOWN else BROWSERS.get(name, name)


def system_name(name: str) -> str:
    """Return the common name of an operating system."""
    return "" if name in UNKNOWN else SYSTEMS.get(name, name)


def device_name(name: str) -> Device:
    """Return the kind of device for the names that SDKs use (`PC`, `Mobile`, `iPad`, ...)."""
    return _DEVICES.get(name.lower(), "")


_DEVICES: dict[str, Device] = {
    "pc": "desktop",
    "desktop": "desktop",
    "laptop": "desktop",
    "mobile": "mobile",
    "phone": "mobile",
    "tablet": "tablet",
    "ipad": "tablet",
}
_TABLETS = ("iPad", "Tablet", "Kindle", "PlayBook", "Silk/")


def _device(agent: str, system: str, family: str) -> Device:
    if family == "Spider":
        return ""
    if any(word in agent for word in _TABLETS) or (
        # Android phones say "Mobile", Android tablets do not (Chrome's own rule).
        system == "Android" and "Mobile" not in agent
    ):
        return "tablet"
    return "mobile" if "Mobi" in agent or system in ("iOS", "Android") else "desktop"


class Place(Struct, frozen=True):
    """The location of an IP address: ISO 3166 country code and the city's English name."""

    country: str = ""
    city: str = ""


class Places:
    """Looks IP addresses up in a MaxMind-format file; without a file, every location is unknown."""

    def __init__(self, file: Path | None) -> None:
        """Open the file. Raises INVALID when it is none of that format."""
        self._reader: maxminddb.Reader | None = None
        if file is not None:
            try:
                self._reader = maxminddb.open_database(str(file), maxminddb.MODE_MMAP)
            except (OSError, maxminddb.InvalidDatabaseError) as error:
                message = f"{file} is not a database in MaxMind format: {error}"
                raise IsothermError(Code.INVALID, message, field="geo_database") from error
        self.of = text_cache(8_192)(self._of)

    def _of(self, address: str) -> Place:
        """Return the place of an IP address; a wrong or private address has none."""
        if self._reader is None or not address:
            return Place()
        try:
            record = self._reader.get(address)
        except (ValueError, maxminddb.InvalidDatabaseError):
            return Place()
        if not isinstance(record, dict):
            return Place()
        return Place(_text(record, "country", "iso_code"), _text(record, "city", "names", "en"))


def _text(record: Mapping[str, Any], *path: str) -> str:
    value: Any = record
    for key in path:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value if isinstance(value, str) else ""


Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_MAPPED_BITS = 96
"""Length of the prefix under which IPv6 has the addresses of IPv4 (RFC 4291 2.5.5.2)."""


def networks(texts: Iterable[str]) -> tuple[Network, ...]:
    """Read addresses or networks (`10.0.0.0/8`). Raises INVALID naming the wrong one."""
    found = []
    for text in texts:
        try:
            found.append(_unmapped(ipaddress.ip_network(text, strict=False)))
        except ValueError as error:
            message = f"{text!r} is neither an address nor a network"
            raise IsothermError(Code.INVALID, message, field="trusted_proxies") from error
    return tuple(found)


def _unmapped(network: Network) -> Network:
    mapped = getattr(network.network_address, "ipv4_mapped", None)
    if mapped is None or network.prefixlen < _MAPPED_BITS:
        return network
    return ipaddress.ip_network((mapped, network.prefixlen - _MAPPED_BITS))


def bare(hop: str) -> str:
    """Return an address without brackets and port, and one of IPv4 as such (not in IPv6)."""
    host = hop
    if hop.startswith("["):
        host = hop[1:].partition("]")[0]
    elif hop.count(":") == 1:
        host = hop.partition(":")[0]
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return hop
    return str(getattr(address, "ipv4_mapped", None) or address)


def client_address(remote: str, forwarded_for: str, trusted: tuple[Network, ...]) -> str:
    """Return the browser's address: the last one in X-Forwarded-For that no trusted proxy has.

    Each proxy adds on the right whom it saw, so the header is read from the right, and not at all
    when the connection itself does not come from a trusted proxy.
    """
    address = bare(remote)
    for hop in reversed([part.strip() for part in forwarded_for.split(",") if part.strip()]):
        if not _is_in(address, trusted):
            break
        address = bare(hop)
    return address


def _is_in(address: str, trusted: tuple[Network, ...]) -> bool:
    if not trusted:
        return False
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(parsed in network for network in trusted)
