"""Faro and rrweb: page visits become views, clicks and Faro's user actions become actions."""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from isotherm.model import Action, Detail, PageError, Segment, Source, View
from isotherm.model.detail_fields import action_ids
from isotherm.replay.derive.clicks import Trail
from isotherm.replay.derive.context import Context
from isotherm.replay.derive.derived import Derived, derived_id, url_without_query
from isotherm.replay.derive.faro_details import around
from isotherm.replay.derive.signal_rules import SignalRules
from isotherm.replay.derive.signals import Chain, activity_of, chains_of
from isotherm.replay.formats.faro import FaroBody, PageException, UserAction
from isotherm.replay.recording import Recording, Visit, recordings_of

NAMED_WITHIN_MS = 50
"""Faro's user action starts with the pointer down that the recording has, a few ms apart."""


class _Page(Struct, frozen=True):
    """A page visit with the ids and texts that all its events share."""

    visit: Visit
    view_id: str
    page: str
    context: Context


def derive_recorded(
    segments: Sequence[Segment], rules: SignalRules, page_key: Callable[[str, str], str]
) -> Derived:
    """Return what the recordings of one session say."""
    parts = [
        _Recorded(recording, rules, page_key).derived()
        for recording in recordings_of(segments)
        if recording.visits
    ]
    return Derived(
        actions=tuple(action for part in parts for action in part.actions),
        views=tuple(view for part in parts for view in part.views),
        errors=tuple(error for part in parts for error in part.errors),
        details=tuple(detail for part in parts for detail in part.details),
    )


class _Recorded:
    """One recording on its way to views, actions and errors."""

    def __init__(
        self, recording: Recording, rules: SignalRules, page_key: Callable[[str, str], str]
    ) -> None:
        self._recording = recording
        self._rules = rules
        self._page_key = page_key
        self._trail = Trail(recording)
        self._named, self._exceptions = _faro_items(recording.around)
        self._around = around(recording.around)
        self._event_ids: dict[str, str] = {}  # of user actions: their actions
        self._open: list[tuple[int, int, str]] = []  # of clicks: first down, end, event id
        self._pages = [_page(recording, visit, page_key) for visit in recording.visits]
        self._starts = [page.visit.start_ms for page in self._pages]

    def derived(self) -> Derived:
        actions = self._actions()
        errors = [self._error(error) for error in self._exceptions]
        self._vitals = self._around.web_vitals(lambda at_ms: self._at(at_ms).view_id)
        views = [
            self._view(number, [a for a in actions if a.view_id == page.view_id], errors)
            for number, page in enumerate(self._pages)
        ]
        return Derived(tuple(actions), tuple(views), tuple(errors), tuple(self._details()))

    def _details(self) -> Iterator[Detail]:
        for detail in self._around.details(self._event_ids, self._open_at, self._page_key):
            page = self._at(detail.time_ms)
            fields = page.context.fields()
            yield replace(
                detail,
                application=fields["application"],
                session_id=fields["session_id"],
                user_id=fields["user_id"],
                weight=fields["weight"],
                facets=fields["facets"],
                attributes=fields["attributes"],
                view_id=page.view_id,
                page=page.page,
                viewport_w=page.context.viewport[0],
            )

    def _at(self, time_ms: int) -> _Page:
        return self._pages[max(0, bisect_right(self._starts, time_ms) - 1)]

    def _actions(self) -> list[Action]:
        busy = [(named.start_ms, named.end_ms) for named in self._named]
        busy += self._around.handled(self._rules.dead_after_ms)
        activity = activity_of(
            self._recording.records,
            errors=[error.time_ms for error in self._exceptions],
            busy=busy,
            requests=self._around.spans,
        )
        chains = chains_of(self._trail.clicks, activity, self._rules)
        names, left_over = _named_chains(chains, self._named)
        clicked = [self._clicked(chain, names.get(at, [])) for at, chain in enumerate(chains)]
        self._open = [
            (chain.clicks[0].down_ms, chain.ends_ms, action.event_id)
            for chain, action in zip(chains, clicked, strict=True)
        ]
        return clicked + [self._unseen(named) for named in left_over]

    def _open_at(self, time_ms: int) -> str | None:
        """Return the event id of the latest click that was not over at a time."""
        place = bisect_right(self._open, time_ms, key=lambda one: one[0]) - 1
        if place < 0:
            return None
        _, ends_ms, event_id = self._open[place]
        return event_id if time_ms <= ends_ms else None

    def _clicked(self, chain: Chain, several: Sequence[UserAction]) -> Action:
        first = chain.clicks[0]
        page = self._at(first.down_ms)
        action = Action(
            **page.context.fields(),
            event_id=derived_id("click", page.view_id, first.down_ms, first.node),
            time_ms=first.up_ms,
            view_id=page.view_id,
            page=page.page,
            url=url_without_query(page.visit.url),
            action_name=first.label or first.element,
            element=first.element,
            fingerprint=first.fingerprint,
            page_x=first.page_x,
            page_y=first.page_y,
            viewport_w=first.viewport_w or page.context.viewport[0],
            viewport_h=first.viewport_h or page.context.viewport[1],
            clicks=len(chain.clicks),
            rage=chain.rage,
            dead=chain.dead,
            error=chain.error,
            errors=chain.errors,
            source=Source.REPLAY,
        )
        if not several:
            return action
        self._event_ids |= {named.id: action.event_id for named in several}
        named = several[0]
        raised = sum(error.action_id == named.id != "" for error in self._exceptions)
        return replace(
            action,
            action_name=named.name or action.action_name,
            loading_ms=float(named.end_ms - named.start_ms),
            error=action.error or raised > 0,
            errors=max(action.errors, raised),
        )

    def _unseen(self, named: UserAction) -> Action:
        """Make an action of a user action whose click is in no recording: without a position."""
        page = self._at(named.start_ms)
        event_id = named.id or derived_id("named", page.view_id, named.start_ms, named.name)
        self._event_ids[named.id] = event_id
        raised = sum(error.action_id == named.id != "" for error in self._exceptions)
        return Action(
            **page.context.fields(),
            event_id=event_id,
            time_ms=named.start_ms,
            view_id=page.view_id,
            page=page.page,
            url=url_without_query(page.visit.url),
            kind="click" if named.pointer else "custom",
            action_name=named.name,
            viewport_w=page.context.viewport[0],
            viewport_h=page.context.viewport[1],
            error=raised > 0,
            errors=raised,
            loading_ms=float(named.end_ms - named.start_ms),
            source=Source.REPLAY,
        )

    def _error(self, error: PageException) -> PageError:
        page = self._at(error.time_ms)
        fields = page.context.fields()
        del fields["user_name"]
        return PageError(
            **fields,
            event_id=derived_id("error", page.view_id, error.time_ms, error.kind, error.message),
            time_ms=error.time_ms,
            view_id=page.view_id,
            page=page.page,
            message=error.message,
            kind=error.kind,
            origin="source",
            frames=error.frames,
            fingerprint=error.fingerprint,
            trace_id=error.trace_id,
            action_ids=action_ids(
                self._event_ids.get(error.action_id) or self._open_at(error.time_ms)
            ),
            viewport_w=page.context.viewport[0],
        )

    def _view(self, number: int, actions: list[Action], errors: list[PageError]) -> View:
        page = self._pages[number]
        visit = page.visit
        span = self._trail.seen(visit.start_ms, visit.end_ms)
        before = self._pages[number - 1].visit.url if number else ""
        ends = [visit.end_ms]
        if number + 1 == len(self._pages):  # what is not in the recording may be later than it
            ends += [named.end_ms for named in self._named]
        return View(
            **page.context.fields(),
            view_id=page.view_id,
            version=0,
            time_ms=visit.start_ms,
            page=page.page,
            url=url_without_query(visit.url),
            referrer=url_without_query(before),
            viewport_w=page.context.viewport[0],
            viewport_h=page.context.viewport[1],
            time_spent_ms=float(max(ends) - visit.start_ms),
            depth_px=span.depth_px,
            errors=sum(error.view_id == page.view_id for error in errors),
            actions=len(actions),
            frustrations=sum(a.rage + a.dead + a.error for a in actions),
            has_replay=self._recording.has_document,
            **self._vitals.get(page.view_id, {}),
        )


def _faro_items(
    bodies: Sequence[FaroBody],
) -> tuple[list[UserAction], list[PageException]]:
    """Return the user actions and exceptions of Faro bodies, each once, by time."""
    actions = {(a.id or a.name, a.start_ms): a for body in bodies for a in body.actions}
    errors = {(e.time_ms, e.kind, e.message): e for body in bodies for e in body.errors}
    return [actions[key] for key in sorted(actions, key=lambda key: (key[1], key[0]))], [
        errors[key] for key in sorted(errors)
    ]


def _page(recording: Recording, visit: Visit, page_key: Callable[[str, str], str]) -> _Page:
    context = Context.of(recording, visit)
    view_id = derived_id(
        "view",
        context.application,
        context.session_id,
        recording.segments[0].recording_id,
        visit.start_ms,
        url_without_query(visit.url),
    )
    return _Page(visit, view_id, page_key(visit.url, ""), context)


def _named_chains(
    chains: Sequence[Chain], named: Sequence[UserAction]
) -> tuple[dict[int, list[UserAction]], list[UserAction]]:
    """Pair user actions with the chain they start in; return those left over, too."""
    pairs: dict[int, list[UserAction]] = {}
    left_over: list[UserAction] = []
    downs = sorted((c.down_ms, at) for at, chain in enumerate(chains) for c in chain.clicks)
    times = [down_ms for down_ms, _ in downs]
    for action in named:
        right = bisect_right(times, action.start_ms)
        near = min(
            downs[max(0, right - 1) : right + 1],
            key=lambda down: abs(down[0] - action.start_ms),
            default=(0, -1),
        )
        if near[1] >= 0 and abs(near[0] - action.start_ms) <= NAMED_WITHIN_MS:
            pairs.setdefault(near[1], []).append(action)
        else:
            left_over.append(action)
    return pairs, left_over
