"""Browser, system and device from User-Agents; the browser's address behind proxies."""

from pathlib import Path

import pytest
from mmdb_writer import MMDBWriter
from netaddr import IPSet

from isotherm.intake.clients import Client, Place, Places, client_address, client_of, networks
from isotherm.model import ViewPart
from isotherm.model.errors import IsothermError
from tests.intake.intake_under_test import Intake, stored

MAC_SAFARI = (
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)"
    " Version/17.4 Safari/605.1.15"
)
IPAD = (
    "Mozilla/5.0 (iPad; CPU OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
    " Version/17.0 Mobile/15E148 Safari/604.1"
)
IPHONE_CHROME = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15"
    " (KHTML, like Gecko) CriOS/123.0.6312.52 Mobile/15E148 Safari/604.1"
)
PIXEL = (
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/123.0.0.0 Mobile Safari/537.36"
)
GALAXY_TAB = (
    "Mozilla/5.0 (Linux; Android 13; SM-X906C) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/123.0.0.0 Safari/537.36"
)
EDGE = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/123.0.0.0 Safari/537.36 Edg/123.0.0.0"
)
FIREFOX = "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:124.0) Gecko/20100101 Firefox/124.0"
HEADLESS = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)"
    " HeadlessChrome/156.0.0.0 Safari/537.36"
)
GOOGLEBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"


@pytest.mark.parametrize(
    ("agent", "client"),
    [
        (MAC_SAFARI, Client("Safari", "macOS", "desktop")),
        (IPAD, Client("Safari", "iOS", "tablet")),
        (IPHONE_CHROME, Client("Chrome", "iOS", "mobile")),
        (PIXEL, Client("Chrome", "Android", "mobile")),
        (GALAXY_TAB, Client("Chrome", "Android", "tablet")),
        (EDGE, Client("Edge", "Windows", "desktop")),
        (FIREFOX, Client("Firefox", "Linux", "desktop")),
        (HEADLESS, Client("Chrome", "Linux", "desktop")),
        (GOOGLEBOT, Client("Googlebot", "", "", robot=True)),
        ("Googlebot/2.1", Client("Googlebot", "", "", robot=True)),
        ("Python-urllib/3.11", Client()),  # passes on what browsers sent, no browser itself
        ("curl/8.5.0", Client()),
        ("", Client()),
        ("\x00" * 10_000, Client("", "", "desktop")),
    ],
)
def test_a_user_agent_says_browser_system_and_device(agent: str, client: Client) -> None:
    assert client_of(agent) == client


PROXIES = networks(["10.0.0.0/8", "::1", "::ffff:192.0.2.0/120"])


@pytest.mark.parametrize(
    ("remote", "header", "address"),
    [
        ("203.0.113.7", "", "203.0.113.7"),
        ("203.0.113.7", "198.51.100.1", "203.0.113.7"),  # not a proxy of ours: not believed
        ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "6.6.6.6, 198.51.100.1, 10.2.3.4", "198.51.100.1"),  # the first is forged
        ("10.0.0.1", "10.9.9.9", "10.9.9.9"),
        ("::1", "2001:db8::5", "2001:db8::5"),
        ("::ffff:10.0.0.1", "::ffff:198.51.100.1", "198.51.100.1"),
        ("192.0.2.9", "198.51.100.1:4711, 10.2.3.4:80", "198.51.100.1"),
        ("10.0.0.1", "[2001:db8::5]:443, [::1]", "2001:db8::5"),
        ("10.0.0.1", "unknown", "unknown"),
        ("10.0.0.1", "unknown:80", "unknown:80"),
        ("10.0.0.1", " , ", "10.0.0.1"),
    ],
)
def test_forwarded_addresses_are_read_from_the_right(
    remote: str, header: str, address: str
) -> None:
    assert client_address(remote, header, PROXIES) == address


def test_a_wrong_network_is_named() -> None:
    with pytest.raises(IsothermError, match=r"10\.0\.0"):
        networks(["10.0.0"])


def test_without_a_file_no_place_is_known() -> None:
    assert Places(None).of("198.51.100.1") == Place()


def test_a_file_of_another_format_is_named(tmp_path: Path) -> None:
    file = tmp_path / "geo.mmdb"
    file.write_bytes(b"not a database")
    with pytest.raises(IsothermError, match=r"geo\.mmdb"):
        Places(file)
    with pytest.raises(IsothermError, match=r"missing\.mmdb"):
        Places(tmp_path / "missing.mmdb")


PLACES = {
    "81.2.69.160/27": {"country": {"iso_code": "GB"}, "city": {"names": {"en": "London"}}},
    "89.160.20.112/28": {"country": {"iso_code": "SE"}, "city": {"names": {"en": "Linköping"}}},
    "2001:218::/32": {"country": {"iso_code": "JP"}},
}


@pytest.fixture(scope="module")
def cities(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file in MaxMind's format that knows three networks."""
    writer = MMDBWriter(ip_version=6, ipv4_compatible=True, database_type="GeoIP2-City")
    for network, place in PLACES.items():
        writer.insert_network(IPSet([network]), place)
    file = tmp_path_factory.mktemp("geo") / "cities.mmdb"
    writer.to_db_file(str(file))
    return file


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("81.2.69.160", Place("GB", "London")),
        ("89.160.20.112", Place("SE", "Linköping")),
        ("2001:218::1", Place("JP", "")),
        ("10.0.0.1", Place()),
        ("nonsense", Place()),
    ],
)
def test_an_address_has_a_place(cities: Path, address: str, place: Place) -> None:
    assert Places(cities).of(address) == place


def test_events_carry_the_place_of_the_browser_behind_a_trusted_proxy(cities: Path) -> None:
    intake = Intake(geo_database=cities, trusted_proxies=networks(["127.0.0.1"]))
    request = stored("datadog/dd7-tablet-abandon")[0]
    headers = {**request.headers, "x-forwarded-for": "81.2.69.160"}
    intake.client.post(request.path, query_string=request.query, headers=headers, data=request.body)
    assert len(intake.events) == 6
    for event in intake.events:
        assert not isinstance(event, ViewPart)
        assert (event.facets["country"], event.facets["city"]) == ("GB", "London")
