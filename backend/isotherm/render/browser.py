"""Owns Chromium inside the render process: flags, contexts, restarts after a number of renders."""

import logging
import os
import re
from contextlib import suppress

from playwright.sync_api import Browser, BrowserContext, Playwright
from playwright.sync_api import Error as PlaywrightError

from isotherm.render.messages import Scene, Start

BLANK = "https://page.invalid/"
CALL_MS = 600_000  # whoever asks keeps the time: on a busy machine the clock says little
FLAGS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--disable-sync",
    "--disable-quic",
    "--no-pings",
    "--disable-dev-shm-usage",
    "--disable-checker-imaging",  # a picture waits for its images
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
)
NO_HOSTS = "--host-resolver-rules=MAP * ~NOTFOUND"  # stops address literals too
ONLY_PROXY = "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"
_DOCTYPE = re.compile(r"[A-Za-z0-9 \"'/.:+_%-]*+")
_ENVIRONMENT = ("PATH", "HOME", "TMPDIR", "LANG", "LC_ALL", "FONTCONFIG_FILE", "FONTCONFIG_PATH")

log = logging.getLogger(__name__)


class Chromium:
    """The browser of recorded pages, and a fresh one per captured page."""

    def __init__(self, playwright: Playwright, start: Start) -> None:
        self._playwright = playwright
        self._start = start
        self._browser: Browser | None = None
        self._contexts = 0
        self.sandbox = os.geteuid() != 0

    def launch(self, *flags: str, proxy_port: int | None = None) -> Browser:
        """Start a browser, with its sandbox when the system allows one.

        `proxy_port` sends every connection, loopback too, to the proxy on 127.0.0.1.
        """
        rest = dict.fromkeys(FLAGS) | dict.fromkeys(flags)
        if proxy_port is not None:
            rest[f"--proxy-server=http://127.0.0.1:{proxy_port}"] = None
            rest["--proxy-bypass-list=<-loopback>"] = None
        environment: dict[str, str | float | bool] = {
            name: os.environ[name] for name in _ENVIRONMENT if name in os.environ
        }
        while True:
            try:
                return self._playwright.chromium.launch(
                    executable_path=self._start.chromium,
                    args=list(rest),
                    chromium_sandbox=self.sandbox,
                    env=environment,
                    timeout=CALL_MS,
                )
            except PlaywrightError as error:
                if not self.sandbox or "sandbox" not in str(error).lower():
                    raise
                log.warning(
                    "Chromium cannot use its own sandbox here, so it runs without it; the other "
                    "layers stay on. Allow user namespaces or install chromium-sandbox."
                )
                self.sandbox = False

    def context(self, scene: Scene) -> BrowserContext:
        """Return a fresh context in which nothing runs and nothing is loaded.

        Every so many contexts the browser is a new one.
        """
        if self._browser is not None and (
            self._contexts >= self._start.options.renders_per_browser
            or not self._browser.is_connected()
        ):
            self.close()
        if self._browser is None:
            self._browser = self.launch(NO_HOSTS)
            self._contexts = 0
        self._contexts += 1
        context = self._browser.new_context(
            viewport={"width": scene.viewport_w, "height": scene.viewport_h},
            is_mobile=scene.mobile,
            has_touch=scene.mobile,
            java_script_enabled=False,
            accept_downloads=False,
            service_workers="block",
            reduced_motion="reduce",
        )
        context.set_default_timeout(CALL_MS)
        return context

    def close(self) -> None:
        """End the browser of recorded pages."""
        if self._browser is not None:
            with suppress(PlaywrightError):
                self._browser.close()
            self._browser = None


def blank_html(doctype: str | None) -> str:
    """Return an empty page with this doctype; None: in quirks mode, as recorded."""
    kind = doctype if doctype and _DOCTYPE.fullmatch(doctype) else "html"
    head = "" if doctype is None else f"<!DOCTYPE {kind}>"
    return f"{head}<html><head></head><body></body></html>"
