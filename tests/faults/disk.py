"""What a disk holds when the power goes: a life's file operations, taped, up to one of them.

Data is durable once its file was synced. Names (files that are made, renamed, removed, cut) are
kept in order, as journalling file systems do: all those before a sync are durable with it,
whichever file it was of. What came after may be there or not: there is more than one outcome.
"""

import random
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

HEAD = struct.Struct("<IIIIQ")
SAID = "!"
PAGE = 4_096

Outcome = Literal["names", "order", "pages"]
OUTCOMES: tuple[Outcome, ...] = ("names", "order", "pages")
"""`names`: all names, and only synced data. `order`: nothing since the last sync. `pages`: all
names and lengths, and some pages of what was not synced, with zeros between."""


@dataclass(frozen=True)
class Operation:
    """One record of a tape; `what` is the letter that shim.c gives it, or SAID."""

    what: str
    path: str = ""
    other: str = ""
    offset: int = 0  # or a length
    data: bytes = b""


def said(line: str) -> bytes:
    """Return a record that tells when something was acknowledged."""
    return HEAD.pack(ord(SAID), 0, 0, len(line), 0) + line.encode()


def played(tape: bytes) -> Iterator[Operation]:
    """Yield the records of a tape."""
    at = 0
    while at < len(tape):
        what, path, other, size, offset = HEAD.unpack_from(tape, at)
        at += HEAD.size
        parts = []
        for length in (path, other, size):
            parts.append(tape[at : at + length])
            at += length
        yield Operation(chr(what), parts[0].decode(), parts[1].decode(), offset, parts[2])


@dataclass
class File:
    """A file's bytes as written, as they were when it was synced, and what came since."""

    data: bytearray = field(default_factory=bytearray)
    durable: bytes = b""
    cut: int | None = None  # bytes left of `durable` by a cut since
    pages: set[int] = field(default_factory=set)  # written since

    def write(self, offset: int, data: bytes) -> None:
        self.data.extend(bytes(max(0, offset - len(self.data))))
        self.data[offset : offset + len(data)] = data
        self.pages |= set(range(offset // PAGE, (offset + len(data) - 1) // PAGE + 1))

    def resize(self, size: int) -> None:
        if size < len(self.data):
            self.cut = min(size, len(self.durable) if self.cut is None else self.cut)
        del self.data[size:]
        self.data.extend(bytes(size - len(self.data)))

    def sync(self) -> None:
        self.durable, self.cut = bytes(self.data), None
        self.pages.clear()

    def left(self, outcome: Outcome, chance: random.Random) -> bytes:
        """Return what is in it after the power came back."""
        if outcome == "order":
            return self.durable
        kept = self.durable[: self.cut]
        if outcome == "names":
            return kept
        found = bytearray(kept.ljust(len(self.data), b"\0")[: len(self.data)])
        for page in sorted(self.pages):
            if chance.random() < 0.5:
                place = slice(page * PAGE, (page + 1) * PAGE)
                found[place] = self.data[place]
        return bytes(found)


class Disk:
    """The files below a folder, operation by operation."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._names: dict[str, File] = {}
        self._durable: dict[str, File] = {}
        self._folders: list[str] = []

    def do(self, one: Operation) -> bool:
        """Do an operation; tell whether the disk is another one now."""
        path = self._below(one.path)
        match one.what:
            case "o" | "n" if one.offset and path not in self._names:
                self._names[path] = File()
            case "s":
                if path in self._names:
                    self._names[path].sync()
                self._durable = dict(self._names)
            case "r":
                self._names[path] = self._names.pop(self._below(one.other))
            case "u":
                self._names.pop(path, None)
            case "d":
                self._folders.append(path)
            case _:
                return path in self._names and _changed(self._names[path], one)
        return True

    def left(self, outcome: Outcome, chance: random.Random) -> dict[str, bytes]:
        """Return the files that are there after the power came back."""
        names = self._durable if outcome == "order" else self._names
        return {path: file.left(outcome, chance) for path, file in names.items()}

    def write(self, files: dict[str, bytes], folder: Path) -> None:
        """Make the files in a folder."""
        for path in self._folders:
            (folder / path).mkdir(parents=True, exist_ok=True)
        for path, data in files.items():
            (folder / path).write_bytes(data)

    def _below(self, path: str) -> str:
        return path.removeprefix(self._folder).strip("/")


def _changed(file: File, one: Operation) -> bool:
    match one.what:
        case "n" if file.data:
            file.resize(0)
        case "w":
            file.write(one.offset, one.data)
        case "t":
            file.resize(one.offset)
        case "a":
            file.resize(max(one.offset, len(file.data)))
        case _:
            return False
    return True
