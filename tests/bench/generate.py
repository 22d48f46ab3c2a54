"""Made-up traffic of any size with the proportions of real sessions, loaded into the engine.

Everything follows from the seed. Sessions of about 20 actions over 3 views start in a rhythm of day
and night; UUIDs name sessions and views; pages, elements, countries and users have few frequent
and many rare values; a third of the sessions has a replay, so that its actions know their page
position.
"""

import argparse
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from isotherm.model import FACETS
from isotherm.model.elements import element_text
from isotherm.model.fingerprints import Fingerprint, fact
from isotherm.storage.duckdb.engine import DuckDBEngine
from isotherm.storage.tables import ACTIONS, VIEWS

Array = np.ndarray[Any, Any]

DAY_MS = 86_400_000
_CHUNK_SESSIONS = 125_000  # about 2.5 M actions: one run
_VIEWPORTS = np.array(
    [(1440, 900), (1920, 969), (1536, 730), (1366, 657), (390, 844), (412, 915), (820, 1180)]
)
_FACET_VALUES = {
    "env": 2, "service": 3, "version": 10, "browser": 8, "os": 6, "device": 3,
    "country": 60, "city": 500,
}  # fmt: skip


@dataclass(frozen=True)
class Traffic:
    """What to make. `actions` is met within 1 %."""

    actions: int
    pages: int = 200
    first_page_share: float = 0.14  # of the views
    elements_per_page: int = 150
    application: str = "shop"
    start_ms: int = 1_760_000_000_000
    days: int = 30
    seed: int = 20_260
    facets: Mapping[str, int] = field(default_factory=lambda: _FACET_VALUES)  # values of each

    @property
    def sessions(self) -> int:
        """Sessions of 20 actions on average."""
        return max(1, self.actions // 20)


def load(engine: DuckDBEngine, traffic: Traffic) -> None:
    """Fill an engine."""
    ids = intern_all(engine, traffic)
    for actions, views in chunks(engine, traffic, ids):
        engine.append_table("actions", actions)
        engine.append_table("views", views)
    engine.checkpoint()


def chunks(
    engine: DuckDBEngine, traffic: Traffic, ids: dict[str, Array]
) -> Iterator[tuple[pa.Table, pa.Table]]:
    """Yield encoded actions and views, by the time their sessions start."""
    rng = np.random.default_rng(traffic.seed)
    starts = _starts(rng, traffic)
    for first in range(0, traffic.sessions, _CHUNK_SESSIONS):
        chunk = starts[first : first + _CHUNK_SESSIONS]
        yield _chunk(rng, engine, traffic, ids, chunk)


def _chunk(
    rng: np.random.Generator,
    engine: DuckDBEngine,
    traffic: Traffic,
    ids: dict[str, Array],
    starts: Array,
) -> tuple[pa.Table, pa.Table]:
    sessions = len(starts)
    session = _sessions(rng, engine, traffic, ids, starts)
    per_session = 1 + rng.geometric(1 / 2, sessions)
    of_session = np.repeat(np.arange(sessions), per_session)  # view -> session
    views = len(of_session)
    view = {name: values[of_session] for name, values in session.items()}
    view["view"] = np.array(engine.intern("view", uuids(rng, views)), np.int32)
    page = _ranks(rng, views, traffic.pages, traffic.first_page_share)
    view["page"] = ids["page"][page]
    view["url"] = ids["url"][page * 20 + np.where(page % 5 == 0, rng.integers(0, 20, views), 0)]
    order = np.arange(views) - np.repeat(np.cumsum(per_session) - per_session, per_session)
    view["time_ms"] = view["time_ms"] + order * 60_000 + rng.integers(0, 30_000, views)

    per_view = rng.poisson(traffic.actions / traffic.sessions / 3, views)
    of_view = np.repeat(np.arange(views), per_view)
    action = {name: values[of_view] for name, values in view.items()}
    action["time_ms"] = action["time_ms"] + rng.integers(500, 60_000, len(of_view))
    action |= _clicks(rng, traffic, ids, page[of_view], action["page_known"])
    first = ids["element"][page * traffic.elements_per_page]
    view |= _documents(rng, page, per_view, first)
    return _table(ACTIONS, action), _table(VIEWS, view)


def _sessions(
    rng: np.random.Generator,
    engine: DuckDBEngine,
    traffic: Traffic,
    ids: dict[str, Array],
    starts: Array,
) -> dict[str, Array]:
    count = len(starts)
    viewport = _VIEWPORTS[_ranks(rng, count, len(_VIEWPORTS), 0.3)]
    session = {
        "time_ms": starts,
        "application": np.full(count, ids["application"][0]),
        "session": np.array(engine.intern("session", uuids(rng, count)), np.int32),
        "user": ids["user"][_ranks(rng, count, len(ids["user"]), 0.001)],
        "viewport_w": viewport[:, 0],
        "viewport_h": viewport[:, 1] - rng.integers(0, 3, count) * 40,
        "page_known": rng.random(count) < 1 / 3,
        "has_replay": np.zeros(count, np.bool_),
        "weight": np.ones(count, np.float32),
        "attributes": ids["attributes"][_ranks(rng, count, len(ids["attributes"]), 0.2)],
    }
    session["has_replay"] = session["page_known"]
    for facet in FACETS:
        values = ids[facet]
        session[facet] = values[_ranks(rng, count, len(values), 0.4)]
    days = (starts - traffic.start_ms) // DAY_MS
    session["version"] = ids["version"][days * len(ids["version"]) // (traffic.days + 1)]
    return session


def _clicks(
    rng: np.random.Generator, traffic: Traffic, ids: dict[str, Array], page: Array, known: Array
) -> dict[str, Array]:
    count = len(page)
    rank = _ranks(rng, count, traffic.elements_per_page, 0.12)
    element = page * traffic.elements_per_page + rank
    width, height = 24 + element * 37 % 300, 20 + element * 13 % 60
    x = np.clip(rng.normal(0.5, 0.18, count) * width, 0, width).astype(np.int64)
    y = np.clip(rng.normal(0.5, 0.2, count) * height, 0, height).astype(np.int64)
    rage = rng.random(count) < 0.015
    clicks = np.where(rage, rng.integers(3, 8, count), 1)
    return {
        "event": rng.integers(0, 2**56, count, np.uint64),
        "kind": np.zeros(count, np.uint8),
        "element": ids["element"][element],
        "target": ids["target"][element * 2 + known],
        "action_name": ids["action_name"][element],
        "fx": x * 65535 // width,
        "fy": y * 65535 // height,
        "element_w": width,
        "element_h": height,
        "page_x": np.where(known, element * 71 % 1200 + x, np.nan),
        "page_y": np.where(known, rank * 40 + y, np.nan),
        "clicks": clicks,
        "clicks_exact": ~rage | known,
        "rage": rage,
        "dead": rng.random(count) < 0.04,
        "error": rng.random(count) < 0.01,
        "errors": np.zeros(count, np.uint16),
        "loading_ms": np.where(rng.random(count) < 0.3, np.nan, rng.lognormal(5, 1, count)),
        "source": np.zeros(count, np.uint8),
    }


def _loading(rng: np.random.Generator, count: int, element: Array) -> dict[str, Array]:
    """Return loading times and web vitals; a third of the views has no interaction."""
    quiet = rng.random(count) < 1 / 3
    shifts = np.where(rng.random(count) < 0.6, 0, rng.exponential(0.1, count))
    return {
        "loading_ms": rng.lognormal(7, 0.6, count),
        "first_byte_ms": rng.lognormal(5, 0.6, count),
        "fcp_ms": rng.lognormal(6.5, 0.6, count),
        "lcp_ms": rng.lognormal(7, 0.6, count),
        "lcp_element": element,
        "inp_ms": np.where(quiet, np.nan, 8 * rng.integers(1, 60, count)),
        "inp_at_ms": np.where(quiet, np.nan, rng.lognormal(9, 1, count)),
        "inp_element": np.where(quiet, 0, element),
        "cls": np.round(shifts, 4),
        "cls_at_ms": np.where(shifts > 0, rng.lognormal(7, 1, count), np.nan),
        "cls_element": np.where(shifts > 0, element, 0),
    }


def _documents(
    rng: np.random.Generator, page: Array, actions: Array, element: Array
) -> dict[str, Array]:
    count = len(page)
    height = 1800 + page * 137 % 8000
    return {
        "document_version": rng.integers(2, 30, count),
        "referrer": np.zeros(count, np.int32),
        "time_spent_ms": rng.lognormal(10, 1, count),
        "page_height_px": height,
        "depth_px": np.where(rng.random(count) < 0.1, np.nan, height * rng.beta(2, 2, count)),
        "depth_meaningful": np.ones(count, np.bool_),
        "errors": np.zeros(count, np.uint16),
        "actions": actions,
        "frustrations": np.zeros(count, np.uint16),
        **_loading(rng, count, element),
    }


def _table(schema: Any, columns: dict[str, Array]) -> pa.Table:
    types = {
        "INTEGER": pa.int32(), "BIGINT": pa.int64(), "UBIGINT": pa.uint64(),
        "USMALLINT": pa.uint16(), "UTINYINT": pa.uint8(), "UINTEGER": pa.uint32(),
        "BOOLEAN": pa.bool_(), "FLOAT": pa.float32(), "DOUBLE": pa.float64(),
    }  # fmt: skip
    made = {}
    for column in schema.columns:
        values = columns[column.name]
        missing = np.isnan(values) if column.nullable and values.dtype.kind == "f" else None
        if values.dtype.kind == "f" and column.type not in ("FLOAT", "DOUBLE"):
            values = np.where(np.isnan(values), 0, np.rint(values)).astype(np.int64)
        made[column.name] = pa.array(values, mask=missing).cast(types[column.type])
    return pa.table(made)


def _starts(rng: np.random.Generator, traffic: Traffic) -> Array:
    day = rng.integers(0, traffic.days, traffic.sessions)
    hour = rng.normal(14, 4, traffic.sessions) % 24
    return np.sort(traffic.start_ms + day * DAY_MS + (hour * 3_600_000).astype(np.int64))


def _ranks(rng: np.random.Generator, count: int, values: int, first: float) -> Array:
    """Return ranks 0..values-1: the first with its share, the others falling as 1 / rank."""
    weights = 1 / np.arange(2, values + 1)
    shares = np.concatenate([[first], (1 - first) * weights / weights.sum()])
    return rng.choice(values, count, p=shares / shares.sum())


def uuids(rng: np.random.Generator, count: int) -> list[str]:
    """Return texts of the form of a UUID."""
    digits = rng.bytes(16 * count).hex()
    return [
        f"{d[:8]}-{d[8:12]}-4{d[13:16]}-8{d[17:20]}-{d[20:]}"
        for d in (digits[i : i + 32] for i in range(0, 32 * count, 32))
    ]


def intern_all(engine: DuckDBEngine, traffic: Traffic) -> dict[str, Array]:
    """Give out the ids of all texts; return them by kind, in the generator's order."""
    rng = np.random.default_rng(traffic.seed + 1)
    elements = [
        (page, rank) for page in range(traffic.pages) for rank in range(traffic.elements_per_page)
    ]
    texts = {
        "application": [traffic.application],
        "page": [f"/section-{page % 9}/page-{page}" for page in range(traffic.pages)],
        "url": [
            f"https://shop.example.test/section-{page % 9}/page-{page}/{item}"
            for page in range(traffic.pages)
            for item in range(20)
        ],
        "user": uuids(rng, max(1, traffic.sessions * 2 // 5)),
        "element": [f"MAIN.p{page}>SECTION:nth-of-type({rank})>A.btn" for page, rank in elements],
        "action_name": [f"Open offer {rank} of page {page}" for page, rank in elements],
        "target": [  # without a replay the name tells what it was, with one a fingerprint
            element_text(
                f"MAIN.p{page}>SECTION:nth-of-type({rank})>A.btn",
                f"A.btn;href=/{page}/{rank};nth={rank}",
                _print(page, rank) if recorded else "",
                f"Open offer {rank} of page {page}",
                None,
                None,
            )
            for page, rank in elements
            for recorded in (False, True)
        ],
        "attributes": [
            json.dumps({"plan": "pro" if tenant % 3 else "free", "tenant": f"t-{tenant}"})
            for tenant in range(500)
        ],
    }
    texts |= {
        facet: [f"{facet}-{value}" for value in range(count)]
        for facet, count in traffic.facets.items()
    }
    ids = {}
    for kind, words in texts.items():
        engine.intern(kind, [words[i] for i in rng.permutation(len(words))])  # as seen by chance
        ids[kind] = np.array(engine.intern(kind, words), np.int32)
    return ids


def _print(page: int, rank: int) -> str:
    words = f"open offer {rank} of page {page}"
    link = fact(f"/{page}/{rank}")
    return Fingerprint(kind=fact("a"), words=fact(words), link=link, around=fact(words, link)).text


def main() -> None:
    """Write a file of generated traffic."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", type=Path)
    parser.add_argument("--actions", type=int, default=10_000_000)
    parser.add_argument("--pages", type=int, default=200)
    asked = parser.parse_args()
    engine = DuckDBEngine(asked.path)
    load(engine, Traffic(asked.actions, pages=asked.pages))
    engine.close()


if __name__ == "__main__":
    main()
