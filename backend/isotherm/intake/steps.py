"""The steps of the intake: each one keeps an event or drops it with a reason."""

from collections import Counter
from collections.abc import Callable, Mapping
from hmac import compare_digest
from typing import Any, get_args

from msgspec import Struct

from isotherm.intake.bodies import check_compression
from isotherm.intake.clients import Client, Place, Places, client_address, client_of
from isotherm.intake.draft import ELEMENT_MAX, TEXT_MAX, Draft
from isotherm.intake.drops import FAULTS, Drop, DropReason
from isotherm.intake.options import Options
from isotherm.intake.pages import address_parts, clean_url, one_line, page_key
from isotherm.intake.privacy import Privacy
from isotherm.intake.requests import IntakeRequest, IntakeResult, NothingUsableError
from isotherm.intake.senders import SENDERS
from isotherm.model import (
    Action,
    Detail,
    Event,
    PageError,
    Segment,
    View,
    ViewPart,
)
from isotherm.model.detail_fields import is_call
from isotherm.model.errors import Code, IsothermError
from isotherm.model.text_cache import text_cache

ID_MAX = 200
ADDRESS_MAX = 16_384
"""Of an address that is read; what is behind it is most likely the end of its query."""
EARLIEST_MS = 946_684_800_000  # 2000-01-01
LATEST_MS = 4_102_444_800_000  # 2100-01-01


class RequestContext(Struct, frozen=True):
    """What the HTTP request says about the sender of an event."""

    options: Options
    client: Client
    place: Place
    facets: dict[str, str]
    token: str
    site: str = ""  # whose page sends; "" = no browser


Item = Draft | Drop
Step = Callable[[Draft, RequestContext], Item]


def reject_bots(draft: Draft, context: RequestContext) -> Item:
    """Drop sessions of synthetic tests, and crawlers by their User-Agent."""
    if context.options.keep_bots:
        return draft
    if draft.session_type not in ("user", ""):
        return Drop(DropReason.BOT, f"The session type is {draft.session_type!r}")
    client = client_of(draft.user_agent) if draft.user_agent else context.client
    return Drop(DropReason.BOT, "The User-Agent belongs to a crawler") if client.robot else draft


def require_identity(draft: Draft, _: RequestContext) -> Item:
    """Drop events without an application, session, view or id of their own."""
    if not draft.application:
        return Drop(DropReason.MISSING_FIELD, f"The {draft.kind} has no application")
    if not draft.session_id:
        return Drop(DropReason.MISSING_FIELD, f"The {draft.kind} has no session id")
    if not draft.view_id and draft.kind != "segment":
        return Drop(DropReason.MISSING_FIELD, f"The {draft.kind} has no view id")
    own = draft.own
    own_id = own.get("event_id") or own.get("segment_id") or ("version" in own and draft.view_id)
    if not own_id:
        return Drop(DropReason.MISSING_FIELD, f"The {draft.kind} has no id")
    ids = (draft.application, draft.session_id, draft.view_id, own.get("event_id", ""))
    if max(map(len, ids)) > ID_MAX:
        return Drop(DropReason.INVALID, f"An id of the {draft.kind} is over {ID_MAX} characters")
    return draft


def check_token(draft: Draft, context: RequestContext) -> Item:
    """Drop events whose application requires a token that the request does not have."""
    tokens = context.options.tokens
    if not tokens:
        return draft
    wanted = tokens.get(draft.application, tokens.get("*"))
    given = draft.token or context.token
    if wanted is None or compare_digest(wanted.encode(), given.encode("utf-8", "replace")):
        return draft
    return Drop(DropReason.REFUSED, f"The intake token for {draft.application!r} is wrong")


def check_origin(draft: Draft, context: RequestContext) -> Item:
    """Drop events that a page of a foreign site sends."""
    site = context.site
    if not site or context.options.may_send_for(site, draft.application):
        return draft
    return Drop(DropReason.REFUSED, f"Pages of {site[:ID_MAX]} may not send for this application")


def check_time(draft: Draft, _: RequestContext) -> Item:
    """Drop events without a plausible time."""
    if EARLIEST_MS <= draft.time_ms < LATEST_MS:
        return draft
    return Drop(DropReason.BAD_TIME, f"{draft.time_ms} is not a time in ms between 2000 and 2100")


def name_page(draft: Draft, context: RequestContext) -> Item:
    """Set the event's page, and remove query and fragment from its address."""
    rules = context.options.pages
    draft.url = draft.url[:ADDRESS_MAX]
    if draft.kind == "segment":
        draft.url = clean_url(draft.url, rules)
        return draft
    if draft.kind == "view_part":
        if "page" in draft.own["changed"]:
            draft.own["changed"]["page"] = page_key(draft.url, draft.view_name, rules)
        return draft
    draft.page = page_key(draft.url, draft.view_name, rules)
    if not draft.page:
        return Drop(DropReason.MISSING_FIELD, f"The {draft.kind} has neither address nor view name")
    draft.url = clean_url(draft.url, rules)
    if draft.kind == "view":
        draft.own["referrer"] = clean_url(draft.own.get("referrer", "")[:ADDRESS_MAX], rules)
    return draft


def part_addresses(draft: Draft, context: RequestContext) -> Item:
    """Remove queries from the addresses of requests and scripts, and ids from those of calls."""
    own, rules = draft.own, context.options.pages
    address = own.pop("address", "")[:ADDRESS_MAX]
    if address:
        grouped = draft.kind == "error" or is_call(own["kind"])
        own["host"], own["path"] = address_parts(address, rules, grouped=grouped)
    if own.get("script"):
        own["script"] = "".join(address_parts(own["script"][:ADDRESS_MAX], rules, grouped=False))
    return draft


def describe_client(draft: Draft, context: RequestContext) -> Item:
    """Add browser, system, device and location, unless the sender sent them."""
    known = _client_facets(draft.user_agent, context.place) if draft.user_agent else context.facets
    given = {key: one_line(text[:ID_MAX]) for key, text in draft.facets.items() if text}
    draft.facets = {**known, **given}
    return draft


@text_cache(8_192)
def _client_facets(user_agent: str, place: Place) -> dict[str, str]:
    """Return what User-Agent and address say; shared between events, never changed."""
    client = client_of(user_agent)
    facets = {
        "browser": client.browser,
        "os": client.os,
        "device": client.device,
        "country": place.country,
        "city": place.city,
    }
    return {key: text for key, text in facets.items() if text}


def leave_out_secrets(draft: Draft, context: RequestContext) -> Item:
    """Remove secrets from texts and recordings, private attributes, and ids if they are hashed."""
    privacy, own = context.options.privacy, draft.own
    if draft.attributes:
        draft.attributes = _public(draft.attributes, privacy)
    for key in _FREE_TEXTS:
        text = own.get(key)
        if text:
            own[key] = privacy.text(text)
    if draft.kind == "segment" and own.get("body"):
        own["body"] = privacy.recording(own["body"])
    if draft.kind == "view_part":
        _leave_out_changed(own["changed"], context)
    if privacy.user_key:
        draft.user_id, draft.user_name = privacy.user(draft.user_id), ""
    return draft


def _public(attributes: Mapping[str, str], privacy: Privacy) -> dict[str, str]:
    return {
        key: privacy.text(text) for key, text in attributes.items() if not privacy.is_private(key)
    }


def _leave_out_changed(changed: dict[str, Any], context: RequestContext) -> None:
    """Do the same for what a part of a view changes."""
    privacy = context.options.privacy
    if changed.get("attributes"):
        changed["attributes"] = _public(changed["attributes"], privacy)
    if privacy.user_key:
        if changed.get("user_id"):
            changed["user_id"] = privacy.user(changed["user_id"])
        if changed.get("user_name"):
            changed["user_name"] = ""


def shorten_texts(draft: Draft, _: RequestContext) -> Item:
    """Shorten long names and messages; drop selectors that are too long."""
    draft.user_id = draft.user_id[:ID_MAX]
    draft.user_name = draft.user_name[:ID_MAX]
    own = draft.own
    for key in _NAMES:
        text = own.get(key)
        if text is not None and len(text) > TEXT_MAX:
            own[key] = text[:TEXT_MAX]
    for key in _WHOLE_TEXTS:
        text = own.get(key)
        if text is not None and len(text) > ELEMENT_MAX:
            own[key] = ""
    return draft


_NAMES = (
    *("action_name", "message", "kind", "origin", "fingerprint", "frames"),
    *("function", "invoker", "name", "detail", "operation"),
)
_FREE_TEXTS = ("action_name", "message", "frames", "function", "invoker", "detail")
_WHOLE_TEXTS = ("element", "element_path", "referrer", "lcp_element", "inp_element", "cls_element")

STEPS: tuple[Step, ...] = (
    reject_bots,
    require_identity,
    check_token,
    check_origin,
    check_time,
    name_page,
    part_addresses,
    describe_client,
    leave_out_secrets,
    shorten_texts,
)


def build_event(draft: Draft) -> Event:
    """Convert a completed draft to a model object."""
    own = draft.own
    if draft.kind == "view_part":
        return ViewPart(
            view_id=draft.view_id,
            version=own["version"],
            time_ms=draft.time_ms,
            application=draft.application,
            session_id=draft.session_id,
            changed=own["changed"],
        )
    common: dict[str, Any] = {
        "time_ms": draft.time_ms,
        "application": draft.application,
        "session_id": draft.session_id,
        "view_id": draft.view_id,
        "user_id": draft.user_id,
        "viewport_w": draft.viewport_w,
        "weight": draft.weight,
        "facets": draft.facets,
        "attributes": draft.attributes,
    }
    without_name = _WITHOUT_NAME.get(draft.kind)
    if without_name is not None:
        return without_name(page=draft.page, **common, **own)
    common |= {"url": draft.url, "user_name": draft.user_name, "viewport_h": draft.viewport_h}
    if draft.kind == "action":
        return Action(page=draft.page, **common, **own)
    if draft.kind == "view":
        return View(page=draft.page, **common, **own)
    return Segment(**common, **own)


_WITHOUT_NAME: dict[str, type[PageError | Detail]] = {
    str(kind.__struct_config__.tag): kind for kind in (PageError, *get_args(Detail))
}
"""Kinds whose rows carry the user's id, but neither name nor address."""


class Steps:
    """Decodes requests and runs the steps over their events. Thread-safe; keeps no state."""

    def __init__(self, options: Options) -> None:
        """Open what the options name. Raises INVALID for a geo database that cannot be read."""
        self.options = options
        self._places = Places(options.geo_database)

    def run(self, request: IntakeRequest) -> IntakeResult:
        """Return the events of a request and the reasons for the rest.

        Raises UNSUPPORTED for an unknown sender; INVALID, UNAUTHORISED, TOO_LARGE or UNSUPPORTED,
        with a sentence that names the problem, when nothing in the body can be used because of
        the sender's fault.
        """
        sender = SENDERS.get(request.sender)
        if sender is None:
            known = ", ".join(SENDERS)
            message = f"There is no sender {request.sender!r}; the senders are {known}"
            raise IsothermError(Code.NOT_FOUND, message)
        check_compression(request.body, request.headers.get("content-encoding", ""))
        context = self._context(request)
        events: list[Event] = []
        drops: Counter[DropReason] = Counter()
        faults: list[Drop] = []
        received = 0
        most = self.options.limits.items
        for number, item in enumerate(sender.decode(request, self.options.limits)):
            if number == most:
                message = f"The body has more than {most:,} events; send fewer"
                raise IsothermError(Code.TOO_LARGE, message)
            outcome = _through_steps(item, context) if isinstance(item, Draft) else item
            worth = item.own.get("events", 1) if isinstance(item, Draft) else 1
            received += worth
            if isinstance(outcome, Draft):
                events.append(build_event(outcome))
                continue
            drops[outcome.reason] += worth
            if outcome.reason in FAULTS:
                faults.append(outcome)
        if faults and not events and len(drops.keys() - FAULTS) == 0:
            raise _refusal(faults, received, dict(drops))
        return IntakeResult(events=events, received=received, drops=dict(drops))

    def _context(self, request: IntakeRequest) -> RequestContext:
        headers = request.headers
        address = client_address(
            request.remote, headers.get("x-forwarded-for", ""), self.options.trusted_proxies
        )
        agent, place = headers.get("user-agent", ""), self._places.of(address)
        return RequestContext(
            options=self.options,
            client=client_of(agent),
            place=place,
            facets=_client_facets(agent, place),
            token=_token(request) if self.options.tokens else "",
            site=headers.get("origin", ""),
        )


def _through_steps(draft: Draft, context: RequestContext) -> Item:
    for step in STEPS:
        outcome = step(draft, context)
        if isinstance(outcome, Drop):
            return outcome
        draft = outcome
    return draft


def _token(request: IntakeRequest) -> str:
    """Return the token that came as a header or in the query."""
    bearer = request.headers.get("authorization", "")
    if bearer[:7].lower() == "bearer ":
        return bearer[7:].strip()
    return request.headers.get("x-api-key") or request.parameters().get("token", "")


def _refusal(faults: list[Drop], received: int, drops: dict[DropReason, int]) -> NothingUsableError:
    """Return the error for a body of which nothing can be used."""
    refused = all(drop.reason is DropReason.REFUSED for drop in faults)
    code = Code.UNAUTHORISED if refused else Code.INVALID
    others = f" (and {received - 1} more)" if received > 1 else ""
    return NothingUsableError(code, f"{faults[0].detail}{others}", received, drops)
