"""One recording of a thousand is poison: how much longer the others take."""

import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec

from isotherm.model import Segment, SegmentFormat
from isotherm.pipeline.quarantine import Quarantine
from isotherm.pipeline.readers.messages import Start
from isotherm.pipeline.readers.process import ReaderProcess
from isotherm.pipeline.sessionization import Sessionization
from isotherm.storage.duckdb.engine import DuckDBEngine
from isotherm.storage.objects.replays import LocalReplays
from isotherm.storage.saved.db import open_database
from tests.bench.figures import Figure
from tests.bench.work import Work

SESSIONS = 1_000
MOST = 1.2
KINDS = ("wrong", "deep", "loop", "hog", "crash", "exit")
READER = (sys.executable, "-m", "tests.bench.poisoned")
SAMPLE = Path(__file__).parents[1] / "samples/rrweb/rrweb-desktop.events.json"
T0 = 1_790_000_000_000


def measure(work: Work) -> list[Figure]:
    """Read a thousand recordings, all good, and as many with poison of a kind in their middle.

    Both at the same time, so that a slow moment of the machine hits both.
    """
    body = msgspec.json.encode(msgspec.json.decode(SAMPLE.read_bytes())[:60])
    figures = []
    for kind in KINDS:
        with ThreadPoolExecutor() as both:
            clean = both.submit(run, work.root / f"{kind}-clean", body, "good")
            poisoned = both.submit(run, work.root / f"{kind}-poisoned", body, kind)
        clean_s, poisoned_s = clean.result(), poisoned.result()
        ratio = poisoned_s / clean_s
        work.say(f"{kind}: {poisoned_s:.1f} s and {clean_s:.1f} s, {ratio:.2f} x")
        figures.append(
            Figure(
                f"999 recordings beside one that is poison ({kind})",
                f"{poisoned_s:.1f} s", f"1,000 good ones: {clean_s:.1f} s",
                ratio, most=MOST,
            )
        )  # fmt: skip
    return figures


def run(folder: Path, body: bytes, poison: str) -> float:
    """Return how long all but the poison take until they are stored, in s."""
    names = [f"good {number}" for number in range(SESSIONS)]
    names[SESSIONS // 2] = poison
    replays = LocalReplays(folder / "replays")
    segments = [segment(name, body) for name in names]
    replays.put_all(segments)
    engine = DuckDBEngine(folder / "store.duckdb")
    engine.append(segments)
    start = Start(replays_url=str(folder / "replays"))
    quarantine = Quarantine(open_database("", folder))
    reading = Sessionization(
        engine, None, quarantine, [ReaderProcess(start.quick(), READER)],
        ReaderProcess(start, READER), quiet_period_s=0.0,
    )  # fmt: skip
    began = time.monotonic()
    reading.start()
    while reading.state().read < SESSIONS - 1:
        time.sleep(0.01)
    took_s = time.monotonic() - began
    reading.flush(600)
    held = {one.recording.session_id for one in quarantine.all()}
    assert held == {poison} - {"good"}, held
    reading.stop()
    engine.close()
    return took_s


def segment(session: str, body: bytes) -> Segment:
    """Return a session's only segment."""
    return Segment(
        segment_id=session, session_id=session, application="shop", view_id="", body=body,
        time_ms=T0, end_ms=T0 + 1, format=SegmentFormat.RRWEB, recording_id=session,
    )  # fmt: skip
