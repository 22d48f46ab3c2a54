"""Every part, made from the settings and put together; `app.py` and the command line use it."""

import socket
from collections.abc import Mapping
from functools import partial
from typing import Any, Self

import msgspec

from isotherm import __version__
from isotherm.storage.duckdb.engine import DuckDBEngine
from isotherm.storage.duckdb.store import Options as EngineOptions
from isotherm.intake.drops import Counters
from isotherm.intake.options import options_of
from isotherm.intake.pages import page_key
from isotherm.intake.pipeline import Pipeline
from isotherm.storage.influxdb.freshness import freshness
from isotherm.storage.influxdb.journal import InfluxJournal, open_journal
from isotherm.storage.influxdb.options import JournalOptions
from isotherm.storage.influxdb.reconcile import Reconciler
from isotherm.storage.ports import Recording
from isotherm.api.history import History
from isotherm.api.services import Options as ProtocolOptions
from isotherm.api.services import Services
from isotherm.pipeline.quarantine import Quarantine, Stage
from isotherm.pipeline.readers.messages import Start
from isotherm.pipeline.readers.playing import Playing
from isotherm.pipeline.readers.process import ReaderProcess
from isotherm.render.choose import best
from isotherm.pipeline.pictures.maker import BackgroundMaker
from isotherm.render.options import RenderOptions
from isotherm.render.upload import uploaded
from isotherm.replay.derive.signal_rules import SignalRules
from isotherm.storage.objects.replays import open_replays
from isotherm.storage.saved.backgrounds import StoredBackgrounds
from isotherm.storage.saved.db import open_database
from isotherm.storage.saved.heatmaps import SavedHeatmaps
from isotherm.storage.saved.samples import StoredSamples
from isotherm.storage.saved.shares import Shares
from isotherm.pipeline.sessionization import Sessionization
from isotherm.app.settings import Settings
from isotherm.pipeline.spool import Spool
from isotherm.pipeline.retention import Retention, Upkeep
from isotherm.pipeline.worker import Worker

SPOOL = "spool"
REPLAYS = "replays"
ENGINE_FILE = "isotherm.duckdb"
LOOPBACK = ("127.0.0.1", "localhost", "::1")
MEBIBYTE = 1 << 20
PLAYBACK_PROCESSES = 2
DAY_MS = 86_400_000


class Parts:
    """All parts of a running Isotherm. Make it in the process that uses it; close it in the end."""

    def __init__(self, settings: Settings) -> None:
        """Open the stores. Raises INVALID for wrong settings, STORE_UNAVAILABLE, CONFLICT."""
        self.settings = settings
        folder = settings.folder
        folder.mkdir(parents=True, exist_ok=True)
        self.counters = Counters()
        self.intake_options = options_of(settings)
        self.pipeline = Pipeline(self.intake_options)
        self.spool = open_spool(settings)
        self.replays = open_replays(replays_url(settings))
        self.engine = DuckDBEngine(
            folder / ENGINE_FILE,
            EngineOptions(
                memory_mb=settings.engine_memory_mb,
                page_bytes=settings.page_memory_mb * MEBIBYTE,
            ),
        )
        self.journal = journal_of(settings, self.engine)
        self.reconciler = Reconciler(self.journal, self.engine) if self.journal else None
        self.database = open_database(settings.database_url, folder)
        self.backgrounds = StoredBackgrounds(self.database, settings.pictures_url, folder)
        self.maker = BackgroundMaker(
            render_options(settings),
            self.backgrounds,
            self.engine,
            self.replays,
            journal=self.journal,
        )
        self.quarantine = Quarantine(self.database)
        reading = reading_options(settings)
        self.playing = Playing(
            [ReaderProcess(reading) for _ in range(PLAYBACK_PROCESSES)], self.quarantine
        )
        self.sessionization = Sessionization(
            self.engine,
            self.journal,
            self.quarantine,
            [ReaderProcess(reading.quick()) for _ in range(max(1, settings.readers))],
            ReaderProcess(reading),
            settled=lambda one: self.maker.offer(one.application, one.session_id, one.view_id),
            settle_s=settings.settle_s,
        )
        self.worker = Worker(
            self.spool,
            self.engine,
            self.replays,
            self.counters,
            self.sessionization,
            journal=self.journal,
            upkeep=Upkeep(
                self.engine,
                self.replays,
                _retention(settings),
                forget_failures=self.quarantine.expire,
            ),
        )

    def start(self) -> Self:
        """Begin to store events, to read recordings and to keep in step with the journal."""
        self.worker.start()
        self.sessionization.start()
        if self.reconciler:
            self.reconciler.start()
        self.maker.resume()
        return self

    def close(self) -> None:
        """Stop everything; what is not stored yet stays in the spool."""
        self.worker.stop()
        self.sessionization.stop()
        self.playing.close()
        if self.reconciler:
            self.reconciler.close()
        if self.journal:
            self.journal.close()
        self.maker.close()
        self.engine.close()
        self.spool.close()
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
            choose=best,
            maker=self.maker,
            upload=partial(uploaded, options=render_options(self.settings)),
            replays=self.replays,
            playback=self.playing,
            quarantine=self.quarantine,
            try_again=self.try_again,
            heatmaps=SavedHeatmaps(self.database),
            shares=Shares(self.database),
            history=History(StoredSamples(self.database, self._name())),
            freshness=self._freshness,
            counters=self.counters,
            spool=self.spool,
            parts={
                "store": self._store,
                "worker": self._worker,
                "readers": self._readers,
                "capture": self.maker.status,
            },
            options=ProtocolOptions(
                version=__version__,
                token=self.settings.token,
                loopback=self.settings.host in LOOPBACK,
                public_url=self.settings.public_url.rstrip("/"),
                ignore_rage=tuple(self.settings.ignore_rage),
            ),
        )

    def try_again(self, recording: Recording, stage: Stage) -> None:
        """Do again what failed, once it is released from quarantine."""
        match stage:
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
            return {"kind": "embedded", "ok": True}
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


def open_spool(settings: Settings) -> Spool:
    """Open the spool of a data folder. Raises CONFLICT when another process has it."""
    return Spool(settings.folder / SPOOL, quota_bytes=settings.spool_quota_mb * MEBIBYTE)


def _retention(settings: Settings) -> Retention:
    days = settings.retention_days
    return Retention(actions=days, views=days, errors=days, replays=settings.replay_retention_days)


def reading_options(settings: Settings) -> Start:
    """Return what the settings say about reading recordings."""
    return Start(
        replays_url=replays_url(settings),
        limit_s=settings.read_limit_s,
        memory_mb=settings.read_memory_mb,
        most_mb=settings.read_most_mb,
        rules=_signal_rules(settings),
        pages=options_of(settings).pages,
    )


def replays_url(settings: Settings) -> str:
    """Return where the bodies of replays are."""
    url: str = settings.replays_url
    return url or str(settings.folder / REPLAYS)


def _signal_rules(settings: Settings) -> SignalRules:
    return SignalRules(
        rage_clicks=settings.rage_clicks,
        rage_window_ms=settings.rage_window_ms,
        rage_distance_px=settings.rage_distance_px,
        dead_after_ms=settings.dead_after_ms,
    )


def render_options(settings: Settings) -> RenderOptions:
    """Return what the settings say about pictures."""
    return RenderOptions(
        automatic=settings.capture,
        chromium=settings.chromium,
        hosts=tuple(settings.capture_hosts),
        sheet_hosts=tuple(settings.sheet_hosts),
        hide=tuple(settings.capture_hide),
        click=tuple(settings.capture_click),
        per_page=settings.backgrounds_per_page,
        max_age_ms=settings.background_max_age_days * DAY_MS,
    )


def journal_of(settings: Settings, engine: DuckDBEngine | None = None) -> InfluxJournal | None:
    """Return the journal that the settings name. Raises INVALID for a wrong mapping file."""
    if not settings.influx_url:
        return None
    return open_journal(journal_options(settings), engine)


def journal_options(settings: Settings) -> JournalOptions:
    """Return what the settings say about InfluxDB."""
    pages = options_of(settings).pages
    return JournalOptions(
        url=settings.influx_url,
        version=settings.influx_version,
        token=settings.influx_token,
        org=settings.influx_org,
        ca=settings.influx_ca,
        database=settings.influx_database,
        retention=settings.influx_retention,
        mapping=settings.influx_mapping,
        state=settings.folder / "journal.db",
        interval_s=settings.influx_reconcile_s,
        keep_days=settings.retention_days,
        page_of=lambda url, name: page_key(url, name, pages),
    )
