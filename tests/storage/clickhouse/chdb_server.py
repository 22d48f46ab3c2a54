"""ClickHouse's own engine behind its HTTP interface, as far as clickhouse-connect uses it.

The engine is chDB, which lives in one process; this server lends it to any number of them. Run
it as `python -m tests.storage.clickhouse.chdb_server FOLDER`; it prints its port.
"""

import logging
import os
import re
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

import chdb
import lz4.frame
from flask import Flask, Response, request
from werkzeug.serving import make_server

_FORMAT = re.compile(rb"\sFORMAT\s+(\w+)\s*;?\s*$", re.IGNORECASE)
_INSERT = re.compile(
    r"INSERT INTO (.+?)(?:\s*\((.*)\))?\s+FORMAT\s+(\w+)\s*$", re.DOTALL | re.IGNORECASE
)
_FIELD_MOST = 131_072
"""`http_max_field_value_size` of a server as it comes."""
_OWN = {
    "query",
    "query_id",
    "database",
    "session_id",
    "client_protocol_version",
    "enable_http_compression",
}
_OWN |= {"send_progress_in_http_headers", "http_headers_progress_interval_ms", "user", "password"}
_OWN |= {"wait_end_of_query", "cancel_http_readonly_queries_on_client_close", "default_format"}


def application(folder: Path) -> Flask:  # noqa: C901
    """Return the server over a folder."""
    app = Flask("chdb")
    connection = chdb.connect(str(folder))
    turn = threading.Lock()  # one question at a time
    lost: dict[str, int] = {"left": 0}

    def run(sql: Any, form: str, params: dict[str, str]) -> bytes:
        return bytes(connection.query(sql, form, params=params).bytes())

    @app.route("/ping")
    def ping() -> Response:
        return Response("Ok.\n")

    @app.post("/lose/<int:times>")
    def lose(times: int) -> Response:
        """Do what the next inserts into tables of events ask for, but do not answer."""
        lost["left"] = times
        return Response("")

    @app.route("/", methods=["GET", "POST"])
    def query() -> Response:
        given = {**request.args, **request.form}
        if any(len(value.encode()) > _FIELD_MOST for value in given.values()):
            return Response("Code: 1000. DB::Exception: HTML Form: Field value too long", 500)
        params = {key[6:]: value for key, value in given.items() if key.startswith("param_")}
        settings = {
            key: value
            for key, value in given.items()
            if key not in _OWN and not key.startswith("param_")
        }
        body = b"" if request.form or request.files else request.get_data()
        if request.headers.get("Content-Encoding") == "lz4":
            body = lz4.frame.decompress(body)
        text = given.get("query", "").encode()
        for file in request.files.values():
            text = text or file.read()
        inserted = _INSERT.search(text.decode(errors="replace")) if body and text else None
        if not inserted:
            text, body = text + body, b""
        with turn:
            try:
                run(f"USE `{given.get('database') or 'default'}`", "CSV", {})
                if inserted:
                    table, columns, form = inserted.groups()
                    answer = insert(table, columns, form, body)
                else:
                    answer = answered(text, settings, params)
            except Exception as error:  # noqa: BLE001 - what the engine says is the answer
                return Response(str(error), 500)
        if inserted and lost["left"] and "terms" not in inserted[1]:
            lost["left"] -= 1
            return Response("Code: 210. DB::NetException: the answer is lost", 500)
        return Response(answer, headers={"X-ClickHouse-Summary": "{}"})

    def answered(text: bytes, settings: dict[str, str], params: dict[str, str]) -> bytes:
        found = _FORMAT.search(text)
        form = found.group(1).decode() if found else "TabSeparated"
        text = text[: found.start()] if found else text
        if text.lstrip()[:6].upper() in {b"SELECT", b"WITH"} or b"SELECT" in text[:200].upper():
            known = [f"{key} = {_literal(value)}" for key, value in settings.items()]
            if known and b"SETTINGS" not in text:
                text += f" SETTINGS {', '.join(known)}".encode()
        return run(text.decode(), form, params)

    def insert(table: str, columns: str | None, form: str, body: bytes) -> bytes:
        with tempfile.NamedTemporaryFile(suffix=f".{form}", dir=folder.parent) as file:
            file.write(body)
            file.flush()
            into = f"{table} ({columns})" if columns else table
            names = columns or "*"
            return run(
                f"INSERT INTO {into} SELECT {names} FROM file('{file.name}', '{form}')", "CSV", {}
            )

    return app


def _literal(value: str) -> str:
    return value if re.fullmatch(r"-?\d+(\.\d+)?", value) else "'" + value.replace("'", "''") + "'"


def main() -> None:
    """Serve until the standard input ends."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    folder = Path(sys.argv[1])
    server = make_server("127.0.0.1", 0, application(folder), threaded=True)
    sys.stdout.write(f"{server.port}\n")
    sys.stdout.flush()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdin.read()
    os._exit(0)  # the engine's threads do not end by themselves


if __name__ == "__main__":
    main()
