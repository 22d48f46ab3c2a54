"""A real InfluxDB 1.x on loopback, in a folder of its own."""

import shutil
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

from tests.conftest import free_port

START_LIMIT_S = 60

_CONFIG = """
reporting-disabled = true
bind-address = "127.0.0.1:{rpc}"
[meta]
  dir = "{folder}/meta"
[data]
  dir = "{folder}/data"
  wal-dir = "{folder}/wal"
  query-log-enabled = false
[monitor]
  store-enabled = false
[http]
  bind-address = "127.0.0.1:{port}"
  log-enabled = false
  auth-enabled = {auth}
[logging]
  level = "error"
"""


class Influxd:
    """One server; it may be killed and started again on the same data."""

    def __init__(self, folder: Path, *, auth: bool = False) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None
        config = _CONFIG.format(
            rpc=free_port(), folder=folder, port=self.port, auth="true" if auth else "false"
        )
        (folder / "influxdb.conf").write_text(config)

    @staticmethod
    def installed() -> str | None:
        """Return the path of the program, None when it is not installed."""
        return shutil.which("influxd")

    def start(self) -> None:
        program = self.installed()
        assert program is not None
        with (self.folder / "influxd.log").open("ab") as log:
            command = [program, "-config", str(self.folder / "influxdb.conf")]
            self._process = subprocess.Popen(command, stdout=log, stderr=log)
        deadline = time.monotonic() + START_LIMIT_S
        while not self._answers():
            assert self._process.poll() is None, (self.folder / "influxd.log").read_text()
            assert time.monotonic() < deadline, "influxd does not answer"
            time.sleep(0.02)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/ping", timeout=2):
                return True
        except (urllib.error.URLError, OSError):
            return False

    def kill(self) -> None:
        """End it as a power cut would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(timeout=60)
            self._process = None
