"""What people call an application: a given name, the sender's `service`, or its readable id."""

import re
from collections import Counter
from collections.abc import Mapping

from isotherm.query.context import Context
from isotherm.query.statement import build, condition

_RAW = re.compile(r"(?:appid_)?[0-9a-fA-F-]{16,}+")
"""Ids that say nothing: UUIDs, and long hexadecimal numbers."""
_HEAD = 8

_SERVICES = """
WITH counted AS (
  SELECT application, service, sum(weight) AS weight FROM views
  WHERE slot_span AND service <> 0 GROUP BY application, service
)
SELECT application, arg_max(service, (weight, name)) AS service FROM (
  SELECT counted.application, counted.service, counted.weight, terms.text AS name
  FROM counted JOIN terms ON terms.kind = 'service' AND terms.id = counted.service
) AS named GROUP BY application
"""


def is_raw(application: str) -> bool:
    """Whether an id tells a person nothing."""
    return _RAW.fullmatch(application) is not None


def services(context: Context, from_ms: int, to_ms: int) -> dict[str, str]:
    """Return the service that most views of each application name, by application id."""
    span = condition("time_ms >= $start AND time_ms < $stop")
    columns = context.run(build(_SERVICES, {"start": from_ms, "stop": to_ms}, span=span))
    applications, texts = (context.engine.terms(kind) for kind in ("application", "service"))
    pairs = zip(columns["application"].tolist(), columns["service"].tolist(), strict=True)
    return {
        applications[application]: texts[service]
        for application, service in pairs
        if application in applications and service in texts  # else deleted meanwhile
    }


def names_of(
    applications: list[str], services: Mapping[str, str], given: Mapping[str, str]
) -> dict[str, str]:
    """Return a name for each application, no two alike unless people named them alike.

    A name from `service` that another application has, too, is told apart by the id's beginning.
    """
    names = {
        one: given.get(one) or (services.get(one, "") if is_raw(one) else "") or one
        for one in applications
    }
    shared = {name for name, times in Counter(names.values()).items() if times > 1}
    heads = Counter((name, one[:_HEAD]) for one, name in names.items())
    for one, name in names.items():
        if name in shared and one != name and one not in given:
            tail = one[:_HEAD] if heads[name, one[:_HEAD]] == 1 else one
            names[one] = f"{name} ({tail})"
    return names
