"""Decides which hosts the renderer may reach, and at which address: the only such guard."""

import ipaddress
import socket
from collections.abc import Sequence

from msgspec import Struct

from isotherm.model.sites import Lack

WEB_PORTS = (80, 443)
NOT_LISTED = " is not one of the application's sites"
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
# what the standard library's tables call global in some versions, or clouds use inside
_NEVER = tuple(
    ipaddress.ip_network(network)
    for network in ("100.64.0.0/10", "168.63.129.16/32", "192.0.0.0/24", "192.88.99.0/24")
)
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class RefusedError(Exception):
    """The connection is not allowed; the sentence says why."""

    def __init__(self, message: str, why: Lack = Lack.REFUSED) -> None:
        super().__init__(message)
        self.why = why


class Host(Struct, frozen=True):
    """One allowed host: `shop.example`, `*.shop.example`, `10.0.0.5:8080`, `*` (any public one)."""

    pattern: str
    port: int | None = None
    address: tuple[str, int] | None = None  # connect there instead of asking the DNS
    private: bool = False  # a person meant this very host, so its address may be private

    def covers(self, host: str, port: int) -> bool:
        """Say whether a connection to this host and port is meant."""
        if self.port is not None and self.port != port:
            return False
        if self.port is None and self.address is None and port not in WEB_PORTS:
            return False
        if self.pattern == "*":
            return True
        if self.pattern.startswith("*."):
            return host.endswith(self.pattern[1:])
        return host == self.pattern


def parse_hosts(entries: Sequence[str], application: str) -> tuple[Host, ...]:
    """Read `[application=]host[:port][@address:port]` entries; keep those of this application.

    An entry of the settings with a port, or with the address to use, is meant as it stands: it
    may be private.
    """
    hosts = []
    for entry in entries:
        owner, equals, rest = entry.rpartition("=")
        if equals and owner != application:
            continue
        name, _, pinned = rest.partition("@")
        host, port = _split(name)
        address = _split(pinned) if pinned else None
        hosts.append(
            Host(
                host.lower(),
                port,
                (address[0], address[1] or port or 80) if address else None,
                private="*" not in host and (port is not None or address is not None),
            )
        )
    return tuple(hosts)


def site_host(site: str, *, private: bool = False) -> Host:
    """Return the host that a saved site (`model.sites`) stands for."""
    host, port = _split(site)
    return Host(host, port, private=private and "*" not in host)


def address_of(host: str, port: int, allowed: Sequence[Host]) -> tuple[str, int]:
    """Return the one address to connect to, resolved once. Raises RefusedError."""
    host = host.rstrip(".").lower()
    covering = [entry for entry in allowed if entry.covers(host, port)]
    entry = max(covering, key=lambda one: (one.address is not None, one.private), default=None)
    if entry is None:
        raise RefusedError(f"{host}:{port}{NOT_LISTED}", Lack.NOT_ALLOWED)
    if entry.address is not None:
        return entry.address
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise RefusedError(f"{host} has no address", Lack.UNREACHABLE) from error
    for *_, address in found:
        ip = ipaddress.ip_address(str(address[0]).partition("%")[0])
        if entry.private or is_public(ip):
            return str(ip), port
    raise RefusedError(f"{host} is at a private address, which is not allowed", Lack.PRIVATE)


def is_public(ip: Address) -> bool:
    """Say whether an address is on the public internet and not this machine's own."""
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is None and ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None and not is_public(inner):
            return False
    return (
        ip.is_global
        and not ip.is_multicast
        and not ip.is_reserved
        and not any(ip in network for network in _NEVER)
        and not _is_own(ip)
    )


def _is_own(ip: Address) -> bool:
    """Only an address of this machine can be bound to."""
    family = socket.AF_INET if ip.version == 4 else socket.AF_INET6
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.bind((str(ip), 0))
    except OSError:
        return False
    return True


def _split(text: str) -> tuple[str, int | None]:
    """Split `host`, `host:port` or `[v6]:port`."""
    if text.startswith("["):
        host, _, port = text[1:].partition("]")
        port = port.removeprefix(":")
    elif text.count(":") == 1:
        host, _, port = text.partition(":")
    else:
        host, port = text, ""
    return host, int(port) if port else None
