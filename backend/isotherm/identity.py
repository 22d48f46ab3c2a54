"""The number that an event is known by, the same in the engine, in the journal and in tests."""

from hashlib import blake2b
from typing import Final

READ_BACK: Final = "#"
"""The engine keeps the hash of an event id only; read back, an id is this mark and 16 hex digits."""


def event_hash(application: str, event_id: str) -> int:
    """Return the 64-bit blake2b of application and event id; ids read back keep their hash."""
    if event_id.startswith(READ_BACK) and len(event_id) == len(READ_BACK) + 16:
        try:
            return int(event_id[len(READ_BACK) :], 16)
        except ValueError:
            pass  # a sender's own id that happens to look like ours
    digest = blake2b(f"{application}\0{event_id}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little")
