"""Inflating within limits, telling compression from text, depth, and halves of emoji."""

import gzip
import json
import zlib
from contextlib import nullcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isotherm.intake.bodies import (
    MEMBERS,
    Limits,
    check_compression,
    check_depth,
    declared_plain,
    is_zlib,
    mend_surrogates,
    plain,
)
from isotherm.model.errors import Code, IsothermError

LIMITS = Limits(body_bytes=1 << 16, inflated_bytes=1 << 21, ratio=100, depth=8)
TEXT = b'{"type":"view"}\n' * 50


@given(st.binary(max_size=3_000), st.integers(0, 9))
def test_streams_come_back_whole(data: bytes, level: int) -> None:
    assert plain(zlib.compress(data, level), LIMITS) == data
    assert plain(gzip.compress(data, level), LIMITS) == data


def test_every_member_of_a_gzip_body_is_read_and_what_is_none_is_told() -> None:
    members = [gzip.compress(b"%d\n" % number) for number in range(MEMBERS)]
    assert plain(b"".join(members), LIMITS).split() == [b"%d" % n for n in range(MEMBERS)]
    for rest in (TEXT, gzip.compress(b"one too many")):
        with pytest.raises(IsothermError, match=f"{len(rest)} bytes come after"):
            plain(b"".join(members) + rest, LIMITS)
    with pytest.raises(IsothermError, match="ends too early"):
        plain(b"".join(members[:2])[:-9], LIMITS)
    with pytest.raises(IsothermError, match="bytes come after"):
        plain(zlib.compress(TEXT) + TEXT, LIMITS)


@pytest.mark.parametrize("start", [b"{", b"[", b"\n{", b"view,", b"error,", b"action,"])
def test_texts_are_no_streams(start: bytes) -> None:
    assert not is_zlib(start + TEXT)
    assert declared_plain(start + TEXT, LIMITS, deflated=True) == start + TEXT


def test_both_limits_of_inflating_hold() -> None:
    long, short = gzip.compress(bytes(9 << 20), 1), gzip.compress(bytes(2 << 20))
    assert len(long) * LIMITS.ratio > LIMITS.inflated_bytes > len(short) * LIMITS.ratio
    with pytest.raises(IsothermError, match="2,097,152") as raised:
        plain(long, LIMITS)
    assert raised.value.code is Code.TOO_LARGE
    with pytest.raises(IsothermError, match="1,048,576"):
        plain(short, LIMITS)


def test_depth_counts_structure_not_text() -> None:
    check_depth(b"[" * 8 + b"]" * 8, LIMITS, "It")
    check_depth(json.dumps({"text": "[" * 50 + '\\"' + "{" * 50}).encode(), LIMITS, "It")
    check_depth(b"[" + b"[],{}," * 50 + b"[]]", LIMITS, "It")
    check_depth(b'["' + b'","'.join([b"[" * 9] * 40_000) + b'"]', LIMITS, "It")  # more than a piece
    check_depth(b"[" * 7 + b"1," * 300_000 + b"[]" + b"]" * 7, LIMITS, "It")
    with pytest.raises(IsothermError, match="It is nested deeper than 8"):
        check_depth(b"[" * 7 + b"1," * 300_000 + b"[[]]" + b"]" * 7, LIMITS, "It")
    with pytest.raises(IsothermError, match="It is nested deeper than 8"):
        check_depth(b"[" * 9 + b"]" * 9, LIMITS, "It")


@pytest.mark.parametrize(
    ("sent", "mended"),
    [
        (rb'"\ud83d"', "\ufffd"),
        (rb'"a\ude00b"', "a\ufffdb"),
        (rb'"\ud83d\ude00"', "😀"),
        (rb'"\ud83dx\ude00"', "\ufffdx\ufffd"),
        (rb'"\\ud83d"', "\\ud83d"),
        (rb'"\\\ud83d"', "\\\ufffd"),
        (rb'"\uD83D\uD83D\uDE00"', "\ufffd😀"),
        (rb'"plain \n text"', "plain \n text"),
    ],
)
def test_halves_of_pairs_are_replaced(sent: bytes, mended: str) -> None:
    assert json.loads(mend_surrogates(sent)) == mended


@given(st.text(alphabet=st.characters(exclude_categories=[])))
def test_mended_json_is_always_utf8(text: str) -> None:
    mended: str = json.loads(mend_surrogates(json.dumps(text).encode()))
    assert mended.encode("utf-8", "strict").decode() == mended
    assert len(mended) == len(json.loads(json.dumps(text)))


@pytest.mark.parametrize(
    ("encoding", "data", "refused"),
    [
        ("br", b'\x0b\x02\x80{"a":1}\x03', True),
        ("gzip, BR", b"\x1b\x0f\x00\xf8", True),
        ("br", b'{"a": 1}', False),  # a proxy has decompressed it
        ("br", b"--boundary\r\n\xff", False),
        ("gzip", b"\x1f\x8b\x08", False),
        ("", b"\xff", False),
    ],
)
def test_a_compression_that_only_the_header_tells_is_named(
    encoding: str, data: bytes, refused: bool
) -> None:
    expected = pytest.raises(IsothermError, match="compressed with brotli") if refused else None
    with expected or nullcontext():
        check_compression(data, encoding)


def test_a_compression_that_is_not_read_is_named() -> None:
    frame = b"\x28\xb5\x2f\xfd\x04\x00\x11\x00\x00{}"
    with pytest.raises(IsothermError, match="compressed with zstd"):
        plain(frame, LIMITS)
