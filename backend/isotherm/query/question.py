"""A row of the table of questions."""

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct

from isotherm.query.context import Ask
from isotherm.query.frame import Frame, Shape


class Question(Struct, frozen=True, kw_only=True):
    """What can be asked: everything the route, the documents and the tests need to know of it."""

    title: str
    about: str
    params: type[Struct]
    answer: Callable[[Ask[Any]], list[Frame]]
    shapes: tuple[Shape, ...]
    meta: Mapping[str, str]  # key of `meta.custom.isotherm` -> what it says
    of_pages: bool = False  # it reads nothing but the pages in scope, unless a filter is a goal
