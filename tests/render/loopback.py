"""Servers on loopback that write down what was asked for, and documents made by hand."""

import http.server
import threading
from collections.abc import Callable
from typing import Any


class Server(http.server.ThreadingHTTPServer):
    """A server on a free loopback port that writes down what was asked for."""

    daemon_threads = True

    def __init__(self, answer: Callable[[http.server.BaseHTTPRequestHandler], None]) -> None:
        asked = self.asked = list[str]()

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked.append(self.path)
                answer(self)

            do_POST = do_HEAD = do_OPTIONS = do_GET  # noqa: N815 - the base class's names

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                """Stay silent."""

        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def host(self) -> str:
        """`127.0.0.1:port`."""
        return f"127.0.0.1:{self.server_port}"


def reply(
    handler: http.server.BaseHTTPRequestHandler,
    body: bytes | str,
    kind: str = "text/html; charset=utf-8",
    status: int = 200,
    **headers: str,
) -> None:
    """Answer a request."""
    data = body.encode() if isinstance(body, str) else body
    handler.send_response(status)
    handler.send_header("Content-Type", kind)
    handler.send_header("Content-Length", str(len(data)))
    for name, value in headers.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(data)


def document(*body: dict[str, Any], css: str = "", w: int = 800, h: int = 600) -> dict[str, Any]:
    """Return a page state: nested `{"tag", "attrs", "children", "text"}` made flat."""
    sheets = [{"text": css, "media": "", "disabled": False}] if css else []
    nodes: list[dict[str, Any]] = []
    todo: list[tuple[dict[str, Any], int]] = [
        (
            element("html", element("head"), element("body", *body)),
            -1,
        )
    ]
    while todo:
        node, parent = todo.pop()
        children = node.get("children", [])
        nodes.append(
            {key: value for key, value in node.items() if key != "children"}
            | {"id": len(nodes), "parent": parent}
        )
        todo += [(child, len(nodes) - 1) for child in reversed(children)]
    return {
        "doctype": "html",
        "url": "https://shop.example.test/",
        "viewport_w": w,
        "viewport_h": h,
        "nodes": nodes,
        "sheets": sheets,
        "doc_scroll": [0, 0],
    }


def element(tag: str, *children: dict[str, Any] | str, **attrs: str) -> dict[str, Any]:
    """Return one element; `_` in an attribute's name stands for `-`, a trailing one for nothing."""
    return {
        "tag": tag,
        "attrs": {name.rstrip("_").replace("_", "-"): value for name, value in attrs.items()},
        "children": [
            {"tag": "#text", "text": child} if isinstance(child, str) else child
            for child in children
        ],
    }
