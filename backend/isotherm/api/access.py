"""Access control: the bearer token, compared in constant time."""

import hmac
from base64 import b64decode
from binascii import Error as Base64Error

from isotherm.api.services import Options
from isotherm.model.errors import Code, IsothermError

OPEN_PATHS = frozenset({"/health"})
"""Answered without a token: they say nothing but that the process lives."""

SNAPSHOTS = "/s/"
"""Shared snapshots are below it: their unguessable address is what opens them."""


def is_open(path: str) -> bool:
    """Whether a path is answered without the server's token."""
    return path in OPEN_PATHS or path.startswith(SNAPSHOTS)


def check_token(options: Options, authorization: str | None, *, own_page: bool = False) -> None:
    """Raise UNAUTHORISED for a wrong token. On loopback, no token is needed if none is set.

    A browser that was asked for the token sends it as the password of Basic authentication, with
    pictures too. It would do so for any site's forms: so with a request that may change something
    that is believed only from our own page (`own_page`).
    """
    if not options.token:
        if options.loopback:
            return
        message = "This server listens beyond loopback and has no token: set ISOTHERM_TOKEN"
        raise IsothermError(Code.UNAUTHORISED, message)
    scheme, _, given = (authorization or "").partition(" ")
    if scheme.lower() == "basic" and own_page:
        scheme, given = "bearer", _password(given)
    right = hmac.compare_digest(given.strip().encode(), options.token.encode())
    if scheme.lower() != "bearer" or not right:
        message = "Send the token of this server as `Authorization: Bearer <token>`"
        raise IsothermError(Code.UNAUTHORISED, message)


def is_own_page(method: str, fetch_site: str | None) -> bool:
    """Whether a request only reads, or comes from a page of this server (`Sec-Fetch-Site`)."""
    return method in {"GET", "HEAD"} or fetch_site == "same-origin"


def _password(credentials: str) -> str:
    try:
        return b64decode(credentials, validate=True).decode().partition(":")[2]
    except (Base64Error, UnicodeDecodeError, ValueError):
        return ""
