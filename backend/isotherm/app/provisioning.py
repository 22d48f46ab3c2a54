"""Puts app, data source, correlations, dashboards and alert rules into a running Grafana.

A second run changes nothing.

What is put there is read from the files that Grafana itself provisions from (`provisioning/`,
`dashboards/`), so there is one copy of everything.
"""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, NamedTuple

import yaml
from grafana_client.api import GrafanaApi
from grafana_client.client import GrafanaClientError, GrafanaException, TokenAuth

from isotherm.model.errors import Code, IsothermError

State = Literal["created", "changed", "unchanged", "left"]
"""left: Grafana takes it from files of its own and lets nobody else change it."""
TIMEOUT_S = 30.0
SECONDS = {"s": 1, "m": 60, "h": 3600}


class Step(NamedTuple):
    """What became of one thing."""

    what: str
    state: State


class Target(NamedTuple):
    """Where to provision, and what the files leave open."""

    grafana_url: str
    grafana_token: str
    isotherm_url: str  # as Grafana's server reaches it
    isotherm_token: str = ""
    application: str = ""  # the data source's default; the alert rules are about it
    traces: str = ""  # uid of the tracing data source that trace ids lead to

    def variables(self) -> Mapping[str, str]:
        """Return the values of the variables in the files."""
        return {
            "ISOTHERM_URL": self.isotherm_url,
            "ISOTHERM_TOKEN": self.isotherm_token,
            "ISOTHERM_APPLICATION": self.application,
            "ISOTHERM_TRACES": self.traces,
        }


def provision(target: Target, root: Path) -> Iterator[Step]:
    """Bring Grafana in line with the files below `root`, one step after the other.

    Raises INVALID for missing files, UNAUTHORISED for a refused token, STORE_UNAVAILABLE when
    Grafana cannot be reached or refuses a thing.
    """
    files = _Files(root, target.variables())
    try:
        api = GrafanaApi.from_url(
            target.grafana_url,
            credential=TokenAuth(target.grafana_token),  # type: ignore[no-untyped-call]
            timeout=TIMEOUT_S,
        )
        yield from _apps(api, files)
        yield from _sources(api, files)
        if target.traces:
            yield from _correlations(api, files, target.traces)
        yield from _dashboards(api, files)
        yield from _alerting(api, files)
    except GrafanaException as error:
        raise _refused(error, target.grafana_url) from error
    except OSError as error:  # niquests' own errors are OSErrors, too
        message = f"Grafana cannot be reached at {target.grafana_url}: {error}"
        raise IsothermError(Code.STORE_UNAVAILABLE, message) from error


class _Files:
    """The provisioning files, with their variables replaced."""

    def __init__(self, root: Path, variables: Mapping[str, str]) -> None:
        self.root = root
        self._variables = variables
        if not (root / "provisioning").is_dir() or not (root / "dashboards").is_dir():
            message = f"{root} has no provisioning/ and dashboards/; name the folder that has them"
            raise IsothermError(Code.INVALID, message, field="folder")

    def lists(self, folder: str, key: str) -> Iterator[dict[str, Any]]:
        """Yield every entry of a list in the YAML files of a folder."""
        for file in sorted((self.root / "provisioning" / folder).glob("*.yaml")):
            document = yaml.safe_load(file.read_text(encoding="utf-8"))
            for entry in document.get(key, []):
                yield entry if folder == "alerting" else self._replaced(entry)

    def dashboards(self) -> Iterator[dict[str, Any]]:
        """Yield every dashboard."""
        for file in sorted((self.root / "dashboards").glob("*.json")):
            yield json.loads(file.read_text(encoding="utf-8"))

    def _replaced(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: self._replaced(inner) for key, inner in value.items()}
        if isinstance(value, str):
            named = re.sub(r"\$(ISOTHERM_\w++)", lambda m: self._variables.get(m[1], ""), value)
            return named.replace("$$", "$")  # as Grafana writes a $ that begins no variable
        return value


def _apps(api: GrafanaApi, files: _Files) -> Iterator[Step]:
    for app in files.lists("plugins", "apps"):
        path = f"/plugins/{app['type']}/settings"
        current = _existing(api, path)
        if current is None:
            message = f"Grafana does not have the plugin {app['type']}: install it first"
            raise IsothermError(Code.NOT_FOUND, message)
        if not current["enabled"]:
            api.client.POST(path, json={"enabled": True, "pinned": True})
        yield Step(f"app {app['type']}", "unchanged" if current["enabled"] else "changed")


def _sources(api: GrafanaApi, files: _Files) -> Iterator[Step]:
    for entry in files.lists("datasources", "datasources"):
        secrets = {key: text for key, text in entry["secureJsonData"].items() if text}
        wanted = {key: entry[key] for key in ("name", "uid", "type", "access", "url", "jsonData")}
        # what nobody names here may have been chosen in Grafana
        wanted["jsonData"] = {key: value for key, value in entry["jsonData"].items() if value != ""}
        path = f"/datasources/uid/{entry['uid']}"
        current = _existing(api, path)
        chosen = {**(current["jsonData"] if current else {}), **wanted["jsonData"]}
        body = {**wanted, "jsonData": chosen, "secureJsonData": secrets}
        state: State = "unchanged"
        if current is None:
            api.client.POST("/datasources", json=body)
            state = "created"
        elif current["readOnly"]:
            state = "left"
        elif (
            not _holds(current, wanted)
            or set(secrets) != set(current.get("secureJsonFields") or {})
            or not _healthy(api, path)  # a secret cannot be read back; a wrong one shows here
        ):
            api.client.PUT(path, json=body)
            state = "changed"
        yield Step(f"data source {entry['name']}", state)


def _correlations(api: GrafanaApi, files: _Files, traces: str) -> Iterator[Step]:
    """Let Explore lead from trace ids to traces; one correlation per field and target."""
    tracing = _existing(api, f"/datasources/uid/{traces}")
    if tracing is None:
        message = f"Grafana has no tracing data source with the uid {traces}"
        raise IsothermError(Code.NOT_FOUND, message, field="traces")
    [source] = [entry["uid"] for entry in files.lists("datasources", "datasources")]
    path = f"/datasources/uid/{source}/correlations"
    known = {
        (one["config"]["field"], one.get("targetUID")): one for one in _existing(api, path) or []
    }
    for wanted in files.lists("correlations", "correlations"):
        if tracing["type"] != "tempo":
            # Jaeger answers a query with a type of Tempo's by nothing.
            del wanted["config"]["target"]["queryType"]
        current = known.get((wanted["config"]["field"], traces))
        state: State = "unchanged"
        if current is None:
            api.client.POST(path, json=wanted)
            state = "created"
        elif current.get("provisioned"):
            state = "left"
        elif not _holds(current, wanted):
            body = {key: wanted[key] for key in ("label", "description", "type", "config")}
            api.client.PATCH(f"{path}/{current['uid']}", json=body)
            state = "changed"
        yield Step(f"correlation {wanted['label']}", state)


def _dashboards(api: GrafanaApi, files: _Files) -> Iterator[Step]:
    title, folder = _folder(api, files)
    if folder is None:
        folder = api.client.POST("/folders", json={"title": title})["uid"]
        yield Step(f"folder {title}", "created")
    for board in files.dashboards():
        wanted = {key: value for key, value in board.items() if key not in {"id", "version"}}
        current = _existing(api, f"/dashboards/uid/{board['uid']}")
        state: State = "created" if current is None else "changed"
        if current is not None and _holds(current["dashboard"], wanted):
            state = "unchanged"
        else:
            body = {"dashboard": {**wanted, "id": None}, "folderUid": folder, "overwrite": True}
            api.client.POST("/dashboards/db", json=body)
        yield Step(f"dashboard {board['title']}", state)


def _folder(api: GrafanaApi, files: _Files) -> tuple[str, str | None]:
    """Return the title of the folder for dashboards and rules, and its uid if it is there."""
    [provider] = files.lists("dashboards", "providers")
    title: str = provider["folder"]
    known = {one["title"]: one["uid"] for one in api.client.GET("/folders?limit=1000")}
    return title, known.get(title)


def _alerting(api: GrafanaApi, files: _Files) -> Iterator[Step]:
    base = "/v1/provisioning"
    headers = {"X-Disable-Provenance": "true"}  # people may change it in Grafana afterwards
    known = {point["uid"]: point for point in api.client.GET(f"{base}/contact-points")}
    for point in files.lists("alerting", "contactPoints"):
        for receiver in point["receivers"]:
            if receiver["uid"] not in known:
                # An example: once it is there, people put their own address into it.
                body = {**receiver, "name": point["name"]}
                api.client.POST(f"{base}/contact-points", json=body, headers=headers)
            done: State = "unchanged" if receiver["uid"] in known else "created"
            yield Step(f"contact point {point['name']}", done)
    _, folder = _folder(api, files)
    for group in files.lists("alerting", "groups"):
        path = f"{base}/folder/{folder}/rule-groups/{group['name']}"
        wanted = {
            "title": group["name"],
            "folderUid": folder,
            "interval": _seconds(group["interval"]),
            "rules": [
                {**rule, "ruleGroup": group["name"], "folderUID": folder} for rule in group["rules"]
            ],
        }
        current = _existing(api, path)
        state: State = "created" if current is None else "changed"
        if any(_provenance(api, rule["uid"]) == "file" for rule in group["rules"]):
            state = "left"
        elif current is not None and _holds(current, wanted):
            state = "unchanged"
        else:
            api.client.PUT(path, json=wanted, headers=headers)
        yield Step(f"alert rules {group['name']}", state)


def _provenance(api: GrafanaApi, uid: str) -> str:
    """Return where Grafana has a rule from; "" for its users and this command."""
    rule = _existing(api, f"/v1/provisioning/alert-rules/{uid}")
    return (rule or {}).get("provenance") or ""


def _existing(api: GrafanaApi, path: str) -> Any:
    """Return what is there, or None."""
    try:
        return api.client.GET(path)
    except GrafanaClientError as error:
        if error.status_code == 404:
            return None
        raise


def _healthy(api: GrafanaApi, path: str) -> bool:
    try:
        return bool(api.client.GET(f"{path}/health")["status"] == "OK")
    except GrafanaException:
        return False


def _holds(current: Any, wanted: Any) -> bool:
    """Whether everything wanted is there; Grafana adds defaults of its own."""
    if isinstance(wanted, Mapping):
        return isinstance(current, Mapping) and all(
            _holds(current.get(key), value) for key, value in wanted.items()
        )
    if isinstance(wanted, list):
        return (
            isinstance(current, list)
            and len(current) == len(wanted)
            and all(_holds(a, b) for a, b in zip(current, wanted, strict=True))
        )
    return bool(current == wanted) or (current is None and wanted in ("", False, 0))


def _seconds(text: str) -> int:
    return int(text[:-1]) * SECONDS[text[-1]]


def _refused(error: GrafanaException, url: str) -> IsothermError:
    if error.status_code in {401, 403}:
        message = (
            f"Grafana at {url} refuses the token: it must belong to a service account with the "
            "role Admin."
        )
        return IsothermError(Code.UNAUTHORISED, message, field="grafana_token")
    return IsothermError(Code.STORE_UNAVAILABLE, f"Grafana at {url} refused: {error.message}")
