"""The Python client against a served shop: numbers, types, files, pictures, sentences of errors."""

from pathlib import Path

import nbformat
import pandas as pd
import pytest
from click.testing import CliRunner
from nbclient import NotebookClient

import isotherm
from isotherm.app.cli.table import command as table
from isotherm.client import Client, ClientError, write_table
from tests.api.conftest import PAY
from tests.client.conftest import TOKEN
from tests.scenario import HOUR, NOON

NOTEBOOK = Path(__file__).parents[2] / "docs" / "client.ipynb"

SPAN = {"application": "shop", "page": "/cart", "start": NOON, "end": NOON + 12 * HOUR}


@pytest.fixture
def client(url: str) -> Client:
    return isotherm.Client(url)


def test_answers_are_frames_with_types_units_and_facts(client: Client) -> None:
    frame = client.ask("actions", **SPAN)
    assert frame.dtypes.astype(str).to_dict() | {
        "rank": "Int64", "clicks": "float64", "element": "string", "placed": "boolean",
    } == frame.dtypes.astype(str).to_dict()  # fmt: skip
    assert frame.loc[0, "element"] == PAY
    assert frame["clicks"].sum() == frame.attrs["meta"]["clicks"]
    assert frame.attrs["units"]["median_loading_ms"] == "ms"
    one, following = client.frames("action", element=PAY, **SPAN)
    assert str(one["first_seen"].dtype) == "datetime64[ms, UTC]"
    assert one.loc[0, "first_seen"] == pd.Timestamp(NOON + 10_000, unit="ms", tz="UTC")
    assert following.attrs["name"] == "next"


def test_filters_are_a_mapping_and_times_are_what_people_write(client: Client) -> None:
    span = SPAN | {"start": "2026-11-21T12:00:00Z", "end": pd.Timestamp("2026-11-22")}
    chrome = client.ask("page_stats", filters={"browser": "Chrome"}, **span)
    both = client.ask("page_stats", filters={"browser": ["Chrome", "Safari"]}, **span)
    assert (chrome.loc[0, "views"], both.loc[0, "views"]) == (2, 3)


def test_a_misspelt_parameter_is_told(client: Client) -> None:
    """The server ignores what it does not know: the answer would be of all pages."""
    wrong = {name: value for name, value in SPAN.items() if name != "page"} | {"pgae": "/cart"}
    with pytest.raises(ClientError, match=r"actions does not take pgae; it takes .* page, "):
        client.ask("actions", **wrong)
    with pytest.raises(ClientError, match="question must be one of"):
        client.ask("action_list", **SPAN)


def test_parquet_keeps_types_and_facts(client: Client, tmp_path: Path) -> None:
    frame = client.ask("action", element=PAY, **SPAN)
    write_table(frame, tmp_path / "pay.parquet")
    back = pd.read_parquet(tmp_path / "pay.parquet")
    pd.testing.assert_frame_equal(back, frame)
    assert back.attrs == frame.attrs
    write_table(frame, tmp_path / "pay.csv")
    assert pd.read_csv(tmp_path / "pay.csv").loc[0, "clicks"] == frame.loc[0, "clicks"]
    with pytest.raises(ClientError, match=r"must end with \.csv or \.parquet"):
        write_table(frame, tmp_path / "pay.txt")


def test_the_command_writes_a_table(url: str, tmp_path: Path) -> None:
    out = tmp_path / "actions.csv"
    span = ["--from", "2026-11-21T12:00:00Z", "--to", "2026-11-22T00:00:00Z"]
    asked = ["actions", "--application", "shop", "--page", "/cart", *span, "--url", url]
    done = CliRunner().invoke(table, [*asked, "--params", '{"limit": 2}', "--out", str(out)])
    assert done.exit_code == 0, done.output
    assert pd.read_csv(out).loc[0, "element"] == PAY
    wrong = CliRunner().invoke(table, [*asked, "--params", '{"limit": 0}', "--out", str(out)])
    assert wrong.exit_code == 1
    assert "limit" in wrong.output


def test_the_picture_comes_whole(client: Client) -> None:
    assert client.picture(**SPAN).size == (1440, 2000)
    with pytest.raises(ClientError, match="no picture of this page"):
        client.picture(**SPAN | {"page": "/done"})


def test_errors_are_the_servers_own_sentences(client: Client) -> None:
    with pytest.raises(ClientError, match="is not a regular expression"):
        client.ask("heat", filters=[{"key": "browser", "operator": "=~", "value": "("}],
                   **{key: value for key, value in SPAN.items() if key != "filters"})  # fmt: skip
    with pytest.raises(ClientError, match="does not answer"):
        Client("http://127.0.0.1:9").applications()
    with pytest.raises(ClientError, match="is not a time"):
        client.ask("heat", **SPAN | {"start": "yesterday-ish"})


def test_applications_are_listed(client: Client) -> None:
    frame = client.applications(NOON, NOON + 12 * HOUR)
    assert list(frame["application"]) == ["shop"]
    assert str(frame["last"].dtype).startswith("datetime64")


def test_a_token_opens_what_asks_for_one(guarded: str) -> None:
    span = (NOON, NOON + 12 * HOUR)
    with pytest.raises(ClientError, match="Send the token"):
        Client(guarded).applications(*span)
    assert len(Client(guarded, TOKEN).applications(*span)) == 1


@pytest.mark.server
def test_the_notebook_of_the_docs_runs(url: str) -> None:
    """Every cell is run against the shop; what it says is checked by the asserts in it."""
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    about = {"URL": url, "START": NOON, "END": NOON + 12 * HOUR, "APPLICATION": "shop"}
    setting = "\n".join(f"{name} = {value!r}" for name, value in about.items())
    [place] = [cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", [])]
    place.source = setting
    NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    said = [out for cell in notebook.cells for out in cell.get("outputs", [])]
    assert any("text/html" in out.get("data", {}) for out in said), "tables are shown"


def test_no_cell_of_a_csv_file_is_a_formula(tmp_path: Path) -> None:
    texts = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "plain"]
    frame = pd.DataFrame({"=name": texts, "clicks": [-1.0] * len(texts)})
    write_table(frame, tmp_path / "rows.csv")
    back = pd.read_csv(tmp_path / "rows.csv")
    assert back.columns.tolist() == ["'=name", "clicks"]
    assert back["'=name"].tolist() == ["'=1+1", "'+1", "'-1", "'@SUM(A1)", "'\tx", "plain"]
    assert back["clicks"].tolist() == [-1.0] * len(texts)
    assert frame["=name"].tolist() == texts
