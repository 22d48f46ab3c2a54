"""The reader process: tasks at stdin, answers at stdout, and the pipe to live with as argument."""

import os
import resource
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import msgspec

from isotherm.intake.pages import page_key
from isotherm.model import Segment
from isotherm.model.errors import Code, IsothermError
from isotherm.model.faults import worded
from isotherm.model.pipes import read, unpacked, write
from isotherm.pipeline.readers.limits import MEBIBYTE, confine, live_with, within
from isotherm.pipeline.readers.messages import (
    Answer,
    Derive,
    DerivedRows,
    Enrich,
    Failed,
    Loaded,
    Play,
    Played,
    Ready,
    Start,
    Task,
)
from isotherm.replay.derive.enrich import enrich
from isotherm.replay.derive.session import derive
from isotherm.replay.formats.json_values import let_go
from isotherm.replay.playback.rrweb_events import playback
from isotherm.storage.objects.replays import open_replays

TASKS: Final = 1_000
"""A process is replaced after so many recordings, or when one has made it large."""

_KINDS: Final = {Code.STORE_UNAVAILABLE: "away", Code.TOO_LARGE: "large"}


class Reader:
    """Answers tasks."""

    def __init__(self, start: Start, say: Callable[[Answer], None]) -> None:
        self._start = start
        self._say = say
        self._replays = open_replays(start.replays_url)

    def answer(self, task: Task) -> DerivedRows | Played:
        """Do a task; whatever a recording breaks is raised."""
        match task:
            case Enrich():
                segments = self._load(task.application, task.session_id, task.view_id)
                found = enrich(task.views, task.actions, segments, self._start.rules)
            case Derive():
                segments = self._load(task.application, task.session_id, None)
                found = derive(segments, self._start.rules, self._page)
            case Play():
                return self._play(task)
        return DerivedRows(len(segments), found.actions, found.views, found.errors, found.details)

    def _play(self, task: Play) -> Played:
        nameless = [] if task.view_id is None else [""]
        segments = self._load(task.application, task.session_id, task.view_id, *nameless)
        played = playback(segments)
        return Played(len(segments), None if played is None else msgspec.json.encode(played))

    def _page(self, url: str, name: str) -> str:
        return page_key(url, name, self._start.pages)

    def _load(self, application: str, session: str, *views: str | None) -> list[Segment]:
        most = self._start.most_mb * MEBIBYTE
        segments = [
            segment
            for view in views
            for segment in self._replays.bodies(application, session, view, most_bytes=most)
        ]
        form = segments[0].format.value if segments else ""
        size = sum(len(segment.body) for segment in segments)
        self._say(Loaded(form, size, sum(segment.events for segment in segments)))
        return segments


def main() -> None:
    """Serve until stdin ends."""
    tasks, answers = 0, os.dup(1)
    os.dup2(2, 1)  # whatever is printed is no answer

    def say(message: Answer) -> None:
        write(answers, message)

    with _until_the_end():
        start = unpacked(read, Start)
        confine(start.memory_mb)
        live_with(int(sys.argv[1]))
        reader = Reader(start, say)
        say(Ready())
        while tasks < TASKS and not _has_grown(start.memory_mb):
            tasks += 1
            task = unpacked(read, Task)
            with within(start.limit_s):
                answer = _answered(reader, task)
                say(answer)
            let_go()
            if isinstance(answer, Failed) and answer.kind == "memory":
                return


def _answered(reader: Reader, task: Task) -> Answer:
    try:
        return reader.answer(task)
    except IsothermError as error:
        return Failed(error.message, _KINDS.get(error.code, "fault"))  # type: ignore[arg-type]
    except MemoryError:
        return Failed("", "memory")
    except Exception as error:  # noqa: BLE001 - a recording may break its reader in any way
        return Failed(worded(error), "fault")


def _has_grown(memory_mb: int) -> bool:
    """Tell whether what earlier recordings left takes much of the memory for the next ones."""
    statm = Path("/proc/self/statm")  # rusage would tell what the server had when it started this
    if not statm.exists():
        return False
    resident = int(statm.read_text(encoding="ascii").split()[1]) * resource.getpagesize()
    return resident > memory_mb * MEBIBYTE // 4


@contextmanager
def _until_the_end() -> Iterator[None]:
    """End quietly when a pipe does: the server has gone."""
    with suppress(EOFError, BrokenPipeError):
        yield


if __name__ == "__main__":
    main()
