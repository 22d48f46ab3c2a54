"""The SDKs that record, at the privacy levels that people set."""

import json
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
PACKAGES = HERE / "node_modules"

CLICK_ONLY = {
    "mousemove": False,
    "mouseInteraction": {
        "MouseUp": False,
        "MouseDown": False,
        "Click": True,
        "ContextMenu": False,
        "DblClick": False,
        "Focus": False,
        "Blur": False,
        "TouchStart": False,
        "TouchEnd": False,
    },
}


@dataclass(frozen=True)
class Sender:
    """One SDK with its options."""

    name: str
    sdk: str  # file in `entries`
    package: str
    options: Mapping[str, Any] = field(default_factory=dict)

    def options_for(self, plan: Mapping[str, Any]) -> dict[str, Any]:
        """Return the options on a page whose plan may ask for some of its own."""
        options = {**self.options, **plan.get(self.sdk, {})}
        if self.name == "datadog" and "privacy" in plan:
            options["defaultPrivacyLevel"] = plan["privacy"]
        return options


def _datadog(name: str, privacy: str) -> Sender:
    return Sender(name, "datadog", "@datadog/browser-rum", {"defaultPrivacyLevel": privacy})


def _faro(name: str, **options: Any) -> Sender:
    return Sender(name, "faro", "@grafana/faro-instrumentation-replay", options)


def _rrweb(name: str, **options: Any) -> Sender:
    return Sender(name, "rrweb", "rrweb", options)


SENDERS = {
    sender.name: sender
    for sender in (
        _rrweb("rrweb"),
        _datadog("datadog", "allow"),
        _faro("faro", maskTextSelector=".none", inlineStylesheet=True),
        _faro("faro-defaults"),
        _datadog("datadog-mask", "mask"),
        _datadog("datadog-mask-user-input", "mask-user-input"),
        _rrweb("rrweb-masked", maskTextSelector="*", maskAllInputs=True),
        _rrweb("rrweb-inputs-masked", maskAllInputs=True, blockClass="private"),
        _rrweb("rrweb-click-only", sampling=CLICK_ONLY),
    )
}
USUAL = ("rrweb", "datadog", "faro", "faro-defaults")
"""The senders of a run that names none."""


@cache
def bundled(sdk: str) -> bytes:
    """Return an SDK as one script of a page."""
    return bundle(HERE / "entries" / f"{sdk}.js")


def bundle(entry: Path) -> bytes:
    """Return a module and all it imports as one script."""
    command = [
        str(PACKAGES / ".bin/esbuild"), str(entry), "--bundle", "--format=iife", "--minify",
        "--log-level=error", "--jsx=automatic", '--define:process.env.NODE_ENV="production"',
        '--define:process.env.IS_PREACT="false"', "--loader:.woff2=dataurl", "--charset=utf8",
    ]  # fmt: skip
    return subprocess.run(command, cwd=HERE, check=True, capture_output=True).stdout


def versions() -> dict[str, str]:
    """Return the version of each package of the benchmark, as the lock file pins it."""
    known: dict[str, str] = json.loads((HERE / "package.json").read_text("utf-8"))[
        "devDependencies"
    ]
    return known
