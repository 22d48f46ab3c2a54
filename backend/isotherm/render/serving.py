"""The render process: drops its rights, then answers one request after the other."""

import logging
import os
import pwd
import shutil
import subprocess
import sys
import tempfile

from PIL import PngImagePlugin, WebPImagePlugin  # loaded before the rights are gone
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import sync_playwright

from isotherm.render.browser import Chromium
from isotherm.render.live_page import capture
from isotherm.render.messages import (
    Answer,
    Capture,
    Failed,
    Render,
    Rendered,
    Request,
    Start,
    packed,
    unpacked,
)
from isotherm.render.process import driver_node
from isotherm.render.recorded_page import Recorded

DECODERS = (PngImagePlugin, WebPImagePlugin)
log = logging.getLogger("isotherm.render")


def main() -> None:
    """Serve requests from standard input until it ends."""
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(levelname)s %(message)s")
    pipe_out = os.dup(1)
    os.dup2(2, 1)  # whatever prints must not disturb the answers
    start = unpacked(_read, Start)
    os.environ["HOME"] = os.environ["TMPDIR"] = tempfile.tempdir = start.home
    if os.geteuid() == 0:
        _drop_rights(start)
    with sync_playwright() as playwright:
        chromium = Chromium(playwright, start)
        recorded = Recorded(chromium, start)
        try:
            while True:
                _write(
                    pipe_out, packed(_answer(chromium, recorded, unpacked(_read, Request), start))
                )
        except EOFError:
            chromium.close()
    shutil.rmtree(start.home, ignore_errors=True)  # the product may have been killed


def _answer(chromium: Chromium, recorded: Recorded, request: Request, start: Start) -> Answer:
    try:
        match request:
            case Render():
                layouts = recorded.layouts(request)
            case Capture():
                layouts = (capture(chromium, request, start),)
            case Start():
                return Failed("The render process was started twice.")
    except PlaywrightError as error:
        return Failed(str(error).splitlines()[0][:500])
    return Rendered(layouts, chromium.sandbox)


def _drop_rights(start: Start) -> None:
    """Become an ordinary user: Chromium refuses its sandbox to root. Else say so and go on."""
    try:
        user = pwd.getpwnam(start.run_as)
    except KeyError:
        log.warning("There is no user %s; Chromium runs without its own sandbox.", start.run_as)
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
                start.run_as,
                program,
            )
            return
    os.chown(start.home, user.pw_uid, user.pw_gid)
    os.chdir(start.home)
    os.setgroups([])
    os.setresgid(user.pw_gid, user.pw_gid, user.pw_gid)
    os.setresuid(user.pw_uid, user.pw_uid, user.pw_uid)


def _read(size: int) -> bytes:
    parts = []
    while size:
        part = os.read(0, min(size, 1 << 20))
        if not part:
            raise EOFError("the product has closed the pipe")
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def _write(pipe: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(pipe, view[: 1 << 20]) :]


if __name__ == "__main__":
    main()
