"""Runs our own scripts in an isolated world of a page, where the page's scripts cannot reach."""

from importlib import resources
from typing import Any

import msgspec
from playwright.sync_api import CDPSession, Error, Page


def script(name: str) -> str:
    """Return the source of one of the scripts beside this file."""
    return resources.files(__package__).joinpath(name).read_text(encoding="utf-8")


BUILDER, VALUES, WORDS, BOXES, SHELL, LAZY, NODES = (
    script(f"{name}.js")
    for name in ("builder", "masked_values", "masked_words", "boxes", "shell", "lazy", "nodes")
)


class IsolatedWorld:
    """One isolated world of the page's main frame; make a new one after a navigation."""

    def __init__(self, page: Page, cdp: CDPSession) -> None:
        frame = cdp.send("Page.getFrameTree")["frameTree"]["frame"]["id"]
        made = cdp.send(
            "Page.createIsolatedWorld", {"frameId": frame, "worldName": "isotherm-measure"}
        )
        self._cdp = cdp
        self._id = made["executionContextId"]
        self.page = page

    def call(self, function: str, argument: str | None = None) -> Any:
        """Call a script with one JSON text; it answers one JSON text, returned decoded."""
        answer = self._cdp.send(
            "Runtime.callFunctionOn",
            {
                "functionDeclaration": function,
                "executionContextId": self._id,
                "arguments": [] if argument is None else [{"value": argument}],
                "returnByValue": True,
                "awaitPromise": True,
            },
        )
        if "exceptionDetails" in answer:
            thrown = answer["exceptionDetails"]
            raise Error(str(thrown.get("exception", {}).get("description", thrown.get("text"))))
        return msgspec.json.decode(answer["result"]["value"])
