"""The server's end of a reader process: starts it, gives it tasks, ends it when it hangs."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from typing import Final, Literal

import msgspec

from isotherm.model.errors import Code, IsothermError
from isotherm.model.pipes import Wait, is_ready, packed, receive, send, unpacked
from isotherm.pipeline.readers.limits import MEBIBYTE
from isotherm.pipeline.readers.messages import (
    Answer,
    DerivedRows,
    Failed,
    Loaded,
    Played,
    Start,
    Task,
)
from isotherm.render.time_budget import PATIENCE, SLACK_S

COMMAND: Final = (sys.executable, "-m", "isotherm.pipeline.readers.serving")
_START_S: Final = 60.0
_RETRY_S: Final = 5
_MOST_ANSWER: Final = 256 * MEBIBYTE


class UnreadableError(Exception):
    """A recording cannot be read; the text says why, `loaded` what it is as far as is known.

    `final`: trying it again, with more time or alone, would change nothing.
    """

    def __init__(self, reason: str, loaded: Loaded, *, final: bool = True) -> None:
        super().__init__(reason)
        self.reason = reason
        self.loaded = loaded
        self.final = final


class _EndedError(Exception):
    """The process has ended, which need not be the recording's fault."""


class ReaderProcess:
    """One process, started when it is needed. Thread-safe; tasks wait for each other."""

    def __init__(self, options: Start, command: Sequence[str] = COMMAND) -> None:
        self._options = options
        self._command = tuple(command)
        self._process: subprocess.Popen[bytes] | None = None
        self._asking = threading.Lock()
        self._changing = threading.Lock()  # of the process
        self._closed = False
        self._lifeline = -1  # it ends with this end of a pipe, and so with this process
        self._loaded = Loaded()

    @property
    def pid(self) -> int | None:
        """The process id, while it runs."""
        process = self._process
        return process.pid if process is not None and process.poll() is None else None

    def ask(self, task: Task, *, twice: bool = True) -> DerivedRows | Played:
        """Do a task. Raises UnreadableError; STORE_UNAVAILABLE is no fault of the recording.

        A process that ends or hangs may have met bad luck (the system ran out of memory, somebody
        stopped it): the recording gets a second chance in a fresh one, if `twice`.
        """
        with self._asking:
            for chances in (1, 0) if twice else (0,):
                try:
                    return self._ask_once(task)
                except _EndedError as error:
                    self._end()
                    if not chances:
                        raise UnreadableError(str(error), self._loaded, final=False) from error
            raise AssertionError

    def close(self) -> None:
        """End the process now, and whatever it is doing: `ask` raises STORE_UNAVAILABLE."""
        with self._changing:
            self._closed = True
            if self._process is not None:
                self._process.kill()
        with self._asking:  # who asks uses the pipes until it has noticed
            self._end()

    def _ask_once(self, task: Task) -> DerivedRows | Played:
        process = self._running()
        limit_s = PATIENCE * self._options.limit_s + SLACK_S
        deadline_s = time.monotonic() + limit_s
        self._loaded = Loaded()
        try:
            self._send(process, packed(task), deadline_s)
            answer = self._receive(process, deadline_s)
            if isinstance(answer, Loaded):
                self._loaded = answer
                answer = self._receive(process, deadline_s)
        except TimeoutError as error:
            message = f"It was not read within {limit_s:.0f} s and used hardly any processor time."
            raise _EndedError(message) from error
        except (EOFError, OSError) as error:
            self._raise_if_closed()
            process.kill()  # whoever closes a pipe has ended, or is to
            if process.wait() == 0 and self._loaded == Loaded():
                return self._ask_once(task)  # it had done its share and was about to go
            raise self._ended(process) from error
        except (ValueError, msgspec.MsgspecError) as error:
            self._end()  # the rest of it is still in the pipe
            message = f"It contains more than can be stored: {error}"
            raise UnreadableError(message, self._loaded) from error
        if isinstance(answer, DerivedRows | Played):
            return answer
        assert isinstance(answer, Failed)
        raise self._failed(answer)

    def _failed(self, answer: Failed) -> Exception:
        match answer.kind:
            case "away":
                return _unavailable(answer.reason)
            case "memory":
                most = f"{self._options.memory_mb} MB of memory"
                return _EndedError(f"It needs more than {most} (read_memory_mb).")
            case "fault" | "large":
                return UnreadableError(answer.reason, self._loaded)

    def _ended(self, process: subprocess.Popen[bytes]) -> Exception:
        """Say how a process ended."""
        code = process.returncode
        if code == -signal.SIGPROF:
            seconds = f"{self._options.limit_s:g} s"
            reason = f"It takes more than {seconds} of processor time (read_limit_s)."
            return UnreadableError(reason, self._loaded, final=False)
        if code is not None and code < 0:
            name = signal.strsignal(-code) or "unknown"
            return _EndedError(f"The process died with signal {-code} ({name}).")
        return _EndedError(f"The process ended with code {code}.")

    def _running(self) -> subprocess.Popen[bytes]:
        process = self._process
        if process is not None and process.poll() is None:
            return process
        self._end()
        with self._changing:
            self._raise_if_closed()
            watched, self._lifeline = os.pipe()
            try:
                process = self._process = subprocess.Popen(  # noqa: S603 - our own module
                    [*self._command, str(watched)],
                    pass_fds=(watched,),
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    start_new_session=True,  # Ctrl-C is the server's alone
                    env={k: v for k, v in os.environ.items() if not k.startswith("ISOTHERM_")},
                )
            except OSError as error:
                os.close(self._lifeline)
                raise _unavailable(f"A reader process cannot be started: {error}") from error
            finally:
                os.close(watched)
        deadline_s = time.monotonic() + _START_S
        try:
            self._send(process, packed(self._options), deadline_s)
            self._receive(process, deadline_s)
        except (EOFError, OSError) as error:
            self._end()
            self._raise_if_closed()
            message = "A reader process ended during its start; the log says why."
            raise _unavailable(message) from error
        return process

    def _send(self, process: subprocess.Popen[bytes], data: bytes, deadline_s: float) -> None:
        pipe = _fd(process, "stdin")
        os.set_blocking(pipe, False)
        send(pipe, data, _until(deadline_s))

    def _receive(self, process: subprocess.Popen[bytes], deadline_s: float) -> Answer:
        out, wait = _fd(process, "stdout"), _until(deadline_s)
        answer: Answer = unpacked(lambda size: receive(out, size, wait), Answer, most=_MOST_ANSWER)
        return answer

    def _raise_if_closed(self) -> None:
        if self._closed:
            raise _unavailable("Isotherm is being stopped.")

    def _end(self) -> None:
        with self._changing:
            process, self._process = self._process, None
            if process is None:
                return
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                assert pipe is not None
                pipe.close()
            os.close(self._lifeline)


def _until(deadline_s: float) -> Wait:
    """Return what waits for a pipe until a time of the monotonic clock. Raises TimeoutError."""

    def wait(pipe: int, event: int) -> None:
        if not is_ready(pipe, event, deadline_s - time.monotonic()):
            raise TimeoutError

    return wait


def _fd(process: subprocess.Popen[bytes], name: Literal["stdin", "stdout"]) -> int:
    pipe = process.stdin if name == "stdin" else process.stdout
    assert pipe is not None
    return pipe.fileno()


def _unavailable(message: str) -> IsothermError:
    return IsothermError(Code.STORE_UNAVAILABLE, message, retry_after_s=_RETRY_S)
