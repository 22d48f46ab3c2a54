"""What goes through the pipes between the server and a reader process."""

from typing import Final, Literal

import msgspec
from msgspec import Struct

from isotherm.intake.pages import PageRules
from isotherm.model import Action, Detail, PageError, View
from isotherm.replay.derive.signal_rules import SignalRules

QUICK_S: Final = 1.0
LONGER_S: Final = 5.0
"""Most recordings take some hundredths of this (measured: docs/decisions/025)."""


class Start(Struct, frozen=True, kw_only=True):
    """How a reader process works; the first message to it. Also its options."""

    replays_url: str  # where bodies are: a folder, or an fsspec URL
    limit_s: float = 30.0  # processor time per recording
    memory_mb: int = 1024  # of the process
    most_mb: int = 128  # of a recording's bodies, unpacked
    rules: SignalRules = SignalRules()
    pages: PageRules = PageRules()

    def quick(self) -> "Start":
        """Return the options of a process that gives up soon, so that others need not wait."""
        return msgspec.structs.replace(self, limit_s=min(self.limit_s, QUICK_S))

    def longer(self) -> "Start":
        """Return the options of a process for what takes some seconds, as long recordings do."""
        return msgspec.structs.replace(self, limit_s=min(self.limit_s, LONGER_S))


class Enrich(Struct, frozen=True, tag=True):
    """Read a view's recording: its views and actions as stored, to be given what it adds."""

    application: str
    session_id: str
    view_id: str
    views: list[View]
    actions: list[Action]


class Derive(Struct, frozen=True, tag=True):
    """Read a session of a sender without views."""

    application: str
    session_id: str


class Play(Struct, frozen=True, tag=True):
    """Make a playback of a session, or of one view and what names no view."""

    application: str
    session_id: str
    view_id: str | None


Task = Enrich | Derive | Play


class Ready(Struct, frozen=True, tag=True):
    """The process can take its first task."""


class Loaded(Struct, frozen=True, tag=True):
    """The bodies are in memory; what follows is the reading itself."""

    sender: str = ""  # format of the segments
    size_bytes: int = 0
    events: int = 0  # received events that the segments stand for


class DerivedRows(Struct, frozen=True, tag=True):
    """What a recording tells (`replay.derived.Derived`); `segments` 0: it is not there any more."""

    segments: int
    actions: tuple[Action, ...] = ()
    views: tuple[View, ...] = ()
    errors: tuple[PageError, ...] = ()
    details: tuple[Detail, ...] = ()


class Played(Struct, frozen=True, tag=True):
    """A playback as a JSON object (`replay.playback.Playback`); None: nothing can be played."""

    segments: int
    playback: bytes | None = None


class Failed(Struct, frozen=True, tag=True):
    """The process lives, but has no answer."""

    reason: str
    kind: Literal["fault", "memory", "large", "away"]  # away: the store of bodies


Answer = Ready | Loaded | DerivedRows | Played | Failed
