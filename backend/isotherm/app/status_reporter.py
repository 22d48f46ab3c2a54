"""The state of a server with several processes: reported by each, shown as one."""

import logging
import os
import threading
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

from isotherm.model.faults import worded
from isotherm.pipeline.housekeeping import Housekeeping
from isotherm.pipeline.processes.server_processes import ServerProcesses
from isotherm.pipeline.processes.slot import Slot
from isotherm.pipeline.processes.slot_files import ServerStart, State

OF_ONE: Final = {"readers", "capture"}
"""Parts that only the process reports that does the housekeeping."""

READERS: Final = "readers"

_TELL_S: Final = 1.0
_ELSEWHERE: Final = {
    "ok": True,
    "last_error": "",
    "message": "Another server does this.",
}
_NOBODY: Final = {"ok": False, "last_error": "No process of this server has begun to do this."}
_log = logging.getLogger(__name__)

Part = Callable[[], Mapping[str, Any]]


class StatusReporter:
    """Tells the others how this process is, and puts together what they tell."""

    def __init__(
        self,
        server: ServerStart,
        slot: Slot,
        processes: ServerProcesses,
        housekeeping: Housekeeping,
        states: Mapping[str, Part],
    ) -> None:
        """Take the parts; `states` tell how those of this process are."""
        self._server = server
        self._slot = slot
        self._all = processes
        self._housekeeping = housekeeping
        self._states = states
        self._answers: Callable[[], dict[str, float]] = dict
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="status-reporter", daemon=True)

    def start(self) -> None:
        """Tell from now on."""
        self._thread.start()

    def stop(self) -> None:
        """Tell nothing more."""
        self._ending.set()
        if self._thread.is_alive():
            self._thread.join()

    def parts(self) -> dict[str, Part]:
        """Return how each part of the server is, all processes together."""
        return {
            **{name: partial(self._part, name) for name in self._states},
            "processes": self._processes,
        }

    def answers(self, mine: Callable[[], dict[str, float]]) -> dict[str, float]:
        """Return the times to answer of all processes; `mine` are those of this one."""
        self._answers = mine
        return self._all.answers(mine())

    def _part(self, name: str) -> Mapping[str, Any]:
        if name in OF_ONE and not self._housekeeping.is_mine:
            states = (one.parts[name] for one in self._all.states() if name in one.parts)
            by_whom = _ELSEWHERE if self._housekeeping.is_kept() else _NOBODY
            return next(states, None) or {**self._states[name](), **by_whom}
        mine = self._mine(name)
        if name != "worker":
            return mine
        every = [mine, *(one.parts["worker"] for one in self._all.states())]
        return {
            "running": all(one["running"] for one in every),
            "pending": sum(one["pending"] for one in every),
            "dead": mine["dead"],
            "last_error": next(filter(None, (one["last_error"] for one in every)), ""),
            "ok": all(one["ok"] for one in every),
        }

    def _mine(self, name: str) -> Mapping[str, Any]:
        mine = self._states[name]()
        if name == READERS and self._housekeeping.is_mine and not self._housekeeping.reads:
            return {**mine, **(_ELSEWHERE if self._housekeeping.is_read() else _NOBODY)}
        return mine

    def _processes(self) -> dict[str, Any]:
        mine = _process(os.getpid(), self._slot.spool.pending, keeps=self._housekeeping.is_mine)
        others = [
            _process(one.pid, one.pending, keeps=_does_housekeeping(one))
            for one in self._all.states()
        ]
        running = sorted([mine, *others], key=lambda one: int(one["pid"]))
        return {
            "ok": len(running) >= self._server.workers,
            "wanted": self._server.workers,
            "running": running,
            "kept_elsewhere": not any(one["keeps_house"] for one in running)
            and self._housekeeping.is_kept(),
        }

    def _run(self) -> None:
        fault = ""
        while not self._ending.wait(_TELL_S):
            try:
                names = {"worker", *(OF_ONE if self._housekeeping.is_mine else ())}
                parts = {name: dict(self._mine(name)) for name in names}
                self._slot.tell(parts, self._answers())
                fault = ""
            except Exception as error:  # noqa: BLE001 - it is told again in a second
                if worded(error) != fault:
                    _log.warning("The state of this process is not reported: %s", worded(error))
                fault = worded(error)


def _process(pid: int, pending: int, *, keeps: bool) -> dict[str, Any]:
    return {"pid": pid, "pending": pending, "keeps_house": keeps}


def _does_housekeeping(state: State) -> bool:
    return bool(state.parts.keys() & OF_ONE)
