"""Forgetting a user: in the journal, the engine, the replays and the dead letters."""

from contextlib import nullcontext

from msgspec import Struct

from isotherm.model.errors import Code, IsothermError
from isotherm.model import Event
from isotherm.app.wiring import Parts

_FLUSH_S = 60.0


class Forgotten(Struct, frozen=True):
    """What was found of a user and is gone now."""

    sessions: int  # that had events of the user; their replays are deleted whole
    dead_letters: int


def forget(parts: Parts, user_id: str, application: str = "") -> Forgotten:
    """Erase a user in one application, or in all of them.

    The worker must run: events that wait in the spool are stored first. Raises STORE_UNAVAILABLE;
    begun again, it erases the rest.
    """
    if not parts.worker.flush(_FLUSH_S):
        reason = parts.worker.state().last_error or parts.sessionization.state().last_error
        reason = reason or "it takes too long to store them"
        message = f"Events wait in the spool, which may be this user's: {reason}"
        raise IsothermError(Code.STORE_UNAVAILABLE, message)
    sessions = 0
    for name in [application] if application else _applications(parts):
        with parts.journal.turn() if parts.journal else nullcontext():
            found = parts.journal.forget(name, user_id) if parts.journal else set()
            found |= set(parts.engine.forget(name, user_id))
        for session in found:
            parts.replays.delete(name, session)
        parts.quarantine.forget(name, found)
        sessions += len(found)

    def mine(event: Event) -> bool:
        return getattr(event, "user_id", "") == user_id and application in {"", event.application}

    return Forgotten(sessions, parts.spool.dead.forget(mine))


def _applications(parts: Parts) -> list[str]:
    known = set(parts.engine.terms("application").values())
    return sorted(known | (parts.journal.applications() if parts.journal else set()))
