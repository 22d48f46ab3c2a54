"""A fingerprint of an element: small hashes of independent facts, to tell it from another one.

A selector says where an element stood. What it was is said by its tag, its words, its link, its own
lasting attributes and the words around it. Each fact is a hash of 24 bits, so that a fingerprint is
a short text of fixed width which is stored once per element and holds nothing to read.
"""

import re
from base64 import urlsafe_b64encode
from hashlib import blake2b
from typing import Final

import msgspec
from msgspec import Struct

from isotherm.model.text_cache import text_cache

_WIDTH: Final = 4
_ABSENT: Final = "." * _WIDTH
_FACTS: Final = ("kind", "words", "loose", "link", "mark", "around")
_MORE: Final = ("row",)
"""Facts that few elements have; without them the text is shorter."""

_FLAGS: Final = ("alone", "alone_loosely", "named", "long")
_LETTERS: Final = re.compile(r"[^\W\d_]++")
_MASK: Final = re.compile(r"[*x\s]*+")
_TAG: Final = re.compile(r"\*?([A-Za-z][\w-]*+)")
_INTO: Final = re.compile(r"::(?:shadow|frame) ")
_POSITIONS: Final = (":nth-of-type(", ":nth-child(")


class Fingerprint(Struct, frozen=True, omit_defaults=True):
    """What is known about an element; "" = not known."""

    kind: str = ""  # tag, and type of an input
    words: str = ""  # what people call it
    loose: str = ""  # the same without numbers: "Cart (3)" and "Cart (4)" are one button
    link: str = ""  # path of the address it leads to
    mark: str = ""  # its id or test id, where no other element has the same
    around: str = ""  # the other words of the smallest part of the page that has any
    row: str = ""  # nothing but its node, in a list whose places are used again (`row_fact`)
    alone: bool = False  # nothing else in the document had these words
    alone_loosely: bool = False  # nor these without numbers
    named: bool = False  # from an action's name only: the sender may name things in its own way
    long: bool = False  # so many words that they may well be another's content

    @property
    def text(self) -> str:
        """The form that is stored; "" when nothing is known."""
        facts = [getattr(self, name) for name in (*_FACTS, *(_MORE if self.row else ()))]
        if not any(facts):
            return ""
        flags = sum(getattr(self, name) << bit for bit, name in enumerate(_FLAGS))
        return "".join(fact or _ABSENT for fact in facts) + f"{flags:x}"

    @staticmethod
    @text_cache(50_000)
    def read(text: str) -> "Fingerprint":
        """Read the stored form; what has another form says nothing."""
        names = (*_FACTS, *_MORE)
        lengths = {_WIDTH * len(known) + 1 for known in (_FACTS, names)}
        if len(text) not in lengths or text[-1] not in "0123456789abcdef":
            return Fingerprint()
        facts = [text[at : at + _WIDTH] for at in range(0, len(text) - 1, _WIDTH)]
        flags = [bool(int(text[-1], 16) >> bit & 1) for bit in range(len(_FLAGS))]
        known = ["" if one == _ABSENT else one for one in facts]
        values = {**dict(zip(names, known, strict=False)), **dict(zip(_FLAGS, flags, strict=True))}
        return msgspec.convert(values, Fingerprint)

    @property
    def weak(self) -> bool:
        """Nothing in it names the element, so that its size has to help."""
        return not (self.words or self.link or self.mark)


def fact(*parts: str) -> str:
    """Return the hash of a fact; "" when there is nothing in it."""
    if not any(parts):
        return ""
    digest = blake2b("\0".join(parts).encode("utf-8", "replace"), digest_size=3).digest()
    return urlsafe_b64encode(digest).decode()


def row_fact(recording: str, node: int) -> str:
    """Return the fact that an element is a node of a recording: comparable within that one only."""
    return fact(recording)[: _WIDTH // 2] + fact(str(node))[: _WIDTH // 2]


def same_recording(one: str, other: str) -> bool:
    """Say whether two row facts can be compared."""
    return bool(one and other) and one[: _WIDTH // 2] == other[: _WIDTH // 2]


def kind_of(tag: str, input_type: str = "") -> str:
    """Return the hash of an element's kind: its tag in small letters, and the type of an input."""
    return fact(tag, input_type)


def words_of(text: str, *, masks: bool = False) -> str:
    """Return words as they are compared; "" when they are masked, for `masks` see `is_masked`."""
    words = " ".join(text.split()).casefold()
    return "" if words == "masked element" or is_masked(words, masks=masks) else words


def is_masked(text: str, *, masks: bool = False) -> bool:
    """Say whether a text is masked or blank: rrweb writes each character as `*`, Datadog as `x`.

    A single `x` may be a word, as on a button that closes; not where the document masks its texts
    (`masks`) or where other words beside it are masked.
    """
    if not _MASK.fullmatch(text):
        return False
    return masks or "xx" in text or "*" in text or not text.strip()


def loose_words(words: str) -> str:
    """Return words without numbers and signs."""
    return " ".join(_LETTERS.findall(words))


def positional(key: str) -> bool:
    """Say whether a selector counts, so that another element may stand at its place."""
    return any(mark in key for mark in _POSITIONS)


def fingerprint_of_name(name: str, key: str) -> Fingerprint:
    """Return what a sender without a recording tells: the action's name and the selector's tag."""
    words = words_of(name)
    if not words or words == words_of(key):
        return Fingerprint()
    tag = _TAG.match(_INTO.split(key)[-1].rpartition(">")[2])
    kind = tag[1].lower() if tag else ""
    return Fingerprint(
        kind="" if kind in {"", "input"} else kind_of(kind),  # an input's type is not known
        words=fact(words),
        loose=fact(loose_words(words)),
        alone_loosely=True,
        named=True,
    )
