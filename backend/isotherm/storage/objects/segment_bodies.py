"""How a replay segment with its body is written, and in which order segments are read."""

import zlib
from collections.abc import Iterable

import msgspec

from isotherm.model import Segment
from isotherm.model.errors import Code, IsothermError

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Segment).decode


def encode_segment(segment: Segment) -> bytes:
    """Return a segment with its body, compressed."""
    return zlib.compress(_encode(segment))


def decode_segment(data: bytes) -> Segment:
    """Return the segment that `encode_segment` was given."""
    return _decode(zlib.decompress(data))


def in_order(
    segments: Iterable[Segment], view_id: str | None, most_bytes: int | None = None
) -> list[Segment]:
    """Return each segment once, by recording and index, those of one view if it is named.

    Raises TOO_LARGE as soon as their bodies have more than `most_bytes`.
    """
    once: dict[str, Segment] = {}
    size = 0
    for segment in segments:
        if view_id is not None and segment.view_id != view_id:
            continue
        size += 0 if segment.segment_id in once else len(segment.body)
        if most_bytes is not None and size > most_bytes:
            message = f"The recording is larger than {most_bytes >> 20} MB (read_most_mb)."
            raise IsothermError(Code.TOO_LARGE, message)
        once[segment.segment_id] = segment
    return sorted(
        once.values(), key=lambda segment: (segment.recording_id, segment.index, segment.time_ms)
    )
