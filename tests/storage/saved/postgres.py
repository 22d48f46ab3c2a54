"""A real PostgreSQL on loopback, in a folder of its own."""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
import uuid
from pathlib import Path

import psycopg

START_LIMIT_S = 60
USER, PASSWORD = "isotherm", "s3cret-of-postgres"
_FAST = ("-c", "fsync=off", "-c", "max_connections=60", "-c", "unix_socket_directories=")


class Postgres:
    """One server; it may be stopped and started again on the same data."""

    def __init__(self, port: int) -> None:
        # not pytest's folder: PostgreSQL refuses to run as root, and others may not enter that
        self.folder = Path(tempfile.mkdtemp(prefix="isotherm-postgres-"))
        self.port = port
        self._process: subprocess.Popen[bytes] | None = None
        self._user = "postgres" if os.getuid() == 0 else None
        if self._user:
            os.chown(self.folder, pwd.getpwnam(self._user).pw_uid, -1)
        key = self.folder / "password"
        key.write_text(PASSWORD)
        key.chmod(0o644)
        self._run("initdb", "-D", str(self.data), "-U", USER, "-A", "scram-sha-256",
                  "--pwfile", str(key), "-E", "UTF8", "--locale=C", "--no-sync")  # fmt: skip

    @staticmethod
    def installed() -> Path | None:
        """Return the folder of its programs, None when it is not installed."""
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
        named = shutil.which("initdb")
        return found[-1].parent if found else Path(named).parent if named else None

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def url(self, database: str = "postgres") -> str:
        return f"postgresql://{USER}:{PASSWORD}@127.0.0.1:{self.port}/{database}"

    def new_database(self) -> str:
        """Return the address of a database of its own."""
        name = f"test_{uuid.uuid4().hex}"
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return self.url(name)

    def start(self) -> None:
        with (self.folder / "log").open("ab") as log:
            command = [str(_program("postgres")), "-D", str(self.data), "-p", str(self.port)]
            self._process = subprocess.Popen(
                [*command, "-c", "listen_addresses=127.0.0.1", *_FAST],
                stdout=log, stderr=log, user=self._user, cwd=self.folder,
            )  # fmt: skip
        deadline = time.monotonic() + START_LIMIT_S
        while not self._answers():
            assert self._process.poll() is None, (self.folder / "log").read_text()
            assert time.monotonic() < deadline, "PostgreSQL does not answer"
            time.sleep(0.02)

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.url(), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def stop(self) -> None:
        """End it at once; connections are cut."""
        if self._process is not None:
            self._process.send_signal(3)  # SIGQUIT: immediate
            self._process.wait(timeout=60)
            self._process = None

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, *command: str) -> None:
        subprocess.run(
            [str(_program(command[0])), *command[1:]],
            check=True, capture_output=True, user=self._user, cwd=self.folder, timeout=120,
        )  # fmt: skip


def _program(name: str) -> Path:
    folder = Postgres.installed()
    assert folder is not None
    return folder / name
