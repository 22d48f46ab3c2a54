"""Keeps the engine in step with InfluxDB: hours whose counts differ are read again.

Newest hours come first. What was compared is kept in the ledger, so a killed process goes on where
it stopped and hours that nobody touched are never read again.
"""

import contextlib
import logging
import threading
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final, Literal, Protocol

import msgspec
from msgspec import Struct

from isotherm.model.errors import IsothermError
from isotherm.model.faults import worded
from isotherm.storage.influxdb.compare import engine_only, in_step, shrunk
from isotherm.storage.influxdb.counts import FIRST_MS, Counts
from isotherm.storage.influxdb.engine_counts import TABLES, HourStore, table_sums
from isotherm.storage.influxdb.failures import Health
from isotherm.storage.influxdb.fill import Filler, table_of
from isotherm.storage.influxdb.groups import grouped
from isotherm.storage.influxdb.journal import InfluxJournal
from isotherm.storage.influxdb.ledger import UNKNOWN, Both, Key, Ledger, TableSums
from isotherm.storage.influxdb.read import HOUR_MS

_LOG: Final = logging.getLogger(__name__)
_TELL_S: Final = 10  # between two lines of the log
_HEAR_S: Final = 1.0  # between two looks at what another process says


class Progress(Struct, frozen=True):
    """Where the comparison stands, for `/api/v1/status`, the command line and the log."""

    state: Literal["starting", "filling", "in step", "stale"] = "starting"
    hours_known: int = 0  # hours of all tables that the journal has
    hours_due: int = 0  # of these, still to be read
    complete_from_ms: int | None = None  # answers about this time and later have all events
    rows_read: int = 0  # since the start
    mended: int = 0  # events that InfluxDB had taken and lost, since the start: written again
    compared_ms: int | None = None  # when journal and engine were compared last
    engine_only_hours: int = 0  # hours that only the engine has: never in this journal
    fault: str = ""  # what ended the last comparison and should not have; the log has it whole
    journal: Health = Health()

    @property
    def text(self) -> str:
        """Say it in a sentence, for the log and the command line."""
        if self.fault:
            return f"InfluxDB and engine cannot be compared: {self.fault}"
        if self.state == "filling":
            done = self.hours_known - self.hours_due
            since = datetime.fromtimestamp((self.complete_from_ms or 0) / 1000, UTC)
            return (
                f"Filling from InfluxDB: {done:,} of {self.hours_known:,} hours are there "
                f"({self.rows_read:,} rows), all since {since:%Y-%m-%d %H:%M} UTC"
            )
        if self.state == "in step":
            return (
                f"In step with InfluxDB: {self.hours_known:,} hours, {self.rows_read:,} rows read"
            )
        return f"InfluxDB: {self.state} {self.journal.why}".rstrip()


class Said(Protocol):
    """What the process that compares tells the others. Both methods raise STORE_UNAVAILABLE."""

    def say(self, progress: str) -> None:
        """Tell all processes."""

    def said(self) -> str:
        """Return what was said last; "" before anything was."""


class Reconciler:
    """Compares and fills, in a thread of its own between `start` and `stop`.

    Of several processes one does; the others only know what it says.
    """

    def __init__(
        self, journal: InfluxJournal, engine: HourStore, others: Said | None = None
    ) -> None:
        self._journal = journal
        self._others = others
        self._heard = (-_HEAR_S, Progress())  # when, by the monotonic clock, and what
        self._said = ""
        self._engine = engine
        self._options = journal.options
        self._ledger = Ledger(journal.options, journal.sources)
        self._known = self._ledger.all()
        self._filler = Filler(journal, engine)
        self._progress = Progress()
        self._engine_only: set[Key] = set()
        self._first = True
        self._told_s = 0.0
        self._running = threading.Lock()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin comparing every `interval_s`, unless that has begun."""
        if self._thread is not None:
            return
        self._stop.clear()
        self._known = self._ledger.all()  # another process may have compared until now
        self._thread = threading.Thread(target=self._loop, name="reconcile", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread at the next hour's end; what was done stays done."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def close(self) -> None:
        """Stop, and close the ledger."""
        self.stop()
        self._ledger.close()

    def status(self) -> Progress:
        """Return where the comparison stands, also if another process does it."""
        progress = self._progress
        if self._others and self._thread is None:
            progress = self._hear(self._others)
        else:
            progress = msgspec.structs.replace(
                progress, rows_read=self._filler.rows_read, mended=self._filler.mended
            )
        health = self._journal.health
        state = progress.state if health.state == "ok" else "stale"
        return msgspec.structs.replace(progress, journal=health, state=state)

    def _hear(self, others: Said) -> Progress:
        at_s, progress = self._heard
        if time.monotonic() - at_s >= _HEAR_S:
            try:
                said = others.said()
                progress = msgspec.json.decode(said, type=Progress) if said else Progress()
            except IsothermError as error:  # it holds until the database answers again
                _LOG.debug("The state of another process cannot be read: %s", error.message)
            self._heard = time.monotonic(), progress
        return progress

    def _say(self) -> None:
        """Tell other processes what is new."""
        said = msgspec.json.encode(self.status()).decode()
        if self._others and self._thread is not None and said != self._said:
            try:
                self._others.say(said)
            except IsothermError as error:
                _LOG.warning(
                    "Other processes cannot be told about the comparison: %s", error.message
                )
            else:
                self._said = said

    def run_once(self, budget_s: float | None = None) -> Progress:
        """Compare everything once and read what differs, newest first.

        Beyond `budget_s` it stops after the hours at hand.

        Raises STORE_UNAVAILABLE when InfluxDB cannot be read; what was read until then stays.
        """
        with self._running:
            began = time.monotonic()
            journal, changed = self._compare()
            unconfirmed = self._journal.unconfirmed() | dict.fromkeys(changed, 0)
            due = {key for key in {*journal, *self._known} if self._differs(key, journal)}
            due |= {
                key
                for key in unconfirmed
                if key[1] >= self._oldest_ms(key[0]) and key not in self._engine_only
            }
            walls = {*journal, *self._known, *self._engine_only} - due
            written = {hour for _, hour in changed}
            groups = grouped(
                due, journal, walls, lambda hour: hour in written or self._journal.is_hot(hour)
            )
            self._told_s = began  # what is done at once is not worth a line
            self._report("filling", due, len(journal))
            settling = self._filler.filled(groups, self._known, journal, unconfirmed)
            with contextlib.closing(settling) as filled:
                for group, agreed in filled:
                    self._keep(agreed)
                    for key in group.keys:
                        self._journal.confirm(key, unconfirmed.get(key, 0))
                    due.difference_update(group.keys)
                    self._report("filling", due, len(journal))
                    late = budget_s is not None and time.monotonic() - began > budget_s
                    if due and (late or self._stop.is_set()):
                        return self.status()
            self._report("in step", due, len(journal))
            return self.status()

    def _compare(self) -> tuple[dict[Key, dict[str, Counts]], set[Key]]:
        """Return what the journal has, and hours in which the engine is not as it was.

        The engine is asked the first time, and if several processes write: what the others write
        only shows there.
        """
        engine: dict[Key, TableSums] = {}
        if self._first or self._options.several:
            # before the journal: what is written meanwhile is there at least
            engine = {
                k: rows for table in TABLES for k, rows in table_sums(self._engine, table).items()
            }
        self._journal.look_for_collisions()
        journal: dict[Key, dict[str, Counts]] = {}
        for source in self._journal.sources:
            table = table_of(source)
            for hour, counts in self._journal.counts(source, self._oldest_ms(table)).items():
                journal.setdefault((table, hour), {})[source.key] = counts
        if self._first:
            self._look_at_engine(journal, engine)
            self._first = False
        self._progress = msgspec.structs.replace(self._progress, compared_ms=_now_ms())
        if not self._options.several:
            return journal, set()
        keys = {*engine, *(key for key, both in self._known.items() if both.engine.rows)}
        nothing = TableSums()
        return journal, {
            key for key in keys if self._known.get(key, Both()).engine != engine.get(key, nothing)
        }

    def _differs(self, key: Key, journal: Mapping[Key, dict[str, Counts]]) -> bool:
        return (
            key[1] >= self._oldest_ms(key[0])
            and key not in self._engine_only
            and self._known.get(key, Both()).journal != journal.get(key, {})
        )

    def _look_at_engine(
        self,
        journal: Mapping[Key, dict[str, Counts]],
        engine: Mapping[Key, TableSums],
    ) -> None:
        """Find out, once per start, what the engine really has: its file may be new, or older.

        Hours in which it is not as the ledger says are marked to be read; those in which both
        sides agree, though the ledger does not know it, are noted.
        """
        changed: dict[Key, Both] = {}
        for key in {*journal, *engine, *self._known}:
            both = Both(journal.get(key, {}), engine.get(key, TableSums()))
            known = self._known.get(key)
            if key[1] < self._oldest_ms(key[0]) or known == both:
                continue
            if in_step(self._filler.sources(key[0]), known, both.journal, both.engine):
                changed[key] = both
            elif engine_only(known, both.journal, both.engine):
                self._engine_only.add(key)
            elif known is not None and known.engine != both.engine:
                changed[key] = Both({}, UNKNOWN)
                if not shrunk(known.journal, both.journal):
                    self._journal.doubt(key)
        self._keep(changed)
        only = len(self._engine_only)
        self._progress = msgspec.structs.replace(self._progress, engine_only_hours=only)
        if only:
            _LOG.warning("%d hours are in the engine but not in InfluxDB: move them there", only)

    def _oldest_ms(self, table: str) -> int:
        """Return the first hour of a table that the engine keeps whole."""
        days = self._options.keep_days.get(table, 0)
        return (_now_ms() // HOUR_MS - 24 * days + 1) * HOUR_MS if days else FIRST_MS

    def _keep(self, agreed: Mapping[Key, Both]) -> None:
        self._ledger.put(agreed)
        for key, both in agreed.items():
            if both.journal or both.engine.rows:
                self._known[key] = both
            else:
                self._known.pop(key, None)

    def _report(self, state: Literal["filling", "in step"], due: set[Key], hours: int) -> None:
        newest = max((hour for _, hour in due), default=None)
        complete_ms = FIRST_MS if newest is None else newest + HOUR_MS
        self._journal.engine_complete_from(complete_ms)
        self._progress = msgspec.structs.replace(
            self._progress,
            state=state,
            hours_known=hours,
            hours_due=len(due),
            complete_from_ms=complete_ms,
        )
        now_s = time.monotonic()
        if state == "in step" or now_s - self._heard[0] >= _HEAR_S:
            self._heard = now_s, self._progress
            self._say()
        if now_s - self._told_s > _TELL_S:
            self._told_s = now_s
            _LOG.info("%s", self.status().text)

    def _loop(self) -> None:
        wait, reported = 0.0, ""
        while not self._stop.wait(wait):
            began, fault = time.monotonic(), ""
            try:
                self.run_once(self._options.interval_s)
                wait = self._options.interval_s if self._progress.state == "in step" else 0.0
                if reported:
                    _LOG.info("InfluxDB and engine can be compared again")
                reported = ""
            except IsothermError as error:
                if error.message != reported:  # not every few seconds for as long as it lasts
                    _LOG.warning("InfluxDB and engine cannot be compared: %s", error.message)
                reported = error.message
                wait = min(error.retry_after_s or 1, self._options.interval_s)
            except Exception as error:  # noqa: BLE001 - the thread must outlive any fault
                fault = worded(error)
                if fault != reported:
                    _LOG.exception("The comparison of InfluxDB and engine failed")
                reported = fault
                wait = self._options.interval_s
            self._progress = msgspec.structs.replace(self._progress, fault=fault)
            self._say()
            wait = max(wait - (time.monotonic() - began), 0.0)


def _now_ms() -> int:
    return int(time.time() * 1000)
