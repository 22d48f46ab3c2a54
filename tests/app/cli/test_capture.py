"""`isotherm capture` asks a running server for a picture and prints where it is."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from click.testing import CliRunner

from isotherm.app.cli import group
from isotherm.model.errors import Code, IsothermError
from tests.conftest import free_port, serve
from tests.render.loopback import Server, reply

pytestmark = pytest.mark.server

TOKEN = "only-for-this-test"


@pytest.fixture
def site() -> Iterator[Server]:
    """Yield a page of one heading."""
    server = Server(lambda handler: reply(handler, "<h1>Prices</h1>", "text/html"))
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def isotherm(tmp_path: Path, site: Server) -> Iterator[str]:
    """Yield the address of an Isotherm that may capture the page, and asks for a token."""
    hosts = f"shop.example.test@{site.host}"
    yield from serve(tmp_path, ISOTHERM_CAPTURE_HOSTS=hosts, ISOTHERM_TOKEN=TOKEN)


def flags(isotherm: str, token: str = TOKEN) -> list[str]:
    port = str(urlsplit(isotherm).port)
    return ["capture", "--port", port, "--token", token, "--application", "shop"]


def test_a_live_page_is_pictured(isotherm: str) -> None:
    address = "http://shop.example.test/prices"
    answer = CliRunner().invoke(group, [*flags(isotherm), address, "--width", "800"])
    assert answer.exit_code == 0, answer.output
    picture = requests.get(
        answer.stdout.strip(), headers={"Authorization": f"Bearer {TOKEN}"}, timeout=30
    )
    assert (picture.status_code, picture.content[8:12]) == (200, b"WEBP")


@pytest.mark.parametrize(
    ("asked", "token", "code", "said"),
    [
        (["http://elsewhere.example.test/"], TOKEN, Code.FORBIDDEN, "application's sites"),
        (["--replays", "--page", "/"], TOKEN, Code.NOT_FOUND, "has a recording"),
        (["http://shop.example.test/"], "wrong", Code.UNAUTHORISED, "token"),
    ],
)
def test_what_the_server_says_is_said(
    isotherm: str, asked: list[str], token: str, code: Code, said: str
) -> None:
    answer = CliRunner().invoke(group, [*flags(isotherm, token), *asked])
    assert isinstance(answer.exception, IsothermError)
    assert (answer.exception.code, said in answer.exception.message) == (code, True)


def test_without_a_server_it_says_how_to_start_one() -> None:
    answer = CliRunner().invoke(group, [*flags(f"http://127.0.0.1:{free_port()}"), "http://a.test"])
    assert isinstance(answer.exception, IsothermError)
    assert "isotherm serve" in answer.exception.message
