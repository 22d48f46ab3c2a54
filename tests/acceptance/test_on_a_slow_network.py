"""What a phone network carries: compressed answers, and files that are compressed once."""

import gzip
import json
import re
from importlib import resources
from pathlib import Path

import brotli
import pytest
from werkzeug.test import Client
from werkzeug.wrappers import Response

from isotherm.app.web import PageFiles
from tests.acceptance.conftest import Isotherm, Start

PAGE = resources.files("isotherm") / "static" / "index.html"


@pytest.fixture
def isotherm(start: Start) -> Isotherm:
    return start([])


def test_answers_are_compressed_as_the_client_asks(isotherm: Isotherm) -> None:
    plain = isotherm.client.get("/api/v1/openapi.json")
    packed = isotherm.client.get("/api/v1/openapi.json", headers={"Accept-Encoding": "br, gzip"})
    assert packed.headers["Content-Encoding"] == "br"
    assert packed.headers["Vary"] == "Accept-Encoding"
    assert json.loads(brotli.decompress(packed.data)) == plain.get_json()
    assert len(packed.data) < len(plain.data) / 4
    old = isotherm.client.get("/api/v1/openapi.json", headers={"Accept-Encoding": "gzip"})
    assert json.loads(gzip.decompress(old.data)) == plain.get_json()


@pytest.mark.skipif(not PAGE.is_file(), reason="the stand-alone page is not built")
def test_the_pages_files_are_kept_for_ever_and_come_compressed(isotherm: Isotherm) -> None:
    names = re.findall(r"assets/[\w-]+\.js", isotherm.client.get("/").text)
    assert names
    for name in names:
        plain = isotherm.client.get(f"/{name}")
        packed = isotherm.client.get(f"/{name}", headers={"Accept-Encoding": "gzip, br"})
        assert "immutable" in packed.headers["Cache-Control"]
        if len(plain.data) >= 1024:
            assert packed.headers["Content-Encoding"] == "br"
            assert brotli.decompress(packed.data) == plain.data
        known = {"If-None-Match": packed.headers["ETag"]}
        assert isotherm.client.get(f"/{name}", headers=known).status_code == 304


def test_a_page_that_is_built_again_takes_no_answer_away(tmp_path: Path) -> None:
    script = b"let a;" * 500
    (tmp_path / "a.js").write_bytes(script)
    (tmp_path / "a.js.br").write_bytes(brotli.compress(script))
    client = Client(PageFiles(Response("built anew"), root=str(tmp_path)))
    (tmp_path / "a.js.br").unlink()
    assert client.get("/a.js", headers={"Accept-Encoding": "br"}).text == "built anew"
