"""What is never stored: secrets in addresses and texts, private attributes; ids as hashes.

A name is private when it ends with one of the settings' words, whatever its case and its
separators: `X-Access-Token` and `user.password` are, `tokens_used` is not. A short one must be a
word of its own: `connect.sid` and `userPwd` are, `status_id` and `businessId` are not.
"""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from hashlib import blake2b
from typing import Final

from msgspec import Struct

from isotherm.intake.replacing import replaced
from isotherm.model.text_cache import text_cache

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
    "sessid",
    "sid",
    "ssn",
    "cvv",
    "cvc",
    "cardnumber",
)
"""Names of query parameters and attributes whose values are secrets."""

CODE: Final = "code"
"""Private as a parameter, where it is what OAuth hands over, but not as an attribute."""

SHORT: Final = 4
"""Names of at most so many characters end many others by chance (`sid` ends `businessid`)."""

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


_WORD_STARTS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_WORDS = re.compile(r"[^\W_]++")


@text_cache(8_192)
def _is_private(name: str, private: tuple[str, ...]) -> bool:
    plain = "".join(char for char in name.lower() if char.isalnum())
    if not plain.endswith(private):
        return False
    if plain in private or plain.endswith(tuple(one for one in private if len(one) > SHORT)):
        return True
    return _WORDS.findall(_WORD_STARTS.sub(" ", name))[-1].lower() in private


_CREDENTIALS = re.compile(rb"(://)[^\s/\"'<>\\@:?#(){};,]{0,256}+:[^\s/\"'<>\\@?#(){};,]{1,256}+@")
_BEARER = re.compile(rb"([Bb]earer )[A-Za-z0-9._~+/-]{16,}+")
_ADDRESS = re.compile(rb"(?:[^\s\"'<>\\`)]|\\u0026)*+")
_SIGNED = re.compile(
    rb"(?:[?&;]|\\u0026)(?:(?:[a-z0-9-]{0,16}signature|sig)=[^&]|alt=media(?![a-z0-9]))",
    re.IGNORECASE,
)
"""In an address that is good for nothing else, such as an image's for an hour."""


@lru_cache(maxsize=16)
def _parameters(private: tuple[str, ...]) -> re.Pattern[bytes]:
    """Return what finds the parameters whose last characters are such as private names have.

    It passes over the others by itself: a body may have millions.
    """
    names = [name for name in (*private, CODE) if name.isascii()]
    length = min(3, *map(len, names))
    ends = "".join(sorted({char for name in names for char in name[-3:]}))
    like = f"[{re.escape(ends + ends.upper())}_.-]" * length
    return re.compile(
        rb"((?:[?&#;]|\\u0026)([A-Za-z0-9_.-]{1,64}+)(?<=%b)=)[^&#\s\"'<>\\`;)]*+" % like.encode()
    )


@lru_cache(maxsize=16)
def _judge(private: tuple[str, ...]) -> Callable[[bytes], bool]:
    """Return what tells whether the value of a parameter is never stored."""

    @text_cache(8_192)
    def secret(name: bytes) -> bool:
        text = name.decode()
        return text.lower() == CODE or _is_private(text, private)

    return secret


def _cleaned(text: bytes, private: tuple[str, ...]) -> bytes:
    text = replaced(text, _secrets(text, private), GONE)
    text = replaced(text, _CREDENTIALS.finditer(text), b"")
    return replaced(text, _BEARER.finditer(text), GONE)


def _secrets(text: bytes, private: tuple[str, ...]) -> Iterator[re.Match[bytes]]:
    """Yield the private parameters, except in signed addresses: pictures need them whole."""
    end, signed, secret = 0, False, _judge(private)
    for match in _parameters(private).finditer(text):
        if secret(match[2]):
            if match.start() >= end:
                end, signed = _address_around(text, match.start(), end)
            if not signed:
                yield match


def _address_around(text: bytes, at: int, since: int) -> tuple[int, bool]:
    """Return where the address around a place ends, and whether it is signed."""
    begin = max(text.rfind(b"?", since, at + 1), since)
    end = _end_of_address(text, begin)
    if end <= at:  # that was another address
        begin, end = at, _end_of_address(text, at)
    return end, _SIGNED.search(text, begin, end) is not None


def _end_of_address(text: bytes, begin: int) -> int:
    found = _ADDRESS.match(text, begin)
    return found.end() if found else begin
