"""Runs the render process: starts it, talks to it within a time limit, kills it when it hangs."""

import importlib
import importlib.util
import os
import selectors
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from functools import cache
from pathlib import Path

from isotherm.model.errors import Code, IsothermError
from isotherm.render.messages import (
    Answer,
    Capture,
    Failed,
    Render,
    Rendered,
    Start,
    packed,
    unpacked,
)
from isotherm.render.options import RenderOptions

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
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
    fault = driver_fault(driver_node())
    return ("", fault) if fault else (found, "")


def driver_node() -> str:
    """Return the path of the browser driver's own Node.js."""
    # not imported above: whoever needs no pictures may do without it
    driver = importlib.import_module("playwright._impl._driver").compute_driver_executable()
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


class RenderProcess:
    """The product's end of the pipe. One question at a time; thread-safe."""

    def __init__(self, options: RenderOptions) -> None:
        self._options = options
        self._process: subprocess.Popen[bytes] | None = None
        self._home = ""
        self._lock = threading.Lock()
        self.sandbox: bool | None = None  # None = not started yet

    def ask(self, question: Render | Capture, limit_s: float) -> Rendered:
        """Send a question and wait for its answer.

        Raises CAPTURE_UNAVAILABLE when there is no Chromium, it fails, or the time is over.
        """
        with self._lock:
            deadline = time.monotonic() + limit_s
            try:
                process = self._process or self._start()
                assert process.stdin is not None
                process.stdin.write(packed(question))
                process.stdin.flush()
                answer: Answer = unpacked(lambda size: _read(process, size, deadline), Answer)
            except TimeoutError as error:
                self._end(hung=True)
                raise _unavailable(f"The page was not ready after {limit_s:.0f} s.") from error
            except (OSError, EOFError) as error:
                self._end(hung=True)
                raise _unavailable("The render process ended unexpectedly.") from error
            if isinstance(answer, Failed):
                raise _unavailable(f"The page could not be rendered: {answer.message}")
            self.sandbox = answer.sandbox
            return answer

    def abort(self) -> None:
        """Kill a running question from another thread: it fails at once."""
        process = self._process
        if process is not None:
            with suppress(ProcessLookupError):
                process.kill()

    def close(self) -> None:
        """End the process and its browser; the next question starts a new one."""
        with self._lock:
            self._end(hung=False)

    def _start(self) -> subprocess.Popen[bytes]:
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
        assert self._process.stdin is not None
        start = Start(
            chromium=chromium,
            run_as=self._options.run_as,
            home=self._home,
            max_height_px=self._options.max_height_px,
            tile_px=self._options.tile_px,
            renders_per_browser=self._options.renders_per_browser,
        )
        self._process.stdin.write(packed(start))
        self._process.stdin.flush()
        return self._process

    def _end(self, *, hung: bool) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        family = [process.pid, *_descendants(process.pid)]
        assert process.stdin is not None
        assert process.stdout is not None
        with suppress(OSError):
            process.stdin.close()  # it ends by itself when the pipe does
        try:
            process.wait(0 if hung else ENDING_S)
        except subprocess.TimeoutExpired:
            for pid in reversed(family):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            process.wait()
        process.stdout.close()
        shutil.rmtree(self._home, ignore_errors=True)


def _read(process: subprocess.Popen[bytes], size: int, deadline: float) -> bytes:
    assert process.stdout is not None
    parts = []
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while size:
            if not selector.select(max(0.0, deadline - time.monotonic())):
                raise TimeoutError
            part = os.read(process.stdout.fileno(), min(size, 1 << 20))
            if not part:
                raise EOFError
            parts.append(part)
            size -= len(part)
    return b"".join(parts)


def _descendants(pid: int) -> list[int]:
    """Every process below this one; Chromium puts itself in a session of its own."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:  # it has ended meanwhile
            continue
        children.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    found, todo = [], [pid]
    while todo:
        below = children.get(todo.pop(), [])
        found += below
        todo += below
    return found


def _unavailable(message: str) -> IsothermError:
    return IsothermError(Code.CAPTURE_UNAVAILABLE, message)
