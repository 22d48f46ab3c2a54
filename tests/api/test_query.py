"""POST /api/v1/query: what arrives, what is refused, and what Grafana would stumble over."""

import base64
import functools

import msgspec
import pytest
from flask.testing import FlaskClient

from isotherm.api import answering
from isotherm.api.inline_picture import InlinePictures
from isotherm.api.query_request import narrowed
from isotherm.api.saved_query import MIGRATIONS, QUERY_VERSION
from isotherm.model.deadline import TOO_LONG
from isotherm.model.errors import STATUS, Code
from isotherm.query.questions import QUESTIONS
from tests.api.conftest import body
from tests.scenario import HOUR, NOON


def post(http: FlaskClient, request: object) -> dict:
    response = http.post("/api/v1/query", json=request)
    assert response.status_code == 200, response.data
    return msgspec.json.decode(response.data)["results"]


def with_range(start: object, end: object) -> dict:
    return {**body("heat"), "range": {"from": start, "to": end}}


def test_queries_of_every_age_are_answered_as_they_were_meant(http: FlaskClient) -> None:
    request = body("heat")
    today = dict(request["queries"][0])
    unnamed = {key: value for key, value in today.items() if key != "question"}
    saved = [
        {**today, "refId": "today", "version": QUERY_VERSION},
        {**unnamed, "refId": "before", "version": 0},
        {**today, "refId": "later", "version": QUERY_VERSION + 1},
        {**today, "refId": "odd", "version": "1"},
        {**unnamed, "refId": "unnamed"},
    ]
    results = post(http, {**request, "queries": [today, *saved]})
    for ref in ("today", "before"):
        assert [frame["data"] for frame in results[ref]["frames"]] == [
            frame["data"] for frame in results["A"]["frames"]
        ]
    assert "Update the server" in results["later"]["error"]
    assert "whole number" in results["odd"]["error"]
    assert "question must be one of" in results["unnamed"]["error"]
    assert set(MIGRATIONS) == set(range(QUERY_VERSION)), "a step for every version"


def test_a_bad_query_does_not_fail_its_neighbours(http: FlaskClient) -> None:
    request = body("heat")
    good = dict(request["queries"][0])
    bad = [
        {**good, "refId": "B", "question": "heatt"},
        {**good, "refId": "C", "cell": "wide"},
        {**good, "refId": "D", "application": ""},
        {**good, "refId": "E", "background": "no-such"},
        "nonsense",
    ]
    results = post(http, {**request, "queries": [good, *bad]})
    assert {ref: result["status"] for ref, result in results.items()} == {
        "A": 200, "B": 400, "C": 400, "D": 400, "E": 404, "query 6": 400,
    }  # fmt: skip
    for ref in "BCDE":
        assert results[ref]["frames"] == []
        assert results[ref]["errorSource"] == "downstream"
    assert "question" in results["B"]["error"]
    assert "cell" in results["C"]["error"]


def test_no_key_but_those_grafana_knows(http: FlaskClient) -> None:
    response = http.post("/api/v1/query", json=body("heat"))
    answer = msgspec.json.decode(response.data)
    assert set(answer) == {"results"}
    assert set(answer["results"]["A"]) == {"status", "frames"}
    frame = answer["results"]["A"]["frames"][0]
    assert list(frame) == ["schema", "data"]  # in this order, else Grafana calls it malformed
    assert set(frame["schema"]) == {"name", "refId", "meta", "fields"}
    assert set(frame["schema"]["meta"]) <= {
        "custom", "notices", "executedQueryString", "type", "typeVersion",
    }  # fmt: skip
    assert b"NaN" not in response.data


@pytest.mark.parametrize("name", QUESTIONS)
def test_fields_and_meta_are_the_declared_ones(name: str, http: FlaskClient) -> None:
    params = {"action": {"element": "#pay"}, "funnel": {"steps": [{"page": "/cart"}]}}
    frames = post(http, body(name, **params.get(name, {})))["A"]["frames"]
    question = QUESTIONS[name]
    shapes = {shape.name: shape for shape in question.shapes}
    for frame in frames:
        schema = frame["schema"]
        declared = shapes[schema["name"]].fields
        assert [field["name"] for field in schema["fields"]] == [one.name for one in declared]
        assert len({len(column) for column in frame["data"]["values"]}) == 1
        for field, column in zip(declared, frame["data"]["values"], strict=True):
            assert field.nullable or None not in column, field.name
        known = {*question.meta, "version", "question", "notices"}
        assert set(schema["meta"]["custom"]["isotherm"]) <= known


def test_times_come_in_two_forms(http: FlaskClient) -> None:
    end = NOON + 12 * HOUR
    texts = ("2026-11-21T12:00:00Z", "2026-11-21T23:59:59.999+00:00")
    answers = [
        post(http, with_range(*span))["A"]["frames"][0]["data"]
        for span in ((NOON, end), (str(NOON), str(end)), texts)
    ]
    assert answers[0] == answers[1] == answers[2]


@pytest.mark.parametrize(
    ("start", "end"),
    [("yesterday", NOON), (None, NOON), (NOON, NOON), (NOON, 1), (1e300, NOON), (True, NOON)],
)
def test_a_range_that_is_none_is_refused(http: FlaskClient, start: object, end: object) -> None:
    response = http.post("/api/v1/query", json=with_range(start, end))
    assert response.status_code == 400
    assert response.json["error"]["field"].startswith("range")


@pytest.mark.parametrize(
    "data",
    [
        b"", b"{", b"[]", b"null", b'"x"', b"\xff\xfe", b'{"range": {}}', b"[" * 100_000,
        b'{"queries": [], "range": {"from": 1, "to": 2}}',
        b'{"queries": [{"application": "\\ud800"}], "range": {"from": 1, "to": 1e999}}',
    ],
)  # fmt: skip
def test_a_bad_body_is_a_400_that_says_why(http: FlaskClient, data: bytes) -> None:
    response = http.post("/api/v1/query", data=data)
    assert response.status_code == 400
    assert response.json["error"]["message"]


@pytest.mark.parametrize("page", ["", "All", "$__all", [], ["$__all"], ["/cart", "/done"]])
def test_a_page_variable_set_to_all_is_every_page(http: FlaskClient, page: object) -> None:
    frames = post(http, body("timeseries", measure="views", page=page, intervalMs=12 * HOUR))
    assert frames["A"]["frames"][0]["data"]["values"][1] == [4]


@pytest.mark.parametrize(
    ("one", "clicks"),
    [
        ({"key": "browser", "operator": "=", "value": "Safari"}, 2),
        ({"key": "browser", "value": "Safari"}, 2),
        ({"key": "browser", "operator": "=|", "values": ["Safari", "Chrome"]}, 9),
        ({"key": "browser", "operator": "!=|", "values": ["Safari"]}, 7),
        ({"key": "browser", "operator": "=", "value": ["Safari", "Chrome"]}, 9),
        ({"key": "browser", "operator": "=~", "value": "(Safari|Opera)"}, 2),
        ({"key": "", "operator": "=", "value": ""}, 9),
        ({"key": "width", "operator": "<", "value": 768}, 2),
    ],
)
def test_filters_as_grafana_writes_them(
    http: FlaskClient, one: dict[str, object], clicks: int
) -> None:
    frame = post(http, body("heat", filters=[one]))["A"]["frames"][0]
    assert frame["schema"]["meta"]["custom"]["isotherm"]["clicks"] == clicks


@pytest.mark.parametrize(
    ("filters", "clicks"),
    [
        ([("browser", "=", "Safari"), ("browser", "=", "Chrome")], 9),
        ([("browser", "=", "Safari"), ("browser", "=|", ["Chrome"])], 9),
        ([("browser", "=", "Safari"), ("os", "=", "Windows")], 0),
        ([("browser", "!=", "Safari"), ("browser", "!=", "Chrome")], 0),
        ([("browser", "=", "Safari"), ("browser", "=", "Chrome"), ("browser", "!=", "Safari")], 7),
    ],
)
def test_any_of_the_values_of_one_field_and_all_of_the_fields(
    http: FlaskClient, filters: list[tuple[str, str, object]], clicks: int
) -> None:
    written = [{"key": key, "operator": how, "value": value} for key, how, value in filters]
    frame = post(http, body("heat", filters=written))["A"]["frames"][0]
    assert frame["schema"]["meta"]["custom"]["isotherm"]["clicks"] == clicks


def test_ad_hoc_filters_narrow_a_query_and_let_nothing_more_in() -> None:
    own = [{"key": "env", "operator": "in", "values": ["prod", "beta"]}]
    adhoc = [{"key": "env", "operator": "=", "value": "beta"}, {"key": "env", "value": "test"},
             {"key": "os", "operator": "!=", "value": "iOS"}]  # fmt: skip
    assert narrowed(own, adhoc) == [adhoc[2], {"key": "env", "operator": "in", "values": ["beta"]}]
    assert narrowed(own, adhoc[1:2]) == [{"key": "env", "operator": "in", "values": []}]
    assert narrowed([], adhoc) == adhoc


@pytest.mark.parametrize(
    ("field", "more"),
    [
        ("filters", {"filters": [{"key": f"k{n}", "value": "x"} for n in range(101)]}),
        ("filters", {"filters": [{"key": "os", "operator": "in", "values": [
            str(n) for n in range(10_001)]}]}),
        ("filters.os", {"filters": [{"key": "os", "operator": "=~", "value": "x|" * 5_001}]}),
        ("pages", {"page": [f"/{n}" for n in range(1_001)]}),
    ],
)  # fmt: skip
def test_a_query_has_no_more_parts_than_there_is_time_for(
    http: FlaskClient, field: str, more: dict[str, object]
) -> None:
    refused = post(http, body("heat", **more))["A"]
    assert refused["status"] == 400
    assert refused["error"].startswith(f"{field} can have at most ")


def test_pictures_in_an_answer_are_bounded_for_all_queries_of_it(
    http: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = body("heat", inline_picture=True)
    picture = post(http, request)["A"]["frames"][-1]
    taken = sum(len(base64.b64decode(url.split(",")[1])) for url in picture["data"]["values"][-1])
    room = functools.partial(InlinePictures, room=2 * taken)
    monkeypatch.setattr(answering, "InlinePictures", room)
    thrice = [{**request["queries"][0], "refId": ref} for ref in "ABC"]
    results = post(http, {**request, "queries": thrice})
    # they are answered side by side: any of them may be the one that finds no room
    assert sorted(results[ref]["status"] for ref in "ABC") == [200, 200, STATUS[Code.TOO_MUCH_DATA]]


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_list_of_a_question_has_a_longest_length(name: str) -> None:
    params = msgspec.inspect.type_info(QUESTIONS[name].params)
    assert isinstance(params, msgspec.inspect.StructType)
    for field in params.fields:
        kinds = getattr(field.type, "types", (field.type,))
        for kind in kinds:
            lists = msgspec.inspect.CollectionType | msgspec.inspect.DictType
            assert not isinstance(kind, lists) or kind.max_length, field.name


def test_the_queries_of_a_request_share_its_time(
    http: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answering, "ANSWERED_S", 0.0)
    late = post(http, body("heat"))["A"]
    assert (late["status"], late["error"]) == (STATUS[Code.TOO_MUCH_DATA], TOO_LONG)
    monkeypatch.undo()
    assert post(http, body("heat"))["A"]["status"] == 200


def test_what_variables_turn_numbers_into(http: FlaskClient) -> None:
    asked = body("heat", cell="16", width={"min": "768", "max": ""}, signal="", datasource={})
    frame = post(http, asked)["A"]["frames"][0]
    assert frame["schema"]["meta"]["custom"]["isotherm"]["cell_px"] == 16


def test_the_time_spent_is_told(http: FlaskClient) -> None:
    timing = http.post("/api/v1/query", json=body("heat")).headers["Server-Timing"]
    told = {"pictures", "place", "sql", "frame", "json", "total"}
    assert {part.split(";")[0] for part in timing.split(", ")} == told
