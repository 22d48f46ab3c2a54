"""What is known of a picture, as two earlier releases wrote it, in the form of version 2."""

import re
from typing import Any, Final

import msgspec
from alembic import op
from sqlalchemy import BigInteger, LargeBinary, String, column, select, table, update

revision = "0003"
down_revision = "0002"

_ROWS: Final = table(
    "backgrounds", column("id", String), column("version", BigInteger), column("body", LargeBinary)
)
_VERSION: Final = 2
_STATES: Final = {"initial": "found", "live": "live", "uploaded": "uploaded"}
_NUMBERED: Final = re.compile(r"state \d++")
_SHEETS: Final = re.compile(r"(\d++) of (\d++) style sheets missing")
_IMAGES: Final = re.compile(r"images of unknown size: (\d++)")


def upgrade() -> None:
    """Rewrite one row after another: a body may be large."""
    connection = op.get_bind()
    old = select(_ROWS.c.id).where(_ROWS.c.version < _VERSION).order_by(_ROWS.c.id)
    for name in list(connection.scalars(old)):
        mine = _ROWS.c.id == name
        row = connection.execute(select(_ROWS.c.body, _ROWS.c.version).where(mine)).one()
        body = _upgraded(row.body, row.version)
        connection.execute(update(_ROWS).where(mine).values(body=body, version=_VERSION))


def _upgraded(body: bytes, version: int) -> bytes:
    """Return the body of a row of an earlier version in the later form."""
    known: dict[str, Any] = msgspec.msgpack.decode(body)
    if version < 1:
        _measure(known)
    known["notices"] = known.pop("notes", ())  # until version 1
    return msgspec.msgpack.encode(known)


def _measure(known: dict[str, Any]) -> None:
    """Make version 1 of version 0.

    Its states were texts, and `fit`, the share of clicked elements of the recorded size, was all
    that was measured.
    """
    state = known["state"]
    if isinstance(state, str):
        kind = "other" if _NUMBERED.fullmatch(state) else _STATES.get(state, "uploaded")
        known["state"] = {
            "kind": kind,
            "what": "" if state in _STATES or kind == "other" else state,
        }
    sheets = missing = 0
    notes, lacks = [], {}
    for note in known.get("notes", ()):
        if found := _SHEETS.fullmatch(note):
            missing, sheets = int(found[1]), int(found[2])
            lacks["styles"] = missing
        elif found := _IMAGES.fullmatch(note):
            lacks["images"] = int(found[1])
        else:
            notes.append(note)
    fit = known.pop("fit", None)
    bare = missing * 2 > sheets and (fit or 0.0) < 0.8
    if bare or fit is not None:
        poor = bare or fit < 0.5
        known["measured"] = {
            "verdict": "unusable" if poor else "true" if fit >= 0.95 else "shifted",
            "lacking": lacks,
        }
        known["notes"] = notes
