"""Keeps the engine in step with InfluxDB: hours whose counts differ are read again.

Newest hours come first. What was compared is kept in the ledger, so a killed process goes on where
it stopped and hours that nobody touched are never read again.
"""

import contextlib
import logging
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final, Literal

import msgspec
from msgspec import Struct

from isotherm.errors import IsothermError
from isotherm.journal.compare import engine_only, in_step
from isotherm.journal.counts import FIRST_MS, Counts
from isotherm.journal.failures import Health
from isotherm.journal.groups import Group, grouped
from isotherm.journal.held import TABLES, HourStore, held
from isotherm.journal.influxdb import InfluxJournal
from isotherm.journal.ledger import Both, Held, Key, Ledger
from isotherm.journal.read import HOUR_MS
from isotherm.journal.schema import PART
from isotherm.journal.source import Source
from isotherm.model import Event, ViewPart

_LOG: Final = logging.getLogger(__name__)
_PARTS: Final = 5000
_STOP_S: Final = 60


class Progress(Struct, frozen=True):
    """Where the comparison stands, for `/api/v1/status`, the command line and the log."""

    state: Literal["starting", "filling", "in step", "stale"] = "starting"
    hours_known: int = 0  # hours of all tables that the journal has
    hours_due: int = 0  # of these, still to be read
    complete_from_ms: int | None = None  # answers about this time and later have all events
    rows_read: int = 0  # since the start
    compared_ms: int | None = None  # when journal and engine were compared last
    engine_only_hours: int = 0  # hours that only the engine has: never in this journal
    journal: Health = Health()


class Reconciler:
    """Compares and fills, in a thread of its own between `start` and `stop`."""

    def __init__(self, journal: InfluxJournal, engine: HourStore) -> None:
        self._journal = journal
        self._engine = engine
        self._options = journal.options
        self._ledger = Ledger(journal.options, journal.sources)
        self._known = self._ledger.all()
        self._progress = Progress()
        self._engine_only: set[Key] = set()
        self._first = True
        self._running = threading.Lock()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin comparing every `interval_s`."""
        self._stop.clear()
        self._thread = threading.Thread(target=self._loop, name="reconcile", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread at the next hour's end; what was done stays done."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(_STOP_S)
            self._thread = None

    def close(self) -> None:
        """Stop, and close the ledger."""
        self.stop()
        self._ledger.close()

    def status(self) -> Progress:
        """Return where the comparison stands."""
        health = self._journal.health
        state = self._progress.state if health.state == "ok" else "stale"
        return msgspec.structs.replace(self._progress, journal=health, state=state)

    def run_once(self, budget_s: float | None = None) -> Progress:
        """Compare everything once and read what differs, newest first.

        Beyond `budget_s` it stops after the hours at hand.

        Raises STORE_UNAVAILABLE when InfluxDB cannot be read; what was read until then stays.
        """
        with self._running:
            began = time.monotonic()
            journal = self._compare()
            due = {key for key in {*journal, *self._known} if self._differs(key, journal)}
            for group in grouped(
                due, journal, self._untouchable(due, journal), self._journal.is_hot
            ):
                self._report("filling", due, len(journal))
                self._settle(group)
                due.difference_update(group.keys)
                spent = time.monotonic() - began
                if due and (self._stop.is_set() or (budget_s is not None and spent > budget_s)):
                    self._report("filling", due, len(journal))
                    return self.status()
            self._report("in step", due, len(journal))
            return self.status()

    def _compare(self) -> dict[Key, dict[str, Counts]]:
        """Return what the journal has; look at the engine, too, the first time."""
        oldest = self._oldest_ms()
        engine: dict[Key, Held] = {}
        if self._first:  # before the journal: what is written meanwhile is there at least
            engine = {k: rows for table in TABLES for k, rows in held(self._engine, table).items()}
        journal: dict[Key, dict[str, Counts]] = {}
        for source in self._journal.sources:
            for hour, counts in self._journal.counts(source, oldest).items():
                journal.setdefault((_table(source), hour), {})[source.measurement] = counts
        if self._first:
            self._look_at_engine(journal, engine, oldest)
            self._first = False
        self._progress = msgspec.structs.replace(self._progress, compared_ms=_now_ms())
        return journal

    def _differs(self, key: Key, journal: Mapping[Key, dict[str, Counts]]) -> bool:
        return (
            key[1] >= self._oldest_ms()
            and key not in self._engine_only
            and self._known.get(key, Both()).journal != journal.get(key, {})
        )

    def _untouchable(self, due: set[Key], journal: Mapping[Key, object]) -> set[Key]:
        """Return the hours with rows that must not be read or emptied along with others."""
        return {*journal, *self._known, *self._engine_only} - due

    def _look_at_engine(
        self,
        journal: Mapping[Key, dict[str, Counts]],
        engine: Mapping[Key, Held],
        oldest: int,
    ) -> None:
        """Find out, once per start, what the engine really has: its file may be new, or older.

        Hours in which it is not as the ledger says are marked to be read; those in which both
        sides agree, though the ledger does not know it, are noted.
        """
        changed: dict[Key, Both] = {}
        for key in {*journal, *engine, *self._known}:
            both = Both(journal.get(key, {}), engine.get(key, Held()))
            known = self._known.get(key)
            if key[1] < oldest or known == both:
                continue
            if in_step(self._sources(key[0]), known, both.journal, both.engine):
                changed[key] = both
            elif engine_only(known, both.journal, both.engine):
                self._engine_only.add(key)
            elif known is not None and known.engine != both.engine:
                changed[key] = Both({}, Held(rows=-1))
        self._keep(changed)
        only = len(self._engine_only)
        self._progress = msgspec.structs.replace(self._progress, engine_only_hours=only)
        if only:
            _LOG.warning("%d hours are in the engine but not in InfluxDB: move them there", only)

    def _settle(self, group: Group) -> None:
        """Bring some hours in step: by a look when only Isotherm wrote, else by reading them.

        Hours that are being written are compared while the writer waits.
        """
        span = (group.from_ms, group.to_ms)
        with self._journal.turn() if group.hot else contextlib.nullcontext():
            sources = self._sources(group.table)
            counts: dict[Key, dict[str, Counts]] = {key: {} for key in group.keys}
            for source in sources:
                for hour, found in self._journal.counts(source, *span).items():
                    counts.setdefault((group.table, hour), {})[source.measurement] = found
            engine = held(self._engine, group.table, *span)
            agreed = {
                key: Both(now, engine.get(key, Held()))
                for key, now in counts.items()
                if in_step(sources, self._known.get(key), now, engine.get(key, Held()))
            }
            if len(agreed) < len(counts):
                self._read(sources, group, counts)
                engine = held(self._engine, group.table, *span)
                agreed = {key: Both(now, engine.get(key, Held())) for key, now in counts.items()}
            self._keep(agreed)

    def _read(
        self, sources: tuple[Source, ...], group: Group, counts: Mapping[Key, Mapping[str, Counts]]
    ) -> None:
        span = (group.from_ms, group.to_ms)
        least = Counter[str]()
        for hour in counts.values():
            least.update({name: found.most for name, found in hour.items()})

        def rows() -> Iterator[object]:
            for source in sources:
                if source.measurement == PART.name or not least[source.measurement]:
                    continue
                for found in self._journal.read(source, span, least[source.measurement]):
                    self._progress = msgspec.structs.replace(
                        self._progress, rows_read=self._progress.rows_read + found.num_rows
                    )
                    yield found

        self._engine.load_hours(group.table, *span, rows())
        if least[PART.name]:
            part = next(source for source in sources if source.measurement == PART.name)
            for found in self._journal.read(part, span, least[PART.name]):
                self._apply(found.to_pylist())

    def _apply(self, rows: list[dict[str, object]]) -> None:
        """Let the engine fold differences into their views; they are few."""
        parts: list[Event] = [
            ViewPart(
                view_id=str(row["view"]),
                version=int(str(row["document"]).split(".", maxsplit=1)[0]),
                time_ms=int(str(row["time_ms"])),
                application=str(row["application"]),
                session_id=str(row["session"]),
                changed=msgspec.json.decode(str(row["changed"]) or "{}"),
            )
            for row in rows
        ]
        for start in range(0, len(parts), _PARTS):
            self._engine.append(parts[start : start + _PARTS])

    def _oldest_ms(self) -> int:
        """Return the first hour that the engine keeps whole."""
        days = self._options.keep_days
        return (_now_ms() // HOUR_MS - 24 * days + 1) * HOUR_MS if days else FIRST_MS

    def _sources(self, table: str) -> tuple[Source, ...]:
        return tuple(source for source in self._journal.sources if _table(source) == table)

    def _keep(self, agreed: Mapping[Key, Both]) -> None:
        self._ledger.put(agreed)
        for key, both in agreed.items():
            if both.journal or both.engine.rows:
                self._known[key] = both
            else:
                self._known.pop(key, None)

    def _report(self, state: Literal["filling", "in step"], due: set[Key], hours: int) -> None:
        newest = max((hour for _, hour in due), default=None)
        self._progress = msgspec.structs.replace(
            self._progress,
            state=state,
            hours_known=hours,
            hours_due=len(due),
            complete_from_ms=FIRST_MS if newest is None else newest + HOUR_MS,
        )

    def _loop(self) -> None:
        wait = 0.0
        while not self._stop.wait(wait):
            began = time.monotonic()
            try:
                self.run_once(self._options.interval_s)
                wait = self._options.interval_s if self._progress.state == "in step" else 0.0
            except IsothermError as error:
                _LOG.warning("InfluxDB and engine cannot be compared: %s", error.message)
                wait = min(error.retry_after_s or 1, self._options.interval_s)
            wait = max(wait - (time.monotonic() - began), 0.0)


def _table(source: Source) -> str:
    """Return the table that a source ends up in: differences of views in the views."""
    return "views" if source.measurement == PART.name else source.table


def _now_ms() -> int:
    return int(time.time() * 1000)
