"""What comes out of replays, in the model's terms."""

from collections.abc import Iterable, Sequence
from hashlib import blake2b

import msgspec
from msgspec import Struct

from isotherm.model import Action, Detail, PageError, View
from isotherm.model.event_ids import short_hash


class Derived(Struct, frozen=True):
    """The actions, views, errors and details of a view or session, in place of those before."""

    actions: tuple[Action, ...] = ()
    views: tuple[View, ...] = ()
    errors: tuple[PageError, ...] = ()
    details: tuple[Detail, ...] = ()


def derived_id(*parts: object) -> str:
    """Return an id that depends on what it names only, so that deriving again gives it again."""
    return blake2b(
        "\0".join(map(str, parts)).encode("utf-8", "replace"), digest_size=12
    ).hexdigest()


def anchored_as_before(actions: Iterable[Action], before: Sequence[Action]) -> list[Action]:
    """Give replay-derived actions the place inside their element that a render found earlier."""
    known = {short_hash(old.application, old.event_id): old for old in before if old.fx is not None}
    result: list[Action] = []
    for action in actions:
        old = known.get(short_hash(action.application, action.event_id))
        if action.fx is None and old is not None and old.element == action.element:
            action = msgspec.structs.replace(  # noqa: PLW2901 (the same action, placed)
                action, fx=old.fx, fy=old.fy, element_w=old.element_w, element_h=old.element_h
            )
        result.append(action)
    return result


def url_without_query(url: str) -> str:
    """Return a URL without query and fragment; a fragment that is a route (`#/...`) stays."""
    address, _, fragment = url.partition("#")
    route = f"#{fragment}" if fragment.startswith(("/", "!/")) else ""
    return address.partition("?")[0] + route.partition("?")[0]
