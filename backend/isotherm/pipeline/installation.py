"""What imports and erasures work on: the running parts of one installation."""

from typing import Protocol

from sqlalchemy import Engine

from isotherm.intake.drops import Counters
from isotherm.intake.steps import Steps
from isotherm.pipeline.quarantine import Quarantine
from isotherm.pipeline.sessionization import Sessionization
from isotherm.pipeline.spool import Spool
from isotherm.pipeline.worker import Worker
from isotherm.storage.influxdb.journal import InfluxJournal
from isotherm.storage.objects.replays import Bodies
from isotherm.storage.ports import EventStore
from isotherm.storage.saved.audit import AuditLog
from isotherm.storage.saved.backgrounds import StoredBackgrounds
from isotherm.storage.saved.shares import Shares


class Installation(Protocol):
    """The parts, wired (`app/wiring.py`); its worker runs."""

    @property
    def steps(self) -> Steps:
        """The intake's steps."""

    @property
    def spool(self) -> Spool:
        """Events on their way to the stores."""

    @property
    def counters(self) -> Counters:
        """Received, accepted and dropped events."""

    @property
    def worker(self) -> Worker:
        """Stores what is in the spool."""

    @property
    def sessionization(self) -> Sessionization:
        """Reads recordings once they are quiet."""

    @property
    def quarantine(self) -> Quarantine:
        """Recordings that could not be read or pictured."""

    @property
    def engine(self) -> EventStore:
        """The store that answers questions."""

    @property
    def journal(self) -> InfluxJournal | None:
        """InfluxDB, for those who run it."""

    @property
    def database(self) -> Engine:
        """Where saved things are."""

    @property
    def backgrounds(self) -> StoredBackgrounds:
        """Pictures of pages."""

    @property
    def shares(self) -> Shares:
        """Shared snapshots, with pictures and answers of their own."""

    @property
    def audit(self) -> AuditLog:
        """Who read, shared and deleted."""

    @property
    def replays(self) -> Bodies:
        """Bodies of replay segments."""
