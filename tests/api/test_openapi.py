"""The OpenAPI document is valid, complete, and what the server does."""

import os
import re

import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from openapi_spec_validator import validate
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.schemas import BaseSchema
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from isotherm.api.openapi import document
from isotherm.api.route_table import ROUTES
from isotherm.api.route_types import Route
from isotherm.query.questions import QUESTIONS

pytestmark = pytest.mark.thorough

EXAMPLES = int(os.environ.get("ISOTHERM_FUZZ_EXAMPLES", "15"))
"""Of each route, good and bad; `make fuzz` takes more."""

CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
)


def test_the_document_is_valid(http: FlaskClient) -> None:
    response = http.get("/api/v1/openapi.json")
    assert response.json == document("1.0.0")
    validate(response.json)


def test_every_question_is_in_it() -> None:
    schemas = document("1.0.0")["components"]["schemas"]
    assert len(schemas["QueryRequest"]["properties"]["queries"]["items"]["oneOf"]) == len(QUESTIONS)
    steps = schemas["FunnelQuery"]["properties"]["steps"]
    assert steps["description"]


def test_the_table_of_routes_is_what_is_served(app: Flask) -> None:
    served = {
        (method.lower(), re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule))
        for rule in app.url_map.iter_rules()
        for method in rule.methods or ()
        if method not in {"OPTIONS", "HEAD"}
    }
    assert served == {(route.method, route.path) for route in ROUTES}


@pytest.fixture(scope="module")
def schema(app: Flask) -> BaseSchema:
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_any_request_is_answered_as_documented(
    schema: BaseSchema, route: Route, mode: GenerationMode
) -> None:
    if mode is GenerationMode.NEGATIVE and not (route.body or route.parameters):
        pytest.skip("takes nothing that could be wrong")
    operation = schema[route.path][route.method.upper()]
    shared = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]

    @settings(max_examples=EXAMPLES, suppress_health_check=shared, database=None)
    @given(operation.as_strategy(generation_mode=mode))
    def answered(case: Case) -> None:
        case.call_and_validate(checks=CHECKS)

    answered()
