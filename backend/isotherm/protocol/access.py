"""Who may ask: the bearer token, compared in constant time."""

import hmac

from isotherm.errors import Code, IsothermError
from isotherm.protocol.services import Options

OPEN_PATHS = frozenset({"/health"})
"""Answered without a token: they say nothing but that the process lives."""

SNAPSHOTS = "/s/"
"""Shared snapshots are below it: their unguessable address is what opens them."""


def is_open(path: str) -> bool:
    """Whether a path is answered without the server's token."""
    return path in OPEN_PATHS or path.startswith(SNAPSHOTS)


def check_token(options: Options, authorization: str | None) -> None:
    """Raise UNAUTHORISED unless the token fits. On loopback none is needed if none is set."""
    if not options.token:
        if options.loopback:
            return
        message = "This server listens beyond loopback and has no token: set ISOTHERM_TOKEN"
        raise IsothermError(Code.UNAUTHORISED, message)
    scheme, _, given = (authorization or "").partition(" ")
    right = hmac.compare_digest(given.strip().encode(), options.token.encode())
    if scheme.lower() != "bearer" or not right:
        message = "Send the token of this server as `Authorization: Bearer <token>`"
        raise IsothermError(Code.UNAUTHORISED, message)
