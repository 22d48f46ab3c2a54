"""How a replay segment with its body is written, and in which order segments are read."""

import zlib
from collections.abc import Iterable

import msgspec

from isotherm.model import Segment

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Segment).decode


def encode_segment(segment: Segment) -> bytes:
    """Return a segment with its body, compressed."""
    return zlib.compress(_encode(segment))


def decode_segment(data: bytes) -> Segment:
    """Return the segment that `encode_segment` was given."""
    return _decode(zlib.decompress(data))


def in_order(segments: Iterable[Segment], view_id: str | None) -> list[Segment]:
    """Return each segment once, by recording and index, those of one view if it is named."""
    once = {segment.segment_id: segment for segment in segments}
    return sorted(
        (one for one in once.values() if view_id is None or one.view_id == view_id),
        key=lambda segment: (segment.recording_id, segment.index, segment.time_ms),
    )
