"""What the server sends to the picture process, read by a thread so that its end is noticed."""

import os
import queue
import shutil
import signal
import threading
from contextlib import suppress

from isotherm.model.pipes import TooLongError, read, unpacked
from isotherm.render.messages import Request
from isotherm.render.process_tree import descendants

GRACE_S = 3.0


class RequestReader:
    """Requests from standard input.

    When the product is gone, even killed, and the work at hand does not end within `GRACE_S`,
    the browser and this process are ended.
    """

    def __init__(self, home: str) -> None:
        self._home = home
        self._waiting: queue.SimpleQueue[Request | None] = queue.SimpleQueue()
        threading.Thread(target=self._run, name="request-reader", daemon=True).start()

    def next(self) -> Request:
        """Return the next request. Raises EOFError when the product is gone."""
        request = self._waiting.get()
        if request is None:
            raise EOFError("the product has closed the pipe")
        return request

    def _run(self) -> None:
        with suppress(EOFError, TooLongError):
            while True:
                self._waiting.put(unpacked(read, Request))
        self._waiting.put(None)
        threading.Event().wait(GRACE_S)
        for pid in descendants(os.getpid()):
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        shutil.rmtree(self._home, ignore_errors=True)
        os._exit(1)
