"""The files that Grafana is provisioned from name only what exists."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from isotherm import __version__
from isotherm.api import operations
from isotherm.api.inline_picture import KEY as INLINE_PICTURE
from isotherm.api.query_request import parse_query
from isotherm.app.cli.provision import FILES
from isotherm.app.settings import BY_NAME
from isotherm.query.measures import MEASURES
from isotherm.query.questions import QUESTIONS

ROOT = Path(__file__).parents[2]
PLUGIN = ROOT / "grafana-plugin"
DASHBOARDS = sorted((ROOT / "dashboards").glob("*.json"))
SOURCE = "isotherm-rum-datasource"
SPAN = (0, 1)
GRAFANAS_OWN = {"refId", "datasource", "version", "question", "intervalMs", "maxDataPoints"}
THE_PLUGINS = {"in_public"}
SCOPE = {"application", "page", "filters", "width", "signal", "metric", INLINE_PICTURE}


def queries(board: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield everything that a dashboard asks of Isotherm."""
    for panel in board["panels"]:
        yield from panel["targets"]
    for annotation in board["annotations"]["list"]:
        yield annotation["target"]


def alert_queries() -> Iterator[dict[str, Any]]:
    """Yield everything that the alert rules ask of Isotherm."""
    for group in provisioned("alerting/rules.yaml")["groups"]:
        for rule in group["rules"]:
            for step in rule["data"]:
                if step["datasourceUid"] != "__expr__":
                    yield step["model"]


def provisioned(name: str) -> Any:
    """Return a provisioning file."""
    return yaml.safe_load((ROOT / "provisioning" / name).read_text())


def check(query: dict[str, Any]) -> None:
    """Check one query with the server's own eyes; variables stand for any text."""
    if query["question"] == operations.NAME:
        assert query["measure"] in operations.MEASURES
        return
    known = set(QUESTIONS[query["question"]].params.__struct_fields__)
    assert set(query) - GRAFANAS_OWN - THE_PLUGINS - SCOPE <= known
    if query.get("measure"):
        assert query["measure"] in MEASURES
    asked = {**query, "application": "shop"}
    if asked.get("signal", "").startswith("$"):
        asked["signal"] = "all"
    parse_query(asked, SPAN)


@pytest.mark.parametrize("file", DASHBOARDS, ids=lambda file: file.stem)
def test_every_target_of_a_dashboard_is_a_known_question(file: Path) -> None:
    board = json.loads(file.read_text())
    asked = list(queries(board))
    assert asked
    for query in asked:
        check(query)


@pytest.mark.parametrize("file", DASHBOARDS, ids=lambda file: file.stem)
def test_a_dashboard_can_be_public(file: Path) -> None:
    """Browsers take the panel's data source, a variable; Grafana itself takes the target's."""
    [source] = provisioned("datasources/isotherm.yaml")["datasources"]
    for panel in json.loads(file.read_text())["panels"]:
        assert panel["datasource"]["uid"] == "${source}"
        assert "$page" not in panel["title"]
        for query in panel["targets"]:
            assert query["datasource"]["uid"] == source["uid"]
            has_variables = "$" in json.dumps({**query, "datasource": None})
            assert ("in_public" in query) == has_variables


@pytest.mark.parametrize("file", DASHBOARDS, ids=lambda file: file.stem)
def test_a_dashboard_names_only_its_own_variables_and_panels(file: Path) -> None:
    board = json.loads(file.read_text())
    names = {variable["name"] for variable in board["templating"]["list"]}
    builtin = {"__data", "__field", "__url_time_range"}
    used = set(re.findall(r"\$\{?(\w+)", file.read_text()))
    assert used - builtin <= names
    ids = [panel["id"] for panel in board["panels"]]
    assert len(ids) == len(set(ids))
    kinds = {panel["type"] for panel in board["panels"]}
    assert kinds <= {"stat", "table", "timeseries", "trend", "isotherm-heatmap-panel"}


def test_panels_do_not_overlap() -> None:
    for file in DASHBOARDS:
        taken: set[tuple[int, int]] = set()
        for panel in json.loads(file.read_text())["panels"]:
            place = panel["gridPos"]
            cells = {
                (x, y)
                for x in range(place["x"], place["x"] + place["w"])
                for y in range(place["y"], place["y"] + place["h"])
            }
            assert not cells & taken, f"{file.name}: {panel['title']}"
            assert place["x"] + place["w"] <= 24
            taken |= cells


def test_alert_rules_ask_known_questions_and_link_to_real_panels() -> None:
    asked = list(alert_queries())
    assert {query["measure"] for query in asked} >= {"rage", "clicks", "last_action"}
    for query in asked:
        check(query)
    panels = {
        board["uid"]: {panel["id"] for panel in board["panels"]}
        for board in (json.loads(file.read_text()) for file in DASHBOARDS)
    }
    points = {p["name"] for p in provisioned("alerting/contact-points.yaml")["contactPoints"]}
    for group in provisioned("alerting/rules.yaml")["groups"]:
        for rule in group["rules"]:
            panel = rule["annotations"]["__panelId__"], rule["annotations"]["__dashboardUid__"]
            assert int(panel[0]) in panels[panel[1]]
            assert rule["notification_settings"]["receiver"] in points
            assert rule["condition"] in {step["refId"] for step in rule["data"]}


def test_the_data_source_has_only_settings_that_the_plugin_reads() -> None:
    [source] = provisioned("datasources/isotherm.yaml")["datasources"]
    read = (PLUGIN / "src/datasource/types.ts").read_text()
    assert source["type"] == SOURCE
    for key in [*source["jsonData"], *source["secureJsonData"]]:
        assert re.search(rf"\b{key}\?:", read), key


@pytest.mark.parametrize("file", ["docker-compose.yml", "docker-compose.scale.yml"])
def test_compose_names_only_known_settings_and_pins_every_image(file: str) -> None:
    compose = yaml.safe_load((ROOT / file).read_text())
    of_grafana = {"ISOTHERM_URL", "ISOTHERM_APPLICATION", "ISOTHERM_TRACES"}
    for service in compose["services"].values():
        for name in service.get("environment", {}):
            if name.startswith("ISOTHERM_") and name not in of_grafana:
                assert name.removeprefix("ISOTHERM_").lower() in BY_NAME
        assert re.search(r":v?\d+\.\d+", service["image"])
        assert all(str(port).startswith("127.0.0.1:") for port in service.get("ports", []))
    dockerfile = (ROOT / "Dockerfile").read_text()
    for name in re.findall(r"ISOTHERM_(\w+)=", dockerfile):
        assert name.lower() in BY_NAME or name == "DASHBOARDS"


def test_compose_starts_the_stores_before_everything_that_needs_them() -> None:
    compose = yaml.safe_load((ROOT / "docker-compose.scale.yml").read_text())
    stores = {"clickhouse", "postgres", "objects"}
    ours = {
        name: service
        for name, service in compose["services"].items()
        if "ISOTHERM_STORE" in service.get("environment", {})
    }
    assert set(ours) == {"demo", "backend-1", "backend-2"}
    for service in ours.values():  # a merge of YAML replaces the whole mapping
        conditions = {name: of["condition"] for name, of in service["depends_on"].items()}
        assert stores <= {name for name, of in conditions.items() if of == "service_healthy"}


def test_variables_of_the_provisioning_files_are_set_by_compose() -> None:
    files = (ROOT / "provisioning").rglob("*.yaml")
    used = set(re.findall(r": \$(ISOTHERM_\w+)", "".join(file.read_text() for file in files)))
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    given = set(compose["services"]["grafana"]["environment"])
    given |= set(re.findall(r"(ISOTHERM_\w+)=", (ROOT / "Dockerfile").read_text()))
    assert used
    assert used <= given


def test_what_comes_with_isotherm_is_what_grafana_is_provisioned_from() -> None:
    for folder, pattern in (("dashboards", "*.json"), ("provisioning", "*/*.yaml")):
        ours = {file.resolve() for file in (FILES / folder).glob(pattern)}
        assert ours
        assert ours == set((ROOT / folder).glob(pattern))


def test_the_plugin_and_the_server_have_one_version() -> None:
    package = json.loads((PLUGIN / "package.json").read_text())
    assert package["version"] == __version__


def test_the_three_plugins_name_each_other() -> None:
    app, source, panel = (
        json.loads((PLUGIN / "src" / folder / "plugin.json").read_text())
        for folder in (".", "datasource", "panel")
    )
    assert [one["id"] for one in (app, source, panel)] == [
        "isotherm-heatmap-app",
        SOURCE,
        "isotherm-heatmap-panel",
    ]
    assert {include.get("path") for include in app["includes"]} >= {
        "datasource/plugin.json",
        "panel/plugin.json",
    }
    assert "executable" not in app  # Grafana's build looks for a nested one only then
    assert source["backend"]
    assert source["alerting"]


def test_screenshots_of_the_plugin_exist_and_are_small() -> None:
    app = json.loads((PLUGIN / "src/plugin.json").read_text())
    shown = [PLUGIN / "src" / one["path"] for one in app["info"]["screenshots"]]
    assert shown
    for file in shown:
        assert file.read_bytes()[:4] == b"\x89PNG"
        assert file.stat().st_size < 200_000, file.name


def test_the_three_plugins_need_a_grafana_that_the_documentation_says_was_tried() -> None:
    text = (ROOT / "docs/grafana.md").read_text()
    tried = [
        (int(major), int(minor))
        for major, minor in re.findall(r"\| Grafana[,:] .*\| (\d+)\.(\d+)\.\d+ ", text)
    ]
    first, (major, minor) = min(tried), max(tried)
    assert f"It runs in Grafana {first[0]}.{first[1]} to {major}.{minor}." in text
    for folder in (".", "datasource", "panel"):
        plugin = json.loads((PLUGIN / "src" / folder / "plugin.json").read_text())
        needed = f">={first[0]}.{first[1]}.0 <{major}.{minor + 1}.0"
        assert plugin["dependencies"]["grafanaDependency"] == needed


@pytest.mark.parametrize("file", DASHBOARDS, ids=lambda file: file.stem)
def test_a_table_names_each_column_or_leaves_it_out(file: Path) -> None:
    """A new column of an answer would stand there under its raw name."""
    for panel in json.loads(file.read_text())["panels"]:
        for step in panel.get("transformations", ()):
            if panel["type"] != "table" or step["id"] != "organize":
                continue
            [query] = panel["targets"]
            columns = {field.name for field in QUESTIONS[query["question"]].shapes[0].fields}
            options = step["options"]
            told = {*options["excludeByName"], *options["renameByName"]}
            assert told == columns, panel["title"]
