"""The fetching process: what is fetched, and what is not whatever a recording or a server says."""

import gzip
import http.client
import http.server
import socket
import ssl
import subprocess
import threading
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from isotherm.model.sites import Lack, normal_site, site_of
from isotherm.render.fetcher import Fetcher
from isotherm.render.fetching import UNTRUSTED, LackError, checked, sniffed
from isotherm.render.hosts import Host, parse_hosts, site_host
from isotherm.render.messages import Asset, Want
from isotherm.render.options import RenderOptions
from isotherm.render.proxy import DecidingProxy
from tests.render.asset_site import drawing
from tests.render.loopback import Server, reply

PNG = drawing(8, 8, "#123")
Serve = Callable[..., Server]
Handler = http.server.BaseHTTPRequestHandler


@pytest.fixture(scope="module")
def fetcher() -> Iterator[Fetcher]:
    made = Fetcher(RenderOptions(memory_mb=1024))
    yield made
    made.close()


def one(fetcher: Fetcher, url: str, kind: str, *entries: str) -> Asset:
    (asset,) = fetcher.fetch([Want(url, kind)], parse_hosts(entries, "shop"))
    return asset


def test_an_image_comes_without_cookies_credentials_or_referrer(
    serve: Serve, fetcher: Fetcher
) -> None:
    seen: list[dict[str, str]] = []

    def answer(handler: Handler) -> None:
        seen.append({name.lower(): value for name, value in handler.headers.items()})
        if handler.path == "/go":
            reply(handler, "", status=302, Location="/a.png", **{"Set-Cookie": "who=me"})
        else:
            reply(handler, PNG, "text/plain")  # sniffed, not believed

    site = serve(answer)
    found = one(fetcher, f"http://{site.host}/go", "image", site.host)
    assert (found.why, found.media, found.body) == (None, "image/png", PNG)
    assert len(seen) == 2
    for headers in seen:
        assert not {"cookie", "authorization", "referer", "origin"} & headers.keys()


@pytest.mark.server
def test_a_site_with_a_certificate_of_the_companys_own_authority(
    serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate, key = tmp_path / "site.pem", tmp_path / "site.key"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=site"]
    command += ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key)]
    subprocess.run([*command, "-out", str(certificate)], check=True, capture_output=True)
    site = serve(lambda handler: reply(handler, PNG, "image/png"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    site.socket = context.wrap_socket(site.socket, server_side=True)
    found = []
    for named in ("", str(certificate)):
        monkeypatch.setenv("SSL_CERT_FILE", named)
        fetcher = Fetcher(RenderOptions(memory_mb=1024))
        found.append(one(fetcher, f"https://{site.host}/a.png", "image", site.host))
        fetcher.close()
    assert [(one.why, one.body) for one in found] == [(Lack.UNREACHABLE, b""), (None, PNG)]
    assert found[0].detail == UNTRUSTED


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("file:///etc/passwd", Lack.REFUSED),
        ("ftp://{host}/a.png", Lack.REFUSED),
        ("http://me:secret@{host}/a.png", Lack.REFUSED),
        ("http://{host}@evil.example/a.png", Lack.REFUSED),
        ("http://127.0.0.1:1/a.png", Lack.NOT_ALLOWED),  # another port
        ("http://127.0.0.1/a.png", Lack.NOT_ALLOWED),
        ("http://2130706433/a.png", Lack.NOT_ALLOWED),
        ("http://0177.0.0.1/a.png", Lack.NOT_ALLOWED),
        ("http://[::1]/a.png", Lack.NOT_ALLOWED),
        ("http://[::ffff:127.0.0.1]/a.png", Lack.NOT_ALLOWED),
        ("http://localhost.:99999/a.png", Lack.REFUSED),
        ("http:///a.png", Lack.REFUSED),
        ("http://{host}/" + "a" * 9_000, Lack.REFUSED),
    ],
)
def test_addresses_that_are_never_asked(
    serve: Serve, fetcher: Fetcher, url: str, why: Lack
) -> None:
    site = serve()
    assert one(fetcher, url.format(host=site.host), "image", site.host).why is why
    assert site.asked == []


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "2130706433", "0x7f.1", "0177.0.0.1"])
def test_a_site_at_a_private_address_is_asked_only_where_that_was_allowed(host: str) -> None:
    url = f"http://{host}/a.png"
    with pytest.raises(LackError) as refused:
        checked(url, (site_host(host),))
    assert refused.value.why is Lack.PRIVATE
    with pytest.raises(LackError):
        checked(url, (Host("*"),))
    checked(url, (site_host(host, private=True),))


def test_a_redirect_is_decided_about_like_the_address_itself(
    serve: Serve, fetcher: Fetcher
) -> None:
    canary = serve()
    to = [""]
    site = serve(lambda handler: reply(handler, "", status=302, Location=to[0]))
    for to[0], why in (
        (f"http://{canary.host}/a.png", Lack.NOT_ALLOWED),
        ("file:///etc/passwd", Lack.REFUSED),
        (f"http://me:secret@{site.host}/a.png", Lack.REFUSED),
        (f"http://{site.host}/round", Lack.REFUSED),  # and round, and round
    ):
        assert one(fetcher, f"http://{site.host}/", "image", site.host).why is why
    assert canary.asked == []


def test_a_name_is_resolved_once_and_that_address_connected_to(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that is public when it is checked, and this machine when it is asked for again."""
    canary = serve()
    name, public = "rebinding.example", "93.184.215.14"
    answers = iter([public, "127.0.0.1"])
    connected: list[str] = []
    resolve, connect = socket.getaddrinfo, socket.create_connection

    def resolved(host: Any, *rest: Any, **more: Any) -> Any:
        if host != name:
            return resolve(host, *rest, **more)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), canary.server_port))]

    def connecting(address: Any, *rest: Any, **more: Any) -> Any:
        if address[0] in {public, name}:
            connected.append(address[0])
            raise OSError("no network here")
        return connect(address, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", resolved)
    monkeypatch.setattr(socket, "create_connection", connecting)
    with DecidingProxy([Host(name)], limit_s=5, limit_bytes=1_000) as proxy:
        for status in (http.HTTPStatus.BAD_GATEWAY, http.HTTPStatus.FORBIDDEN):
            asking = http.client.HTTPConnection("127.0.0.1", proxy.port, timeout=5)
            asking.request("GET", f"http://{name}/a.png")
            assert asking.getresponse().status == status
    assert connected == [public]
    assert canary.asked == []


def test_what_is_no_image_font_or_sheet_is_not_kept(serve: Serve, fetcher: Fetcher) -> None:
    bodies = {
        "/html.png": (b"<!doctype html><p>hello", "image/png"),
        "/script.css": (b"alert(1)", "text/javascript"),
        "/html.css": (b"<html>", "text/css"),
        "/secret.json": (b'{"token": 1}', "application/json"),
        "/image.woff2": (PNG, "font/woff2"),
        "/empty.png": (b"", "image/png"),
    }
    site = serve(lambda handler: reply(handler, *bodies[handler.path]))
    kinds = {"png": "image", "css": "stylesheet", "json": "image", "woff2": "font"}
    wants = [Want(f"http://{site.host}{path}", kinds[path.split(".")[1]]) for path in bodies]
    found = fetcher.fetch(wants, parse_hosts([site.host], "shop"))
    assert {asset.why for asset in found} == {Lack.WRONG_TYPE}
    assert all(asset.body == b"" for asset in found)


def test_what_is_too_large_is_not_kept(serve: Serve, fetcher: Fetcher) -> None:
    bomb = gzip.compress(PNG + bytes(200_000_000), 1)
    wide = bytearray(PNG)
    wide[16:24] = (60_000).to_bytes(4) + (60_000).to_bytes(4)
    wide[29:33] = zlib.crc32(wide[12:29]).to_bytes(4)

    def answer(handler: Handler) -> None:
        if handler.path == "/bomb.png":
            reply(handler, bomb, "image/png", **{"Content-Encoding": "gzip"})
        elif handler.path == "/wide.png":
            reply(handler, bytes(wide), "image/png")
        else:
            reply(handler, PNG + bytes(13 << 20), "image/png")

    site = serve(answer)
    paths = ("bomb.png", "wide.png", "long.png")
    wants = [Want(f"http://{site.host}/{path}", "image") for path in paths]
    found = fetcher.fetch(wants, parse_hosts([site.host], "shop"))
    assert [asset.why for asset in found] == [Lack.TOO_LARGE] * 3


def test_a_slow_server_and_one_that_is_gone_hold_up_nobody(serve: Serve, fetcher: Fetcher) -> None:
    done = threading.Event()

    def drip(handler: Handler) -> None:
        if handler.path == "/fine.png":
            reply(handler, PNG, "image/png")
            return
        done.wait(30)

    site, gone = serve(drip), serve()
    gone.shutdown()
    gone.server_close()
    wants = [Want(f"http://{host}/x.png", "image") for host in (site.host, gone.host)]
    wants.append(Want(f"http://{site.host}/fine.png", "image"))
    try:
        found = fetcher.fetch(wants, parse_hosts([site.host, gone.host], "shop"))
    finally:
        done.set()
    assert [asset.why for asset in found] == [Lack.UNREACHABLE, Lack.UNREACHABLE, None]


def test_a_sheet_is_kept_as_utf8() -> None:
    body = "a::before { content: 'é' }"
    assert sniffed("stylesheet", body.encode("latin-1"), "text/css; charset=iso-8859-1") == (
        "text/css; charset=utf-8",
        body.encode(),
    )


@pytest.mark.parametrize(
    ("text", "site"),
    [
        ("https://Shop.Example.com/", "shop.example.com"),
        ("http://shop.example.com:80", "shop.example.com"),
        ("https://shop.example.com:8443", "shop.example.com:8443"),
        ("cdn.example.com", "cdn.example.com"),
        ("cdn.example.com:443", "cdn.example.com:443"),
        ("*.example.com", "*.example.com"),
        ("[::1]:8080", "[::1]:8080"),
        ("bücher.example", "xn--bcher-kva.example"),
    ],
)
def test_a_site_is_written_in_one_way(text: str, site: str) -> None:
    assert normal_site(text) == site


@pytest.mark.parametrize(
    "text",
    ["", "*", "*.com", "ftp://a.example", "a b", "https://me:x@a.example", "a.example/path",
     "a.example?x", "javascript:alert(1)", "a.example:99999", "-a.example", "[x]", "a" * 400],
)  # fmt: skip
def test_what_is_no_site(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        normal_site(text)
    assert site_of("data:image/png;base64,AA") == ""
