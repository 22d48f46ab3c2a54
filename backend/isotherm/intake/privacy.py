"""What is never stored: secrets in addresses and texts, private attributes; ids as hashes.

A name is private when it ends with one of the settings' words, whatever its case and its
separators: `X-Access-Token` and `user.password` are, `tokens_used` is not.
"""

import re
from functools import lru_cache
from hashlib import blake2b
from typing import Final

from msgspec import Struct

PRIVATE: Final = (
    "password",
    "passwd",
    "passphrase",
    "pwd",
    "secret",
    "token",
    "apikey",
    "accesskey",
    "privatekey",
    "authorization",
    "jwt",
    "otp",
    "sessionid",
    "sid",
    "ssn",
    "cvv",
    "cvc",
    "cardnumber",
)
"""Names of query parameters and attributes whose values are secrets."""

CODE: Final = "code"
"""Private as a parameter, where it is what OAuth hands over, but not as an attribute."""

GONE: Final = b"-"
"""What stands where a secret stood."""

HASH_CHARACTERS: Final = 32


class Privacy(Struct, frozen=True):
    """What the settings say about it."""

    private: tuple[str, ...] = PRIVATE
    user_key: bytes = b""
    """Key of the hashes of user ids; empty: ids are stored as they are sent."""

    def is_private(self, name: str) -> bool:
        """Tell whether the value of an attribute is never stored."""
        return _is_private(name, self.private)

    def text(self, text: str) -> str:
        """Return a text without the secrets in its addresses."""
        if "=" not in text and "://" not in text and "earer " not in text:
            return text
        return _cleaned(text.encode(), self.private).decode()

    def recording(self, body: bytes) -> bytes:
        """Return a segment's JSON without the secrets in its addresses."""
        return _cleaned(body, self.private)

    def user(self, user_id: str) -> str:
        """Return the id under which a user is stored. The same id gives the same hash."""
        if not self.user_key or not user_id:
            return user_id
        digest = blake2b(user_id.encode(), key=self.user_key, digest_size=HASH_CHARACTERS // 2)
        return digest.hexdigest()


@lru_cache(maxsize=8_192)
def _is_private(name: str, private: tuple[str, ...]) -> bool:
    plain = "".join(char for char in name.lower() if char.isalnum())
    return plain.endswith(private)


_PARAMETER = re.compile(rb"((?:[?&#;]|\\u0026)([A-Za-z0-9_.-]{1,64}+)=)[^&#\s\"'<>\\`;)]*+")
_CREDENTIALS = re.compile(rb"(://)[^\s/\"'<>\\@:?#]{0,256}+:[^\s/\"'<>\\@?#]{1,256}+@")
_BEARER = re.compile(rb"([Bb]earer )[A-Za-z0-9._~+/-]{16,}+")


def _cleaned(text: bytes, private: tuple[str, ...]) -> bytes:
    def without(match: re.Match[bytes]) -> bytes:
        name = match[2].decode()
        secret = name.lower() == CODE or _is_private(name, private)
        return match[1] + GONE if secret else match[0]

    text = _PARAMETER.sub(without, text)
    text = _CREDENTIALS.sub(rb"\1", text)
    return _BEARER.sub(rb"\1" + GONE, text)
