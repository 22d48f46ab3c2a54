"""Makes pictures of a session's page visits, and gives replay-derived clicks their places."""

from collections import OrderedDict
from collections.abc import Sequence
from contextlib import ExitStack

import msgspec

from isotherm.model import FRACTION_MAX, Action, View
from isotherm.model.elements import Element
from isotherm.pipeline.pictures.inventory import Stock
from isotherm.pipeline.pictures.jobs import Job
from isotherm.pipeline.pictures.page_facts import elements
from isotherm.render.hosts import parse_hosts
from isotherm.render.make import Anchors, Fonts, Visit, make
from isotherm.render.messages import Layout, Render, Scene, Target
from isotherm.render.options import RenderOptions
from isotherm.render.process import RenderProcess
from isotherm.render.sheets import SheetFetcher
from isotherm.replay.derive.clicks import Trail
from isotherm.replay.recording import Recording, recordings_of
from isotherm.storage.ports import Engine, Journal, ReplayStore

KEPT_SESSIONS = 1_000
LATE_MS = 10_000  # a recorder may start after its view
LARGEST_PX = 65_535  # what the store keeps of an element's size


class Stores(msgspec.Struct, frozen=True):
    """Where recordings come from and what is known about them."""

    engine: Engine
    replays: ReplayStore
    journal: Journal | None = None


class Recordings:
    """Reads recordings from the stores, has them rendered, and stores what comes out."""

    def __init__(
        self,
        options: RenderOptions,
        stores: Stores,
        process: RenderProcess,
        stock: Stock,
    ) -> None:
        self._options = options
        self._stores = stores
        self._engine = stores.engine
        self._process = process
        self._stock = stock
        self._sheets: dict[str, SheetFetcher] = {}  # by application
        self._places: OrderedDict[tuple[str, str], Anchors] = OrderedDict()  # by session

    def session(
        self, job: Job, session_id: str, view_id: str | None, *, wanted: bool = False
    ) -> None:
        """Picture what is worth it of a session, or of one view of it; `wanted` = in any case.

        Clicks known by a page point only get their fraction inside the element. Raises
        CAPTURE_UNAVAILABLE, STORE_UNAVAILABLE.
        """
        segments = self._stores.replays.bodies(job.application, session_id)
        if not segments:
            return
        # a session that grows is derived anew each time: what was measured before still holds
        placed = self._places.setdefault((job.application, session_id), {})
        self._places.move_to_end((job.application, session_id))
        while len(self._places) > KEPT_SESSIONS:
            self._places.popitem(last=False)
        actions = [
            anchored(action, placed)
            for action in self._engine.actions_of(job.application, session_id)
        ]
        fonts = Fonts()
        loose = recordings_of(segment for segment in segments if not segment.view_id)
        for view in self._engine.views_of(job.application, session_id):
            if view_id is not None and view.view_id != view_id:
                continue
            mine = [segment for segment in segments if segment.view_id == view.view_id]
            recording = recording_of([Recording.of_view(mine)] if mine else loose, view)
            if recording is not None:
                own = tuple(action for action in actions if action.view_id == view.view_id)
                placed |= self._visit(job, recording, _visit(view, own), fonts, wanted=wanted)
        if placed:
            self._place(job.application, session_id, view_id, placed)

    def _visit(
        self, job: Job, recording: Recording, visit: Visit, fonts: Fonts, *, wanted: bool
    ) -> Anchors:
        targets, clicks = elements(self._engine, visit.application, visit.page)
        acted = [Element.of(action) for action in visit.actions]
        width = max((action.viewport_w for action in visit.actions), default=0)
        width = width or recording.state_at(visit.start_ms).snapshot().viewport_w
        pictures = (wanted and visit.page == job.page) or (
            not wanted
            and self._stock.wants(
                visit.application,
                visit.page,
                viewport_w=width,
                clicks=clicks,
                acted=[element for element in acted if element.key],
                seen_ms=visit.start_ms,
            )
        )
        unplaced = any(a.fx is None and a.page_x is not None and a.element for a in visit.actions)
        if not (pictures or unplaced):
            return {}
        own = [Target(a.element, a.element_path) for a in visit.actions if a.element]
        known = {target.key for target in targets}
        targets += [target for target in dict.fromkeys(own) if target.key not in known]
        made, anchors = make(
            self._ask,
            recording,
            visit,
            targets,
            self._options,
            fonts=fonts,
            fill_sheets=self._fetcher(visit.application),
            pictures=pictures,
        )
        self._stock.add(made, clicks)
        job.page = job.page or visit.page
        job.backgrounds += [background.id for background, _ in made]
        return anchors

    def _ask(self, scenes: tuple[Scene, ...]) -> tuple[Layout, ...]:
        return self._process.ask(Render(scenes), self._options.job_s).layouts

    def _fetcher(self, application: str) -> SheetFetcher | None:
        if not self._options.sheet_hosts:
            return None
        if application not in self._sheets:
            allowed = parse_hosts(self._options.sheet_hosts, application)
            self._sheets[application] = SheetFetcher(allowed)
        return self._sheets[application]

    def _place(
        self, application: str, session_id: str, view_id: str | None, placed: Anchors
    ) -> None:
        """Give the clicks their places; the rest of the session is written as it stands now."""
        engine, journal = self._engine, self._stores.journal
        with ExitStack() as turns:
            if journal is not None:
                turns.enter_context(journal.turn())
            turns.enter_context(engine.turn())
            before = engine.actions_of(application, session_id, view_id)
            after = [anchored(action, placed) for action in before]
            if after == before:
                return
            views = [
                view
                for view in engine.views_of(application, session_id)
                if view_id in {None, view.view_id}
            ]
            errors = [
                error
                for error in engine.errors_of(application, session_id)
                if view_id in {None, error.view_id}
            ]
            for store in (journal, engine):
                if store is not None:
                    store.replace(
                        application,
                        session_id,
                        view_id,
                        actions=after,
                        views=views,
                        errors=errors,
                    )


def anchored(action: Action, placed: Anchors) -> Action:
    """Return the action with its fraction inside its element and the element's size."""
    if action.event_id not in placed or action.fx is not None:
        return action
    x, y, width, height = placed[action.event_id]
    return msgspec.structs.replace(
        action,
        fx=round(min(max(x, 0.0), 1.0) * FRACTION_MAX),
        fy=round(min(max(y, 0.0), 1.0) * FRACTION_MAX),
        element_w=min(round(width), LARGEST_PX),
        element_h=min(round(height), LARGEST_PX),
    )


def recording_of(recordings: Sequence[Recording], view: View) -> Recording | None:
    """Return the recording that a view is part of; None when there is none to draw from."""
    drawn = next(
        (
            recording
            for recording in recordings
            if recording.has_document
            and recording.start_ms - LATE_MS <= view.time_ms <= recording.end_ms + LATE_MS
        ),
        None,
    )
    if drawn is not None:
        Trail(drawn)  # finds the scroller of an app shell
    return drawn


def _visit(view: View, actions: tuple[Action, ...]) -> Visit:
    last = max((action.time_ms + 1 for action in actions), default=0)
    return Visit(
        application=view.application,
        page=view.page,
        session_id=view.session_id,
        view_id=view.view_id,
        url=view.url,
        start_ms=view.time_ms,
        end_ms=max(last, view.time_ms + round(view.time_spent_ms)),
        actions=actions,
        page_height=view.page_height_px,
    )
