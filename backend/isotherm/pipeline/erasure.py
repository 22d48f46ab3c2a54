"""Erasing a user: from the journal, the engine, the replays and the dead letters."""

from contextlib import nullcontext

from msgspec import Struct

from isotherm.model import Event
from isotherm.model.errors import Code, IsothermError
from isotherm.pipeline.installation import Installation

_FLUSH_S = 60.0


class Erased(Struct, frozen=True):
    """What was found of a user and is gone now."""

    sessions: int  # that had events of the user; their replays are deleted whole
    dead_letters: int


def erase_user(of: Installation, user_id: str, application: str = "") -> Erased:
    """Erase a user in one application, or in all of them.

    The worker must run: events that wait in the spool are stored first. Raises STORE_UNAVAILABLE;
    begun again, it erases the rest.
    """
    if not of.worker.flush(_FLUSH_S):
        reason = of.worker.state().last_error or of.sessionization.state().last_error
        reason = reason or "it takes too long to store them"
        message = f"Events wait in the spool, which may be this user's: {reason}"
        raise IsothermError(Code.STORE_UNAVAILABLE, message)
    sessions = 0
    for name in [application] if application else _applications(of):
        with of.journal.write_lock() if of.journal else nullcontext():
            found = of.journal.erase(name, user_id) if of.journal else set()
            found |= set(of.engine.erase(name, user_id))
        for session in found:
            of.replays.delete(name, session)
        of.quarantine.erase(name, found)
        sessions += len(found)

    def mine(event: Event) -> bool:
        return getattr(event, "user_id", "") == user_id and application in {"", event.application}

    return Erased(sessions, of.spool.dead.erase(mine))


def _applications(of: Installation) -> list[str]:
    known = set(of.engine.terms("application").values())
    return sorted(known | (of.journal.applications() if of.journal else set()))
