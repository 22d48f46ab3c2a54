"""Commands find the server at any address, and read any refusal."""

import pytest
import requests

from isotherm.app.cli.server import refusal, server_url
from isotherm.app.settings import Settings


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:84"),
        ("::1", "http://[::1]:84"),
        ("shop.test", "http://shop.test:84"),
    ],
)
def test_an_ipv6_address_stands_in_brackets(host: str, url: str) -> None:
    assert server_url(Settings({"host": host, "port": 84})) == url


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b'{"error": {"message": "It is full."}}', "It is full."),
        (b'{"error": "none"}', '{"error": "none"}'),
        (b'["x"]', '["x"]'),
        (b"<h1>Bad gateway</h1>", "<h1>Bad gateway</h1>"),
        (b"", "status 502"),
    ],
)
def test_a_refusal_has_a_sentence(body: bytes, sentence: str) -> None:
    answer = requests.Response()
    answer.status_code, answer._content = 502, body
    assert refusal(answer) == sentence
