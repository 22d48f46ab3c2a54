"""Makes page keys: the view's name if the site gave one, else the path without variable parts."""

import re
import unicodedata
from itertools import pairwise
from typing import Literal
from urllib.parse import SplitResult, unquote_to_bytes, urlsplit

from msgspec import Struct

from isotherm.intake.patterns import Pattern, Template
from isotherm.model.errors import Code, IsothermError
from isotherm.model.text_cache import text_cache

VARIABLE = "?"
KEY_MAX = 500
_UNKEEPABLE = re.compile(r"[^\S ]|\\$")
SEGMENT_MAX = 80
"""A longer part of a path is data, not a place on the site."""


class GroupRule(Struct, frozen=True):
    r"""One grouping rule; the first that matches a whole path (or view name) wins.

    Globs: `*` is anything within one part of the path, `**` anything at all. Regular expressions
    are RE2's, and `page` may use their groups: `\1`, `\g<name>`.
    """

    pattern: str
    page: str
    kind: Literal["glob", "regex"] = "glob"


class PageRules(Struct, frozen=True, cache_hash=True):
    """How addresses become pages."""

    rules: tuple[GroupRule, ...] = ()
    trailing_slash: Literal["ignore", "keep"] = "ignore"
    hash_routes: Literal["auto", "always", "never"] = "auto"
    """Whether `#...` belongs to the page; auto: when it looks like a route, `#/...` or `#!/...`."""


DEFAULT_RULES = PageRules()


def check_rules(rules: PageRules) -> None:
    """Raise INVALID for a rule that cannot work, naming it."""
    for rule in rules.rules:
        try:
            _compiled(rule)
        except IsothermError as error:
            message = f"The page rule {rule.pattern!r} -> {rule.page!r} is wrong: {error.message}"
            raise IsothermError(Code.INVALID, message, field="page_rules") from error


@text_cache(16_384)
def page_key(url: str, name: str = "", rules: PageRules = DEFAULT_RULES) -> str:
    """Return the page that a view belongs to; "" when there is neither address nor name.

    `name` is the view's name only if the site chose it. Variable parts of a path become `?`, the
    way RUM products group addresses: whatever holds a digit (numbers, dates, UUIDs, slugs), and
    hashes, tokens and addresses of people without one.
    """
    if name:
        return one_line((_grouped(name, rules) or name)[:KEY_MAX])
    if not url:
        return ""
    place = _path(_split(url), rules)
    grouped = _grouped(place, rules)
    if grouped is not None:
        return one_line(grouped[:KEY_MAX])
    parts = (VARIABLE if is_variable(part) else part for part in place.split("/"))
    return "/".join(parts)[:KEY_MAX]


@text_cache(16_384)
def clean_url(url: str, rules: PageRules = DEFAULT_RULES) -> str:
    """Return an address without query, fragment and credentials; a hash route stays."""
    if not url:
        return ""
    parts = _split(url)
    host = parts.netloc.rpartition("@")[2]
    origin = f"{parts.scheme}://{host}" if host else (f"{parts.scheme}:" if parts.scheme else "")
    route = _route(parts.fragment, rules)
    return f"{origin}{parts.path}{f'#{route}' if route else ''}"[:4_096]


@text_cache(16_384)
def address_parts(url: str, rules: PageRules, *, grouped: bool) -> tuple[str, str]:
    """Return host and path of a request; `grouped` paths have `?` for ids, like page keys.

    Query and fragment are left out, and what `data:` and `blob:` addresses hold.
    """
    parts = _split(url)
    host = parts.netloc.rpartition("@")[2][:SEGMENT_MAX]
    if parts.scheme and not host:
        return "", f"{parts.scheme}:"[:SEGMENT_MAX]
    if not grouped:
        return host, (parts.path or "/")[:KEY_MAX]
    return host, page_key(parts.path or "/", "", rules)


def one_line(text: str) -> str:
    """Return a text as a tag of InfluxDB can keep it: no line breaks, no backslash at the end."""
    return " ".join(text.split()).rstrip("\\") if _UNKEEPABLE.search(text) else text


def is_variable(part: str) -> bool:
    """Whether one part of a path differs between visits to the same page."""
    if not part or _KEPT.fullmatch(part):
        return False
    return (
        len(part) > SEGMENT_MAX
        or "@" in part
        or any(map(str.isdigit, _ENCODED_BYTE.sub("", part)))
        or _LETTERS_ONLY_ID.fullmatch(part) is not None
        or _is_token(part)
    )


_ENCODED_BYTE = re.compile(r"%[0-9A-Fa-f]{2}")

_KEPT = re.compile(r"[a-zA-Z]{2,3}[-_](?:[A-Za-z]{4}[-_])?(?:\d{3}|[A-Za-z]{2})|v\d{1,2}|#!?")
"""Locales (`en`, `pt-BR`, `zh-Hant-TW`, `es-419`) and versions of an interface (`v2`)."""

_LETTERS_ONLY_ID = re.compile(
    r"[a-f]{16,}+|[A-F]{16,}+|[a-f]{8}-[a-f]{4}-[a-f]{4}-[a-f]{4}-[a-f]{12}", re.IGNORECASE
)
"""A hexadecimal hash or UUID that happens to have no digit."""

TOKEN_MIN = 12
TOKEN_CHANGES = 0.4
"""Share of neighbours that change case: about 0.5 in random tokens, below 0.35 in camelCase."""


def _is_token(part: str) -> bool:
    """Recognise a random token of letters (`dQwXgZcQkLmR`) by how often its case changes."""
    if len(part) < TOKEN_MIN or not part.isalpha() or part.islower() or part.isupper():
        return False
    changes = sum(a.isupper() != b.isupper() for a, b in pairwise(part))
    return changes / (len(part) - 1) >= TOKEN_CHANGES


def _split(url: str) -> SplitResult:
    """Split an address; one that is no address (`http://[`) is taken as a path."""
    try:
        return urlsplit(url)
    except ValueError:
        return SplitResult("", "", url.partition("?")[0].partition("#")[0], "", "")


def _path(parts: SplitResult, rules: PageRules) -> str:
    """Return the readable path, with the hash route if it counts: `/shop/cart`, `/#/cart`."""
    path = _normalised(parts.path, rules)
    route = _route(parts.fragment, rules)
    if not route:
        return path
    mark, _, inner = route.partition("/") if route[:1] in "/!" else ("", "", route)
    hash_path = _normalised(f"/{inner}", rules)
    return f"{path.rstrip('/')}/#{mark}{hash_path}"


def _route(fragment: str, rules: PageRules) -> str:
    """Return the part of a fragment that names a page; "" when it names none."""
    route = fragment.partition("?")[0]
    looks_like_one = route.startswith(("/", "!/"))
    if rules.hash_routes == "never" or (rules.hash_routes == "auto" and not looks_like_one):
        return ""
    return route


def _normalised(path: str, rules: PageRules) -> str:
    parts = [_readable(part) for part in path.split("/") if part]
    slash = "/" if rules.trailing_slash == "keep" and parts and path.endswith("/") else ""
    return f"/{'/'.join(parts)}{slash}"


def _readable(part: str) -> str:
    """Decode one part of a path; what would change its structure stays encoded."""
    part = part.partition(";")[0] or part  # ;jsessionid=...
    if "%" in part:
        try:
            decoded = unquote_to_bytes(part).decode("utf-8")
        except UnicodeDecodeError:
            return part
        part = "".join(_ENCODED.get(char, char) for char in decoded if char.isprintable())
    return part if part.isascii() else unicodedata.normalize("NFC", part)


_ENCODED = {"/": "%2F", "?": "%3F", "#": "%23", "%": "%25"}


def _grouped(place: str, rules: PageRules) -> str | None:
    for rule in rules.rules:
        pattern, template = _compiled(rule)
        groups = pattern.groups_of(place)
        if groups is not None:
            return template.filled(groups) if template is not None else rule.page
    return None


@text_cache(1_024)
def _compiled(rule: GroupRule) -> tuple[Pattern, Template | None]:
    """Return what a rule matches, and what it makes of it; None = its page as written."""
    if rule.kind == "regex":
        pattern = Pattern(rule.pattern)
        return pattern, Template(rule.page, pattern)
    wild = re.split(r"(\*\*|\*)", rule.pattern)
    expression = ({"**": "(?s:.*)", "*": "[^/]*"}.get(p, re.escape(p)) for p in wild)
    return Pattern("".join(expression)), None
