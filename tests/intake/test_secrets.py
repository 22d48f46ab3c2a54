"""What is never stored: secrets in addresses and texts, private attributes, ids of users."""

import json
import tracemalloc
import zlib
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from isotherm.app.package_options import intake_options
from isotherm.app.settings import Settings
from isotherm.intake.bodies import mend_surrogates
from isotherm.intake.privacy import Privacy
from isotherm.model import Action, Segment
from isotherm.model.errors import IsothermError
from tests.intake.intake_under_test import Intake
from tests.intake.test_hostile import EVENT, MULTIPART, REPLAY, line, parts

SECRET = "s3cr3t-Value_42"
PLAIN = Privacy()


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        (f"GET /a?token={SECRET}&page=2 failed", "GET /a?token=-&page=2 failed"),
        (f"/a?page=2&Access_Token={SECRET}", "/a?page=2&Access_Token=-"),
        (f"/cb?code={SECRET}#id_token={SECRET}", "/cb?code=-#id_token=-"),
        (f"https://me:{SECRET}@shop.test/a", "https://shop.test/a"),
        (f"Authorization: Bearer {SECRET * 2}", "Authorization: Bearer -"),
        (
            f"/a?a=1\\u0026session-id={SECRET}&sessid={SECRET};x=1",
            "/a?a=1\\u0026session-id=-&sessid=-;x=1",
        ),
        ("/a?tokens_used=3&q=secret", "/a?tokens_used=3&q=secret"),
        ("/a?status_id=3&businessid=4&processId=5", "/a?status_id=3&businessid=4&processId=5"),
        (
            "url(//a.test:80);}a{b:c://d.test:e);}@media",
            "url(//a.test:80);}a{b:c://d.test:e);}@media",
        ),
        ("a = b, 3 == token", "a = b, 3 == token"),
        ("https://shop.test:8443/a@b:c", "https://shop.test:8443/a@b:c"),
        ("the bearer of this letter", "the bearer of this letter"),
    ],
)
def test_secrets_in_texts_are_not_stored(sent: str, stored: str) -> None:
    assert PLAIN.text(sent) == stored


@given(st.text())
def test_a_text_without_secrets_stays_as_it_is(text: str) -> None:
    kept = PLAIN.text(text)
    assert kept == text or "-" in kept or "@" in text
    assert PLAIN.text(kept) == kept


@given(st.recursive(st.text() | st.integers(), lambda one: st.dictionaries(st.text(), one)))
def test_json_stays_json(value: Any) -> None:
    body = msgspec.json.encode({"records": value})
    msgspec.json.decode(PLAIN.recording(body))
    urls = {"a": f"http://u:p@h/?token={value}&x=\\", "b": value}
    msgspec.json.decode(PLAIN.recording(json.dumps(urls).encode()))


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        (f"https://b.test/a.png?X-Amz-Security-Token={SECRET}&X-Amz-Signature=5f", True),
        (f"https://b.test/a.png?X-Amz-Signature=5f\\u0026X-Amz-Security-Token={SECRET}", True),
        (f"https://b.test/o/a.png?alt=media&token={SECRET}", True),
        (f"https://b.test/a.png?sv=1&amp;sig=5f&amp;token={SECRET}", True),
        (f"https://b.test/a.png?alt=mediate&token={SECRET}", False),
        (f"https://b.test/a.png?design=1&sig=&token={SECRET}", False),
        (f"/a.png?sig=5f /b?token={SECRET}", False),
        (f"/b?token={SECRET} /a.png?sig=5f", False),
    ],
)
def test_signed_addresses_stay_whole(address: str, kept: bool) -> None:
    assert (PLAIN.text(address) == address) is kept
    assert (SECRET in PLAIN.text(address)) is kept


PRIVATE_NAMES = """
sid connect.sid userSid USER_SID PHPSESSID JSESSIONID ASP.NET_SessionId session-id ssn user_ssn
userSSN otp login.otp pwd userPwd jwt idJWT cvc card_cvv accesstoken X-Access-Token apiKey api_key
db-password clientSecret token_
"""
OTHER_NAMES = """
status_id statusid statusId STATUS_ID address_id class_id businessId businessid process_id laptop
desktotp lessn dpwd tokens_used side passwords author
"""


def test_names_are_private_by_their_words() -> None:
    private, others = PRIVATE_NAMES.split(), OTHER_NAMES.split()
    assert [name for name in private if not PLAIN.is_private(name)] == []
    assert [name for name in others if PLAIN.is_private(name)] == []
    for name in private:
        assert PLAIN.text(f"/a?{name}={SECRET}&b=1") == f"/a?{name}=-&b=1"
    for name in others:
        assert PLAIN.text(f"/a?{name}={SECRET}") == f"/a?{name}={SECRET}"


@pytest.mark.thorough
@pytest.mark.parametrize("piece", ["&a=", "&e=", "&sid=", "&status_id=", "://a:b@ ", "?", r"\n"])
def test_a_body_of_nothing_but_parameters_takes_little_memory(piece: str) -> None:
    body = piece.encode() * (1_000_000 // len(piece))
    tracemalloc.start()
    PLAIN.recording(mend_surrogates(body + rb"\ud83d"))
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 5 * len(body)


@pytest.mark.parametrize("name", ["", "--", "token, ,secret"])
def test_an_empty_private_name_is_refused(name: str) -> None:
    with pytest.raises(IsothermError) as raised:
        intake_options(Settings({"private_names": name.split(",")}))
    assert raised.value.field == "private_names"


def test_private_attributes_are_not_stored() -> None:
    intake = Intake()
    context = {"plan": "pro", "password": SECRET, "user": {"apiKey": SECRET, "tokens_used": 3}}
    whole = line(context=context, usr={"id": "ann"})
    assert intake.client.post("/intake/datadog", data=whole).status_code == 202
    [event] = intake.events
    assert isinstance(event, Action)
    assert event.attributes == {"plan": "pro", "user.tokens_used": "3"}


def test_recordings_hold_no_secrets() -> None:
    intake = Intake()
    records = {
        "records": [
            {"type": 4, "timestamp": 1, "data": {"href": f"http://a/?x=1&session_id={SECRET}"}},
            {"type": 6, "timestamp": 2, "data": {"link": f"http://u:{SECRET}@b/?ok=1"}},
        ]
    }
    segment = zlib.compress(json.dumps(records).encode())
    sent = intake.client.post(REPLAY, data=parts(event=EVENT, segment=segment), headers=MULTIPART)
    assert sent.status_code == 202, sent.data
    [stored] = intake.events
    assert isinstance(stored, Segment)
    assert SECRET.encode() not in stored.body
    assert b"x=1&session_id=-" in stored.body
    assert b"http://b/?ok=1" in stored.body


def test_users_are_hashed_with_the_installations_own_key(tmp_path: Path) -> None:
    first, again, other = (
        intake_options(Settings({"data": str(tmp_path / name), "hash_users": True})).privacy
        for name in ("a", "a", "b")
    )
    assert first.user("ann") == again.user("ann") != other.user("ann")
    assert (tmp_path / "a/user.key").stat().st_mode & 0o077 == 0
    intake = Intake(privacy=first)
    intake.client.post("/intake/datadog", data=line(usr={"id": "ann", "name": "Ann"}))
    [event] = intake.events
    assert isinstance(event, Action)
    assert (event.user_id, event.user_name) == (first.user("ann"), "")
    assert len(event.user_id) == 32


def test_without_hashing_no_key_is_made(tmp_path: Path) -> None:
    options = intake_options(Settings({"data": str(tmp_path)}))
    assert options.privacy.user("ann") == "ann"
    assert list(tmp_path.iterdir()) == []
