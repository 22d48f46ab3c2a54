"""gunicorn's worker with threads, for several that listen on one socket.

The kernel wakes all of them for a new connection, and a busy one, which runs already, takes it
before an idle one is awake: nearly all the work would be done by one process.
"""

import time
from typing import Any, Final

from gunicorn.workers.gthread import ThreadWorker

STEP_S: Final = 0.0005
LONGEST_S: Final = 0.002


class FairWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn ships no types
    """Lets processes that have less to do take a connection first."""

    def accept(self, listener: Any) -> None:
        """Take a connection, if no other process has by now."""
        busy = self.nr_conns - len(self.keepalived_conns) - len(self.pending_conns)
        if busy > 0:
            time.sleep(min(LONGEST_S, busy * STEP_S))
        super().accept(listener)
