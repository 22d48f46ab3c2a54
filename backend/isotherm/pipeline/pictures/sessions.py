"""Makes pictures of a session's page visits, and gives replay-derived clicks their places."""

import threading
from collections import OrderedDict
from collections.abc import Collection, Mapping, Sequence
from contextlib import ExitStack
from hashlib import blake2b
from itertools import islice

import msgspec

from isotherm.model import FRACTION_MAX, Action, Segment, View
from isotherm.model.elements import Element
from isotherm.pipeline.pictures.assets import Assets
from isotherm.pipeline.pictures.inventory import Stock
from isotherm.pipeline.pictures.jobs import Job, Turn
from isotherm.pipeline.pictures.page_facts import elements
from isotherm.pipeline.quarantine import Quarantine
from isotherm.render.asset_cache import Supply, nothing
from isotherm.render.from_recording import Anchors
from isotherm.render.messages import (
    Look,
    Picture,
    Pictured,
    Session,
    Target,
    Visit,
)
from isotherm.render.options import RenderOptions
from isotherm.render.process import RenderProcess, SpoiltError
from isotherm.render.time_budget import OverError, TimeBudget
from isotherm.replay.dom.element_keys import FRAME
from isotherm.storage import ports
from isotherm.storage.ports import Engine, Journal, ReplayStore

KEPT_SESSIONS = 1_000
LARGEST_PX = 65_535  # what the store keeps of an element's size


class Stores(msgspec.Struct, frozen=True):
    """Where recordings come from and what is known about them."""

    engine: Engine
    replays: ReplayStore
    journal: Journal | None = None
    assets: Assets | None = None


class Recordings:
    """Has recordings read and pictured by a picture process, and stores what comes out."""

    def __init__(
        self,
        options: RenderOptions,
        stores: Stores,
        stock: Stock,
        quarantine: Quarantine | None = None,
    ) -> None:
        self._options = options
        self._stores = stores
        self._engine = stores.engine
        self._stock = stock
        self._quarantine = quarantine
        self._known = threading.Lock()
        self._places: OrderedDict[tuple[str, str], Anchors] = OrderedDict()  # by session

    def session(
        self,
        job: Job,
        process: RenderProcess,
        session_id: str,
        only: Collection[str] | None,
        *,
        wanted: bool = False,
    ) -> list[str]:
        """Picture what is worth it of a session, or `only` of these views; `wanted` = in any case.

        Clicks known by a page point only get their fraction inside the element. Views that take
        too long are returned; in the last turn they go to quarantine instead, and the first reason
        is raised in the end. Raises CAPTURE_UNAVAILABLE, STORE_UNAVAILABLE.
        """
        views = [
            view
            for view in self._engine.views_of(job.application, session_id)
            if (only is None or view.view_id in only) and not self._is_in_quarantine(view)
        ]
        segments = self._stores.replays.bodies(job.application, session_id) if views else []
        if not segments:
            return []
        session = Session(job.application, session_id, _state_of(segments))
        placed = self._placed(job.application, session_id)
        actions = [
            anchored(action, placed)
            for action in self._engine.actions_of(job.application, session_id)
        ]
        visit_s, session_s = limits_s(self._options, job.turn)
        whole = TimeBudget(session_s, setting="picture_session_s")
        assets = self._stores.assets
        supply = nothing if assets is None else assets.supply(job.application)
        left: list[str] = []
        spoilt: list[SpoiltError] = []
        found: Anchors = {}
        for view in views:
            own = tuple(action for action in actions if action.view_id == view.view_id)
            try:
                budget = _part(whole, visit_s)
                one = _Ask(process, session, segments, supply, budget)
                found |= self._visit(job, one, visit_of(view, own), view.viewport_w, wanted=wanted)
            except SpoiltError as error:
                if process.aborted:
                    raise
                if job.turn is Turn.SLOW:
                    self._quarantined(view, error.message, segments)
                    self._stock.let_go((view.application, view.session_id, view.view_id))
                    spoilt.append(error)
                else:
                    left.append(view.view_id)
        if found:
            placed |= found
            # all views: those of the same session may wait for their second try
            for view_id in only if only is not None else (None,):
                self._place(job.application, session_id, view_id, placed)
        if spoilt:
            raise spoilt[0]
        return left

    def give_up(self, job: Job) -> None:
        """Let others be pictured for what a job that failed was worth it for."""
        for session_id, view_id in job.worth:
            self._stock.let_go((job.application, session_id, view_id))

    def _visit(
        self, job: Job, ask: "_Ask", visit: Visit, viewport_w: int, *, wanted: bool
    ) -> Anchors:
        unplaced = any(
            a.fx is None and (FRAME in a.element or (a.page_x is not None and a.element))
            for a in visit.actions
        )
        if wanted and visit.page != job.page and not unplaced:
            return {}
        if not ask.has_document(visit):
            return {}
        targets, clicks = elements(self._engine, visit.application, visit.page)
        pictures = visit.page == job.page if wanted else self._worth(job, visit, viewport_w, clicks)
        if not (pictures or unplaced):
            return {}
        own = [Target(a.element, a.element_path) for a in visit.actions if a.element]
        known = {target.key for target in targets}
        targets += [target for target in dict.fromkeys(own) if target.key not in known]
        made, strips = ask.picture(Picture(visit=visit, targets=tuple(targets), pictures=pictures))
        rest = iter(strips)
        self._stock.add(
            [(one, tuple(islice(rest, len(one.tiles)))) for one in made.backgrounds], clicks
        )
        if pictures:
            self._stock.pictured((visit.application, visit.session_id, visit.view_id))
        job.page = job.page or visit.page
        job.backgrounds += [background.id for background in made.backgrounds]
        return made.anchors

    def _worth(
        self, job: Job, visit: Visit, viewport_w: int, clicks: Mapping[Element, float]
    ) -> bool:
        """Say whether a visit is worth picturing; what was said in an earlier turn still holds."""
        name = (visit.session_id, visit.view_id)
        if name in job.worth:
            return True
        acted = [Element.of(action) for action in visit.actions]
        worth = self._stock.wants(
            (visit.application, *name),
            visit.page,
            viewport_w=max((a.viewport_w for a in visit.actions), default=0) or viewport_w,
            clicks=clicks,
            acted=[element for element in acted if element.key],
            seen_ms=visit.start_ms,
        )
        if worth:
            job.worth = (*job.worth, name)
        return worth

    def _placed(self, application: str, session_id: str) -> Anchors:
        """Return what was measured before: a session that grows is derived anew each time."""
        with self._known:
            placed = self._places.setdefault((application, session_id), {})
            self._places.move_to_end((application, session_id))
            while len(self._places) > KEPT_SESSIONS:
                self._places.popitem(last=False)
            return placed

    def _is_in_quarantine(self, view: View) -> bool:
        return self._quarantine is not None and self._quarantine.holds(_recording(view), "picture")

    def _quarantined(self, view: View, reason: str, segments: Sequence[Segment]) -> None:
        if self._quarantine is not None:
            size = sum(len(segment.body) for segment in segments)
            sender = segments[0].format
            self._quarantine.add(
                _recording(view), "picture", reason, sender=sender, size_bytes=size
            )

    def _place(
        self, application: str, session_id: str, view_id: str | None, placed: Anchors
    ) -> None:
        """Give the clicks their places; the rest of the session is written as it stands now."""
        engine, journal = self._engine, self._stores.journal
        with ExitStack() as locks:
            if journal is not None:
                locks.enter_context(journal.write_lock())
            locks.enter_context(engine.write_lock())
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


def limits_s(options: RenderOptions, turn: Turn) -> tuple[float, float]:
    """Return the processor seconds of a turn for a visit, and for all visits of a session."""
    match turn:
        case Turn.FIRST:
            return min(options.first_s, options.visit_s), min(options.first_s, options.session_s)
        case Turn.LONGER:
            return options.visit_s, options.session_s
        case Turn.SLOW:
            return options.slow_times * options.visit_s, options.slow_times * options.session_s


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


def _part(whole: TimeBudget, limit_s: float) -> TimeBudget:
    """Return a visit's part of what is left for its session. Raises SpoiltError."""
    try:
        whole.check()
    except OverError as error:
        message = f"Its session had no time left after {error}."
        raise SpoiltError(message) from error
    return TimeBudget(limit_s, whole=whole, setting="picture_visit_s")


class _Ask:
    """What is left of a visit's time, asked of the process that has, or is sent, its session."""

    def __init__(
        self,
        process: RenderProcess,
        session: Session,
        segments: Sequence[Segment],
        supply: Supply,
        budget: TimeBudget,
    ) -> None:
        self._process = process
        self._session = session
        self._segments = segments
        self._supply = supply
        self._budget = budget

    def has_document(self, visit: Visit) -> bool:
        look = Look(visit.view_id, visit.start_ms)
        return self._process.look(self._session, self._segments, look, self._budget)

    def picture(self, question: Picture) -> tuple[Pictured, list[bytes]]:
        return self._process.picture(question, self._budget, self._supply)


def _state_of(segments: Sequence[Segment]) -> str:
    """Return what tells a recording from the same one before it grew."""
    ids = sorted(f"{one.segment_id} {one.time_ms} {len(one.body)}" for one in segments)
    return blake2b("\0".join(ids).encode("utf-8", "replace"), digest_size=8).hexdigest()


def _recording(view: View) -> ports.Recording:
    return ports.Recording(view.application, view.session_id, view.view_id)


def visit_of(view: View, actions: tuple[Action, ...]) -> Visit:
    """Return what the store knows of a visit, with its actions."""
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
