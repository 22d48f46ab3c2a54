"""Sites over HTTP and from a file: what is connected, what is suggested, and what is refused."""

import os
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from isotherm.pipeline.pictures.allowed_hosts import AllowedSites, may_fetch, read_sites

SITES = "/api/v1/sites"


@pytest.mark.server
def test_a_site_is_allowed_told_and_removed(http: FlaskClient) -> None:
    asked = {"application": "shop", "site": "https://Shop.Example.com/"}
    made = http.post(SITES, json=asked)
    assert made.status_code == 201
    site = made.json["site"]  # type: ignore[index]
    assert (site["site"], site["private"]) == ("shop.example.com", False)
    assert http.post(SITES, json=asked).json["site"]["id"] == site["id"]  # type: ignore[index]
    listed = http.get(f"{SITES}?application=shop").json
    assert [one["site"] for one in listed["sites"]] == ["shop.example.com"]  # type: ignore[index]
    assert http.get(f"{SITES}?application=other").json["sites"] == []  # type: ignore[index]
    private = http.post(f"{SITES}/{site['id']}/private", json={})
    assert private.json["site"]["private"] is True  # type: ignore[index]
    assert http.delete(f"{SITES}/{site['id']}").status_code == 204
    assert http.delete(f"{SITES}/{site['id']}").status_code == 404
    assert http.get(f"{SITES}?application=shop").json["sites"] == []  # type: ignore[index]


@pytest.mark.parametrize("site", ["", "*", "ftp://a.example", "http://me:x@a.example", "a/b"])
def test_what_is_no_site_is_refused_with_a_sentence(http: FlaskClient, site: str) -> None:
    answer = http.post(SITES, json={"application": "shop", "site": site})
    assert answer.status_code == 400
    assert answer.json["error"]["field"] == "site"  # type: ignore[index]


@pytest.mark.server
def test_allowing_a_site_never_allows_its_private_address(http: FlaskClient) -> None:
    asked = {"application": "shop", "site": "10.0.0.5:8080", "private": True}
    made = http.post(SITES, json=asked).json["site"]  # type: ignore[index]
    assert made["private"] is False
    http.delete(f"{SITES}/{made['id']}")


@pytest.mark.server
def test_a_refused_capture_names_the_site_that_would_cure_it(http: FlaskClient) -> None:
    answer = http.post(
        "/api/v1/backgrounds/capture",
        json={"application": "shop", "page": "/cart", "url": "https://new.example:8443/cart"},
    )
    if answer.status_code == 503:
        pytest.fail(answer.json["error"]["message"])  # type: ignore[index]
    assert answer.status_code == 403
    allow = answer.json["error"]["allow"]  # type: ignore[index]
    assert allow == {"site": "new.example:8443", "private": False}


def test_a_file_of_sites_is_read_again_when_it_changes(tmp_path: Path) -> None:
    file = tmp_path / "sites.yaml"
    file.write_text(
        "sites:\n  shop: [https://shop.example.com, {site: 'in.example:81', private: true}]\n"
        "  '*': ['*.cdn.example']\n"
    )
    sites = AllowedSites(file=file)
    hosts = sites.hosts("shop")
    assert may_fetch("https://shop.example.com/a.png", hosts)
    assert may_fetch("http://a.cdn.example/a.png", hosts)
    assert [host.private for host in hosts] == [False, True, False]
    assert not may_fetch("https://shop.example.com/a.png", sites.hosts("other"))
    file.write_text("sites:\n  other: [shop.example.com]\n")
    os.utime(file, ns=(1, 1))  # a change within the clock's step
    assert may_fetch("https://shop.example.com/a.png", sites.hosts("other"))
    file.write_text("sites: [")
    os.utime(file, ns=(2, 2))
    assert may_fetch("https://shop.example.com/a.png", sites.hosts("other"))  # as it was read


@pytest.mark.parametrize("text", ["- a", "sites: [a]", "sites: {shop: a}", "sites: {shop: ['*']}"])
def test_a_wrong_file_of_sites_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        read_sites(text)
