"""The session's fields in a request of rrweb or of our own format."""

from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from isotherm.intake.draft import Draft, Kind, flat_attributes, pixels, weight
from isotherm.model.errors import Code, IsothermError

Envelope = TypeVar("Envelope", bound="SessionFields")


class User(Struct, omit_defaults=True):
    """The signed-in user, if the site records it."""

    id: str = ""
    name: str = ""


class SessionFields(Struct, kw_only=True):
    """Fields that apply to all events of a request."""

    application: str = ""
    session: str = ""
    user: User | str | None = None
    url: str = ""
    env: str = ""
    service: str = ""
    version: str = ""
    viewport: tuple[float, float] | None = None  # css px
    sample: float | None = None  # percent of sessions that are recorded
    attributes: dict[str, Any] | None = None

    def draft(self, kind: Kind, time_ms: int) -> Draft:
        """Start a draft from these fields."""
        user = User(self.user) if isinstance(self.user, str) else self.user or User()
        width, height = self.viewport or (None, None)
        return Draft(
            kind=kind,
            time_ms=time_ms,
            application=self.application,
            session_id=self.session,
            url=self.url,
            user_id=user.id,
            user_name=user.name,
            viewport_w=pixels(width),
            viewport_h=pixels(height),
            weight=weight(_percent(self.sample)),
            facets={"env": self.env, "service": self.service, "version": self.version},
            attributes=flat_attributes(self.attributes) if self.attributes else {},
        )


def session_of_query(query: dict[str, str], envelope: type[Envelope], **others: Any) -> Envelope:
    """Return the fields from query parameters: `application=shop&session=1&viewport=1440x900`."""
    values: dict[str, Any] = {key: query[key] for key in _TEXTS if key in query}
    if "viewport" in query:
        values["viewport"] = query["viewport"].lower().split("x")
    if "sample" in query:
        values["sample"] = query["sample"]
    try:
        fields = msgspec.convert(values, SessionFields, strict=False)
    except msgspec.ValidationError as error:
        raise IsothermError(Code.INVALID, f"The query is wrong: {error}") from error
    known = {name: getattr(fields, name) for name in SessionFields.__struct_fields__}
    return envelope(**known, **others)


_TEXTS = ("application", "session", "user", "url", "env", "service", "version")


def _percent(sample: float | str | None) -> float | None:
    try:
        return None if sample is None else float(sample)
    except ValueError:
        return None
