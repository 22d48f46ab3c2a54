"""Fills an empty engine from InfluxDB in a process of its own, and tells what that took.

A process of its own, so that its memory is that of an Isotherm and nothing else.
"""

import json
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from isotherm.app.settings import Settings
from isotherm.app.wiring import Components


@dataclass(frozen=True)
class Filled:
    """One fill, from the first look at InfluxDB until both are in step."""

    rows: int
    seconds: float
    cpu_s: float
    peak_mb: float


def fill(values: dict[str, object]) -> Filled:
    """Start a process with these settings and an empty data folder; return what it tells."""
    with tempfile.TemporaryDirectory(prefix="isotherm-fill-") as data:
        asked = json.dumps(values | {"data": data, "capture": False})
        command = [sys.executable, "-m", "tests.bench.filling", asked]
        answer = subprocess.run(command, check=True, stdout=subprocess.PIPE)
    return Filled(**json.loads(answer.stdout))


def main() -> None:
    """Fill, as a server does at its first start, its worker running."""
    components = Components(Settings(json.loads(sys.argv[1])))
    assert components.reconciler is not None
    components.worker.start()
    began, busy = time.perf_counter(), time.process_time()
    status = components.reconciler.run_once()
    seconds, cpu_s = time.perf_counter() - began, time.process_time() - busy
    if status.state != "in step":
        raise RuntimeError(status)
    components.close()
    peak_mb = _peak_mb()
    json.dump(asdict(Filled(status.rows_read, seconds, cpu_s, peak_mb)), sys.stdout)


def _peak_mb() -> float:
    """Return the most memory that this program had at once (Linux).

    Not `ru_maxrss`: that begins with what the process had that started this one.
    """
    (line,) = (
        one
        for one in Path("/proc/self/status").read_text("ascii").splitlines()
        if one.startswith("VmHWM")
    )
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    main()
