"""The picture process: drops its rights, then answers one request after the other.

It reads recordings and drives Chromium, so that neither touches the serving process.
"""

import logging
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence

from PIL import PngImagePlugin, WebPImagePlugin  # loaded before the rights are gone
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import sync_playwright

from isotherm.model import Segment
from isotherm.model.faults import worded
from isotherm.model.pipes import read, unpacked, write
from isotherm.render.asset_cache import AssetCache
from isotherm.render.browser import Chromium
from isotherm.render.limits import limit_memory
from isotherm.render.live_page import capture
from isotherm.render.messages import (
    Answer,
    Asset,
    Capture,
    Failed,
    Look,
    Picture,
    Pictured,
    Ready,
    Render,
    Rendered,
    Request,
    Seen,
    Session,
    Start,
    Strip,
    Supplied,
    Want,
    Wanted,
)
from isotherm.render.process import driver_node
from isotherm.render.recorded_page import Recorded
from isotherm.render.recorded_session import ReadSession
from isotherm.render.request_reader import RequestReader
from isotherm.replay.formats.json_values import let_go

DECODERS = (PngImagePlugin, WebPImagePlugin)
log = logging.getLogger("isotherm.render")


def main() -> None:
    """Serve requests from standard input until it ends."""
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(levelname)s %(message)s")
    pipe_out = os.dup(1)
    os.dup2(2, 1)  # whatever prints must not disturb the answers
    start = unpacked(read, Start)
    os.nice(start.nice)
    os.environ["HOME"] = os.environ["TMPDIR"] = tempfile.tempdir = start.home
    if os.geteuid() == 0:
        _drop_rights(start)
    requests = RequestReader(start.home)
    with sync_playwright() as playwright:
        # after the driver has started: browsers reserve far more addresses than they use
        limit_memory(start.options.memory_mb)
        service = _Service(Chromium(playwright, start), start, requests)
        write(pipe_out, Ready())
        try:
            while True:
                for answer in service.answers(requests.next(), lambda one: write(pipe_out, one)):
                    write(pipe_out, answer)
        except EOFError:
            service.close()
    shutil.rmtree(start.home, ignore_errors=True)  # the product may have been killed


class _Service:
    """Answers requests."""

    def __init__(self, chromium: Chromium, start: Start, requests: RequestReader) -> None:
        self._chromium = chromium
        self._options = start.options
        self._recorded = Recorded(chromium, start.options)
        self._requests = requests
        self._asset_cache: tuple[str, AssetCache] | None = None  # application
        self._session: ReadSession | None = None

    def close(self) -> None:
        self._chromium.close()

    def answers(self, request: Request, out: Callable[[Answer], None]) -> Iterator[Answer]:
        """Yield the answer to a request, if there is one to give."""
        try:
            match request:
                case Session():
                    self._session = None
                    let_go()
                    self._session = ReadSession(request)
                case Segment():
                    self._there.add(request)
                case _:
                    yield self._answer(request, out)
        except PlaywrightError as error:
            yield Failed(f"The browser failed: {str(error).splitlines()[0][:500]}")
        except MemoryError:
            yield Failed(
                f"Reading it takes more than {self._options.memory_mb} MB of memory "
                "(picture_memory_mb)."
            )
        except Exception as error:  # whatever a recording does, the next one is tried
            log.exception("A picture could not be made")
            yield Failed(worded(error))

    def _answer(
        self,
        request: Look | Picture | Render | Capture | Start | Supplied,
        out: Callable[[Answer], None],
    ) -> Answer:
        match request:
            case Look():
                return Seen(self._there.recording(request) is not None)
            case Picture():
                made = self._there.picture(
                    request,
                    self._recorded,
                    self._shelf_for(self._there.application, out),
                    self._options,
                    lambda data: out(Strip(data)),
                )
                return Pictured(
                    tuple(made.backgrounds), made.anchors, self._chromium.sandbox, made.builds
                )
            case Render():
                return Rendered(self._recorded.layouts(request), self._chromium.sandbox)
            case Capture():
                layout = capture(self._chromium, request, self._options)
                return Rendered((layout,), self._chromium.sandbox)
            case Start():
                return Failed("The picture process was started twice.")
            case Supplied():
                return Failed("Nothing was wanted.")

    def _shelf_for(self, application: str, out: Callable[[Answer], None]) -> AssetCache:
        if self._asset_cache is None or self._asset_cache[0] != application:

            def supply(wants: Sequence[Want]) -> Sequence[Asset]:
                out(Wanted(tuple(wants)))
                answer = self._requests.next()
                assert isinstance(answer, Supplied), "something else was wanted"
                return answer.assets

            self._asset_cache = application, AssetCache(supply)
        self._asset_cache[1].begin()
        return self._asset_cache[1]

    @property
    def _there(self) -> ReadSession:
        assert self._session is not None, "no session was sent"
        return self._session


def _drop_rights(start: Start) -> None:
    """Become an ordinary user: Chromium refuses its sandbox to root. Else say so and go on."""
    try:
        user = pwd.getpwnam(start.options.run_as)
    except KeyError:
        log.warning(
            "There is no user %s; Chromium runs without its own sandbox.", start.options.run_as
        )
        return
    for program in (driver_node(), start.chromium):
        # as that user: is the whole path open to it?
        tried = subprocess.run(  # noqa: S603 - our own driver and the configured browser
            ["/usr/bin/test", "-x", program],
            user=user.pw_uid,
            group=user.pw_gid,
            extra_groups=[],
            cwd="/",
            check=False,
        )
        if tried.returncode != 0:
            log.warning(
                "User %s may not run %s; Chromium runs without its own sandbox.",
                start.options.run_as,
                program,
            )
            return
    os.chown(start.home, user.pw_uid, user.pw_gid)
    os.chdir(start.home)
    os.setgroups([])
    os.setresgid(user.pw_gid, user.pw_gid, user.pw_gid)
    os.setresuid(user.pw_uid, user.pw_uid, user.pw_uid)


if __name__ == "__main__":
    main()
