"""Reads request bodies within limits: size, compression, depth, numbers and text."""

import re
import zlib
from collections.abc import Iterator
from typing import TypeVar

import msgspec
import numpy as np
from msgspec import Struct

from isotherm.intake.replacing import replaced
from isotherm.model.errors import Code, IsothermError

T = TypeVar("T")

MEBIBYTE = 1 << 20
RATIO_FROM_BYTES = MEBIBYTE
"""Below this inflated size the compression ratio is not looked at: small bodies harm nobody."""
PIECE_BYTES = 1 << 18
UNREAD = {"br": "brotli", "zstd": "zstd", "compress": "compress"}
"""Compressions that are not read, by their names in `Content-Encoding`."""
GZIP = b"\x1f\x8b"
MEMBERS = 64  # of a gzip body at most: what comes after each one is copied
ZSTD = b"\x28\xb5\x2f\xfd"
"""How a Zstandard frame begins (RFC 8878 3.1.1)."""


class Limits(Struct, frozen=True, kw_only=True):
    """The largest bodies that are read; everything above is refused with TOO_LARGE."""

    body_bytes: int = 16 * MEBIBYTE  # as received
    inflated_bytes: int = 64 * MEBIBYTE
    ratio: int = 250  # inflated / received; JSON of recordings reaches about 30
    items: int = 20_000  # events in one body; SDKs send at most some 50
    depth: int = 512  # nested arrays and objects; a page's tree takes two levels per element


def plain(data: bytes, limits: Limits) -> bytes:
    """Return the decompressed body if it is a gzip or zlib stream, else the body itself.

    The bytes decide, not a header: SDKs mark compression in three different ways, and send
    uncompressed bodies in a compressed session. JSON and line protocol never start like these.
    """
    if len(data) > limits.body_bytes:
        raise too_large(limits)
    if data.startswith(GZIP):
        return _inflate(data, zlib.MAX_WBITS | 16, limits)
    if is_zlib(data):
        return _inflate(data, zlib.MAX_WBITS, limits)
    if data[:4] == ZSTD:
        message = "The body is compressed with zstd; send it with gzip or zlib, or uncompressed"
        raise IsothermError(Code.INVALID, message)
    return data


def check_compression(data: bytes, encoding: str) -> None:
    """Raise INVALID for a body whose header names a compression that is not read.

    The bytes decide here, too: proxies that decompress leave the header as it was.
    """
    named = UNREAD.get(encoding.rpartition(",")[2].strip().lower())
    if named is None or data[:2] == b"--" or data[:4] == ZSTD or is_zlib(data):
        return
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        message = f"The body is compressed with {named}; send it with gzip or zlib, or uncompressed"
        raise IsothermError(Code.INVALID, message) from error


def declared_plain(data: bytes, limits: Limits, *, deflated: bool) -> bytes:
    """Do the same, where `deflated` says that the sender marked the body as compressed.

    A marked body that starts like no known stream is tried as a raw deflate stream.
    """
    inflated = plain(data, limits)
    if inflated is data and deflated and data[:1] not in b"{[\n" and not data[:1].isalpha():
        return _inflate(data, -zlib.MAX_WBITS, limits)
    return inflated


def is_zlib(data: bytes) -> bool:
    """Whether the bytes start with a zlib header (RFC 1950 2.2: CM = 8, check bits right)."""
    return len(data) > 2 and data[0] & 0x0F == 8 and (data[0] << 8 | data[1]) % 31 == 0


def too_large(limits: Limits) -> IsothermError:
    """Return the error for a body above the limit."""
    limit = f"{limits.body_bytes / MEBIBYTE:g} MiB"
    return IsothermError(Code.TOO_LARGE, f"The body is larger than the {limit} that are allowed")


def _inflate(data: bytes, window_bits: int, limits: Limits) -> bytes:
    """Inflate piece by piece, so that a bomb costs no more memory than the limit.

    A gzip body may have several members (RFC 1952 2.2).
    """
    stream = zlib.decompressobj(window_bits)
    most = min(limits.inflated_bytes, max(RATIO_FROM_BYTES, limits.ratio * len(data)))
    pieces: list[bytes] = []
    size, members = 0, 1
    rest = data
    try:
        while True:
            piece = stream.decompress(rest, PIECE_BYTES)
            rest = stream.unconsumed_tail
            size += len(piece)
            if size > most:
                message = f"The body inflates to more than the {most:,} bytes that are allowed"
                raise IsothermError(Code.TOO_LARGE, message)
            pieces.append(piece)
            if not stream.eof:
                if not piece and not rest:
                    raise IsothermError(Code.INVALID, "The compressed body ends too early")
                continue
            rest = stream.unused_data
            if not rest:
                break
            members += 1
            if not rest.startswith(GZIP) or members > MEMBERS:
                message = f"{len(rest):,} bytes come after the end of the compressed body"
                raise IsothermError(Code.INVALID, message)
            stream = zlib.decompressobj(window_bits)
    except zlib.error as error:
        raise IsothermError(Code.INVALID, f"The compressed body is damaged: {error}") from error
    return b"".join(pieces)


def read_json(data: bytes | str, decoder: msgspec.json.Decoder[T], what: str) -> T:
    """Decode strict JSON (no NaN, no lone surrogates); raise INVALID that names the place."""
    try:
        return decoder.decode(data)
    except msgspec.DecodeError as error:
        raise IsothermError(Code.INVALID, f"{what}: {error}") from error
    except UnicodeDecodeError as error:
        raise IsothermError(Code.INVALID, f"{what} is not UTF-8 text: {error}") from error
    except RecursionError as error:
        raise IsothermError(Code.INVALID, f"{what} is nested too deep") from error


_STRINGS = re.compile(rb'()"(?:[^"\\]++|\\.)*+"?', re.DOTALL)


def check_depth(data: bytes, limits: Limits, what: str) -> None:
    """Raise INVALID when arrays and objects are nested deeper than the limit.

    Only bodies that are stored and read again later need this: their readers walk trees.
    """
    if data.count(b"{") + data.count(b"[") <= limits.depth:
        return
    # Brackets inside texts may pretend a depth, so texts go before the exact count.
    if (
        _depth(data) > limits.depth
        and _depth(replaced(data, _STRINGS.finditer(data))) > limits.depth
    ):
        raise IsothermError(Code.INVALID, f"{what} is nested deeper than {limits.depth} levels")


def _depth(data: bytes) -> int:
    deepest = level = 0
    for start in range(0, len(data), PIECE_BYTES):
        codes = np.frombuffer(data, np.uint8, min(PIECE_BYTES, len(data) - start), start)
        opening = (codes == ord("{")) | (codes == ord("["))
        closing = (codes == ord("}")) | (codes == ord("]"))
        levels = level + np.cumsum(opening.astype(np.int32) - closing.astype(np.int32))
        deepest, level = max(deepest, int(levels.max())), int(levels[-1])
    return deepest


_HALVES = re.compile(
    rb"(?:[^\\]++|\\[^u]|\\u(?![dD][89a-fA-F])|\\u[dD][89abAB]..\\u[dD][c-fC-F]..)*+"
    rb"(\\u[dD][89a-fA-F]..)?+",
    re.DOTALL,
)
"""Text that may stay, with whole pairs in it, and then a half of a pair."""


def mend_surrogates(data: bytes) -> bytes:
    r"""Replace halves of surrogate pairs (`\ud83d`) in JSON text by U+FFFD.

    A page text cut in the middle of an emoji is no reason to lose a recording.
    """
    if b"\\ud" not in data and b"\\uD" not in data:
        return data

    mended = bytearray(data)
    for match in _HALVES.finditer(data):
        start, end = match.span(1)
        if end > start:
            mended[start:end] = b"\\ufffd"  # as long as what it replaces
    return bytes(mended)


def lines(data: bytes) -> Iterator[bytes]:
    """Yield the lines that are not blank; SDKs start bodies with a blank line at times."""
    for line in data.split(b"\n"):
        if line and not line.isspace():
            yield line
