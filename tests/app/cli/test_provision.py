"""`isotherm provision` says what it needs; what it does to a Grafana is in `tests/grafana`."""

import pytest
from click.testing import CliRunner

from isotherm.app.cli import group
from isotherm.model.errors import Code, IsothermError
from tests.conftest import free_port


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        ([], "Set ISOTHERM_GRAFANA_URL (or --grafana-url)"),
        (
            ["--grafana-url", "http://127.0.0.1:1"],
            "Set ISOTHERM_GRAFANA_TOKEN (or --grafana-token)",
        ),
    ],
)
def test_what_is_missing_is_named(flags: list[str], said: str) -> None:
    refused = CliRunner().invoke(group, ["provision", *flags]).exception
    assert isinstance(refused, IsothermError)
    assert (refused.code, refused.message) == (Code.INVALID, said)


def test_a_grafana_that_does_not_answer_is_named() -> None:
    url = f"http://127.0.0.1:{free_port()}"
    flags = ["--grafana-url", url, "--grafana-token", "t"]
    refused = CliRunner().invoke(group, ["provision", *flags]).exception
    assert isinstance(refused, IsothermError)
    assert refused.message.startswith(f"Grafana cannot be reached at {url}: ")
