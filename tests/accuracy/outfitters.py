"""Records visits to the demo's shop with the Datadog SDK.

`python -m tests.accuracy.outfitters [visitor ...]`

Visitors look through the pages of `app/demo/outfitters/site` in Chromium and press what
`outfitters.json` says. Their requests are stored as they were sent, with an index of the kind that
`pipeline/recorded_requests.py` reads.
"""

import json
import shutil
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import click
from playwright.sync_api import Browser, Error, Page, sync_playwright

from isotherm.app.demo.outfitters.shop import APPLICATION, HOST, SERVICE, SESSIONS, SITE, VERSION

PACKAGES = Path(__file__).parent / "node_modules"
ENTRY = Path(__file__).parent / "entries/outfitters.js"
KINDS = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}
PHONE: Final = (
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/156.0.0.0 Mobile Safari/537.36"
)
PAUSE_MS: Final = 1_400
"""Between two presses: closer ones on one element are one rage click for the SDK."""

VISITS: Final[dict[str, Any]] = json.loads(Path(__file__).with_suffix(".json").read_text())
"""`pressed`: page -> what is pressed on it, in order, and what leaves the page, too; `visitors`."""


class Stage(ThreadingHTTPServer):
    """The shop and, under another name, the place that the SDK sends to."""

    daemon_threads = True

    def __init__(self, script: bytes) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.script = script
        self.given: dict[str, Any] = {}
        self.sent: list[tuple[int, str, str, dict[str, str], bytes]] = []
        threading.Thread(target=self.serve_forever, daemon=True).start()


class _Handler(BaseHTTPRequestHandler):
    server: Stage
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if path == "/rum.js":
            start = f"window.KESTREL = {json.dumps(self.server.given)};\n".encode()
            return self._answer(start + self.server.script, "text/javascript")
        if path.startswith("/api/"):
            status = 503 if path == "/api/stock" else 200
            return self._answer(b"{}", "application/json", status)
        file = SITE / path.lstrip("/")
        file = file if file.is_file() else SITE / "index.html"
        return self._answer(file.read_bytes(), KINDS[file.suffix])

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        parts = urlsplit(self.path)
        if parts.path == "/dd":
            headers = {
                name: self.headers[name]
                for name in ("user-agent", "content-type", "origin")
                if name in self.headers
            }
            now_ms = time.time_ns() // 1_000_000
            self.server.sent.append((now_ms, parts.path, parts.query, headers, body))
        return self._answer(b"{}", "application/json", 202)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Stay silent."""

    def _answer(self, body: bytes, kind: str, status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Access-Control-Allow-Origin", "*")
        self.end_headers()
        self.wfile.write(body)


def bundle() -> bytes:
    """Return the SDK as a script."""
    command = [str(PACKAGES / ".bin/esbuild"), str(ENTRY), "--bundle", "--format=iife", "--minify"]
    return subprocess.run(command, capture_output=True, check=True, cwd=PACKAGES.parent).stdout


def visit(page: Page, pages: list[str], base: str) -> None:
    """Look through pages and press what is there; each page is opened by its address."""
    for path in pages:
        page.goto(base + path)
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(PAUSE_MS)  # the time of a visitor, and of the recording
        for selector in VISITS["pressed"][path]:
            if urlsplit(page.url).path != path:
                page.go_back()
                page.wait_for_timeout(PAUSE_MS)
            one = page.locator(selector).first
            try:
                one.scroll_into_view_if_needed(timeout=2_000)
                one.click(timeout=2_000)
            except Error:
                click.echo(f"Not pressed: {selector} on {path}")
            page.wait_for_timeout(PAUSE_MS)
        page.evaluate("scrollTo({top: document.documentElement.scrollHeight, behavior: 'smooth'})")
        page.wait_for_timeout(PAUSE_MS)


def record(browser: Browser, stage: Stage, name: str, given: dict[str, Any]) -> None:
    """Record one visitor and store what the SDK sent."""
    stage.sent, stage.given = [], {
        "application": APPLICATION, "service": SERVICE, "version": VERSION,
        "user": given["user"], "variant": given["variant"],
    }  # fmt: skip
    width, height = given["window"]
    phone = width < 600
    context = browser.new_context(
        viewport={"width": width, "height": height},
        has_touch=phone,
        is_mobile=phone,
        user_agent=PHONE if phone else None,
        reduced_motion="no-preference",
    )
    page = context.new_page()
    visit(page, given["pages"], f"http://{HOST}")
    page.goto("about:blank")
    time.sleep(1)  # what is sent at the end arrives
    context.close()
    folder = SESSIONS / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    index = []
    for number, (at, path, query, headers, body) in enumerate(stage.sent, 1):
        ending = "replay" if b"Content-Disposition" in body[:400] else "ndjson"
        file = f"{number:04}.{ending}"
        (folder / file).write_bytes(body)
        index.append(
            {"received_at_ms": at, "method": "POST", "path": path, "query": query,
             "headers": headers, "body_file": file}
        )  # fmt: skip
    text = json.dumps({"sdk": "@datadog/browser-rum 7.16.2", "requests": index}, indent=1)
    (folder / "requests.json").write_text(text + "\n")


def main() -> None:
    """Record all visitors."""
    stage = Stage(bundle())
    mapped = f"--host-resolver-rules=MAP *.example.test:80 127.0.0.1:{stage.server_port}"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", mapped]
        )
        for name in sys.argv[1:] or VISITS["visitors"]:
            given = VISITS["visitors"][name]
            record(browser, stage, name, given)
            size = sum(len(one[-1]) for one in stage.sent)
            click.echo(f"{name}: {len(stage.sent)} requests, {size:,} bytes")
        browser.close()


if __name__ == "__main__":
    main()
