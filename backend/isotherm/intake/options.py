"""The options of the intake."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from isotherm.intake.bodies import Limits
from isotherm.intake.clients import Network
from isotherm.intake.limiting import Rates
from isotherm.intake.pages import DEFAULT_RULES, PageRules, check_rules
from isotherm.intake.privacy import Privacy
from isotherm.model.errors import Code, IsothermError

_ORIGIN = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*+://[^/?#@\s]++")


class Options(Struct, frozen=True, kw_only=True):
    """The intake's options, checked."""

    limits: Limits = Limits()
    pages: PageRules = DEFAULT_RULES
    keep_bots: bool = False
    tokens: Mapping[str, str] = {}
    """Application -> its token; `*` -> the token of all others. Without `*` others need none."""
    trusted_proxies: tuple[Network, ...] = ()
    geo_database: Path | None = None
    allow_origins: tuple[str, ...] = ("*",)
    """Origins whose pages may send for applications that have none of their own; `*`: any."""
    origins: Mapping[str, tuple[str, ...]] = {}
    """Application -> the origins whose pages may send for it."""
    rates: Rates = Rates()
    privacy: Privacy = Privacy()

    def may_send(self, origin: str) -> bool:
        """Tell whether pages of an origin may send for any application."""
        every = (self.allow_origins, *self.origins.values())
        return any("*" in known or origin in known for known in every)

    def may_send_for(self, origin: str, application: str) -> bool:
        """Tell whether pages of an origin may send for an application."""
        known = self.origins.get(application, self.allow_origins)
        return "*" in known or origin in known


def read_page_rules(file: Path) -> PageRules:
    """Read a TOML file of page rules: the fields of `PageRules`, rules as `[[rules]]` tables.

    Raises INVALID for a file that cannot be read or a rule that cannot work.
    """
    try:
        raw = tomllib.loads(file.read_text(encoding="utf-8"))
        rules = msgspec.convert(raw, PageRules)
    except (OSError, ValueError, msgspec.ValidationError) as error:
        message = f"The page rules in {file} cannot be read: {error}"
        raise IsothermError(Code.INVALID, message, field="page_rules") from error
    check_rules(rules)
    return rules


def read_token(pair: str) -> tuple[str, str]:
    """Split `application=token`. Raises INVALID."""
    application, equals, token = pair.partition("=")
    if not (application and equals and token):
        message = "intake_tokens holds a pair that is not application=token"
        raise IsothermError(Code.INVALID, message, field="intake_tokens")
    return application, token


def read_origins(rows: Sequence[str]) -> tuple[tuple[str, ...], dict[str, tuple[str, ...]]]:
    """Split origins for all applications from rows `application=origin` for one of them.

    Raises INVALID for what no browser sends as an origin.
    """
    for_all: list[str] = []
    by_application: dict[str, tuple[str, ...]] = {}
    for row in rows:
        application, _, origin = row.rpartition("=")
        if origin not in {"*", "null"} and not _ORIGIN.fullmatch(origin):
            message = f"{row!r} is neither an origin (https://shop.test) nor application=origin"
            raise IsothermError(Code.INVALID, message, field="allow_origins")
        if application:
            by_application[application] = (*by_application.get(application, ()), origin)
        else:
            for_all.append(origin)
    return tuple(for_all), by_application
