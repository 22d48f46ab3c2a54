"""The number that an event is known by, the same in the engine, in the journal and in tests."""

from hashlib import blake2b
from typing import Any, Final, TypeVar

from msgspec import structs

T = TypeVar("T")

READ_BACK: Final = "#"
"""The engine keeps the hash of an event id only; read back, an id is this mark and hex digits."""

HASH_BYTES: Final = 4
"""An event is known by hash *and* time. With 10 stored events in the same millisecond one new event
in 400 million is taken for a known one; each further byte would be a byte of disk per action."""


def event_hash(application: str, event_id: str) -> int:
    """Return the 32-bit blake2b of application and event id; ids read back keep their hash."""
    if event_id.startswith(READ_BACK) and len(event_id) == len(READ_BACK) + 2 * HASH_BYTES:
        try:
            return int(event_id[len(READ_BACK) :], 16)
        except ValueError:
            pass  # a sender's own id that happens to look like ours
    digest = blake2b(f"{application}\0{event_id}".encode(), digest_size=HASH_BYTES).digest()
    return int.from_bytes(digest, "little")


def as_read_back(event: T) -> T:
    """Return an event with its ids as the engine gives them back; it stands for the same one."""
    said: Any = event
    ids = {"event_id": read_back(event_hash(said.application, said.event_id))}
    several = [read_back(event_hash(said.application, one)) for one in _action_ids(said)]
    changed: dict[str, Any] = {**ids, **({"action_ids": tuple(several)} if several else {})}
    result: T = structs.replace(said, **changed)
    return result


def _action_ids(event: Any) -> tuple[str, ...]:
    ids: tuple[str, ...] = getattr(event, "action_ids", ())
    return ids


def read_back(number: int) -> str:
    """Return the event id that stands for a hash."""
    return f"{READ_BACK}{number:0{2 * HASH_BYTES}x}"
