"""What the routes need from other packages; `app/wiring.py` provides it."""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from msgspec import Struct, field

from isotherm.api.history import History
from isotherm.api.route_types import Role
from isotherm.api.sharing.limiter import PasswordLimiter
from isotherm.model import Background
from isotherm.pipeline.pictures.site_connections import SiteConnections
from isotherm.pipeline.quarantine import Quarantine, Stage
from isotherm.query.context import Context
from isotherm.query.kept_results import KeptResults
from isotherm.storage.ports import Backgrounds, Engine, Recording, ReplayStore
from isotherm.storage.saved.audit import AuditLog
from isotherm.storage.saved.heatmaps import SavedHeatmaps
from isotherm.storage.saved.names import ApplicationNames
from isotherm.storage.saved.shares import Shares
from isotherm.storage.saved.zones import Zones


class PinnedBackgrounds(Backgrounds, Protocol):
    """Stored backgrounds, one of which can be pinned."""

    def pin(self, background_id: str, *, pinned: bool = True) -> Background:
        """Pin it as the background of its page. Raises NOT_FOUND."""


class Maker(Protocol):
    """What makes backgrounds (`pipeline/pictures/maker.py`)."""

    def from_replays(self, application: str, page: str) -> str:
        """Start; return the job's id. Raises CAPTURE_UNAVAILABLE, NOT_FOUND."""

    def capture_url(
        self,
        application: str,
        page: str,
        url: str = "",
        *,
        viewport_w: int = 1440,
        viewport_h: int = 0,
        hide: Sequence[str] = (),
        click: Sequence[str] = (),
    ) -> str:
        """Start; return the job's id. Raises CAPTURE_UNAVAILABLE, INVALID, NOT_FOUND, FORBIDDEN."""

    def job(self, job_id: str) -> dict[str, Any]:
        """Return the state of a job. Raises NOT_FOUND."""


class Upload(Protocol):
    """Turns an uploaded picture into a background (`render/upload.py`)."""

    def __call__(
        self,
        picture: bytes,
        *,
        application: str,
        page: str,
        viewport_w: int,
        boxes: bytes | None,
        shows: str,
    ) -> tuple[Background, Sequence[bytes]]:
        """Raise INVALID, TOO_LARGE or UNSUPPORTED for what is no picture or too large."""


class Playback(Protocol):
    """Turns a stored recording into what a player plays (`pipeline/readers/playing.py`)."""

    def __call__(self, application: str, session_id: str, view_id: str | None) -> Mapping[str, Any]:
        """Return times, rrweb events and clicks.

        Raises NOT_FOUND, UNREADABLE for a recording that breaks its reader, STORE_UNAVAILABLE.
        """


class Counts(Protocol):
    """The intake's counters at one moment."""

    @property
    def received(self) -> Mapping[str, int]:
        """Events by sender."""

    @property
    def accepted(self) -> int:
        """Events that are stored."""

    @property
    def dropped(self) -> Mapping[str, int]:
        """Dropped events by reason."""

    @property
    def refused(self) -> Mapping[str, int]:
        """Requests that were not read to their end, by reason."""

    @property
    def last_event_ms(self) -> Mapping[str, int]:
        """Time of the last event by sender."""


class Counters(Protocol):
    """Received events and what became of them (`intake/drops.py`)."""

    def snapshot(self) -> Counts:
        """Return a consistent copy."""


class Spool(Protocol):
    """Events on their way to the store (`spool.py`)."""

    @property
    def pending(self) -> int:
        """Events not yet in the store."""

    @property
    def dead_count(self) -> int:
        """Events that could not be stored."""

    def replay_dead(self) -> int:
        """Put them back into the spool; return how many. Raises STORE_UNAVAILABLE."""


class Options(Struct, frozen=True, kw_only=True):
    """Settings of this part."""

    version: str
    tokens: Mapping[Role, str] = field(default_factory=dict)
    """Bearer tokens by role; without any, none is asked for on loopback."""
    loopback: bool = True  # the server listens on loopback only
    public_url: str = ""  # where people reach this server; "" = not told
    trace_url: str = ""  # where a trace can be looked at, with {trace} for its id; "" = not told
    ignore_rage: tuple[str, ...] = ()  # element keys whose rage is not counted
    names: Mapping[str, str] = field(default_factory=dict)  # of applications, by id
    max_replay_bytes: int = 128 * 1024 * 1024  # of a recording as it is stored
    max_body_bytes: int = 4 * 1024 * 1024  # of a question
    max_upload_bytes: int = 33 * 1024 * 1024


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


class Services(Struct, frozen=True, kw_only=True):
    """Everything that the routes use."""

    engine: Engine
    backgrounds: PinnedBackgrounds
    maker: Maker
    upload: Upload
    replays: ReplayStore
    playback: Playback
    quarantine: Quarantine
    try_again: Callable[[Recording, Stage], None]
    heatmaps: SavedHeatmaps
    shares: Shares
    names: ApplicationNames
    sites: SiteConnections
    zones: Zones
    audit: AuditLog
    counters: Counters
    spool: Spool
    parts: Mapping[str, Callable[[], Mapping[str, Any]]]  # name -> how it is, for /api/v1/status
    options: Options
    back_up: Callable[[str, bool], Mapping[str, Any]]
    """Copies all data; returns where, rows and files. Raises INVALID, CONFLICT."""
    history: History = field(default_factory=History)
    passwords: PasswordLimiter = field(default_factory=PasswordLimiter)
    answers_of_all: Callable[[Callable[[], dict[str, float]]], dict[str, float]] = lambda own: own()
    """Adds to the times to answer of this process those of the others of the server."""
    freshness: Callable[[int], Mapping[str, Any]] = lambda _: {}
    """Facts and `notices` for the meta of answers about a time (epoch ms) and later, while the
    store lacks something of it."""
    clock_ms: Callable[[], int] = _now_ms

    kept: KeptResults = field(default_factory=lambda: KeptResults(_now_ms))

    def given_names(self) -> Mapping[str, str]:
        """Return the names of applications that settings and people give, by id."""
        return {**self.options.names, **self.names.all()}

    def context(self) -> Context:
        """Return what one question may use, with its own stopwatch."""
        return Context(
            engine=self.engine,
            backgrounds=self.backgrounds,
            now_ms=self.clock_ms(),
            ignore_rage=self.options.ignore_rage,
            kept=self.kept,
        )
