"""Access control: bearer tokens with roles, compared in constant time."""

import hmac
import re
from collections.abc import Mapping
from typing import Final

from isotherm.api.route_table import ROUTES
from isotherm.api.route_types import Role, Route
from isotherm.api.services import Options
from isotherm.model.credentials import token_given
from isotherm.model.errors import Code, IsothermError

RANK: Final[Mapping[Role, int]] = {"read": 1, "write": 2, "admin": 3}
_VARIABLE: Final = re.compile(r"<(?:\w{1,64}:)?(\w{1,64})>")
_BY_RULE: Final[Mapping[tuple[str, str], Route]] = {
    (route.method, route.path): route for route in ROUTES
}


def route_of(method: str, rule: str | None) -> Route | None:
    """Return the row of the route table for a method and a rule of Flask's; None without one."""
    known = "get" if method in {"HEAD", "OPTIONS"} else method.lower()
    return _BY_RULE.get((known, _VARIABLE.sub(r"{\1}", rule or "")))


def check_role(route: Route | None, role: Role) -> None:
    """Raise FORBIDDEN when a route asks for more than a role. An unknown one asks for the most."""
    needed = route.role if route else "admin"
    if needed != "open" and RANK[role] < RANK[needed]:
        message = (
            f"This needs a token with the role {needed}; the one that was sent has the role {role}"
        )
        raise IsothermError(Code.FORBIDDEN, message)


def role_of(options: Options, authorization: str | None, *, own_page: bool = False) -> Role:
    """Return what a caller may do. On loopback, no token is needed if none is set.

    A browser that was asked for the token sends it as the password of Basic authentication, with
    pictures too. It would do so for any site's forms: so with a request that may change something
    that is believed only from our own page (`own_page`). Raises UNAUTHORISED for a wrong token.
    """
    if not options.tokens:
        if options.loopback:
            return "admin"
        message = "This server listens beyond loopback and has no token: set ISOTHERM_TOKEN"
        raise IsothermError(Code.UNAUTHORISED, message)
    scheme, given = (authorization or "").partition(" ")[0].lower(), token_given(authorization)
    found = None
    for role, token in options.tokens.items():  # all of them: the time does not tell which
        if hmac.compare_digest(given.encode(), token.encode()):
            found = role
    if found is None or not (scheme == "bearer" or (scheme == "basic" and own_page)):
        message = "Send the token of this server as `Authorization: Bearer <token>`"
        raise IsothermError(Code.UNAUTHORISED, message)
    return found


def is_own_page(method: str, fetch_site: str | None) -> bool:
    """Whether a request only reads, or comes from a page of this server (`Sec-Fetch-Site`)."""
    return method in {"GET", "HEAD"} or fetch_site == "same-origin"
