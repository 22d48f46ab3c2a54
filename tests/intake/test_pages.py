"""Page keys on the hard cases: numbers, hashes, dates, locales, encoding, hash routes, rules."""

import re
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isotherm.intake.options import read_page_rules
from isotherm.intake.pages import (
    GroupRule,
    PageRules,
    check_rules,
    clean_url,
    is_variable,
    page_key,
)
from isotherm.model.errors import Code, IsothermError

SHOP = "https://shop.example.test"

KEYS = [
    # path as sent, page
    ("/", "/"),
    ("", "/"),
    ("/cart", "/cart"),
    ("/cart/", "/cart"),
    ("//cart//items", "/cart/items"),
    ("/cart?coupon=7#top", "/cart"),
    ("/product/12345", "/product/?"),
    ("/product/12345/reviews/7", "/product/?/reviews/?"),
    ("/orders/2026-11-22", "/orders/?"),
    ("/blog/2026/11/22/winter-jackets", "/blog/?/?/?/winter-jackets"),
    ("/blog/10-tips-for-winter", "/blog/?"),
    ("/p/trail-jacket-8231", "/p/?"),
    ("/p/trail-jacket", "/p/trail-jacket"),
    ("/u/7f0c9a4e-6f0a-4b57-9b1e-1f6f2f3a4b5c", "/u/?"),
    ("/u/abcdefab-cdef-abcd-efab-cdefabcdefab", "/u/?"),
    ("/commit/d41d8cd98f00b204e9800998ecf8427e", "/commit/?"),
    ("/commit/deadbeefdeadbeef", "/commit/?"),
    ("/facade", "/facade"),
    ("/decade/effaced", "/decade/effaced"),
    ("/share/dQwXgZcQkLmRtY", "/share/?"),
    ("/settings/getUserAccountSettings", "/settings/getUserAccountSettings"),
    ("/invite/ann@example.test", "/invite/?"),
    ("/invite/ann%40example.test", "/invite/?"),
    ("/en/cart", "/en/cart"),
    ("/pt-BR/cart", "/pt-BR/cart"),
    ("/zh-Hant-TW/cart", "/zh-Hant-TW/cart"),
    ("/es-419/cart", "/es-419/cart"),
    ("/api/v2/users/17", "/api/v2/users/?"),
    ("/stra%C3%9Fe", "/straße"),
    ("/straße", "/straße"),
    ("/caf%65", "/cafe"),
    ("/cafe%CC%81", "/café"),
    ("/a%2Fb/c", "/a%2Fb/c"),
    ("/a%3Fb", "/a%3Fb"),
    ("/%ff/x", "/%ff/x"),
    ("/100%25", "/?"),
    ("/٣٤", "/?"),
    ("/list;jsessionid=1A2B3C/items", "/list/items"),
    ("/checkout.html", "/checkout.html"),
    ("/" + "a" * 200, "/?"),
    ("/#/orders/17?tab=2", "/#/orders/?"),
    ("/app#!/orders/17", "/app/#!/orders/?"),
    ("/#features", "/"),
    ("/#", "/"),
]


@pytest.mark.parametrize(("path", "page"), KEYS)
def test_the_page_of_a_path(path: str, page: str) -> None:
    assert page_key(SHOP + path) == page


@pytest.mark.parametrize(
    "url", ["http://[broken/17?x=1", "://", "file:///C:/x/index.html", "about:blank"]
)
def test_an_odd_address_has_some_page(url: str) -> None:
    assert page_key(url).startswith("/")


def test_the_sites_own_name_wins() -> None:
    assert page_key(f"{SHOP}/product/17", "Product 17") == "Product 17"


def test_neither_address_nor_name_is_no_page() -> None:
    assert page_key("") == ""


def test_hash_routes_can_be_forced_or_forbidden() -> None:
    always, never = PageRules(hash_routes="always"), PageRules(hash_routes="never")
    assert page_key(f"{SHOP}/app#settings", "", always) == "/app/#/settings"
    assert page_key(f"{SHOP}/#/orders/17", "", never) == "/"


def test_the_trailing_slash_can_be_kept() -> None:
    keep = PageRules(trailing_slash="keep")
    assert page_key(f"{SHOP}/cart/", "", keep) == "/cart/"
    assert page_key(f"{SHOP}/cart", "", keep) == "/cart"
    assert page_key(f"{SHOP}/", "", keep) == "/"


RULES = PageRules(
    rules=(
        GroupRule("/docs/**", "Docs"),
        GroupRule("/p/*", "Product"),
        GroupRule(r"/(?P<lang>[a-z]{2})/shop/.*", r"/\g<lang>/shop", "regex"),
        GroupRule("/a+b(c)", "literal"),
        GroupRule("Product *", "Product"),
    )
)


@pytest.mark.parametrize(
    ("path", "page"),
    [
        ("/docs/a/b/7", "Docs"),
        ("/docs", "/docs"),
        ("/p/trail-jacket", "Product"),
        ("/p/trail-jacket/reviews", "/p/trail-jacket/reviews"),
        ("/de/shop/x/7", "/de/shop"),
        ("/a+b(c)", "literal"),
        ("/other/7", "/other/?"),
    ],
)
def test_rules_group_paths(path: str, page: str) -> None:
    assert page_key(SHOP + path, "", RULES) == page


def test_rules_group_names_too() -> None:
    assert page_key(SHOP, "Product 17", RULES) == "Product"


def test_rules_are_read_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "pages.toml"
    file.write_text(
        'hash_routes = "never"\n[[rules]]\npattern = "/p/*"\npage = "Product"\n'
        '[[rules]]\nkind = "regex"\npattern = "/x/(.*)"\npage = "X \\\\1"\n'
    )
    rules = read_page_rules(file)
    assert page_key(f"{SHOP}/p/a#/b", "", rules) == "Product"
    assert page_key(f"{SHOP}/x/y", "", rules) == "X y"


@pytest.mark.parametrize(
    "text", ["rules = 7", "[[rules]]\npattern = 'a'", "hash_routes = 'x'", "="]
)
def test_a_wrong_file_is_named(tmp_path: Path, text: str) -> None:
    file = tmp_path / "pages.toml"
    file.write_text(text)
    with pytest.raises(IsothermError, match=r"pages\.toml") as raised:
        read_page_rules(file)
    assert (raised.value.code, raised.value.field) == (Code.INVALID, "page_rules")


@pytest.mark.parametrize(("pattern", "page"), [("(", "x"), ("/a", r"\1"), ("(?P<a>.)", r"\g<b>")])
def test_a_wrong_rule_is_named(pattern: str, page: str) -> None:
    with pytest.raises(IsothermError, match=re.escape(repr(pattern))):
        check_rules(PageRules(rules=(GroupRule(pattern, page, "regex"),)))


@pytest.mark.parametrize(
    ("pattern", "what"),
    [
        (r"/(a+)\1", "refers to an earlier group"),
        (r"/(?P<a>.)(?P=a)", "references to an earlier group"),
        (r"/(?=a).*", "look-ahead"),
        (r"/.*(?<!a)", "look-behind"),
        (r"/a++", "repetition"),
    ],
)
def test_what_takes_more_than_linear_time_is_refused_with_a_reason(pattern: str, what: str) -> None:
    with pytest.raises(IsothermError, match=what) as raised:
        check_rules(PageRules(rules=(GroupRule(pattern, "x", "regex"),)))
    assert "RE2" in raised.value.message


@pytest.mark.parametrize(
    ("pattern", "page", "path", "made"),
    [
        (r"/(\w+)(/\d+)?", r"\2\g<1>\\n", "/商店", r"商店\n"),
        (r"/([\w-]+)/\D+\Z", r"\g<0>!", "/a-é/b", "/a-é/b!"),
        (r"/[]\d]/(.)(.)(.)(.)(.)(.)(.)(.)(.)(.)", r"\10\1", "/]/abcdefghij", "ja"),
        (r"/[^/\W]+", "one", "/a", "one"),
    ],
)
def test_patterns_and_pages_mean_what_they_mean_in_python(
    pattern: str, page: str, path: str, made: str
) -> None:
    rules = PageRules(rules=(GroupRule(pattern, page, "regex"),))
    assert page_key(SHOP + path, "", rules) == made
    assert re.fullmatch(pattern, path).expand(page) == made  # type: ignore[union-attr]


def test_a_pattern_that_would_backtrack_for_ever_answers_at_once() -> None:
    rules = PageRules(rules=(GroupRule(r"/((a+)+)+b", "x", "regex"),))
    path = "/" + "a" * 5_000
    assert page_key(SHOP + path, "", rules) == "/?"


@pytest.mark.parametrize(
    ("url", "clean"),
    [
        (f"{SHOP}/cart?card=4111#top", f"{SHOP}/cart"),
        ("https://ann:secret@shop.example.test:8443/x", "https://shop.example.test:8443/x"),
        (f"{SHOP}/#/orders?q=1", f"{SHOP}/#/orders"),
        ("", ""),
        ("/relative?x", "/relative"),
    ],
)
def test_stored_addresses_have_no_query(url: str, clean: str) -> None:
    assert clean_url(url) == clean


words = st.text(alphabet=st.characters(categories=["L"]), min_size=1, max_size=11)


@pytest.mark.thorough
@given(st.lists(words, max_size=5), st.text(max_size=20), st.text(max_size=20))
def test_query_and_plain_fragment_never_matter(parts: list[str], query: str, anchor: str) -> None:
    path = SHOP + "/" + "/".join(parts)
    key = page_key(path)
    assert page_key(f"{path}?{quote(query)}#x{quote(anchor)}") == key
    assert page_key(f"{path}/") == key


@given(st.lists(words | st.integers().map(str) | st.uuids().map(str), max_size=5))
def test_encoding_never_matters_and_shape_is_kept(parts: list[str]) -> None:
    key = page_key(SHOP + "/" + "/".join(parts))
    assert page_key(SHOP + "/" + "/".join(quote(part) for part in parts)) == key
    assert key.count("/") == max(1, len(parts))
    for part, shown in zip(parts, key.split("/")[1:], strict=False):
        assert (shown == "?") == is_variable(part)


@given(st.text(max_size=60))
def test_any_text_has_a_page_without_line_breaks_or_secrets(text: str) -> None:
    key = page_key(SHOP + "/" + quote(text))
    assert key.startswith("/")
    assert key.isprintable()
    assert not any(char.isdigit() for char in key.replace("%2F", "").replace("%3F", "")) or (
        re.search(r"v\d{1,2}|-\d{3}|%\d", key)
    )
