"""Saved queries of any age, in today's shape.

Grafana's editors migrate what they open. Alert rules, public dashboards and reports are evaluated
as they were saved, without an editor, so the server reads every age too.
"""

from collections.abc import Callable, Mapping
from typing import Any

from isotherm.model.errors import Code, IsothermError

QUERY_VERSION = 1
"""Shape of the queries that the plugin saves today."""

Query = dict[str, Any]


def _named(query: Query) -> Query:
    """Name the question: before version 1 a query without one was about heat."""
    return {"question": "heat", **query}


MIGRATIONS: Mapping[int, Callable[[Query], Query]] = {0: _named}
"""Version -> the same query one version later."""


def present(raw: object) -> object:
    """Return a query in today's shape; one that names no version is of today.

    Raises INVALID for a version that is later than this server's.
    """
    if not isinstance(raw, Mapping) or "version" not in raw:
        return raw
    query = {key: value for key, value in raw.items() if key != "version"}
    version = raw["version"]
    if type(version) is not int or version < 0:
        raise IsothermError(Code.INVALID, "version must be a whole number", field="version")
    if version > QUERY_VERSION:
        raise IsothermError(
            Code.INVALID,
            f"The query was saved by a newer plugin (query version {version}; this server reads up "
            f"to {QUERY_VERSION}). Update the server to the version of the plugin.",
            field="version",
        )
    for old in range(version, QUERY_VERSION):
        query = MIGRATIONS[old](query)
    return query
