"""A real Grafana: the one that GRAFANA_URL names, with the plugin, `provisioning/` and an Isotherm.

GRAFANA_USER (default admin:admin) is an administrator's name and password.
"""

import json
import os
import time
import urllib.parse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml

from isotherm.app.provisioning import Target, provision
from isotherm.model.errors import IsothermError

ROOT = Path(__file__).parents[2]
URL = os.environ.get("GRAFANA_URL", "").rstrip("/")
USER = os.environ.get("GRAFANA_USER", "admin:admin")
SPAN_MS = 30 * 24 * 3600 * 1000
"""The demo's releases are in it."""
POINTS = 100
"""Of a series, as from a narrow panel: Grafana limits what a SQL expression reads."""
pytestmark = pytest.mark.skipif(not URL, reason="not run: GRAFANA_URL is not set")


def call(method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None) -> Any:
    """Call Grafana's API as an administrator; return the answer's JSON."""
    name, _, word = USER.partition(":")
    login = (name, word)
    answer = requests.request(
        method, URL + path, json=body, headers=headers, auth=login, timeout=60
    )
    assert answer.ok, f"{method} {path}: {answer.status_code} {answer.text[:500]}"
    return answer.json()


@pytest.fixture(scope="module")
def source() -> str:
    """Return the uid of the provisioned data source."""
    uid: str = call("GET", "/api/datasources/uid/isotherm")["uid"]
    return uid


@pytest.fixture(scope="module")
def application(source: str) -> str:
    """Return the application with most visits."""
    now = time.time_ns() // 1_000_000
    path = f"/api/datasources/uid/{source}/resources/api/v1/applications?from=0&to={now}"
    name: str = call("GET", path)["applications"][0]["application"]
    return name


def test_the_health_check_is_green(source: str) -> None:
    health = call("GET", f"/api/datasources/uid/{source}/health")
    assert health["status"] == "OK"
    assert "Connected to Isotherm" in health["message"]


@pytest.mark.parametrize("name", ["page-heatmap", "frustration", "operations"])
def test_no_panel_of_a_provisioned_dashboard_has_an_error(
    name: str, source: str, application: str
) -> None:
    board = call("GET", f"/api/dashboards/uid/isotherm-{name}")["dashboard"]
    now = time.time_ns() // 1_000_000
    values = {"$application": application, "$page": "/", "$signal": "all", "${source}": source}
    for panel in board["panels"]:
        text = json.dumps(panel["targets"])
        for variable, value in values.items():
            text = text.replace(variable, json.dumps(value)[1:-1])
        body = {"queries": json.loads(text), "from": str(now - SPAN_MS), "to": str(now)}
        answer = call("POST", "/api/ds/query", body)
        for result in answer["results"].values():
            assert result["status"] == 200, (panel["title"], result)


def test_a_picture_reaches_the_browser_and_may_be_kept(source: str, application: str) -> None:
    resources = f"/api/datasources/uid/{source}/resources/"
    about = f"application={urllib.parse.quote(application)}"
    now = time.time_ns() // 1_000_000
    most = call("GET", f"{resources}api/v1/pages?{about}&from=0&to={now}")["pages"][0]["page"]
    page = urllib.parse.quote(most, safe="")
    path = f"{resources}api/v1/backgrounds?{about}"
    found = call("GET", f"{path}&page={page}")["backgrounds"][0]
    name, _, word = USER.partition(":")
    answer = requests.get(URL + resources + found["picture"], auth=(name, word), timeout=60)
    assert answer.headers["Content-Type"].startswith("image/")
    assert answer.headers["Cache-Control"].startswith("private")
    assert answer.content[:4] in {b"RIFF", b"\x89PNG"}


def account_of(organization: int) -> tuple[str, str]:
    """Make a service account of an administrator; return its path and a token."""
    headers = {"X-Grafana-Org-Id": str(organization)}
    name = f"test-{time.time_ns()}"
    account = call("POST", "/api/serviceaccounts", {"name": name, "role": "Admin"}, headers)
    path = f"/api/serviceaccounts/{account['id']}"
    return path, call("POST", f"{path}/tokens", {"name": name}, headers)["key"]


def test_provisioning_twice_changes_nothing(source: str) -> None:
    path, key = account_of(1)
    settings = call("GET", f"/api/datasources/uid/{source}")
    target = Target(
        URL, key, settings["url"], application=settings["jsonData"]["defaultApplication"]
    )
    try:
        list(provision(target, ROOT))
        again = list(provision(target, ROOT))
    finally:
        call("DELETE", path)
    assert {step.state for step in again} <= {"unchanged", "left"}, again


def test_an_organization_is_provisioned_once_and_keeps_what_people_choose(source: str) -> None:
    """The first one has everything from files, and nothing is left to do there."""
    number = call("POST", "/api/orgs", {"name": f"test-{time.time_ns()}"})["orgId"]
    try:
        _, key = account_of(number)
        headers = {"X-Grafana-Org-Id": str(number)}
        alerting_is_ready(headers)
        url = call("GET", f"/api/datasources/uid/{source}")["url"]
        target = Target(URL, key, url)
        first = list(provision(target, ROOT))
        again = list(provision(target, ROOT))
        path = f"/api/datasources/uid/{source}"
        made = call("GET", path, headers=headers)
        chosen = {**made["jsonData"], "traces": "chosen-by-hand"}
        call("PUT", path, {**made, "jsonData": chosen}, headers)
        list(provision(target._replace(application="shop"), ROOT))
        kept = call("GET", path, headers=headers)["jsonData"]
    finally:
        call("DELETE", f"/api/orgs/{number}")
    assert {step.state for step in first[1:]} == {"created"}, first
    assert {step.state for step in again} == {"unchanged"}, again
    assert (kept["traces"], kept["defaultApplication"]) == ("chosen-by-hand", "shop")


def test_traces_are_a_correlation_of_grafanas_own(source: str) -> None:
    number = call("POST", "/api/orgs", {"name": f"test-{time.time_ns()}"})["orgId"]
    headers = {"X-Grafana-Org-Id": str(number)}
    try:
        _, key = account_of(number)
        alerting_is_ready(headers)
        for uid, kind in (("test-tempo", "tempo"), ("test-jaeger", "jaeger")):
            body = {"name": uid, "uid": uid, "type": kind, "access": "proxy", "url": "http://x"}
            call("POST", "/api/datasources", body, headers)
        url = call("GET", f"/api/datasources/uid/{source}")["url"]
        states: dict[str, list[str]] = {}
        for uid in ("test-tempo", "test-jaeger"):
            target = Target(URL, key, url, traces=uid)
            steps = [step for _ in range(2) for step in provision(target, ROOT)]
            states[uid] = [one.state for one in steps if one.what.startswith("correlation")]
        made = call("GET", f"/api/datasources/uid/{source}/correlations", headers=headers)
        with pytest.raises(IsothermError, match="no tracing data source with the uid nowhere"):
            list(provision(Target(URL, key, url, traces="nowhere"), ROOT))
    finally:
        call("DELETE", f"/api/orgs/{number}")
    assert list(states.values()) == [["created", "unchanged"]] * 2
    targets = {one["targetUID"]: one["config"]["target"] for one in made}
    asked = {"query": "${__value.raw}"}
    assert targets == {"test-tempo": asked | {"queryType": "traceql"}, "test-jaeger": asked}
    assert {one["config"]["field"] for one in made} == {"trace_id"}


def alerting_is_ready(headers: Mapping[str, str]) -> None:
    """Wait until Grafana has set up the alerting of an organization, which it does each minute."""
    name, _, word = USER.partition(":")
    for _ in range(180):
        path = f"{URL}/api/v1/provisioning/contact-points"
        if requests.get(path, headers=headers, auth=(name, word), timeout=60).ok:
            return
        time.sleep(1)
    pytest.fail("Grafana has not set up the alerting of a new organization")


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("pages", "SELECT page, views FROM A ORDER BY views DESC"),
        ("actions", "SELECT element, clicks FROM A WHERE clicks > 1"),
        ("heat", "SELECT sum(value) AS clicks FROM A"),
        ("effect", "SELECT element, measure, verdict FROM A"),
        ("timeseries", "SELECT page, sum(__value__) AS clicks FROM A GROUP BY page"),
        ("annotations", "SELECT title FROM A"),
    ],
)
def test_sql_expressions_read_answers(
    question: str, statement: str, source: str, application: str
) -> None:
    """The browser sends the header with queries that an expression reads."""
    here = {"type": "isotherm-rum-datasource", "uid": source}
    there = {"type": "__expr__", "uid": "__expr__"}
    asked: dict[str, Any] = {
        "refId": "A",
        "datasource": here,
        "question": question,
        "application": application,
    }
    asked |= {"page": "/", "inline_picture": True} if question == "heat" else {}
    asked |= {"by": "page", "maxDataPoints": POINTS} if question == "timeseries" else {}
    read = {"refId": "B", "datasource": there, "type": "sql", "expression": statement}
    now = time.time_ns() // 1_000_000
    body = {"queries": [asked, read], "from": str(now - SPAN_MS), "to": str(now)}
    if "sqlExpressions" not in call("GET", "/api/frontend/settings")["featureToggles"]:
        pytest.skip("not run: this Grafana has no SQL expressions")
    answer = call("POST", "/api/ds/query", body, {"X-Grafana-From-Expr": "true"})
    result = answer["results"]["B"]
    assert result["status"] == 200, result
    assert result["frames"][0]["data"]["values"][0]


def test_every_rule_is_evaluated_and_writes_whole_sentences() -> None:
    groups = call("GET", "/api/prometheus/grafana/api/v1/rules")["data"]["groups"]
    rules = {rule["name"]: rule for group in groups for rule in group["rules"]}
    files = yaml.safe_load((ROOT / "provisioning/alerting/rules.yaml").read_text())
    for wanted in files["groups"][0]["rules"]:
        rule = rules[wanted["title"]]
        assert rule["health"] in {"ok", "nodata"}, rule.get("lastError")
        for alert in rule.get("alerts") or []:
            if "NoData" in alert["state"]:
                continue  # Grafana shows the rule's own text where nothing was evaluated
            assert "{{" not in json.dumps(alert["annotations"]), alert
