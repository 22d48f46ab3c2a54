"""Texts and their numbers, alike in every process: the number of a text is a hash of it.

No process gives numbers out, so none has to ask another. A number has 53 bits: it stays exact as a
float, which a column with gaps is read as. Should two texts of a kind have one number, the later
takes the next of its numbers; nobody is taken for somebody else.
"""

import threading
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from hashlib import blake2b
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa

from isotherm.model.errors import Code, IsothermError
from isotherm.storage.clickhouse.server import Server

_BITS: Final = (1 << 53) - 1
_TRIES: Final = 3
_CACHED: Final = 500_000
_CHUNK: Final = 20_000
_OVERLAP_S: Final = 60
"""Clocks of servers differ, and a row is stamped before it can be seen."""

_ERASED: Final = ""
"""A kind of its own: a row more says that texts were deleted, so what is in memory is too old."""

Array = np.ndarray[Any, Any]
_Numbered = dict[tuple[str, str], int]
"""Kind and text -> number."""


def number_of(kind: str, text: str, attempt: int = 0) -> int:
    """Return one of the numbers that a text may have, the first unless it is taken; "" is 0."""
    if not text:
        return 0
    said = f"{attempt}\0{kind}\0{text}".encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(said, digest_size=8).digest(), "big") & _BITS or 1


class Fresh:
    """The texts of a batch; those not known to be stored are stored before its rows."""

    def __init__(self, known: Mapping[tuple[str, str], int]) -> None:
        self._known = known
        self.unknown: _Numbered = {}

    def ids(self, kind: str, texts: Sequence[str]) -> Array:
        """Return a number for each text."""
        return np.fromiter((self._id(kind, text) for text in texts), np.int64, len(texts))

    def _id(self, kind: str, text: str) -> int:
        if not text:
            return 0
        key = (kind, text)
        known = self._known.get(key)
        if known is not None:
            return known
        found = self.unknown.get(key)
        if found is None:
            found = self.unknown[key] = number_of(kind, text)
        return found


class _Kind:
    """What is in memory of a kind that is read as a whole."""

    def __init__(self) -> None:
        self.texts: dict[int, str] = {}
        self.shown: Mapping[int, str] = MappingProxyType({})
        self.since_us = 0


class Terms:
    """All texts of a database. Safe for many threads."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._known: _Numbered = {}  # stored, as far as this process has seen
        self._kinds: dict[str, _Kind] = defaultdict(_Kind)
        self._erasures = -1
        self._turn = threading.RLock()

    def fresh(self) -> Fresh:
        """Return what collects the texts of a batch."""
        self._notice_erasures()
        return Fresh(self._known)

    def store(self, fresh: Fresh) -> bool:
        """Store new texts; False when a number was taken, so that rows must be made again."""
        with self._turn:
            stored, free = self._find(fresh.unknown)
            kinds, texts = [kind for kind, _ in free], [text for _, text in free]
            rows = {
                "kind": pa.array(kinds, pa.string()),
                "id": pa.array(free.values(), pa.int64()),
                "text": pa.array(texts, pa.string()),
            }
            self._server.insert("terms", pa.table(rows))
            settled = stored | free
            self._known |= settled
            while len(self._known) > _CACHED:
                self._known.pop(next(iter(self._known)))
            return settled == fresh.unknown

    def find(self, kind: str, text: str) -> int:
        """Return the number of a text; 0 when it was never stored."""
        if not text:
            return 0
        known = self._known.get((kind, text))
        if known is not None:
            return known
        with self._turn:
            stored, _ = self._find({(kind, text): number_of(kind, text)})
            number = stored.get((kind, text), 0)
            if number:
                self._known[kind, text] = number
        return number

    def known(self, kind: str, texts: Iterable[str]) -> set[int]:
        """Return the numbers of those texts that were ever stored."""
        asked = {(kind, text): number_of(kind, text) for text in texts if text}
        found = {key: self._known[key] for key in asked if key in self._known}
        with self._turn:
            stored, _ = self._find({key: asked[key] for key in asked.keys() - found.keys()})
        return {*found.values(), *stored.values()}

    def texts(self, kind: str, numbers: Iterable[int]) -> dict[int, str]:
        """Return the texts of some numbers; 0 and what was deleted are the empty text."""
        wanted = sorted({int(number) for number in numbers})
        found = dict.fromkeys(wanted, "") | {0: ""}
        for start in range(0, len(wanted), _CHUNK):
            rows = self._server.rows(
                "SELECT id, text FROM terms WHERE kind = {kind: String} "
                "AND id IN {ids: Array(Int64)}",
                {"kind": kind, "ids": wanted[start : start + _CHUNK]},
            )
            found.update(rows)
        return found

    def all(self, kind: str) -> Mapping[int, str]:
        """Return every text of a kind by number; the same object until one is added."""
        with self._turn:
            held = self._kinds[kind]
            # not FINAL: a text that is there twice is the same, and only new ones are read whole
            found = self._server.read(
                "SELECT kind, id, text, toUnixTimestamp64Micro(stamp) FROM terms WHERE kind = '' "
                "OR kind = {kind: String} AND stamp >= fromUnixTimestamp64Micro({since: Int64})",
                {"kind": kind, "since": max(0, held.since_us - _OVERLAP_S * 1_000_000)},
            )
            rows = list(zip(*(column.to_pylist() for column in found.columns), strict=True))
            if self._is_outdated(len({number for of, number, *_ in rows if of == _ERASED})):
                return self.all(kind)
            new = {number: text for of, number, text, _ in rows if of == kind}
            held.since_us = max([held.since_us, *(stamp for *_, stamp in rows)])
            if new.keys() - held.texts.keys():
                held.texts |= new
                held.shown = MappingProxyType(dict(held.texts))
            return held.shown

    def matching(self, kind: str, condition: str, pattern: str) -> list[int]:
        """Return the numbers of the texts that satisfy a condition about `pattern`."""
        query = f"SELECT id FROM terms WHERE kind = {{kind: String}} AND {condition}"
        return [
            number for (number,) in self._server.rows(query, {"kind": kind, "pattern": pattern})
        ]

    def erase(self, kind: str, numbers: Collection[int]) -> None:
        """Delete texts for good, in the memory of every process, too."""
        if not numbers:
            return
        self._server.delete_among("terms", "id", numbers, "kind = {kind: String}", {"kind": kind})
        with self._turn:
            self._known.clear()
            self._kinds.clear()
        self._server.command(
            "INSERT INTO terms (kind, id, text) SELECT '', toInt64(rand64() % 9007199254740992), ''"
        )

    def _notice_erasures(self) -> None:
        ((count,),) = self._server.rows("SELECT count() FROM terms WHERE kind = ''")
        with self._turn:
            self._is_outdated(count)

    def _is_outdated(self, erasures: int) -> bool:
        if erasures == self._erasures:
            return False
        outdated = self._erasures >= 0
        self._erasures = erasures
        if outdated:
            self._known.clear()
            self._kinds.clear()
        return outdated

    def _find(self, texts: _Numbered) -> tuple[_Numbered, _Numbered]:
        """Return the numbers of those texts that are stored, and numbers for those that are not.

        A text whose first number is taken by another one has the next that is free.
        """
        stored: _Numbered = {}
        free: _Numbered = {}
        asked = texts
        for attempt in range(_TRIES):
            if attempt:
                asked = {key: number_of(*key, attempt) for key in asked}
            there = self._there(asked)
            there |= {(kind, number): text for (kind, text), number in free.items()}
            taken: _Numbered = {}
            for key, number in asked.items():
                text = there.get((key[0], number))
                home = free if text is None else stored if text == key[1] else taken
                home[key] = number
                there.setdefault((key[0], number), key[1])
            asked = taken
            if not asked:
                return stored, free
        message = "Three numbers of one text are taken by others: the table terms is damaged"
        raise IsothermError(Code.STORE_UNAVAILABLE, message)

    def _there(self, asked: _Numbered) -> dict[tuple[str, int], str]:
        by_kind: dict[str, list[int]] = defaultdict(list)
        for (kind, _), number in asked.items():
            by_kind[kind].append(number)
        pairs = [(kind, number) for kind, numbers in by_kind.items() for number in numbers]
        found: dict[tuple[str, int], str] = {}
        for start in range(0, len(pairs), _CHUNK):
            kinds, numbers = zip(*pairs[start : start + _CHUNK], strict=True)
            rows = self._server.rows(
                "SELECT kind, id, text FROM terms WHERE (kind, id) IN "
                "arrayZip({kinds: Array(String)}, {ids: Array(Int64)})",
                {"kinds": list(kinds), "ids": list(numbers)},
            )
            found.update({(kind, number): text for kind, number, text in rows})
        return found


class Places:
    """Small numbers in place of large ones, for those texts that arrays are counted up by.

    They are this process' own and never stored.
    """

    def __init__(self) -> None:
        self._numbers: list[int] = [0]
        self._places: dict[int, int] = {0: 0}
        self._turn = threading.Lock()

    def of(self, number: int) -> int:
        """Return the small number of a large one, giving out a new one."""
        place = self._places.get(number)
        if place is None:
            with self._turn:
                place = self._places.get(number)
                if place is None:
                    place = len(self._numbers)
                    self._numbers.append(number)
                    self._places[number] = place
        return place

    def number(self, place: int) -> int:
        """Return the large number; what was never given out is no number of any text."""
        return self._numbers[place] if 0 <= place < len(self._numbers) else -1

    def column(self, numbers: Array) -> Array:
        """Return a column of small numbers; NaN stays what it is."""
        if numbers.dtype.kind == "f":
            known = np.isfinite(numbers)
            out = np.full(len(numbers), np.nan)
            out[known] = self.column(numbers[known].astype(np.int64))
            return out
        at, different = pd.factorize(numbers)  # a third of the time of `np.unique`
        places = np.fromiter((self.of(one) for one in different.tolist()), np.int32, len(different))
        return places[at]
