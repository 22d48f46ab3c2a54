"""Runs the picture process: starts it, talks to it within time limits, kills it when it hangs."""

import importlib
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from itertools import chain
from typing import Never, TypeVar

from isotherm.model import Segment
from isotherm.model.errors import Code, IsothermError
from isotherm.model.pipes import TooLongError, packed, unpacked
from isotherm.render.asset_cache import Supply, nothing
from isotherm.render.messages import (
    Answer,
    Capture,
    Failed,
    Look,
    Picture,
    Pictured,
    Ready,
    Render,
    Rendered,
    Request,
    Seen,
    Session,
    Start,
    Strip,
    Supplied,
    Wanted,
)
from isotherm.render.options import RenderOptions
from isotherm.render.process_tree import descendants
from isotherm.render.time_budget import OverError, TimeBudget
from isotherm.render.watched_pipe import TooLargeError, WatchedPipe

Asked = TypeVar("Asked", Rendered, Seen, Pictured)
NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
NICE = 5  # answering requests goes before making pictures
STARTING_S = 60.0  # a busy machine takes its time
ENDING_S = 5.0
TRIAL_S = 30.0


def find_chromium(options: RenderOptions) -> tuple[str, str]:
    """Return (path of Chromium, "") or ("", what is missing and how to cure it)."""
    if importlib.util.find_spec("playwright") is None:
        return "", "Pictures need the browser driver: pip install 'isotherm[capture]'."
    if options.chromium:
        found = shutil.which(options.chromium)
        missing = f"There is no Chromium at {options.chromium}."
    else:
        found = next(filter(None, map(shutil.which, NAMES)), None)
        missing = "Pictures need Chromium: apt-get install chromium, or set ISOTHERM_CHROMIUM."
    if not found:
        return "", missing
    try:
        fault = driver_fault(driver_node())
    except FileNotFoundError as error:
        fault = f"The browser driver does not run: {error}"
    return ("", fault) if fault else (found, "")


def driver_node() -> str:
    """Return the path of the browser driver's own Node.js. Raises FileNotFoundError."""
    # not imported above: whoever needs no pictures may do without it
    fault = importlib.import_module("playwright._impl._errors").Error
    try:
        driver = importlib.import_module("playwright._impl._driver").compute_driver_executable()
    except fault as error:  # it was installed from its sources
        raise FileNotFoundError(str(error)) from error
    return str(driver[0] if isinstance(driver, tuple) else driver)


def driver_fault(node: str) -> str:
    """Say why the browser driver cannot run on this machine and how to cure it; "" = it can.

    It is Node.js, built for a fuller system than the slim images of containers.
    """
    try:
        _try_driver(node)
    except subprocess.CalledProcessError as error:
        why = (error.stderr.strip().splitlines() or [str(error)])[-1]
    except (OSError, subprocess.TimeoutExpired) as error:
        why = str(error)
    else:
        return ""
    cure = " Install it: apt-get install libatomic1." if "libatomic" in why else ""
    return f"The browser driver does not run: {why}.{cure}"


@cache
def _try_driver(node: str) -> None:
    """Run the driver; once it has run, not again. Failures are not kept: they can be cured."""
    subprocess.run(  # noqa: S603 - our own driver
        [node, "--version"], capture_output=True, text=True, check=True, timeout=TRIAL_S
    )


class SpoiltError(IsothermError):
    """A question took too long or too much memory, or broke the browser; the next may work."""

    def __init__(self, message: str) -> None:
        super().__init__(Code.CAPTURE_UNAVAILABLE, message)


class RenderProcess:
    """The product's end of the pipe. One question at a time; thread-safe."""

    def __init__(self, options: RenderOptions, *, nice: int = NICE) -> None:
        self._options = options
        self._nice = nice
        self._process: subprocess.Popen[bytes] | None = None
        self._pipe: WatchedPipe | None = None
        self._home = ""
        self._lock = threading.Lock()
        self._session: Session | None = None  # that the process knows
        self.sandbox: bool | None = None  # None = not started yet
        self.aborted = False

    def ask(self, question: Render | Capture, limit_s: float) -> Rendered:
        """Send a question and wait for its answer.

        The limit is one of processor time; for a live page, which waits for somebody else's
        server, one of the clock as well.
        Raises CAPTURE_UNAVAILABLE without Chromium, `SpoiltError` when it fails or takes too long.
        """
        clock_s = limit_s if isinstance(question, Capture) else None
        with self._lock:
            answer = self._talk([question], TimeBudget(limit_s, clock_s=clock_s), Rendered)
            self.sandbox = answer.sandbox
            return answer

    def holds(self, session: Session) -> bool:
        """Say whether the process still has this session: one that was ended has none."""
        return self._process is not None and self._session == session

    def look(
        self, session: Session, segments: Iterable[Segment], look: Look, budget: TimeBudget
    ) -> bool:
        """Say whether there is a document of a view; sends the session if it is not there yet.

        Raises as `ask` does.
        """
        with self._lock:
            requests: Iterable[Request] = [look]
            if not self.holds(session):
                requests = chain([session], segments, requests)
            answer = self._talk(requests, budget, Seen)
            self._session = session
            return answer.found

    def picture(
        self, question: Picture, budget: TimeBudget, supply: Supply = nothing
    ) -> tuple[Pictured, list[bytes]]:
        """Have a visit of the session pictured that was looked at last; return its strips, too.

        What its documents lack is asked of `supply`, whose time does not count. Raises as `ask`
        does.
        """
        strips: list[bytes] = []
        with self._lock:
            answer = self._talk([question], budget, Pictured, strips, supply)
            self.sandbox = answer.sandbox
            return answer, strips

    def abort(self) -> None:
        """Kill a running question from another thread: it fails at once. For the end only."""
        self.aborted = True
        process = self._process
        if process is not None:
            _kill([process.pid, *descendants(process.pid)])

    def close(self) -> None:
        """End the process and its browser; the next question starts a new one."""
        with self._lock:
            self._end(hung=False)

    def _talk(
        self,
        questions: Iterable[Request],
        budget: TimeBudget,
        kind: type[Asked],
        strips: list[bytes] | None = None,
        supply: Supply = nothing,
    ) -> Asked:
        """Send messages, the last of which is answered by one of this kind after some strips."""
        try:
            pipe = self._pipe or self._start()
            pipe.count_usage()  # what it did before is another question's
            pipe.budget = budget
            for question in questions:
                pipe.write(packed(question))
            while True:
                answer: Answer = unpacked(pipe.read, Answer)
                match answer:
                    case Strip() if strips is not None:
                        strips.append(answer.data)
                    case Wanted():
                        pipe.write(packed(self._supplied(answer, supply, pipe)))
                    case Failed():
                        self._end(hung=True)
                        raise SpoiltError(f"The page could not be rendered: {answer.message}")
                    case kind():
                        pipe.count_usage()
                        return answer
                    case _:
                        _out_of_turn(answer)
        except OverError as error:
            self._end(hung=True)
            raise SpoiltError(f"The page was not ready after {error}.") from error
        except TooLargeError as error:
            self._end(hung=True)
            raise SpoiltError(str(error)) from error
        except (OSError, EOFError, TooLongError) as error:
            self._end(hung=True)
            raise SpoiltError("The picture process ended unexpectedly.") from error

    def _supplied(self, wanted: Wanted, supply: Supply, pipe: WatchedPipe) -> Supplied:
        before = time.monotonic()
        try:
            return Supplied(tuple(supply(wanted.wants)))
        except IsothermError:
            self._end(hung=True)  # it waits for an answer that never comes
            raise
        finally:
            pipe.budget.put_off(time.monotonic() - before)

    def _start(self) -> WatchedPipe:
        chromium, missing = find_chromium(self._options)
        if missing:
            raise _unavailable(missing)
        self._home = tempfile.mkdtemp(prefix="isotherm-render-")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "isotherm.render.serving"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        starting = TimeBudget(STARTING_S)
        self._pipe = WatchedPipe(self._process, self._options.memory_mb, starting)
        start = Start(chromium=chromium, home=self._home, options=self._options, nice=self._nice)
        self._pipe.write(packed(start))
        ready: Answer = unpacked(self._pipe.read, Answer)
        if not isinstance(ready, Ready):
            _out_of_turn(ready)
        return self._pipe

    def _end(self, *, hung: bool) -> None:
        process, self._process, self._pipe, self._session = self._process, None, None, None
        if process is None:
            return
        family = [process.pid, *descendants(process.pid)]
        assert process.stdin is not None
        assert process.stdout is not None
        with suppress(OSError):
            process.stdin.close()  # it ends by itself when the pipe does
        try:
            process.wait(0 if hung else ENDING_S)
        except subprocess.TimeoutExpired:
            _kill(family)
            process.wait()
        process.stdout.close()
        shutil.rmtree(self._home, ignore_errors=True)


def _kill(family: Iterable[int]) -> None:
    for pid in family:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _out_of_turn(answer: Answer) -> Never:
    raise EOFError(f"{type(answer).__name__} was not asked for")


def _unavailable(message: str) -> IsothermError:
    return IsothermError(Code.CAPTURE_UNAVAILABLE, message)
