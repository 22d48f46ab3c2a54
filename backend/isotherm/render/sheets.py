"""Fetches style sheets that a recording lacks, from allowed hosts, through the same guard."""

from collections import OrderedDict
from collections.abc import Sequence
from urllib.parse import urljoin

import msgspec
import requests

from isotherm.render.hosts import Host, parse_hosts
from isotherm.render.proxy import DecidingProxy
from isotherm.replay.document import PageState
from isotherm.replay.dom.page_state import Css, StateNode

FETCH_S = 10.0
MAX_SHEET_BYTES = 4 * 1024 * 1024
MAX_KEPT = 200


class Sheets:
    """The fetchers of all applications."""

    def __init__(self, sheet_hosts: Sequence[str]) -> None:
        self._hosts = tuple(sheet_hosts)
        self._fetchers: dict[str, SheetFetcher] = {}

    def of(self, application: str) -> "SheetFetcher | None":
        """Return the fetcher of an application; None when nothing may be fetched."""
        if not self._hosts:
            return None
        if application not in self._fetchers:
            self._fetchers[application] = SheetFetcher(parse_hosts(self._hosts, application))
        return self._fetchers[application]


class SheetFetcher:
    """Fills the missing sheets of page states; what was fetched is kept by URL."""

    def __init__(self, allowed: Sequence[Host]) -> None:
        self._allowed = tuple(allowed)
        self._kept: OrderedDict[str, str] = OrderedDict()

    def __call__(self, page: PageState) -> PageState:
        """Return the page with the style sheets that could be fetched."""
        if not self._allowed or not any(node.missing_css for node in page.nodes):
            return page
        nodes = tuple(
            self._filled(node, page.url) if node.missing_css else node for node in page.nodes
        )
        return msgspec.structs.replace(page, nodes=nodes)

    def _filled(self, node: StateNode, base: str) -> StateNode:
        text = self._text(urljoin(base, node.attrs.get("href", "")))
        if not text:
            return node
        css = (Css(text, node.attrs.get("media", ""), disabled=False),)
        return msgspec.structs.replace(node, css=css, missing_css=False)

    def _text(self, url: str) -> str:
        if url not in self._kept:
            self._kept[url] = self._fetched(url)
            while len(self._kept) > MAX_KEPT:
                self._kept.popitem(last=False)
        return self._kept[url]

    def _fetched(self, url: str) -> str:
        """Return the sheet's text, "" when it cannot be had (the recording then says so)."""
        if not url.startswith(("http://", "https://")):
            return ""
        with (
            DecidingProxy(self._allowed, limit_s=FETCH_S, limit_bytes=2 * MAX_SHEET_BYTES) as proxy,
            requests.Session() as session,
        ):
            session.trust_env = False  # no proxy and no credentials of the environment
            address = f"http://127.0.0.1:{proxy.port}"
            session.proxies = {"http": address, "https": address}
            session.max_redirects = 5
            try:
                with session.get(url, timeout=FETCH_S, stream=True) as answer:
                    kind = answer.headers.get("Content-Type", "")
                    if answer.status_code != requests.codes.ok or not kind.startswith("text/css"):
                        return ""
                    body = answer.raw.read(MAX_SHEET_BYTES, decode_content=True)
            except (requests.RequestException, OSError):
                return ""
            return bytes(body).decode(answer.encoding or "utf-8", errors="replace")
