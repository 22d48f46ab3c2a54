"""The backend that loads the demo while it is looked at; runs in the worker process."""

import atexit
import logging
import threading
from contextlib import ExitStack
from typing import Any

from isotherm.api.history import EVERY_MS
from isotherm.app.demo.loading import Step, load_demo, make_pictures, mark_for, note_counts
from isotherm.app.demo.marker_file import Mark
from isotherm.app.demo.site import sample_sites
from isotherm.app.settings import Settings
from isotherm.app.wiring import Components

log = logging.getLogger("gunicorn.error")  # what gunicorn itself says is said there


def demo_components(
    settings: Settings, *, generated: int, as_recorded: bool
) -> tuple[Components, "Loading"]:
    """Return the started components, and the loading, to be started. Raises as they do."""
    site = ExitStack()
    hosts = site.enter_context(sample_sites())
    atexit.register(site.close)
    components = Components(
        settings.having(sheet_hosts=[*settings.sheet_hosts, *hosts])
    ).start()  # Faro records no style sheets
    loading = Loading(
        components, mark_for(settings.folder, generated=generated, as_recorded=as_recorded)
    )
    components.states["demo"] = loading.state
    note_counts(components, EVERY_MS)
    return components, loading


class Stopped(Exception):  # noqa: N818 - no error: the server ends
    """The server ends before the demo is loaded; the next start goes on."""


class Loading:
    """The thread that loads the demo, and how far it is."""

    def __init__(self, components: Components, mark: Mark) -> None:
        self._parts = components
        self._mark = mark
        self._stage = "pictures" if mark.complete else "sessions"
        self._share = 0.0
        self._text = ""
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="demo", daemon=True)

    def start(self) -> None:
        """Begin; the end of the process ends it, before the components that exist by now."""
        atexit.register(self.stop)  # the last one registered is called first
        self._thread.start()

    def stop(self) -> None:
        """End after the step at hand."""
        self._stopping.set()
        self._thread.join()

    def state(self) -> dict[str, Any]:
        """Return `ok`, the stage (sessions, pictures, done, failed), its share and a sentence."""
        return {
            "ok": self._stage != "failed",
            "stage": self._stage,
            "share": round(self._share, 3),
            "message": self._text,
        }

    def _run(self) -> None:
        try:
            load_demo(self._parts, self._mark, self._tell)
            make_pictures(self._parts, self._tell)
        except Stopped:
            log.info("The demo is loaded in part; the next start goes on.")
        except Exception as error:  # the server answers on, and says so on its pages
            log.exception("The demo could not be loaded")
            self._stage, self._text = "failed", str(error)
        else:
            self._stage = "done"

    def _tell(self, step: Step) -> None:
        if self._stopping.is_set():
            raise Stopped
        if step.text != self._text:
            log.info("Demo: %s", step.text)
        self._stage, self._share, self._text = step
