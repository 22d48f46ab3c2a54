"""The sites that an application's pictures may use, and what could not be fetched."""

import re
from enum import StrEnum
from urllib.parse import urlsplit

from msgspec import Struct

MOST_CHARACTERS = 300
WEB_PORTS = {"http": 80, "https": 443}
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}+(?<!-)")
_V6 = re.compile(r"\[[0-9a-f:.]{2,45}+\]")


class Lack(StrEnum):
    """Why an image, font or style sheet is not on a picture."""

    NOT_ALLOWED = "not_allowed"  # its host is not among the application's sites
    PRIVATE = "private"  # its host is at a private address, which was not allowed
    REFUSED = "refused"  # its address is none that anything is fetched from
    UNREACHABLE = "unreachable"  # no name, no connection, or not in time
    STATUS = "status"  # the server answered with an error
    WRONG_TYPE = "wrong_type"  # it is no image, font or style sheet
    TOO_LARGE = "too_large"
    TOO_MANY = "too_many"  # the picture already has as many as it may


class Missing(Struct, frozen=True):
    """An image, font or style sheet that a picture lacks."""

    url: str
    kind: str  # image, font, stylesheet
    site: str  # its host, as it would be allowed; "" = it cannot be
    why: Lack
    detail: str = ""  # half a sentence: "404", "text/html"


def normal_site(text: str) -> str:
    """Return a site as it is kept: `host` or `host:port`; `*.host` means all below it.

    Takes an origin, too (`https://shop.example.com`). Raises ValueError with what is wrong.
    """
    text = text.strip().lower()
    if len(text) > MOST_CHARACTERS:
        raise ValueError("a site has at most 300 characters")
    scheme, colon, _ = text.partition("://")
    if colon and scheme not in WEB_PORTS:
        raise ValueError("a site starts with http:// or https://, or is a host alone")
    try:
        parts = urlsplit(text if colon else f"//{text}")
        port, host = parts.port, parts.hostname or ""
    except ValueError as error:
        raise ValueError("a site is a host, or host:port") from error
    if parts.username is not None or parts.query or parts.fragment or parts.path not in {"", "/"}:
        raise ValueError("a site is a host alone, without path or password")
    host = _host(host)
    if port is None or (colon and port == WEB_PORTS[scheme]):
        return host
    return f"{host}:{port}"


def site_of(url: str) -> str:
    """Return the site that an address is of; "" when nothing would be fetched from there."""
    try:
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        return normal_site(origin) if parts.scheme in WEB_PORTS else ""
    except ValueError:
        return ""


def _host(host: str) -> str:
    host = host.rstrip(".")
    if ":" in host:
        bracketed = f"[{host}]"
        if not _V6.fullmatch(bracketed):
            raise ValueError("that is not an address")
        return bracketed
    try:
        name = host.removeprefix("*.").encode("idna").decode()
    except UnicodeError as error:
        raise ValueError("that is no host") from error
    labels = name.split(".")
    if not all(_LABEL.fullmatch(label) for label in labels):
        raise ValueError("that is no host")
    if host.startswith("*.") and len(labels) < 2:
        raise ValueError("a wildcard stands below a domain, like *.example.com")
    return f"*.{name}" if host.startswith("*.") else name
