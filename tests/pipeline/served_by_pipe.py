"""A server reduced to its durable part: numbers in by a pipe, each answered when it is safe.

Each number stands for one post: a click, a newer version of its view, and now and then a segment of
the view's replay. `end` waits until everything is stored.
"""

import sys
from pathlib import Path
from typing import Any

from isotherm.intake.drops import Counters
from isotherm.model import Action, Event, Segment, SegmentFormat, View
from isotherm.pipeline.quarantine import Quarantine
from isotherm.pipeline.readers.messages import Start
from isotherm.pipeline.readers.process import ReaderProcess
from isotherm.pipeline.sessionization import Sessionization
from isotherm.pipeline.spool import Spool
from isotherm.pipeline.worker import Worker
from isotherm.storage.duckdb.engine import DuckDBEngine
from isotherm.storage.duckdb.store import Options
from isotherm.storage.objects.replays import LocalReplays
from isotherm.storage.saved.db import open_database

T0 = 1_790_000_000_000
VIEWS = 10


def post(number: int) -> list[Event]:
    """Return the events that a number stands for."""
    name = f"v{number % VIEWS}"
    where: dict[str, Any] = {"application": "a", "session_id": "s", "view_id": name}
    events: list[Event] = [
        Action(event_id=f"click {number}", time_ms=T0 + number, page="/", **where),
        View(version=number, time_ms=T0, page="/", actions=1 + number // VIEWS, **where),
    ]
    if number % 7 == 0:
        events.append(
            Segment(
                segment_id=f"segment {number}", time_ms=T0 + number, end_ms=T0 + number + 1,
                format=SegmentFormat.DATADOG, body=b'{"records": []}', **where,
            )
        )  # fmt: skip
    return events


def say(line: str) -> None:
    """Answer a line."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> None:
    """Serve the folder that the command line names."""
    folder = Path(sys.argv[1])
    spool = Spool(folder / "spool", quota_bytes=2**26, segment_bytes=20_000)
    engine = DuckDBEngine(folder / "store.duckdb", Options(threads=1))
    runs = iter(range(1_000_000))
    reader = (sys.executable, str(Path(__file__).with_name("counting_reader.py")))
    start = Start(replays_url=str(folder / "replays"))
    sessionization = Sessionization(
        engine, None, Quarantine(open_database("", folder)),
        [ReaderProcess(start, reader)], ReaderProcess(start, reader), quiet_period_s=0.05,
    )  # fmt: skip
    worker = Worker(
        spool, engine, LocalReplays(folder / "replays"), Counters(), sessionization,
        maintain=lambda: next(runs) % 20 == 0 and engine.compact(least_rows=100),
    )  # fmt: skip
    worker.start()
    sessionization.start()
    say("ready")
    while line := sys.stdin.readline().strip():
        if line == "end":
            say("stored" if worker.flush(60) else "late")
            break
        spool.append(post(int(line)))
        say(line)
    worker.stop()
    sessionization.stop()
    spool.close()
    engine.close()


if __name__ == "__main__":
    main()
