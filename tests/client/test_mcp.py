"""The tools of `isotherm mcp`, asked by the SDK's own client: in process, over stdio, over HTTP."""

import asyncio
import base64
import io
import json
import subprocess
import sys
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2 as httpx
import numpy as np
import pandas as pd
import pytest
from mcp import Client as McpClient
from mcp import StdioServerParameters
from mcp.client.streamable_http import streamable_http_client
from PIL import Image

from isotherm.app.mcp_server import DEFINITIONS, build
from isotherm.client import Client
from tests.api.conftest import MENU, PAY
from tests.client.conftest import TOKEN
from tests.conftest import environment, free_port
from tests.scenario import NOON

SHOP = {"application": "shop", "page": "/cart"}
DAYS = 365


def finished(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """Run `coroutine` in a thread of its own: this one may already run the loop of a browser."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, coroutine).result()


def call(server: Any, tool: str, **given: Any) -> Any:
    async def once() -> Any:
        async with McpClient(server) as client:
            return await client.call_tool(tool, given)

    return finished(once())


def told(result: Any) -> Any:
    assert not result.is_error, result.content
    return json.loads(result.content[0].text)


@pytest.fixture
def server(url: str) -> Any:
    return build(lambda token: Client(url, token))


def test_every_tool_says_what_it_does_and_what_it_takes(server: Any) -> None:
    async def listed() -> Any:
        async with McpClient(server) as client:
            return (await client.list_tools()).tools

    tools = {tool.name: tool for tool in finished(listed())}
    assert set(tools) == {
        "applications", "pages_worth_a_look", "look_at_page", "elements", "friction", "slowest",
        "effect_of_release", "sessions_behind", "errors_behind", "requests_behind", "definitions",
    }  # fmt: skip
    for tool in tools.values():
        assert tool.description
        assert len(tool.description) > 30
    asked = tools["elements"].input_schema
    assert {"application", "page"} == set(asked["required"])
    assert asked["properties"]["application"]["description"]
    assert "ctx" not in asked["properties"]


def test_elements_come_with_counts_and_a_link(server: Any) -> None:
    answer = told(call(server, "elements", **SHOP, days=DAYS))
    assert answer["rows"][0]["element"] == PAY
    assert answer["rows"][0]["clicks"] == 6
    assert answer["about"]["clicks"] == 9
    assert "app=shop" in answer["link"]
    assert "page=%2Fcart" in answer["link"]


def test_the_picture_shows_the_heat_where_the_clicks_were(server: Any) -> None:
    result = call(server, "look_at_page", **SHOP, days=DAYS)
    facts = told(result)
    assert facts["clicks"] == 9
    picture = Image.open(io.BytesIO(base64.b64decode(result.content[1].data))).convert("RGB")
    scale = picture.width / 1440
    assert max(picture.size) <= 1568
    pixels = np.asarray(picture).astype(int)
    pay = pixels[round(420 * scale), round(650 * scale)]  # a quarter into #pay: four clicks
    assert pay.min() < 200, "heat"
    assert pixels[round(1500 * scale), round(700 * scale)].min() == 255, "and none elsewhere"
    bare = call(server, "look_at_page", application="shop", page="/done", days=DAYS)
    assert told(bare)["picture"] == "There is no picture of this page yet."


def test_friction_has_intervals_and_sessions(server: Any) -> None:
    rows = told(call(server, "friction", **SHOP, measure="dead", days=DAYS))["rows"]
    by = {row["element"]: row for row in rows}
    assert by[PAY]["value"] == pytest.approx(1 / 3, abs=1e-4)
    assert by[PAY]["low"] < 1 / 3 < by[PAY]["high"]
    assert (by[PAY]["sessions"], by[MENU]["certain"]) == (3, False)


def test_a_release_is_compared_in_words(server: Any) -> None:
    answer = told(call(server, "effect_of_release", **SHOP, days=DAYS))
    assert (answer["about"]["before"], answer["about"]["after"]) == ("1.4.2", "1.5.0")
    assert (answer["findings"], answer["rows"]) == ([], []), "three sessions say nothing"


def test_links_lead_to_what_was_asked(server: Any) -> None:
    """The map's own default is a week, without filters."""
    filters = {"browser": "Chrome", "version": "1.5|0"}
    link = told(call(server, "elements", **SHOP, days=DAYS, filters=filters))["link"]
    address = parse_qs(urlsplit(link).query)
    assert address["from"] == [f"now-{DAYS}d"]
    assert address["filter"] == ["browser|%3D|Chrome", "version|%3D|1.5%7C0"]
    friction = told(call(server, "friction", **SHOP, measure="inp_ms", days=DAYS))["link"]
    assert parse_qs(urlsplit(friction).query)["colour"] == ["inp_ms"]


def test_a_session_links_to_its_replay_for_people(server: Any) -> None:
    rows = told(call(server, "sessions_behind", **SHOP, element=PAY, days=DAYS))["rows"]
    [shown] = [row for row in rows if row["has_replay"]]
    address = parse_qs(urlsplit(shown["link"]).query)
    assert (address["screen"], address["session"]) == (["replay"], [shown["session"]])
    assert int(address["at"][0]) == pd.Timestamp(shown["at"]).timestamp() * 1000
    assert [row["link"] for row in rows if not row["has_replay"]] == [None] * (len(rows) - 1)


def test_errors_of_an_element_link_to_the_replay_of_the_last_one(server: Any) -> None:
    [row] = told(call(server, "errors_behind", **SHOP, element=PAY, days=DAYS))["rows"]
    assert (row["kind"], row["errors"], row["session"]) == ("TypeError", 1, "c")
    address = parse_qs(urlsplit(row["link"]).query)
    assert (address["screen"], address["session"]) == (["replay"], ["c"])
    assert int(address["at"][0]) == pd.Timestamp(row["last"]).timestamp() * 1000
    of_page = told(call(server, "errors_behind", **SHOP, days=DAYS))
    assert [error["message"] for error in of_page["rows"]] == ["no stock", "boom"]
    assert of_page["rows"][1]["link"] is None, "without a replay"
    assert told(call(server, "errors_behind", **SHOP, element=MENU, days=DAYS))["rows"] == []


def test_an_application_that_is_not_there_is_told(server: Any) -> None:
    result = call(server, "elements", application="shopp", page="/cart", days=DAYS)
    assert result.is_error
    assert "No application is called shopp. There are: shop" in result.content[0].text
    assert told(call(server, "elements", application="shop", page="/none"))["rows"] == []


@pytest.mark.parametrize(
    ("tool", "given", "column"),
    [
        ("pages_worth_a_look", {"application": "shop", "days": DAYS}, "page"),
        ("slowest", {"application": "shop", "days": DAYS}, None),
        ("sessions_behind", {**SHOP, "element": PAY, "days": DAYS}, "session"),
        ("requests_behind", {**SHOP, "element": PAY, "days": DAYS}, "trace_id"),
        ("applications", {}, None),
    ],
)
def test_the_other_tools_answer(
    server: Any, tool: str, given: dict[str, Any], column: str | None
) -> None:
    answer = told(call(server, tool, **given))
    assert answer["left_out"] == 0
    if column:
        assert answer["rows"][0][column]


def test_definitions_are_said(server: Any) -> None:
    assert told(call(server, "definitions")) == DEFINITIONS


def test_a_mistake_is_told_in_the_servers_words(server: Any) -> None:
    result = call(server, "effect_of_release", **SHOP, facet="element", before="a", after="b",
                  days=DAYS)  # fmt: skip
    assert result.is_error
    assert "compare versions, variants or segments" in result.content[0].text


@pytest.mark.server
def test_over_stdio_the_command_serves_with_its_token(guarded: str) -> None:
    command = StdioServerParameters(
        command=sys.executable,
        args=["-m", "isotherm", "mcp", "--url", guarded],
        env=environment(ISOTHERM_TOKEN=TOKEN),
    )
    assert told(call(command, "elements", **SHOP, days=DAYS))["rows"][0]["element"] == PAY


@pytest.mark.server
def test_over_http_every_caller_needs_a_token_of_their_own(guarded: str) -> None:
    port = free_port()
    command = [sys.executable, "-m", "isotherm", "mcp", "--transport", "http", "--url", guarded]
    serving = subprocess.Popen(
        [*command, "--port", str(port)], env=environment(ISOTHERM_TOKEN=TOKEN)
    )
    try:
        _until_listening(port, serving)

        async def ask(headers: dict[str, str]) -> Any:
            async with httpx.AsyncClient(headers=headers) as http:
                transport = streamable_http_client(f"http://127.0.0.1:{port}/mcp", http_client=http)
                async with McpClient(transport) as client:
                    return await client.call_tool("elements", {**SHOP, "days": DAYS})

        assert finished(ask({})).is_error, "the command's own token is not lent"
        known = finished(ask({"Authorization": f"Bearer {TOKEN}"}))
        assert told(known)["rows"][0]["element"] == PAY
    finally:
        serving.terminate()
        serving.wait(timeout=30)


@pytest.mark.server
def test_an_open_server_is_not_offered_beyond_loopback(url: str) -> None:
    command = [sys.executable, "-m", "isotherm", "mcp", "--transport", "http", "--url", url]
    done = subprocess.run(
        [*command, "--host", "0.0.0.0", "--port", str(free_port())],
        env=environment(), capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "asks for no token" in done.stderr


def _until_listening(port: int, serving: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        assert serving.poll() is None, "it ended"
        try:
            httpx.get(f"http://127.0.0.1:{port}/mcp", timeout=1)
        except httpx.TransportError:
            continue
        return
    pytest.fail("it does not listen")


def test_the_story_is_of_the_last_year() -> None:
    """The tools ask for days back from now; the story must lie within them."""
    import time

    assert time.time() * 1000 - NOON < DAYS * 86_400_000
