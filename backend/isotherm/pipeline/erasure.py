"""Erasing a user: events in journal, engine and dead letters, replays, pictures, snapshots."""

import getpass
import os
import socket
import time
from contextlib import nullcontext

from msgspec import Struct

from isotherm.model import Event
from isotherm.model.errors import Code, IsothermError
from isotherm.pipeline.installation import Installation
from isotherm.pipeline.pictures.shared_jobs import erase_jobs
from isotherm.storage.saved.audit import Entry

_FLUSH_S = 60.0


class Erased(Struct, frozen=True):
    """What was found of a user and is gone now."""

    sessions: int  # that had events of the user; their replays are deleted whole
    dead_letters: int
    pictures: int = 0  # made from these replays
    snapshots: int = 0  # shared ones that name such a session, or show such a picture


def erase_user(of: Installation, user_id: str, application: str = "") -> Erased:
    """Erase a user in one application, or in all of them.

    The worker must run: events that wait in the spool are stored first. Raises STORE_UNAVAILABLE;
    begun again, it erases the rest.
    """
    if not of.worker.flush(_FLUSH_S):
        reason = of.worker.state().last_error or of.sessionization.state().last_error
        reason = reason or "it takes too long to store them"
        message = f"Events in the spool may belong to this user: {reason}"
        raise IsothermError(Code.STORE_UNAVAILABLE, message)
    of.spool.drop_confirmed()
    # what names the sessions goes last: else an erasure that was interrupted could not be finished
    ids = {user_id, of.steps.options.privacy.user(user_id)}  # as it is, was or will be stored
    sessions = pictures = snapshots = 0
    for name in [application] if application else _applications(of):
        found: set[str] = set()
        for one in ids:
            found |= of.journal.sessions_of_user(name, one) if of.journal else set()
            found |= set(of.engine.sessions_of_user(name, one))
        for session in found:
            of.replays.delete(name, session)
        of.quarantine.erase(name, found)
        erase_jobs(of.database, name, found)
        made = of.backgrounds.made_of(name, found)
        snapshots += of.shares.revoke_naming(name, {*found, *made})
        for picture in made:
            of.backgrounds.delete(picture)
        with of.journal.write_lock() if of.journal else nullcontext():
            for one in ids:
                if of.journal:
                    of.journal.erase(name, one)
                of.engine.erase(name, one)
        sessions += len(found)
        pictures += len(made)

    def mine(event: Event) -> bool:
        return getattr(event, "user_id", "") in ids and application in {"", event.application}

    erased = Erased(sessions, of.spool.dead.erase(mine), pictures, snapshots)
    of.audit.note(_entry(erased, application))
    return erased


def _entry(erased: Erased, application: str) -> Entry:
    """Return what the audit log says; not who was erased, which would be kept by that."""
    where = f"application {application}" if application else "all applications"
    return Entry(
        at_ms=time.time_ns() // 1_000_000,
        who=f"{_name()} on {socket.gethostname()}",
        did="erased a user",
        what=f"{where}: {erased.sessions} sessions, {erased.pictures} pictures, "
        f"{erased.snapshots} snapshots, {erased.dead_letters} dead letters",
    )


def _name() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user has a number only
        return f"user {os.getuid()}"


def _applications(of: Installation) -> list[str]:
    known = set(of.engine.terms("application").values())
    return sorted(known | (of.journal.applications() if of.journal else set()))
