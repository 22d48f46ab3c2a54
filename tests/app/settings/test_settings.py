"""Settings: later sources win, mistakes are named, and the documentation is the table."""

from pathlib import Path

import pytest

from isotherm.app.package_options import keep_apart, trace_url
from isotherm.app.settings import load, table
from isotherm.model.errors import Code, IsothermError

ROOT = Path(__file__).parents[3]


def test_a_flag_beats_a_variable_beats_the_file(tmp_path: Path) -> None:
    file = tmp_path / "isotherm.toml"
    file.write_text('port = 1\nthreads = 3\ntoken = "from-file"\n')
    settings = load(
        {"ISOTHERM_PORT": "2", "ISOTHERM_THREADS": "4"}, file, {"port": 5, "host": None}
    )
    assert (settings.port, settings.threads, settings.token, settings.host) == (
        5,
        4,
        "from-file",
        "127.0.0.1",
    )


@pytest.mark.parametrize(
    ("environ", "field"),
    [({"ISOTHERM_PORT": "eighty"}, "port"), ({"ISOTHERM_CAPTURE": "maybe"}, "capture")],
)
def test_a_wrong_value_names_the_setting(environ: dict[str, str], field: str) -> None:
    with pytest.raises(IsothermError) as caught:
        load(environ)
    assert (caught.value.code, caught.value.field) == (Code.INVALID, field)


def test_an_unknown_name_in_the_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "isotherm.toml"
    file.write_text("prot = 1\n")
    with pytest.raises(IsothermError, match="no setting 'prot'"):
        load({}, file)


@pytest.mark.parametrize("address", ["javascript:{trace}", "https://zipkin.example.test/traces/"])
def test_where_traces_are_is_an_address_with_a_place_for_the_id(address: str) -> None:
    good = "https://zipkin.example.test/traces/{trace}"
    assert trace_url(load({"ISOTHERM_TRACE_URL": good})) == good
    assert trace_url(load({})) == ""
    with pytest.raises(IsothermError) as caught:
        trace_url(load({"ISOTHERM_TRACE_URL": address}))
    assert (caught.value.code, caught.value.field) == (Code.INVALID, "trace_url")


def test_lists_are_separated_by_commas() -> None:
    assert load({"ISOTHERM_ALLOW_ORIGINS": "https://a.test, https://b.test"}).allow_origins == [
        "https://a.test",
        "https://b.test",
    ]


@pytest.mark.parametrize(
    ("recordings", "pictures"),
    [("s3://b", "s3://b/pictures"), ("s3://b/all/", "s3://b/all"), ("s3://b/p/r", "s3://b/p/")],
)
def test_recordings_and_pictures_are_kept_apart(recordings: str, pictures: str) -> None:
    keep_apart(load({"ISOTHERM_REPLAYS_URL": "s3://b/p", "ISOTHERM_PICTURES_URL": "s3://b/pic"}))
    keep_apart(load({"ISOTHERM_REPLAYS_URL": recordings}))
    nested = load({"ISOTHERM_REPLAYS_URL": recordings, "ISOTHERM_PICTURES_URL": pictures})
    with pytest.raises(IsothermError, match="nor one in the other") as refused:
        keep_apart(nested)
    assert refused.value.field == "pictures_url"


def test_the_documentation_lists_exactly_the_settings() -> None:
    assert table() in (ROOT / "docs/settings.md").read_text(encoding="utf-8")


def test_a_former_name_still_works_and_the_present_one_wins(tmp_path: Path) -> None:
    assert load({"ISOTHERM_SETTLE_S": "7"}).quiet_period_s == 7
    both = {"ISOTHERM_SETTLE_S": "7", "ISOTHERM_QUIET_PERIOD_S": "9"}
    assert load(both).quiet_period_s == 9
    file = tmp_path / "isotherm.toml"
    file.write_text("quiet_period_s = 5\n")
    assert load({}, file).quiet_period_s == 5
