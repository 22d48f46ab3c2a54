"""The plain JSON protocol, with the requests that stock data sources send."""

import pytest
from flask.testing import FlaskClient

from tests.scenario import HOUR, NOON

RANGE = {"from": "2026-11-21T12:00:00.000Z", "to": "2026-11-22T00:00:00.000Z",
         "raw": {"from": "now-6h", "to": "now"}}  # fmt: skip


def post(http: FlaskClient, path: str, **request: object) -> list:
    response = http.post(f"/grafana/{path}", json=request)
    assert response.status_code == 200, response.data
    assert isinstance(response.json, list)
    return response.json


def query(http: FlaskClient, *targets: dict, **more: object) -> list:
    asked = {
        "panelId": 1, "range": RANGE, "rangeRaw": RANGE["raw"], "interval": "3h",
        "intervalMs": 3 * HOUR, "maxDataPoints": 550, "targets": list(targets), **more,
    }  # fmt: skip
    return post(http, "query", **asked)


def test_the_connection_test_is_answered(http: FlaskClient) -> None:
    assert http.get("/grafana/").status_code == 200
    assert http.get("/grafana").status_code == 200


def test_a_series(http: FlaskClient) -> None:
    payload = {"application": "shop", "page": "/cart"}
    (series,) = query(http, {"target": "clicks", "refId": "A", "payload": payload})
    assert series["target"] == "clicks"
    assert series["datapoints"][0] == [9, NOON]
    assert [value for value, _ in series["datapoints"]] == [9, 0, 0, 0]


def test_a_series_per_element(http: FlaskClient) -> None:
    payload = {"application": "shop", "page": "/cart", "by": "element"}
    series = query(http, {"target": "rage", "refId": "A", "payload": payload})
    assert series[0]["target"] == "rage #pay"
    assert series[0]["tags"] == {"application": "shop", "page": "/cart", "element": "#pay"}
    assert series[0]["datapoints"][0][0] == 4


def test_a_table(http: FlaskClient) -> None:
    (table,) = query(
        http, {"target": "top_actions?page=/cart&limit=2", "refId": "B", "type": "table"}
    )
    assert (table["type"], table["refId"]) == ("table", "B")
    assert table["columns"][:3] == [
        {"text": "rank", "type": "number"},
        {"text": "action_name", "type": "string"},
        {"text": "element", "type": "string"},
    ]
    assert table["rows"][0][:4] == [1, "Pay", "#pay", 6]
    assert len(table["rows"]) == 2


def test_a_table_that_is_called_like_a_measure(http: FlaskClient) -> None:
    (table,) = query(http, {"target": "top_errors?page=/cart", "refId": "B", "type": "table"})
    assert [column["text"] for column in table["columns"]][:2] == ["kind", "message"]
    assert [row[1] for row in table["rows"]] == ["no stock", "boom"]


@pytest.mark.parametrize("metric", ["heat", "page_stats", "scroll", "replays", "pages"])
def test_every_question_is_a_table(http: FlaskClient, metric: str) -> None:
    (table,) = query(http, {"target": f"{metric}?page=/cart", "refId": "A"})
    assert all(len(row) == len(table["columns"]) for row in table["rows"])
    assert table["rows"]


def test_a_funnel_by_pages(http: FlaskClient) -> None:
    (table,) = query(http, {"target": "funnel", "payload": {"steps": "/cart,/done"}})
    assert [row[2] for row in table["rows"]] == [3, 1]


def test_the_only_application_need_not_be_named(http: FlaskClient) -> None:
    (series,) = query(http, {"target": "views", "refId": "A"})
    assert series["datapoints"][0][0] == 4


def test_ad_hoc_filters_apply(http: FlaskClient) -> None:
    filters = [
        {"key": "page", "operator": "=", "value": "/cart"},
        {"key": "browser", "operator": "=~", "value": "Saf.*"},
    ]
    (series,) = query(http, {"target": "clicks", "refId": "A"}, adhocFilters=filters)
    assert series["datapoints"][0][0] == 2


def test_hidden_and_empty_targets_are_left_out(http: FlaskClient) -> None:
    targets = [{"target": "clicks", "hide": True}, {"target": ""}, {"target": "select metric"}]
    assert query(http, *targets) == []


def test_an_unknown_metric_says_which_there_are(http: FlaskClient) -> None:
    asked = {"range": RANGE, "targets": [{"target": "clocks"}]}
    response = http.post("/grafana/query", json=asked)
    assert response.status_code == 400
    assert "clocks" in response.json["message"]
    assert "rage_ratio" in response.json["message"]


def test_metrics_with_their_payloads(http: FlaskClient) -> None:
    metrics = {metric["value"]: metric for metric in post(http, "metrics")}
    assert {"clicks", "rage_ratio", "top_actions", "heat"} <= set(metrics)
    names = [payload["name"] for payload in metrics["clicks"]["payloads"]]
    assert names == ["application", "page", "width", "signal", "by"]


@pytest.mark.parametrize(
    ("name", "payload", "expected"),
    [
        ("application", {}, ["shop"]),
        ("page", {"application": "shop"}, ["/cart", "/done"]),
        ("element", {"page": "/cart"}, ["#pay", "#banner", "#menu"]),
        ("signal", {}, ["all", "rage", "dead", "error", "first", "last"]),
    ],
)
def test_options_of_a_payload(
    http: FlaskClient, name: str, payload: dict[str, str], expected: list[str]
) -> None:
    found = post(
        http, "metric-payload-options", metric="clicks", payload=payload, name=name, range=RANGE
    )
    assert [option["value"] for option in found] == expected


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("applications", ["shop"]),
        ("pages", ["/cart", "/done"]),
        ("values?key=browser", ["Chrome", "Safari"]),
        ("values?key=browser&page=/done", ["Chrome"]),
        ("elements?search=men", ["#menu"]),
    ],
)
def test_lists_for_variables(http: FlaskClient, target: str, expected: list[str]) -> None:
    assert post(http, "search", target=target, range=RANGE) == expected
    for payload in (target, {"target": target}):
        found = post(http, "variable", payload=payload, range=RANGE)
        assert found == [{"__text": text, "__value": text} for text in expected]


def test_a_search_for_nothing_lists_the_metrics(http: FlaskClient) -> None:
    assert "clicks" in post(http, "search", target="")


def test_annotations(http: FlaskClient) -> None:
    annotation = {"name": "deploys", "query": "annotations?kinds=version", "enable": True}
    found = post(http, "annotations", range=RANGE, annotation=annotation)
    assert [(one["time"], one["title"], one["tags"]) for one in found] == [
        (NOON, "Version 1.4.2", ["version"]),
        (NOON + 2 * HOUR, "Version 1.5.0", ["version"]),
    ]


def test_keys_and_values_of_ad_hoc_filters(http: FlaskClient) -> None:
    keys = [key["text"] for key in post(http, "tag-keys", range=RANGE)]
    assert keys[:2] == ["application", "page"]
    assert {"browser", "plan", "user"} <= set(keys)

    def values(key: str, *filters: dict[str, str]) -> list[str]:
        found = post(http, "tag-values", key=key, range=RANGE, filters=list(filters))
        return [one["text"] for one in found]

    assert values("application") == ["shop"]
    assert values("page") == ["/cart", "/done"]
    assert values("browser") == ["Chrome", "Safari"]
    assert values("browser", {"key": "os", "operator": "=", "value": "iOS"}) == ["Safari"]


@pytest.mark.parametrize(
    ("path", "request_body"),
    [
        ("query", {}),
        ("query", {"range": RANGE, "targets": "x"}),
        ("query", {"range": RANGE, "targets": [1]}),
        ("query", {"range": RANGE, "targets": [{"target": "clicks", "payload": "{"}]}),
        ("query", {"range": RANGE, "targets": [{"target": "clicks"}], "adhocFilters": 3}),
        ("variable", {"payload": "weather"}),
        ("variable", {"payload": 5}),
        ("tag-values", {}),
        ("annotations", {}),
        ("metric-payload-options", {"name": "page", "payload": {"application": 7}}),
    ],
)
def test_what_makes_no_sense_is_a_400(http: FlaskClient, path: str, request_body: dict) -> None:
    response = http.post(f"/grafana/{path}", json=request_body)
    assert response.status_code == 400, response.data
    assert response.json["message"]
