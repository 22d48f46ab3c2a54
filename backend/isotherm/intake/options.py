"""The options of the intake."""

import tomllib
from collections.abc import Mapping
from pathlib import Path

import msgspec
from msgspec import Struct

from isotherm.intake.bodies import Limits
from isotherm.intake.clients import Network
from isotherm.intake.pages import DEFAULT_RULES, PageRules, check_rules
from isotherm.model.errors import Code, IsothermError


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
