"""The server's end of the fetching process."""

import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from isotherm.model.pipes import TooLongError, packed, unpacked
from isotherm.model.sites import Lack
from isotherm.render.hosts import Host
from isotherm.render.messages import Asset, Fetch, Start, Supplied, Want
from isotherm.render.options import RenderOptions
from isotherm.render.time_budget import OverError, TimeBudget
from isotherm.render.watched_pipe import TooLargeError, WatchedPipe

BATCH = 50
KEPT = ("PATH", "PYTHONPATH", "LANG", "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE")
LIMIT_S = 45.0  # for a batch; the process itself stops earlier


class Fetcher:
    """Asks the fetching process, which is started when it is needed. Thread-safe."""

    def __init__(self, options: RenderOptions) -> None:
        self._options = options
        self._process: subprocess.Popen[bytes] | None = None
        self._pipe: WatchedPipe | None = None
        self._home = ""
        self._turn = threading.Lock()
        self._closed = False

    def fetch(self, wants: Sequence[Want], hosts: Sequence[Host]) -> list[Asset]:
        """Return an asset for each want; without bytes, and why, for those not to be had."""
        found: list[Asset] = []
        with self._turn:
            for first in range(0, len(wants), BATCH):
                batch = tuple(wants[first : first + BATCH])
                try:
                    found += self._ask(Fetch(batch, tuple(hosts)))
                except (OSError, EOFError, TooLongError, OverError, TooLargeError) as error:
                    self._end()
                    lack = Lack.UNREACHABLE
                    found += [Asset(url=w.url, why=lack, detail=_said(error)) for w in batch]
        return found

    def close(self) -> None:
        """End the process."""
        self._closed = True
        process = self._process
        if process is not None:
            process.kill()  # a running question fails at once
        with self._turn:
            self._end()

    def _ask(self, question: Fetch) -> tuple[Asset, ...]:
        if self._closed:
            raise EOFError
        pipe = self._pipe or self._start()
        pipe.count_usage()
        pipe.budget = _budget()
        pipe.write(packed(question))
        answer: Supplied = unpacked(pipe.read, Supplied)
        return answer.assets

    def _start(self) -> WatchedPipe:
        self._home = tempfile.mkdtemp(prefix="isotherm-fetch-")
        Path(self._home).chmod(0o755)  # it holds what an ordinary user is to read
        self._process = subprocess.Popen(
            [sys.executable, "-m", "isotherm.render.fetching"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
            # no proxy and no secrets of the product's environment
            env={name: os.environ[name] for name in KEPT if name in os.environ}
            | {"MALLOC_ARENA_MAX": "2"},
        )
        pipe = self._pipe = WatchedPipe(self._process, self._options.memory_mb, _budget())
        pipe.write(packed(Start(chromium="", home=self._home, options=self._options)))
        return pipe

    def _end(self) -> None:
        process, self._process, self._pipe = self._process, None, None
        if process is None:
            return
        process.kill()
        process.wait()
        shutil.rmtree(self._home, ignore_errors=True)
        for pipe in (process.stdin, process.stdout):
            with suppress(OSError):
                if pipe is not None:
                    pipe.close()


def _budget() -> TimeBudget:
    return TimeBudget(LIMIT_S, clock_s=LIMIT_S)  # it waits for other people's servers


def _said(error: BaseException) -> str:
    return "not in time" if isinstance(error, OverError) else "the fetching process ended"
