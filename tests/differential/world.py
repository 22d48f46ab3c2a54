"""What happened, and the lives of stores that are told it in an order of their own."""

from collections.abc import Sequence
from contextlib import closing
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import msgspec
from msgspec.structs import replace

from isotherm.api.answering import answer_queries
from isotherm.app.demo.sessions import sample_requests
from isotherm.app.package_options import intake_options
from isotherm.app.settings import Settings
from isotherm.app.stores import ENGINE_FILE
from isotherm.app.wiring import Components
from isotherm.intake.requests import IntakeRequest
from isotherm.intake.steps import Steps
from isotherm.model import Event, Segment, View, ViewPart
from isotherm.pipeline.erasure import erase_user
from isotherm.storage.influxdb.options import JournalOptions
from isotherm.storage.tables import TABLES
from tests.metamorphic.traffic import story
from tests.storage.influxdb.places import settings_of
from tests.storage.influxdb.questions import Answers, answers_by

SPAN = (1_790_000_000_000, 1_800_000_000_000)
SESSIONS = 4
"""Recorded ones in a story."""

FOR_EVER = {"retention_days": 0, "detail_retention_days": 0, "replay_retention_days": 0}
_FLUSH_S = 240.0
_PAGE = 1_000

Rows = dict[str, list[str]]
"""Table -> its events as JSON, sorted."""


@cache
def recorded() -> dict[tuple[str, str], list[Event]]:
    """Return the events of the sample sessions by application and session."""
    steps = Steps(intake_options(Settings({})))
    found: dict[tuple[str, str], list[Event]] = {}
    for request in sample_requests(0):
        asked = IntakeRequest.of_path(
            request.path, query=request.query, headers=request.headers, body=request.body
        )
        for event in steps.run(asked).events:
            found.setdefault((event.application, event.session_id), []).append(event)
    return found


def happened(random: Random, sessions: int = SESSIONS) -> list[Event]:
    """Return the events of some recorded and some generated sessions.

    Some of their views are told in part as differences, as Datadog's SDK does.
    """
    samples = recorded()
    told = [event for key in random.sample(sorted(samples), sessions) for event in samples[key]]
    # one sample has a segment twice, and two browsers in its headers: the first one counts
    once = {one.segment_id: one for one in reversed(told) if isinstance(one, Segment)}
    told = [one for one in told if not isinstance(one, Segment) or once[one.segment_id] is one]
    told += story(random, 6)
    return [part for event in told for part in _in_parts(random, event)]


def _in_parts(random: Random, event: Event) -> list[Event]:
    """Tell a view by a whole document and differences, now and then; it says the same together."""
    if not isinstance(event, View) or random.random() < 0.5:
        return [event]
    names = [
        field.name
        for field in msgspec.structs.fields(View)
        if not field.required and getattr(event, field.name) != field.default
        and field.name not in {"facets", "attributes"}
    ]  # fmt: skip
    later = random.sample(names, random.randint(0, len(names)))
    defaults = {
        field.name: field.default for field in msgspec.structs.fields(View) if field.name in later
    }
    whole = replace(event, version=event.version * 32, **defaults)
    parts: list[Event] = [whole]
    for number, name in enumerate(later, 1):
        parts.append(
            ViewPart(
                view_id=event.view_id,
                version=event.version * 32 + number,
                time_ms=event.time_ms,
                application=event.application,
                session_id=event.session_id,
                changed={name: getattr(event, name)},
            )
        )
    return parts


class Life:
    """One Isotherm on a store, which lives through a schedule of its own."""

    def __init__(self, random: Random, settings: Settings) -> None:
        self.random = random
        self.settings = settings
        self.components = Components(settings).start()

    def hear(self, told: Sequence[Event]) -> None:
        """Take events in one batch and read the recordings."""
        self.components.spool.append(list(told))
        self._flush()

    def live(self, told: Sequence[Event]) -> None:
        """Take the events in any order and batches, some of them again; start anew in between."""
        again = [*told, *self.random.sample(told, len(told) // 4)]
        self.random.shuffle(again)
        ends = sorted(self.random.randrange(len(again)) for _ in range(self.random.randint(2, 7)))
        for low, high in zip([0, *ends], [*ends, len(again)], strict=True):
            self.components.spool.append(again[low:high])
            act = self.random.random()
            if act < 0.3:
                self.restart()
            elif act < 0.8:
                self._flush()  # recordings are read before the rest of them is there
            if self.random.random() < 0.3:
                self.components.engine.compact(least_rows=1)
        self._flush()
        self.hear(self.random.sample(told, len(told) // 4))  # when all recordings are read

    def restart(self, *, rebuild: bool = False) -> None:
        """End and start again; `rebuild`: with an empty engine, which InfluxDB fills."""
        self.components.close()
        if rebuild and self.settings.store:
            self.settings = self.settings.having(store=f"{self.settings.store}_rebuilt")
        elif rebuild:
            for file in self.settings.folder.glob(f"{ENGINE_FILE}*"):
                file.unlink()
        self.components = Components(self.settings).start()

    def rows(self) -> Rows:
        """Return all rows of all tables."""
        if self.components.reconciler:
            self.components.reconciler.run_once()
        found = {}
        for table in TABLES:
            texts: list[str] = []
            events, place = self.components.engine.events_after(table.name, (-1, 0), _PAGE)
            while events:
                texts += (_text(event) for event in events)
                events, place = self.components.engine.events_after(table.name, place, _PAGE)
            found[table.name] = sorted(texts)
        return found

    def answers(self, application: str) -> Answers:
        """Ask every question about an application that has recordings."""
        services = self.components.services()

        return answers_by(
            lambda body: answer_queries(services, body)[0], [application], SPAN, of_page_only=True
        )

    def erase(self, user: str) -> None:
        """Erase a user."""
        erase_user(self.components, user)

    def close(self) -> None:
        """End."""
        self.components.close()

    def _flush(self) -> None:
        assert self.components.worker.flush(_FLUSH_S), self.components.worker.state()


def _text(event: Event) -> str:
    return msgspec.json.encode(event, order="sorted").decode()


def settings_in(folder: Path, journal: JournalOptions | None = None, store: str = "") -> Settings:
    """Return settings of a place: embedded, or with an InfluxDB, or on ClickHouse."""
    values: dict[str, Any] = dict(settings_of(folder, journal).values)
    return Settings(values | FOR_EVER | {"store": store})


def check(
    seed: int,
    folder: Path,
    places: dict[str, Settings],
    *,
    ask: bool = True,
    sessions: int = SESSIONS,
) -> int:
    """Let each place live through a seed; return how many rows were compared."""
    random = Random(seed)
    told = happened(random, sessions)
    user = random.choice(sorted({name for one in told if (name := getattr(one, "user_id", ""))}))
    about = random.choice(
        sorted({one.application for one in told if isinstance(one, Segment) and one.view_id})
        or [""]
    )
    ask = ask and about != ""
    compared = 0
    with closing(Life(random, settings_in(folder / "told-once"))) as reference:
        reference.hear(told)
        expected = reference.rows()
        asked = reference.answers(about) if ask else {}
        reference.erase(user)
        left = reference.rows()
        assert not any(f'"user_id":"{user}"' in row for rows in left.values() for row in rows)
        for name, settings in places.items():
            with closing(Life(Random(f"{seed} {name}"), settings)) as life:
                life.live(told)
                _compare(name, expected, life.rows())
                life.restart(rebuild=bool(settings.influx_url))
                _compare(f"{name}, started again", expected, life.rows())
                if ask:
                    assert life.answers(about) == asked, name
                life.erase(user)
                _compare(f"{name}, erased {user}", left, life.rows())
                life.restart(rebuild=bool(settings.influx_url))
                _compare(f"{name}, erased {user}, again", left, life.rows())
            compared += 4 * sum(len(rows) for rows in expected.values())
    return compared


def _compare(where: str, expected: Rows, found: Rows) -> None:
    for table, rows in expected.items():
        lacking, extra = set(rows) - set(found[table]), set(found[table]) - set(rows)
        told = "\n".join([f"- {row}" for row in sorted(lacking)] + [f"+ {row}" for row in extra])
        assert rows == found[table], f"{where}: {table}\n{told}"
