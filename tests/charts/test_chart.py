"""The Helm chart names only what exists, and what it renders is what Kubernetes takes.

Helm and Kubernetes' schemas come with `make chart`; without them, what needs them is skipped.
"""

import json
import os
import re
import shutil
import subprocess
from functools import cache
from typing import Any

import jsonschema
import pytest
import yaml

from isotherm import __version__
from isotherm.api.route_table import ROUTES
from isotherm.app.package_options import api_tokens
from isotherm.app.settings import load
from isotherm.app.wiring import LOOPBACK
from isotherm.storage.clickhouse.server import read_address
from isotherm.storage.saved.host_locks import is_shared
from tests.charts import schema

CHART = schema.CHART
ROOT = CHART.parents[1]
CASES = sorted(file.name.removesuffix("-values.yaml") for file in (CHART / "ci").iterdir())
USER = 10001
OF_OTHERS = re.compile(r"monitoring\.coreos\.com/")
"""Kinds that are no part of Kubernetes, so there is no schema of them here."""


def the_helm() -> str:
    found = os.environ.get("ISOTHERM_TEST_HELM") or shutil.which("helm")
    if not found:
        pytest.skip("helm is not installed; `make chart` builds it and runs these tests")
    return found


@cache
def values(case: str) -> dict[str, Any]:
    usual: dict[str, Any] = yaml.safe_load((CHART / "values.yaml").read_text())
    return merged(usual, yaml.safe_load((CHART / f"ci/{case}-values.yaml").read_text()))


def merged(usual: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    both = {**usual, **given}
    for name in usual.keys() & given.keys():
        if isinstance(usual[name], dict):
            both[name] = merged(usual[name], given[name])
    return both


@cache
def text_of(case: str) -> str:
    file = str(CHART / f"ci/{case}-values.yaml")
    done = template("--namespace", "rum", "--values", file)
    assert done.returncode == 0, done.stderr
    return done.stdout


def template(*arguments: str) -> subprocess.CompletedProcess[str]:
    # a Helm that is built from its module takes itself for one of Kubernetes 1.20
    return helm("template", "shop", str(CHART), "--kube-version", "1.31.0", *arguments)


def helm(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [the_helm(), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


def rendered(case: str) -> dict[tuple[str, str], Any]:
    """Return what a values file makes, by kind and name."""
    return {
        (one["kind"], one["metadata"]["name"]): one
        for one in yaml.safe_load_all(text_of(case))
        if one
    }


def container(case: str) -> dict[str, Any]:
    spec = rendered(case)["StatefulSet", "shop-isotherm"]["spec"]["template"]["spec"]
    [one] = spec["containers"]
    return one | {"pod": spec}


def environment(case: str) -> dict[str, str]:
    """Return the variables of the container as a pod would have them; each secret is its key."""
    found: dict[str, str] = {}
    for one in container(case)["env"]:
        text = one["value"] if "value" in one else one["valueFrom"]["secretKeyRef"]["key"]
        assert isinstance(text, str)
        found[one["name"]] = re.sub(r"\$\((\w+)\)", lambda match: found[match[1]], text)
    return found


def test_the_schema_knows_the_settings_of_the_program_and_no_others() -> None:
    assert schema.written() == schema.FILE.read_text(), "run python -m tests.charts.schema"
    secret = set(schema.secrets()["properties"])
    assert secret >= schema.IN_PLACE_OF_ADDRESSES
    assert not secret & set(schema.settings()["properties"])


@pytest.mark.parametrize("case", CASES)
def test_values_files_satisfy_the_schema_which_has_every_value(case: str) -> None:
    of_values = json.loads(schema.FILE.read_text())
    jsonschema.Draft202012Validator.check_schema(of_values)
    jsonschema.validate(values(case), of_values)
    usual = yaml.safe_load((CHART / "values.yaml").read_text())
    assert set(of_values["properties"]) - {"global"} == set(usual)
    for name, wrong in (("settings", {"retention": 9}), ("replicas", 0), ("replica", 2)):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({**values(case), name: wrong}, of_values)


def test_the_chart_is_of_this_release_and_runs_as_the_image_does() -> None:
    chart = yaml.safe_load((CHART / "Chart.yaml").read_text())
    assert chart["appVersion"] == chart["version"] == __version__
    dockerfile = (ROOT / "Dockerfile").read_text()
    assert f"--uid {USER}" in dockerfile
    assert "/health" in {route.path for route in ROUTES}
    assert "/metrics" in {route.path for route in ROUTES}


@pytest.mark.server
@pytest.mark.parametrize("case", CASES)
def test_helm_accepts_the_chart(case: str) -> None:
    done = helm("lint", "--strict", str(CHART), "--values", str(CHART / f"ci/{case}-values.yaml"))
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.server
@pytest.mark.parametrize("case", CASES)
def test_kubernetes_knows_every_field(case: str) -> None:
    checker = pytest.importorskip("kubernetes_validate", reason="`make chart` brings it")
    ours = [one for one in rendered(case).values() if not OF_OTHERS.match(one["apiVersion"])]
    assert len(ours) >= 5
    for version in ("1.31", "1.37"):
        for one in ours:
            checker.validate(one, version, strict=True)
        with pytest.raises(checker.ValidationError):
            checker.validate({**ours[0], "specs": {}}, version, strict=True)


@pytest.mark.server
@pytest.mark.parametrize("case", CASES)
def test_the_program_takes_the_settings_that_a_pod_gets(case: str) -> None:
    given = environment(case)
    settings = load(given)
    assert settings.host not in LOOPBACK
    assert api_tokens(settings)["admin"] == "token"
    assert settings.data == "/data"
    assert settings.port == container(case)["ports"][0]["containerPort"]
    names = {name.removeprefix("ISOTHERM_").lower() for name in given if "ISOTHERM_" in name}
    assert set(values(case)["settings"]) <= names


@pytest.mark.server
def test_addresses_are_put_together_from_values_and_secrets() -> None:
    settings = load(environment("scale"))
    address = read_address(settings.store)
    assert (address.host, address.port, address.secure) == ("clickhouse.data.svc", 8123, False)
    assert (address.user, address.password) == ("isotherm", "clickhouse-password")
    assert is_shared(settings.saved)
    assert settings.saved.endswith("@postgres.data.svc:5432/isotherm?sslmode=require")
    assert (settings.replays_url, settings.pictures_url) == (
        "s3://isotherm/replays",
        "s3://isotherm/pictures",
    )
    assert settings.quiet_period_s == 2.5
    assert settings.retention_days == 400
    assert settings.hash_users is True
    assert settings.trusted_proxies == ["10.0.0.0/8"]
    assert load(environment("embedded")).allow_origins == [
        "https://shop.example",
        "shop-2=https://two.example",
    ]
    cloud = environment("cloud")
    assert cloud["ISOTHERM_STORE"] == "store"
    assert "AWS_ACCESS_KEY_ID" not in cloud


@pytest.mark.server
@pytest.mark.parametrize("case", CASES)
def test_a_pod_has_no_rights_that_it_does_not_need(case: str) -> None:
    """What the Pod Security Standards call restricted, and a root file system that stays as is."""
    of = container(case)
    assert of["pod"]["automountServiceAccountToken"] is False
    assert of["pod"]["securityContext"] == {
        "runAsNonRoot": True,
        "runAsUser": USER,
        "runAsGroup": USER,
        "fsGroup": USER,
        "fsGroupChangePolicy": "OnRootMismatch",
        "seccompProfile": {"type": "RuntimeDefault"},
    }
    assert of["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    written = {mount["mountPath"] for mount in of["volumeMounts"]}
    assert written == {"/data", "/tmp", "/dev/shm"}
    assert {"startupProbe", "readinessProbe", "livenessProbe"} <= of.keys()


@pytest.mark.server
def test_several_pods_stay_apart_and_go_one_by_one() -> None:
    made = rendered("scale")
    budget = made["PodDisruptionBudget", "shop-isotherm"]["spec"]
    assert budget["maxUnavailable"] == 1
    assert ("PodDisruptionBudget", "shop-isotherm") not in rendered("embedded")
    pods = made["StatefulSet", "shop-isotherm"]["spec"]
    apart = pods["template"]["spec"]["affinity"]["podAntiAffinity"]
    [rule] = apart["requiredDuringSchedulingIgnoredDuringExecution"]
    labels = pods["template"]["metadata"]["labels"]
    for selector in (rule["labelSelector"], budget["selector"], pods["selector"]):
        assert selector["matchLabels"].items() <= labels.items()
    assert made["Service", pods["serviceName"]]["spec"]["clusterIP"] == "None"
    [claim] = pods["volumeClaimTemplates"]
    assert claim["spec"]["accessModes"] == ["ReadWriteOnce"]


@pytest.mark.server
def test_the_network_is_open_for_what_is_needed_only() -> None:
    spec = rendered("scale")["NetworkPolicy", "shop-isotherm"]["spec"]
    ports = {port["port"] for rule in spec["egress"] for port in rule["ports"]}
    assert ports == {53, 8123, 5432, 9000, 80, 443}
    closed = rendered("cloud")["NetworkPolicy", "shop-isotherm"]["spec"]
    assert {port["port"] for rule in closed["egress"] for port in rule["ports"]} == {
        53, 443, 8443, 5432,
    }  # fmt: skip
    assert closed["ingress"][0]["from"][0]["podSelector"]


@pytest.mark.server
def test_grafana_gets_the_files_of_this_repository() -> None:
    made = rendered("scale")
    boards = {
        file: text
        for (kind, name), one in made.items()
        if kind == "ConfigMap" and "-dashboard-" in name
        for file, text in one["data"].items()
    }
    assert {name: json.loads(text) for name, text in boards.items()} == {
        file.name: json.loads(file.read_text()) for file in (ROOT / "dashboards").glob("*.json")
    }
    text = made["ConfigMap", "shop-isotherm-datasource"]["data"]["isotherm.yaml"]
    [source] = yaml.safe_load(text)["datasources"]
    assert source["url"] == "http://shop-isotherm.rum.svc:8420"
    assert source["jsonData"]["defaultApplication"] == "shop"
    assert source["secureJsonData"]["token"] == "$ISOTHERM_TOKEN"
    service = made["Service", "shop-isotherm"]["spec"]
    assert service["ports"][0]["port"] == 8420
    alerts = made["ConfigMap", "shop-isotherm-alerts"]["data"]
    rules = yaml.safe_load((ROOT / "provisioning/alerting/rules.yaml").read_text())
    assert yaml.safe_load(alerts["isotherm-rules.yaml"]) == rules


WRONG = {
    "More than one pod share": ["replicas=2", "clickhouse.host=clickhouse"],
    "More than one worker need": ["workers=2"],
    "Each pod would hash users": ["postgresql.host=postgres", "settings.hash_users=true"],
    "Set ingress.host": ["ingress.enabled=true"],
    "additional properties 'retention' not allowed": ["settings.retention=90"],
}


@pytest.mark.server
@pytest.mark.parametrize("said", WRONG)
def test_what_cannot_work_is_refused_with_a_sentence(said: str) -> None:
    done = template("--set", ",".join(WRONG[said]))
    assert done.returncode != 0
    assert said in done.stderr
