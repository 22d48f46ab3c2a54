"""Texts and their numbers: every distinct page, element, session ... is stored once and counted up.

Each kind has a table `term_<kind>(id, text)` (`term_tables.py`). While a kind has few texts all of
them are in memory. Beyond `CAPACITY` (sessions, views, users) only those met lately are; for the
others a Bloom filter says at once that a text is new, and the rest is looked up in one join. The
writer alone adds texts, in the transaction of the rows that use them.
"""

import threading
from collections.abc import Collection, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

import duckdb
import numpy as np
import pyarrow as pa

from isotherm.storage.duckdb import term_tables
from isotherm.storage.duckdb.bloom import Bloom
from isotherm.storage.duckdb.insert import insert
from isotherm.storage.duckdb.schema import term_table
from isotherm.storage.tables import TERM_KINDS

CAPACITY: Final = 200_000
_CHUNK: Final = 50_000
_FEW: Final = 1_000
"""So many texts are read at once: facets, pages. One look-up less for each of them and session."""

Ids = np.ndarray[Any, np.dtype[np.int32]]


class _Kind:
    """What is in memory about one kind of texts."""

    def __init__(self, name: str, capacity: int) -> None:
        self.name = name
        self.table = term_table(name)
        self.capacity = capacity
        self.ids: dict[str, int] = {"": 0}
        self.count = 0  # ids given out; the next is count + 1
        self.complete = True  # every text of the kind is in `ids`
        self.bloom: Bloom | None = None
        self.fresh: list[str] = []  # given an id in the open transaction; ids count-len+1..count
        self.snapshot: Mapping[int, str] = MappingProxyType({})
        self.snapshot_count = 0  # `count` when the snapshot was taken

    def load(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Read the state that is stored."""
        row = connection.execute(f'SELECT coalesce(max(id), 0) FROM "{self.table}"').fetchone()
        self.count = row[0] if row else 0
        self.complete = self.count <= self.capacity
        self.bloom = None
        self.fresh = []
        self.ids = {"": 0}
        if self.complete:
            rows = connection.execute(f'SELECT text, id FROM "{self.table}"').fetchall()
            self.ids.update(rows)

    def learn(self, connection: duckdb.DuckDBPyConnection, unknown: Collection[str]) -> None:
        """Find or give out the ids of texts that are not in memory."""
        texts = list(unknown)
        if not self.complete:
            self._find(connection, texts)
            texts = [text for text in texts if text not in self.ids]
        for text in texts:
            self.count += 1
            self.ids[text] = self.count
        self.fresh += texts

    def flush(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Write the texts given out since the last flush."""
        if not self.fresh:
            return
        first = self.count - len(self.fresh) + 1
        ids = np.arange(first, self.count + 1, dtype=np.int32)
        fresh = pa.table({"id": ids, "text": pa.array(self.fresh, pa.string())})
        term_tables.add(connection, self.name, fresh)
        self.fresh = []

    def trim(self) -> None:
        """Forget the older half of the texts in memory when there are too many."""
        if len(self.ids) > self.capacity:
            kept = list(self.ids.items())[-self.capacity // 2 :]
            self.complete = False
            self.ids = {"": 0, **dict(kept)}  # a new dict: readers may hold the old one

    def remembered(self, text: str) -> int | None:
        """Return the id of one text (0 when it was never seen) as far as memory tells."""
        known = self.ids.get(text)  # first: `trim` says that it forgets before it does
        return 0 if known is None and self.complete else known

    def find(self, connection: duckdb.DuckDBPyConnection, text: str) -> int:
        """Return the id of one text; 0 when it was never seen. Safe beside the writer."""
        known = self.remembered(text)
        if known is not None:
            return known
        return term_tables.find(connection, self.name, [text]).get(text, 0)

    def known(self, connection: duckdb.DuckDBPyConnection, texts: Collection[str]) -> list[int]:
        """Return the ids of those texts that were ever seen. Safe beside the writer."""
        ids, complete = self.ids, self.complete
        found = [ids[text] for text in texts if text in ids]
        missing = [text for text in texts if text not in ids]
        if missing and not complete:
            found += term_tables.find(connection, self.name, missing).values()
        return found

    def _find(self, connection: duckdb.DuckDBPyConnection, texts: list[str]) -> None:
        if self.bloom is None or self.bloom.count + len(texts) > self.bloom.capacity:
            self.bloom = self._filter(connection, len(texts))
        hashes = _hashes(texts)
        maybe = [texts[i] for i in np.flatnonzero(self.bloom.may_hold(hashes))]
        self.bloom.add(hashes)
        if maybe:
            self.ids.update(term_tables.find(connection, self.name, maybe))

    def _filter(self, connection: duckdb.DuckDBPyConnection, room: int) -> Bloom:
        """Return a filter of all texts, with room for twice as many."""
        bloom = Bloom(2 * (self.count + room))
        bloom.add(_hashes(self.fresh))
        rows = connection.execute(f'SELECT text FROM "{self.table}"')
        while texts := rows.fetchmany(_CHUNK):
            bloom.add(_hashes([text for (text,) in texts]))
        return bloom


class Dictionary:
    """All kinds of texts of one engine."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._kinds = {name: _Kind(name, capacity) for name in TERM_KINDS}
        self._names: dict[tuple[int, int], str] = {}  # written already, by application and user id
        self._snapshots = threading.Lock()

    def load(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Read what is stored; also after a transaction was rolled back."""
        self._names.clear()
        for kind in self._kinds.values():
            kind.load(connection)

    def ids(self, connection: duckdb.DuckDBPyConnection, kind: str, texts: Sequence[str]) -> Ids:
        """Return one id per text, giving out new ones."""
        known = self._kinds[kind]
        try:
            return np.fromiter(map(known.ids.__getitem__, texts), np.int32, len(texts))
        except KeyError:
            known.learn(
                connection, [text for text in dict.fromkeys(texts) if text not in known.ids]
            )
        return np.fromiter(map(known.ids.__getitem__, texts), np.int32, len(texts))

    def flush(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Write all new texts."""
        for kind in self._kinds.values():
            kind.flush(connection)

    def trim(self) -> None:
        """Keep memory bounded; call after a commit."""
        for kind in self._kinds.values():
            kind.trim()
        if len(self._names) > CAPACITY:
            self._names.clear()

    def name_users(
        self, connection: duckdb.DuckDBPyConnection, people: Iterable[tuple[str, str, str]]
    ) -> None:
        """Keep the latest name of each user; `people` are application, user id and name.

        Two applications may call different people by the same id.
        """
        named = {(app, user): name for app, user, name in people if user and name}
        if not named:
            return
        applications = self.ids(connection, "application", [app for app, _ in named]).tolist()
        users = self.ids(connection, "user", [user for _, user in named]).tolist()
        by_id = dict(zip(zip(applications, users, strict=True), named.values(), strict=True))
        changed = {key: name for key, name in by_id.items() if self._names.get(key) != name}
        if changed:
            connection.execute(
                """DELETE FROM users WHERE (application, "user") IN
                (SELECT (unnest($applications::INTEGER[]), unnest($users::INTEGER[])))""",
                {"applications": [app for app, _ in changed], "users": [u for _, u in changed]},
            )
            rows = pa.table(
                {
                    "application": pa.array([app for app, _ in changed], pa.int32()),
                    "user": pa.array([user for _, user in changed], pa.int32()),
                    "name": pa.array(changed.values(), pa.string()),
                }
            )
            insert(connection, "users", rows)
            self._names.update(changed)

    def remembered(self, kind: str, text: str) -> int | None:
        """Return the id of one text without asking the database; None when that is needed."""
        return self._kinds[kind].remembered(text)

    def find(self, connection: duckdb.DuckDBPyConnection, kind: str, text: str) -> int:
        """Return the id of one text; 0 when it was never seen."""
        return self._kinds[kind].find(connection, text)

    def known(
        self, connection: duckdb.DuckDBPyConnection, kind: str, texts: Collection[str]
    ) -> list[int]:
        """Return the ids of those texts that were ever seen. Safe beside the writer."""
        return self._kinds[kind].known(connection, texts)

    def all(self, connection: duckdb.DuckDBPyConnection, kind: str) -> Mapping[int, str]:
        """Return every text of a kind by id; the same object until a text is added."""
        known = self._kinds[kind]
        with self._snapshots:
            if known.snapshot_count != known.count:
                query = f'SELECT id, text FROM "{known.table}"'
                rows = connection.execute(query).fetchall()
                known.snapshot = MappingProxyType(dict(rows))
                known.snapshot_count = max(known.snapshot, default=0)
            return known.snapshot

    def texts(
        self, connection: duckdb.DuckDBPyConnection, kind: str, ids: Iterable[int]
    ) -> dict[int, str]:
        """Return the texts of some ids; 0 is the empty text."""
        known = self._kinds[kind]
        found = {0: ""}
        if known.complete and known.count <= _FEW:
            found |= self.all(connection, kind)
        wanted = sorted(set(ids) - found.keys())
        if wanted:
            query = (
                f'SELECT id, text FROM "{known.table}" '
                "WHERE id BETWEEN $low AND $high AND id IN (SELECT unnest($ids::INTEGER[]))"
            )
            values = {"low": wanted[0], "high": wanted[-1], "ids": wanted}
            found.update(connection.execute(query, values).fetchall())
        return found

    def erase(
        self, connection: duckdb.DuckDBPyConnection, kind: str, numbers: Collection[int]
    ) -> None:
        """Delete texts that no row uses any more."""
        if not numbers:
            return
        known = self._kinds[kind]
        term_tables.delete(connection, kind, numbers)
        known.ids = {text: id_ for text, id_ in known.ids.items() if id_ not in numbers}
        known.snapshot_count = -1

    def matching(self, connection: duckdb.DuckDBPyConnection, kind: str, pattern: str) -> list[int]:
        """Return the ids of texts that an RE2 pattern matches as a whole; 0 if it matches ""."""
        query = (
            f'SELECT id FROM "{self._kinds[kind].table}" WHERE regexp_full_match(text, $pattern) '
            "UNION ALL SELECT 0 WHERE regexp_full_match('', $pattern)"
        )
        return [id_ for (id_,) in connection.execute(query, {"pattern": pattern}).fetchall()]

    def user_names(
        self, connection: duckdb.DuckDBPyConnection, application: int, users: Iterable[int]
    ) -> dict[int, str]:
        """Return the names of an application's users by id, of those that have one."""
        query = """SELECT "user", name FROM users
            WHERE application = $application AND "user" IN (SELECT unnest($ids::INTEGER[]))"""
        values = {"application": application, "ids": sorted(set(users))}
        return dict(connection.execute(query, values).fetchall())


def _hashes(texts: Sequence[str]) -> np.ndarray[Any, np.dtype[np.uint64]]:
    """Return Python's own hashes, which differ from process to process: they are never stored."""
    return np.fromiter(map(hash, texts), np.int64, len(texts)).view(np.uint64)
