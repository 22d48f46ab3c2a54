"""Creates and connects all components from the settings, for the server and the commands."""

import logging
import socket
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack, nullcontext
from functools import partial
from pathlib import Path
from typing import Any, Self

import msgspec
from limits.storage import MemoryStorage

from isotherm import __version__
from isotherm.api.history import History
from isotherm.api.services import Options as ProtocolOptions
from isotherm.api.services import Services
from isotherm.api.sharing.limiter import PasswordLimiter
from isotherm.app.full_disk import Restarts
from isotherm.app.package_options import (
    api_tokens,
    application_names,
    assets_url,
    intake_options,
    keep_apart,
    reading_options,
    render_options,
    replays_url,
    retention,
    trace_url,
)
from isotherm.app.settings import Settings
from isotherm.app.status_reporter import StatusReporter
from isotherm.app.stores import (
    ENGINE_FILE,
    journal_of,
    lock_of_readers,
    open_store,
    spool_quota,
)
from isotherm.intake.shared_rates import SharedRates, begin_anew
from isotherm.intake.steps import Steps
from isotherm.model.errors import Code, IsothermError
from isotherm.pipeline.backup import PICTURES, REPLAYS, backed_up
from isotherm.pipeline.housekeeping import Housekeeping
from isotherm.pipeline.pictures.allowed_hosts import AllowedSites
from isotherm.pipeline.pictures.assets import Assets
from isotherm.pipeline.pictures.maker import BackgroundMaker
from isotherm.pipeline.pictures.shared_jobs import SharedJobs
from isotherm.pipeline.pictures.site_connections import SiteConnections
from isotherm.pipeline.processes.locks import HousekeepingLock, starting
from isotherm.pipeline.processes.orphaned_spools import take_over
from isotherm.pipeline.processes.server_processes import ServerProcesses
from isotherm.pipeline.processes.slot import claim, claim_alone
from isotherm.pipeline.processes.slot_files import ServerStart
from isotherm.pipeline.quarantine import Quarantine, Stage
from isotherm.pipeline.readers.playing import Playing
from isotherm.pipeline.readers.process import ReaderProcess
from isotherm.pipeline.retention import Every, Maintenance
from isotherm.pipeline.sessionization import Sessionization
from isotherm.pipeline.worker import Worker
from isotherm.render.fetcher import Fetcher
from isotherm.render.upload import uploaded
from isotherm.storage.files import shown
from isotherm.storage.influxdb.freshness import freshness
from isotherm.storage.influxdb.reconcile import Reconciler
from isotherm.storage.objects.assets import AssetBodies
from isotherm.storage.objects.replays import open_replays
from isotherm.storage.ports import Recording
from isotherm.storage.saved import db
from isotherm.storage.saved.assets import AssetIndex
from isotherm.storage.saved.attempts import Attempts
from isotherm.storage.saved.audit import AuditLog
from isotherm.storage.saved.backgrounds import StoredBackgrounds
from isotherm.storage.saved.comparison import Comparison
from isotherm.storage.saved.db import open_database
from isotherm.storage.saved.heatmaps import SavedHeatmaps
from isotherm.storage.saved.names import ApplicationNames
from isotherm.storage.saved.samples import StoredSamples
from isotherm.storage.saved.shares import Shares
from isotherm.storage.saved.sites import Sites
from isotherm.storage.saved.zones import Zones

_log = logging.getLogger(__name__)

LOOPBACK = ("127.0.0.1", "localhost", "::1")
RATES = "rates.sqlite"
PLAYBACK_PROCESSES = 2
JOIN_EVERY_S = 5.0


class Components:
    """All components of a running Isotherm. Create them in the process that uses them."""

    def __init__(self, settings: Settings, server: ServerStart | None = None) -> None:
        """Open the stores. Raises INVALID for wrong settings, STORE_UNAVAILABLE, CONFLICT.

        A process of a `server` shares the data folder with the others; without one it has the
        folder for itself.
        """
        keep_apart(settings)
        self.settings = settings
        self._shared = server is not None
        self._server = server or ServerStart(time.time_ns())
        settings.folder.mkdir(parents=True, exist_ok=True)
        with starting(settings.folder) if self._shared else nullcontext(), ExitStack() as opened:
            self._open(opened)
            opened.pop_all()  # until `close`

    def _open(self, opened: ExitStack) -> None:
        """Open everything; `opened` gives up what is open when the rest cannot be."""
        settings = self.settings
        self.restart: Callable[[], None] | None = None
        """Ends this process so that another takes its place; a command has none."""
        self._restarts = Restarts(settings.folder)
        self._given_up = self._restarting = False
        self._backing_up = threading.Lock()
        folder = settings.folder
        self.intake_options = intake_options(settings)
        self.steps = Steps(self.intake_options)
        take = claim if self._shared else claim_alone
        self.slot = take(folder, self._server, spool_quota(settings, self._server.workers))
        opened.callback(self.slot.close)
        self.spool, self.counters = self.slot.spool, self.slot.counters
        self.replays = open_replays(replays_url(settings))
        self.engine = open_store(settings)
        opened.callback(self.engine.close)
        self.journal = journal_of(settings, self.engine)
        self.database = open_database(
            settings.saved, folder, owner=not self._shared or self.slot.was_alone
        )
        opened.callback(self.database.dispose)
        self.reconciler = self._compared()
        self.backgrounds = StoredBackgrounds(self.database, settings.pictures_url, folder)
        self.quarantine = Quarantine(self.database)
        self.audit = AuditLog(self.database)
        self.shares = Shares(self.database)
        pictures = render_options(settings)
        self.sites = Sites(self.database)
        allowed = AllowedSites(
            self.sites,
            pictures.hosts,
            Path(settings.sites_file) if settings.sites_file else None,
        )
        self.fetcher = Fetcher(pictures)
        self.assets = Assets(
            allowed,
            AssetIndex(self.database),
            AssetBodies(assets_url(settings)),
            self.fetcher,
        )
        self.maker = BackgroundMaker(
            pictures,
            self.backgrounds,
            self.engine,
            self.replays,
            journal=self.journal,
            quarantine=self.quarantine,
            sites=allowed,
            assets=self.assets,
            jobs=SharedJobs(self.database, pictures.queue) if self._shared else None,
        )
        self.site_connections = SiteConnections(
            self.sites, allowed, self.engine, self.backgrounds, self.maker.make_again
        )
        reading = reading_options(settings)
        self.playing = Playing(
            [ReaderProcess(reading) for _ in range(PLAYBACK_PROCESSES)],
            self.quarantine,
            self.assets.images,
        )
        self.sessionization = Sessionization(
            self.engine,
            self.journal,
            self.quarantine,
            [ReaderProcess(reading.quick()) for _ in range(max(1, settings.readers))],
            ReaderProcess(reading),
            longer=ReaderProcess(reading.longer()),
            on_read=lambda one: self.maker.offer(one.application, one.session_id, one.view_id),
            quiet_period_s=settings.quiet_period_s,
        )
        self.housekeeping = Housekeeping(
            self.sessionization,
            begin=self.maker.resume,
            begin_for_all=self.reconciler.start if self.reconciler else lambda: None,
            take_over=self._take_over,
            lock=HousekeepingLock(folder) if self._shared else None,
            hosts=lock_of_readers(settings),
            lost=lambda: self.restart() if self.restart else None,
            grown=self.engine.grown_recordings if self._shared else list,
        )
        if self._shared and self.slot.was_alone:
            begin_anew(folder / RATES)
        self.rates = partial(SharedRates, folder / RATES) if self._shared else MemoryStorage
        self._pack = Every(JOIN_EVERY_S, self.replays.pack_quiet)
        self.worker = Worker(
            self.spool,
            self.engine,
            self.replays,
            self.counters,
            self.housekeeping,
            journal=self.journal,
            count_left=self.slot.count_left,
            maintain=self._maintain,
            after_fault=self._after_fault,
        )
        self._maintenance = Maintenance(
            self.engine,
            self.replays,
            retention(settings),
            expire_failures=self.quarantine.expire,
            expire_assets=self.assets.expire,
            expire_audit=self.audit.expire,
        )
        self.processes = ServerProcesses(folder, self._server, self.slot)
        self.history = History(StoredSamples(self.database, self._name()), by_others=self._shared)
        if not self._shared:
            self._take_over()
        self.states: dict[str, Callable[[], Mapping[str, Any]]] = {
            "store": self._store,
            "worker": self._worker,
            "readers": self._readers,
            "capture": self.maker.status,
        }  # fmt: skip
        """How each part is, for the status page; more can be added before `services`."""
        self._telling = StatusReporter(
            self._server, self.slot, self.processes, self.housekeeping, self.states
        )

    def _compared(self) -> Reconciler | None:
        """Return what keeps store and journal in step, if there is a journal."""
        if self.journal is None:
            return None
        of = " ".join(map(shown, (self.settings.store, self.settings.influx_url)))
        of = f"{of} {self.settings.influx_database}"
        others = Comparison(self.database, of) if self._shared else None
        return Reconciler(self.journal, self.engine, others)

    def start(self) -> Self:
        """Start storing events, reading recordings and comparing with the journal."""
        self.worker.start()
        self.housekeeping.start()
        if self._shared:
            self._telling.start()
        return self

    def close(self) -> None:
        """Stop everything. Events that are not stored yet stay in the spool."""
        self._telling.stop()
        self.worker.stop()
        self.housekeeping.stop()
        self.playing.close()
        if self.reconciler:
            self.reconciler.close()
        if self.journal:
            self.journal.close()
        self.maker.close()
        self.fetcher.close()
        self.engine.close()
        self.slot.close()
        self.database.dispose()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.close()

    def services(self) -> Services:
        """Return what the routes need."""
        return Services(
            engine=self.engine,
            backgrounds=self.backgrounds,
            maker=self.maker,
            upload=partial(uploaded, options=render_options(self.settings)),
            replays=self.replays,
            playback=self.playing,
            quarantine=self.quarantine,
            try_again=self.try_again,
            heatmaps=SavedHeatmaps(self.database),
            shares=self.shares,
            names=ApplicationNames(self.database),
            sites=self.site_connections,
            zones=Zones(self.database),
            audit=self.audit,
            back_up=self.back_up,
            history=self.history,
            freshness=self._freshness,
            counters=self.processes if self._shared else self.counters,
            spool=self.processes if self._shared else self.spool,
            parts=self._telling.parts() if self._shared else self.states,
            passwords=PasswordLimiter(Attempts(self.database) if self._shared else None),
            answers_of_all=self._telling.answers if self._shared else lambda own: own(),
            options=ProtocolOptions(
                version=__version__,
                tokens=api_tokens(self.settings),
                loopback=self.settings.host in LOOPBACK,
                public_url=self.settings.public_url.rstrip("/"),
                trace_url=trace_url(self.settings),
                ignore_rage=tuple(self.settings.ignore_rage),
                names=application_names(self.settings),
            ),
        )

    def _take_over(self) -> int:
        quota = spool_quota(self.settings, self._server.workers)
        return take_over(self.settings.folder, self._server, self.slot, quota)

    def _maintain(self) -> None:
        self._pack()
        if not self._shared or self.housekeeping.reads:
            self._maintenance()

    def _after_fault(self) -> None:
        if not (self.engine.must_reopen and self.restart) or self._restarting:
            return
        if not self._given_up:
            self._given_up = True
            _log.critical(
                "The store has closed its file after a disk error. Isotherm starts again as "
                "soon as the disk has room; what was accepted waits in the spool."
            )
        if self._restarts.due():
            self._restarting = True
            _log.critical("Isotherm starts again.")
            self.restart()

    def back_up(self, name: str, events_only: bool = False) -> dict[str, Any]:
        """Copy the data folder, or its events, to `backups/<name>` in it; say where, how much.

        Raises INVALID, CONFLICT, UNSUPPORTED, STORE_UNAVAILABLE.
        """
        file = self.settings.folder / ENGINE_FILE
        if not self._backing_up.acquire(blocking=False):
            message = "Another backup is running. Wait until it is finished, then try again."
            raise IsothermError(Code.CONFLICT, message)
        try:
            elsewhere = out_of_folder(self.settings)
            only = events_only
            folder, made = backed_up(
                self.engine, file, name, __version__, elsewhere, events_only=only
            )
        finally:
            self._backing_up.release()
        return {
            "folder": str(folder),
            "rows": made.rows,
            "files": made.files,
            "elsewhere": made.elsewhere,
        }

    def try_again(self, recording: Recording, stage: Stage) -> None:
        """Retry what was released from quarantine."""
        match stage:
            case "reading" if self._shared:
                self.engine.mark_unread([recording])  # whoever does the housekeeping finds it there
            case "reading":
                self.sessionization.touch([recording], now=True)
            case "picture":
                self.maker.offer(recording.application, recording.session_id, recording.view_id)
            case "playback":
                pass  # it is made when somebody wants to see it

    def _name(self) -> str:
        """Tell this server from others that use the same database."""
        return f"{socket.gethostname()}:{self.settings.folder.absolute()}"

    def _store(self) -> dict[str, Any]:
        if self.journal is None or self.reconciler is None:
            return {"kind": self.engine.kind, "ok": True}
        health, progress = self.journal.health, self.reconciler.status()
        return {
            "kind": "influxdb",
            "ok": health.state == "ok" and not progress.fault,
            "health": msgspec.to_builtins(health),
            "progress": msgspec.to_builtins(progress),
        }

    def _freshness(self, from_ms: int) -> Mapping[str, Any]:
        return freshness(self.reconciler.status(), from_ms) if self.reconciler else {}

    def _worker(self) -> dict[str, Any]:
        state: dict[str, Any] = msgspec.to_builtins(self.worker.state())
        return state | {"ok": state["running"] and not state["last_error"]}

    def _readers(self) -> dict[str, Any]:
        state: dict[str, Any] = msgspec.to_builtins(self.sessionization.state())
        return state | {"ok": state["running"] and not state["last_error"]}


def out_of_folder(settings: Settings) -> dict[str, str]:
    """Return where what a backup does not copy is, by what the backup calls it."""
    places = {REPLAYS: shown(settings.replays_url), PICTURES: shown(settings.pictures_url)}
    if settings.saved:
        places[db.FILE] = db.shown(settings.saved)
    return {name: place for name, place in places.items() if place}
