"""What an `Authorization` header says. Imports nothing heavy: it is asked before a server forks."""

from base64 import b64decode
from binascii import Error as Base64Error


def token_given(authorization: str | None) -> str:
    """Return the token that a header has, right or wrong; "" without.

    A browser that was asked for it sends it as the password of Basic authentication.
    """
    scheme, _, given = (authorization or "").partition(" ")
    return _password(given) if scheme.lower() == "basic" else given.strip()


def _password(credentials: str) -> str:
    try:
        return b64decode(credentials, validate=True).decode().partition(":")[2]
    except (Base64Error, UnicodeDecodeError, ValueError):
        return ""
