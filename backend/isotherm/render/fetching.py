"""The fetching process: gets images, fonts and style sheets from an application's sites.

It has no rights, no store and no browser: what a server answers can harm nothing but itself.
"""

import logging
import os
import pwd
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from io import BytesIO
from pathlib import Path
from urllib.parse import SplitResult, urldefrag, urljoin, urlsplit

import requests
from msgspec import Struct
from PIL import Image

from isotherm.model.pipes import read, unpacked, write
from isotherm.model.sites import WEB_PORTS, Lack
from isotherm.render.hosts import Host, RefusedError, address_of
from isotherm.render.limits import limit_memory
from isotherm.render.messages import Asset, Fetch, Start, Supplied, Want
from isotherm.render.proxy import VIA, DecidingProxy

AUTHORITIES = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE")
"""Variables that name a PEM file of further authorities, such as a company's own."""

UNTRUSTED = "its certificate is not trusted; SSL_CERT_FILE can name your own authority"
AT_ONCE = 6
MOST_BYTES = {"image": 12 << 20, "font": 6 << 20, "stylesheet": 4 << 20}
MOST_BATCH_BYTES = 96 << 20
MOST_PIXELS = 60_000_000
ONE_S = 10.0
BATCH_S = 30.0
HOPS = 5
PIECE = 64 << 10
STACK = 1 << 20  # of a thread: memory has a limit
MOST_URL = 8_000
SIGNATURES: tuple[tuple[str, int, bytes, str], ...] = (
    ("image", 0, b"\x89PNG\r\n\x1a\n", "image/png"),
    ("image", 0, b"\xff\xd8\xff", "image/jpeg"),
    ("image", 0, b"GIF8", "image/gif"),
    ("image", 8, b"WEBP", "image/webp"),
    ("image", 4, b"ftypavif", "image/avif"),
    ("image", 4, b"ftypavis", "image/avif"),
    ("image", 0, b"\x00\x00\x01\x00", "image/x-icon"),
    ("image", 0, b"BM", "image/bmp"),
    ("font", 0, b"wOF2", "font/woff2"),
    ("font", 0, b"wOFF", "font/woff"),
    ("font", 0, b"OTTO", "font/otf"),
    ("font", 0, b"\x00\x01\x00\x00", "font/ttf"),
    ("font", 0, b"true", "font/ttf"),
    ("font", 0, b"ttcf", "font/collection"),
)
ACCEPT = {"image": "image/*", "font": "font/*,*/*;q=0.5", "stylesheet": "text/css"}
FORWARDS = {HTTPStatus.MOVED_PERMANENTLY, HTTPStatus.FOUND, HTTPStatus.SEE_OTHER,
            HTTPStatus.TEMPORARY_REDIRECT, HTTPStatus.PERMANENT_REDIRECT}  # fmt: skip


log = logging.getLogger("isotherm.fetch")


class LackError(Exception):
    """It cannot be had."""

    def __init__(self, why: Lack, detail: str = "") -> None:
        super().__init__(detail)
        self.why = why
        self.detail = detail[:200]


def main() -> None:
    """Serve requests from standard input until it ends."""
    pipe_out = os.dup(1)
    os.dup2(2, 1)
    start = unpacked(read, Start)
    os.nice(start.nice)
    authorities = f"{start.home}/authorities.pem"
    _bundle(authorities)
    Image.init()  # both are out of reach once the rights are gone
    if os.geteuid() == 0:
        become(start.options.run_as)
    threading.stack_size(STACK)
    limit_memory(start.options.memory_mb)
    while True:
        try:
            request: Fetch = unpacked(read, Fetch)
        except EOFError:
            return
        write(pipe_out, Supplied(tuple(fetched(request, authorities))))


def _bundle(to: str) -> None:
    """Put the known authorities and those of the environment into one file."""
    own = (os.environ.get(name, "") for name in AUTHORITIES)
    with Path(to).open("wb") as out:
        for source in dict.fromkeys([requests.utils.DEFAULT_CA_BUNDLE_PATH, *filter(None, own)]):
            try:
                out.write(Path(source).read_bytes() + b"\n")
            except OSError as error:
                log.warning("The certificates in %s cannot be read: %s", source, error)


def become(name: str) -> None:
    """Become an ordinary user without further groups; without such a user stay who we are."""
    try:
        user = pwd.getpwnam(name)
    except KeyError:
        return
    os.setgroups([])
    os.setresgid(user.pw_gid, user.pw_gid, user.pw_gid)
    os.setresuid(user.pw_uid, user.pw_uid, user.pw_uid)


def fetched(request: Fetch, authorities: str) -> list[Asset]:
    """Return an asset for each want, with its bytes or the reason why there are none.

    `authorities`: file of those whose certificates are believed.
    """
    end_s = time.monotonic() + BATCH_S
    with (
        DecidingProxy(request.hosts, limit_s=BATCH_S, limit_bytes=MOST_BATCH_BYTES) as proxy,
        ThreadPoolExecutor(AT_ONCE) as pool,
    ):
        way = _Way(request.hosts, f"http://127.0.0.1:{proxy.port}", authorities, end_s)
        return list(pool.map(way.asset, request.wants))


class _Way(Struct, frozen=True):
    """How a batch is fetched."""

    hosts: tuple[Host, ...]
    proxy: str
    authorities: str
    end_s: float  # monotonic

    def asset(self, want: Want) -> Asset:
        limit_s = min(time.monotonic() + ONE_S, self.end_s)
        try:
            body, declared = self._body(want, limit_s)
            media, body = sniffed(want.kind, body, declared)
        except LackError as lack:
            return Asset(url=want.url, why=lack.why, detail=lack.detail)
        except requests.exceptions.SSLError:
            return Asset(url=want.url, why=Lack.UNREACHABLE, detail=UNTRUSTED)
        except Exception as error:  # noqa: BLE001 - whatever a server does, the others are asked
            return Asset(url=want.url, why=Lack.UNREACHABLE, detail=type(error).__name__)
        return Asset(url=want.url, media=media, body=body)

    def _body(self, want: Want, limit_s: float) -> tuple[bytes, str]:
        """Follow redirects, each of which is decided about, to the bytes and their type."""
        url = urldefrag(want.url)[0]
        for _ in range(HOPS):
            checked(url, self.hosts)
            # a session of its own for each hop: nothing that one server sets goes to another
            with requests.Session() as session:
                session.trust_env = False  # no proxy and no credentials of the environment
                session.proxies = {"http": self.proxy, "https": self.proxy}
                session.verify = self.authorities
                answer = session.get(
                    url,
                    headers={"Accept": ACCEPT[want.kind], "User-Agent": "Isotherm"},
                    timeout=max(0.1, limit_s - time.monotonic()),
                    stream=True,
                    allow_redirects=False,
                )
                with answer:
                    if answer.status_code in FORWARDS and "Location" in answer.headers:
                        url = urldefrag(urljoin(url, answer.headers["Location"]))[0]
                        continue
                    if answer.headers.get("Via") == VIA:
                        raise LackError(Lack.UNREACHABLE, "it does not answer")
                    if answer.status_code != HTTPStatus.OK:
                        raise LackError(Lack.STATUS, str(answer.status_code))
                    body = _read(answer.raw.read, MOST_BYTES[want.kind], limit_s)
                    return body, answer.headers.get("Content-Type", "")
        raise LackError(Lack.REFUSED, "too many redirects")


def checked(url: str, hosts: tuple[Host, ...]) -> SplitResult:
    """Return an address that may be asked. Raises LackError with the reason why not.

    The proxy decides once more about the connection itself, and connects to what it resolved.
    """
    if len(url) > MOST_URL:
        raise LackError(Lack.REFUSED, "its address is too long")
    try:
        parts = urlsplit(url)
        port = parts.port or WEB_PORTS.get(parts.scheme, 0)
    except ValueError as error:
        raise LackError(Lack.REFUSED, "its address cannot be read") from error
    if parts.scheme not in WEB_PORTS or not parts.hostname:
        raise LackError(Lack.REFUSED, "only http and https are fetched")
    if "@" in parts.netloc:
        raise LackError(Lack.REFUSED, "its address holds a password")
    try:
        address_of(parts.hostname, port, hosts)
    except RefusedError as refused:
        raise LackError(refused.why, str(refused)) from refused
    return parts


def _read(read_some: Callable[..., bytes], most: int, limit_s: float) -> bytes:
    """Read at most so many bytes, unpacked, in the time that there is."""
    parts: list[bytes] = []
    size = 0
    while piece := read_some(PIECE, decode_content=True):
        parts.append(piece)
        size += len(piece)
        if size > most:
            raise LackError(Lack.TOO_LARGE, f"more than {most >> 20} MB")
        if time.monotonic() > limit_s:
            raise LackError(Lack.UNREACHABLE, "too slow")
    return b"".join(parts)


def sniffed(kind: str, body: bytes, declared: str) -> tuple[str, bytes]:
    """Return the media type by the bytes themselves, and the bytes (a sheet's as UTF-8).

    Raises LackError for what is not of this kind.
    """
    for of, at, mark, media in SIGNATURES:
        if of == kind and body[at : at + len(mark)] == mark:
            if kind == "image":
                _measured(body)
            return media, body
    said = declared.partition(";")[0].strip().lower()
    head = body[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if kind == "image" and b"<svg" in head and not head.startswith((b"<!doctype html", b"<html")):
        return "image/svg+xml", body
    if kind == "stylesheet" and said == "text/css" and not head.startswith(b"<"):
        charset = requests.utils.get_encoding_from_headers({"content-type": declared}) or "utf-8"
        if "charset" not in declared.lower():
            charset = "utf-8"
        return "text/css; charset=utf-8", body.decode(charset, "replace").encode()
    raise LackError(Lack.WRONG_TYPE, said or "no type")


def _measured(body: bytes) -> None:
    """Refuse an image that would not fit into the browser's memory."""
    try:
        with Image.open(BytesIO(body)) as image:
            pixels = image.width * image.height
    except Image.DecompressionBombError as error:
        raise LackError(Lack.TOO_LARGE, "too many pixels") from error
    except (OSError, ValueError, SyntaxError):
        return  # a format that the browser knows and this library does not
    if pixels > MOST_PIXELS:
        raise LackError(Lack.TOO_LARGE, "too many pixels")


if __name__ == "__main__":
    main()
