"""The deciding proxy: whatever a page tries, only allowed hosts are reached."""

import ipaddress
import socket
from collections.abc import Callable

import pytest
import requests

from isotherm.render.hosts import RefusedError, address_of, is_public, parse_hosts
from isotherm.render.messages import Capture, Target
from isotherm.render.process import RenderProcess
from isotherm.render.proxy import DecidingProxy
from tests.render.loopback import Server, reply

PAGE = """<!doctype html><h1 id="title">Shop</h1>
<img src="http://{other}/img.png"><img src="/go?to=http://{other}/img-redirect">
<iframe src="http://{other}/frame"></iframe><iframe src="/go?to=http://{other}/frame-redirect"></iframe>
<link rel="stylesheet" href="http://{other}/sheet.css">
<link rel="prefetch" href="http://{other}/prefetch"><link rel="preconnect" href="http://{other}">
<script>
fetch('http://{other}/fetch', {{mode: 'no-cors'}}).catch(() => {{}});
fetch('/go?to=http://{other}/fetch-redirect', {{mode: 'no-cors'}}).catch(() => {{}});
navigator.sendBeacon('http://{other}/beacon', 'x');
new WebSocket('ws://{other}/socket');
new EventSource('http://{other}/events');
new Worker(URL.createObjectURL(new Blob([
  "fetch('http://{other}/worker', {{mode: 'no-cors'}}).catch(() => {{}}); new WebSocket('ws://{other}/worker-socket')"
])));
const peer = new RTCPeerConnection({{iceServers: [{{urls: 'stun:{other}'}}]}});
peer.createDataChannel('x'); peer.createOffer().then((offer) => peer.setLocalDescription(offer));
document.title = 'ran';
document.querySelector('#title').insertAdjacentHTML('afterend', '<p id="ran">the script ran</p>');
</script>"""


def test_a_captured_page_reaches_nothing_else(
    serve: Callable[..., Server], process: RenderProcess
) -> None:
    canary = serve()

    def answer(handler: object) -> None:
        target = handler.path.partition("?to=")[2]  # type: ignore[attr-defined]
        if target:
            reply(handler, "", status=302, Location=target)  # type: ignore[arg-type]
        else:
            reply(handler, PAGE.format(other=canary.host))  # type: ignore[arg-type]

    own = serve(answer)
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp,
        DecidingProxy(parse_hosts([own.host], "shop"), limit_s=60, limit_bytes=10**8) as proxy,
    ):
        udp.bind(("127.0.0.1", canary.server_port))  # where the page sends its STUN packets
        udp.setblocking(False)
        layout = process.ask(
            Capture(
                url=f"http://{own.host}/",
                proxy_port=proxy.port,
                viewport_w=800,
                viewport_h=600,
                targets=(Target("#title"), Target("#ran")),
            ),
            60,
        ).layouts[0]
        with pytest.raises(BlockingIOError):
            udp.recv(1)
    assert layout.boxes["#ran"].visible
    assert {path.partition("?")[2] for path in own.asked} >= {
        f"to=http://{canary.host}/{name}-redirect" for name in ("img", "frame", "fetch")
    }
    assert canary.asked == []
    assert sum(proxy.refused.values()) >= 8


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.9.9.9",
        "0.0.0.0",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.100.100.200",
        "168.63.129.16",
        "192.0.0.192",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fd00:ec2::254",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "2001:db8::1",
    ],
)
def test_addresses_that_are_not_public(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["1.1.1.1", "93.184.215.14", "2606:4700:4700::1111"])
def test_addresses_that_are_public(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    ("host", "port", "allowed", "why"),
    [
        ("localhost", 80, ["localhost"], "private"),
        ("127.0.0.1", 80, ["*"], "private"),
        ("2130706433", 80, ["*"], "private"),  # 127.0.0.1 as one number
        ("0x7f.1", 80, ["*"], "private"),
        ("127.0.0.1", 8080, ["127.0.0.1"], "not one of"),  # the web's ports only
        ("shop.example", 22, ["shop.example"], "not one of"),
        ("evil.example", 443, ["shop.example"], "not one of"),
        ("evilshop.example", 443, ["*.shop.example"], "not one of"),
        ("shop.example", 443, ["other=shop.example"], "not one of"),
        ("nowhere.invalid", 443, ["*"], "no address"),
    ],
)
def test_what_is_refused(host: str, port: int, allowed: list[str], why: str) -> None:
    with pytest.raises(RefusedError, match=why):
        address_of(host, port, parse_hosts(allowed, "shop"))


def test_what_is_allowed() -> None:
    assert address_of("127.0.0.1", 8080, parse_hosts(["127.0.0.1:8080"], "shop")) == (
        "127.0.0.1",
        8080,
    )
    pinned = parse_hosts(["shop=shop.example.test@127.0.0.1:9000"], "shop")
    assert address_of("Shop.Example.Test.", 80, pinned) == ("127.0.0.1", 9000)


def test_the_byte_limit_cuts_a_page_off(serve: Callable[..., Server]) -> None:
    big = serve(lambda handler: reply(handler, b"x" * 3_000_000, "text/plain"))
    with DecidingProxy(parse_hosts([big.host], ""), limit_s=30, limit_bytes=1_000_000) as proxy:
        through = {"http": f"http://127.0.0.1:{proxy.port}"}
        with pytest.raises(requests.RequestException):
            requests.get(f"http://{big.host}/", proxies=through, timeout=10)


def test_a_second_request_on_the_same_connection_is_decided_about(
    serve: Callable[..., Server],
) -> None:
    own, canary = serve(), serve()
    with (
        DecidingProxy(parse_hosts([own.host], ""), limit_s=30, limit_bytes=10**6) as proxy,
        socket.create_connection(("127.0.0.1", proxy.port), 5) as client,
    ):
        for host in (own.host, canary.host):
            line = f"GET http://{host}/ HTTP/1.1\r\nHost: {host}\r\n\r\n"
            client.sendall(line.encode())
        client.settimeout(5)
        while client.recv(65_536):
            pass
    assert own.asked == ["/"]
    assert canary.asked == []
