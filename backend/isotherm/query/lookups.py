"""Texts of ids, for kinds that have too many texts to hold in memory (sessions, views, users)."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from isotherm.query.context import Context
from isotherm.query.statement import Statement, build

_TEXTS = """
SELECT id, text FROM terms WHERE kind = $kind AND id IN (SELECT unnest($ids::INTEGER[]))
"""
_NAMES = """SELECT "user" AS id, name AS text FROM users
WHERE application = $application AND "user" IN (SELECT unnest($ids::INTEGER[]))"""


def texts_of(context: Context, kind: str, ids: Iterable[int]) -> dict[int, str]:
    """Return the texts of ids; 0, and what was deleted meanwhile, is the empty text."""
    wanted = _wanted(ids)
    found = _found(context, build(_TEXTS, {"kind": kind, "ids": wanted}))
    return dict.fromkeys(wanted, "") | found


def user_names(context: Context, application: str, ids: Iterable[int]) -> dict[int, str]:
    """Return the latest name of each user of an application that has one."""
    owner = context.engine.term_id("application", application)
    return _found(context, build(_NAMES, {"application": owner, "ids": _wanted(ids)}))


def whole(number: Any) -> int | float:
    """Return a count without a fraction as an int, a weighted one with what is behind the point."""
    value = float(number)
    return int(value) if value.is_integer() else round(value, 6)


def known(number: Any) -> float | None:
    """Return a number, None for NaN."""
    value = float(number)
    return None if np.isnan(value) else value


def _wanted(ids: Iterable[int]) -> list[int]:
    return sorted({int(number) for number in ids} - {0})


def _found(context: Context, statement: Statement) -> dict[int, str]:
    columns = context.run(statement)
    ids, texts = columns["id"].tolist(), columns["text"].tolist()
    return {0: "", **dict(zip(ids, texts, strict=True))}
