"""The door to InfluxDB: InfluxQL over plain HTTP for all versions, writes by each version's way."""

import gzip
import threading
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import IO, Any, Final, cast

import requests
import urllib3
from influxdb_client.client.influxdb_client import InfluxDBClient
from influxdb_client.client.write_api import SYNCHRONOUS
from influxdb_client.rest import ApiException

from isotherm.storage.influxdb.failures import JournalError, failure, unreachable
from isotherm.storage.influxdb.http_stream import CONNECT_S, streamed
from isotherm.storage.influxdb.options import JournalOptions

_CHUNK_ROWS: Final = 10_000

_AWAY: Final = (requests.RequestException, urllib3.exceptions.HTTPError, OSError)


class InfluxClient:
    """One server and database. Thread-safe: each thread has its own connections."""

    def __init__(self, options: JournalOptions) -> None:
        self.options = options
        self.base = options.url.rstrip("/")
        self._local = threading.local()
        self._major = 0 if options.version == "auto" else int(options.version)

    @property
    def major(self) -> int:
        """1, 2 or 3; asked of the server when the settings do not say."""
        if not self._major:
            answer = self.request("GET", "/ping")
            version = answer.headers.get("X-Influxdb-Version", "").lstrip("v")
            first = version.split(".", maxsplit=1)[0]
            # builds from source call themselves "dev" and are no 1.x, which always has a number
            self._major = int(first) if first in {"1", "2", "3"} else 2
        return self._major

    def request(self, method: str, path: str, **more: Any) -> requests.Response:
        """Make one request and return the successful answer.

        Raises JournalError when the server cannot be used now, RefusedError for what it refuses.
        """
        more.setdefault("timeout", (CONNECT_S, self.options.timeout_s))
        try:
            answer = self._session.request(method, self.base + path, **more)
            if answer.ok:
                return answer
            body = answer.text
        except _AWAY as error:
            raise unreachable(self.options, error) from error
        raise failure(self.options, answer.status_code, body, answer.headers.get("Retry-After"))

    def ask(
        self, statement: str, *, database: bool = True, post: bool = False, epoch: str = "ms"
    ) -> list[Any]:
        """Run one InfluxQL statement and return its series as JSON; times in `epoch`.

        Raises JournalError, also for an error inside a successful answer.
        """
        return self.ask_all([statement], database=database, post=post, epoch=epoch)[0]

    def ask_all(
        self,
        statements: Sequence[str],
        *,
        database: bool = True,
        post: bool = False,
        epoch: str = "ms",
    ) -> list[list[Any]]:
        """Run some statements in one request; return the series of each. Raises JournalError."""
        parameters = {"q": "; ".join(statements), "epoch": epoch}
        if database:
            parameters["db"] = self.options.database
        method = "POST" if post else "GET"
        answer = self.request(method, "/query", params=parameters)
        try:
            results = answer.json()["results"]
        except (ValueError, KeyError) as error:
            raise unreachable(self.options, error) from error
        for result in results:
            if "error" in result:
                raise statement_failed(self.options, result["error"])
        found: list[list[Any]] = [result.get("series", []) for result in results]
        return found + [[]] * (len(statements) - len(found))

    @contextmanager
    def csv(self, statement: str) -> Iterator[IO[bytes]]:
        """Run one InfluxQL statement and lend its rows as a stream of CSV; times in ns.

        InfluxDB reports an error of the statement as an empty answer in this format, and a fault in
        the middle as an early end: the reader compares the number of rows with a count.
        """
        parameters = {
            "q": statement,
            "db": self.options.database,
            "epoch": "ns",
            "chunked": "true",
            "chunk_size": str(_CHUNK_ROWS),
        }
        with streamed(self.options, "/query", parameters, self._authorization) as stream:
            yield stream

    def write(self, lines: bytes) -> None:
        """Write points durably. Raises JournalError or RefusedError."""
        if self.major == 1:
            self.request(
                "POST",
                "/write",
                params={"db": self.options.database, "precision": "ns", "consistency": "all"},
                data=gzip.compress(lines, 1),
                headers={"Content-Encoding": "gzip", "Content-Type": "text/plain; charset=utf-8"},
            )
            return
        try:
            self._writer.write(self.options.database, self.options.org or None, lines)
        except ApiException as error:
            headers: Mapping[str, str] = error.headers or {}
            after = headers.get("Retry-After")
            raise failure(self.options, error.status or 0, error.body or "", after) from error
        except _AWAY as error:
            raise unreachable(self.options, error) from error

    def close(self) -> None:
        """Close this thread's connections."""
        for name in ("session", "influx"):
            if hasattr(self._local, name):
                getattr(self._local, name).close()

    @property
    def api(self) -> InfluxDBClient:
        """The client library, for buckets, mappings and writes on 2.x and 3.x."""
        if not hasattr(self._local, "influx"):
            self._local.influx = InfluxDBClient(
                url=self.base,
                token=self.options.token,
                org=self.options.org or "-",
                timeout=int(self.options.timeout_s * 1000),
                enable_gzip=True,
                ssl_ca_cert=self.options.ca or None,
            )
        return cast("InfluxDBClient", self._local.influx)

    @property
    def _writer(self) -> Any:
        if not hasattr(self._local, "writer"):
            self._local.writer = self.api.write_api(write_options=SYNCHRONOUS)
        return self._local.writer

    @property
    def _authorization(self) -> str:
        token, version = self.options.token, self.options.version
        if ":" in token and version in {"auto", "1"}:
            return f"Basic {b64encode(token.encode()).decode()}"
        scheme = "Bearer" if version == "3" else "Token"
        return f"{scheme} {token}" if token else ""

    @property
    def _session(self) -> requests.Session:
        if not hasattr(self._local, "session"):
            session = requests.Session()
            session.trust_env = False
            session.verify = self.options.ca or True
            if self._authorization:
                session.headers["Authorization"] = self._authorization
            self._local.session = session
        session_: requests.Session = self._local.session
        return session_


def identifier(name: str) -> str:
    """Return a name quoted for InfluxQL."""
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def text(value: str) -> str:
    """Return a text quoted for InfluxQL."""
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n") + "'"


def statement_failed(options: JournalOptions, reason: str) -> JournalError:
    """Return the error for a statement that the server refused or gave up."""
    if "database not found" in reason or "not found" in reason:
        error = failure(options, 404, reason, None)
    elif "auth" in reason.lower():
        error = failure(options, 403, reason, None)
    else:
        error = failure(options, 500, reason, None)
    return cast("JournalError", error)
