"""Records the privacy samples of tests/acceptance: `python -m tests.accuracy.privacy`.

One page of a small shop, once per sender and level of privacy; kept are the requests as the SDK
made them and, beside, what was clicked where.
"""

import json
import os
import shutil
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import sync_playwright

from tests.accuracy.corpus import PAGES, page_of
from tests.accuracy.driving import BROWSER, Driver, Recorded
from tests.accuracy.senders import SENDERS, bundled
from tests.accuracy.serving import NOT_PASSED_ON, Corpus, Sent
from tests.bench.servers import running

LEVELS = (
    "datadog", "datadog-mask", "datadog-mask-user-input", "faro", "faro-defaults",
    "rrweb-masked", "rrweb-inputs-masked", "rrweb-click-only",
)  # fmt: skip
OUT = Path(__file__).parents[1] / "acceptance/privacy"
KEPT = ("tag", "text", "box", "page", "inWindow", "fixed", "note", "at")


def main() -> None:
    """Record every level anew."""
    site = page_of(PAGES / "privacy-shop.html")
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or "google-chrome"
    with (
        tempfile.TemporaryDirectory(prefix="isotherm-privacy-") as folder,
        running(["isotherm", "serve", "--data", folder], {"ISOTHERM_CAPTURE": "0"}) as server,
        sync_playwright() as playwright,
    ):
        corpus = Corpus()
        corpus.isotherm_port = server.port
        browser = playwright.chromium.launch(executable_path=chromium, args=list(BROWSER))
        driver = Driver(browser, corpus, 1440)
        steps = driver.rehearse(site).steps
        for level in LEVELS:
            sender = SENDERS[level]
            config = {"application": level, "options": sender.options_for({})}
            recorded = driver.record(site, bundled(sender.sdk), config, steps)
            kept(OUT / level, corpus.stage.sent, recorded)
        browser.close()
        corpus.shutdown()


def kept(folder: Path, sent: list[Sent], recorded: Recorded) -> None:
    """Write requests and truth of one session."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    entries = []
    for number, one in enumerate(sent):
        address = urlsplit(one.path)
        file = f"{number:02}.body"
        (folder / file).write_bytes(one.body)
        headers = {
            name: text
            for name, text in one.headers.items()
            if name not in NOT_PASSED_ON
            and name in {"content-type", "content-encoding", "user-agent"}
        }
        entries.append(
            {
                "method": "POST",
                "path": address.path,
                "query": address.query,
                "headers": headers,
                "body_file": file,
                "received_at_ms": recorded.clicks[-1]["at"],
            }
        )
    (folder / "requests.json").write_text(json.dumps({"requests": entries}), "utf-8")
    clicks = [{name: click[name] for name in KEPT} for click in recorded.clicks]
    (folder / "truth.json").write_text(json.dumps({"clicks": clicks}), "utf-8")


if __name__ == "__main__":
    main()
