"""The number that an event is known by, the same in the engine, in the journal and in tests."""

from hashlib import blake2b
from typing import Any, Final, TypeVar

from msgspec import structs

T = TypeVar("T")

READ_BACK: Final = "#"
"""The engine keeps the hash of an event id only; read back, an id is this mark and hex digits."""

HASH_BYTES: Final = 7
"""An event is known by hash *and* time. Of a million events of one application in one millisecond,
one is taken for another with a chance of one in 140,000; docs/decisions/004-event-numbers.md."""

SHORT_BYTES: Final = 4
"""Events stored before numbers had 7 bytes have these alone, the low ones of the whole number."""

SHORT_BITS: Final = 2 ** (8 * SHORT_BYTES) - 1


def event_hash(application: str, event_id: str) -> int:
    """Return the 56-bit number of application and event id; ids read back keep their number."""
    known = _read_back_number(event_id)
    if known is not None:
        return known
    named = f"{application}\0{event_id}".encode()
    low = _low_bytes(named)
    high = blake2b(named, digest_size=HASH_BYTES - SHORT_BYTES).digest()
    if not any(high):
        high = b"\1".ljust(len(high), b"\0")  # a whole number is never taken for a short one
    return int.from_bytes(low + high, "little")


def short_hash(application: str, event_id: str) -> int:
    """Return the low 32 bits of the number, which suffice to point at an action of a session."""
    known = _read_back_number(event_id)
    if known is not None:
        return short(known)
    return int.from_bytes(_low_bytes(f"{application}\0{event_id}".encode()), "little")


def _low_bytes(named: bytes) -> bytes:
    return blake2b(named, digest_size=SHORT_BYTES).digest()


def short(number: int) -> int:
    """Return the part of a number that events of any age have."""
    return number & SHORT_BITS


def is_short(number: int) -> bool:
    """Tell the number of an event that was stored before numbers had 7 bytes."""
    return number <= SHORT_BITS


def same(one: int, other: int) -> bool:
    """Tell whether two numbers stand for one event, of one time: a short one has less to say."""
    if is_short(one) or is_short(other):
        return short(one) == short(other)
    return one == other


def as_read_back(event: T) -> T:
    """Return an event with its ids as the engine gives them back; it stands for the same one."""
    named: Any = event
    ids = {"event_id": read_back(event_hash(named.application, named.event_id))}
    several = [read_back(short_hash(named.application, one)) for one in _action_ids(named)]
    changed: dict[str, Any] = {**ids, **({"action_ids": tuple(several)} if several else {})}
    result: T = structs.replace(named, **changed)
    return result


def _action_ids(event: Any) -> tuple[str, ...]:
    ids: tuple[str, ...] = getattr(event, "action_ids", ())
    return ids


def read_back(number: int) -> str:
    """Return the event id that stands for a number."""
    return f"{READ_BACK}{number:0{2 * (SHORT_BYTES if is_short(number) else HASH_BYTES)}x}"


def _read_back_number(event_id: str) -> int | None:
    if event_id.startswith(READ_BACK) and len(event_id) in _LENGTHS:
        try:
            return int(event_id[len(READ_BACK) :], 16)
        except ValueError:
            pass  # a sender's own id that happens to look like ours
    return None


_LENGTHS: Final = {len(READ_BACK) + 2 * size for size in (SHORT_BYTES, HASH_BYTES)}
