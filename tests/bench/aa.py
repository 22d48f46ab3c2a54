"""How often a change is called found when nothing changed and somebody looks every hour.

`python -m tests.bench.aa` (or `make aa`): runs of a made-up site on which both groups of sessions
behave alike. Sessions differ in how much they click and in how much goes wrong in them, so clicks
of one session are not independent. Prints the share of runs in which anything was ever found, and
how often a broken button is found, how soon.
"""

import argparse
import sys
from typing import Any

import numpy as np
from msgspec import Struct

from isotherm.query.evidence import Sample, Shares, discoveries, e_values, quantile_e_value

Array = np.ndarray[Any, Any]

HOURS_BEFORE, HOURS = 7 * 24, 30 * 24
RATES = ("reach", "share", "rage", "dead", "error")
ALPHA = 0.05


class Site(Struct, frozen=True, kw_only=True):
    """How people behave. `broken`: what the release does to the first element."""

    elements: int = 20
    sessions_an_hour: float = 8.0
    dead: float = 0.04
    broken: float = 1.0  # dead clicks on the first element after the release, times as many
    loading: bool = True
    rhythm: float = 0.0  # how much the hour of the day changes what people do, not only how many


class Run(Struct, frozen=True):
    """What was found at each look, shape (hours, hypotheses)."""

    found: Array

    @property
    def first(self) -> int | None:
        """The first look at which anything was found."""
        looks = np.flatnonzero(self.found.any(axis=1))
        return int(looks[0]) if len(looks) else None


def run(random: np.random.Generator, site: Site) -> Run:
    """Live through five weeks and look every hour of the last 30 days."""
    hour = np.arange(HOURS_BEFORE + HOURS)
    busy = 1 + 0.6 * np.sin(2 * np.pi * hour / 24)  # nights are quiet
    arrived = np.repeat(hour, random.poisson(site.sessions_an_hour * busy))
    after = arrived >= HOURS_BEFORE
    liked = 1.2 / np.arange(1, site.elements + 1)
    active = random.gamma(2.0, 0.5, len(arrived))[:, None]
    active = active * (1 + site.rhythm * np.cos(2 * np.pi * arrived / 24))[:, None]
    clicks = random.poisson(liked * active)
    luck = random.beta(site.dead * 5, 5 - site.dead * 5, len(arrived))[:, None]
    part = {}
    for name in ("rage", "dead", "error"):
        chance = np.broadcast_to(luck, clicks.shape).copy()
        if name == "dead":
            chance[after, 0] = np.minimum(chance[after, 0] * site.broken, 1.0)
        part[name] = random.binomial(clicks, chance) / np.maximum(clicks, 1)
    did = (clicks > 0).astype(np.float64)
    everything = clicks.sum(axis=1, keepdims=True)
    one = np.ones_like(did)
    of = {"reach": one, "share": (everything > 0) * one, "rage": did, "dead": did, "error": did}
    what = {"reach": did, "share": clicks / np.maximum(everything, 1), **part}
    e = [_evidence(arrived, of[name], what[name]) for name in RATES]
    if site.loading:
        e.append(_loading(random, arrived, did > 0))
    evidence = np.concatenate(e, axis=1)
    return Run(np.array([discoveries(look, ALPHA, len(look)) for look in evidence]))


def _evidence(arrived: Array, of: Array, share: Array) -> Array:
    """Return the e-values of all looks, shape (hours, elements)."""
    begins = np.searchsorted(arrived, np.arange(HOURS_BEFORE, HOURS_BEFORE + HOURS) + 1)
    sums = [
        np.concatenate((np.zeros((1, part.shape[1])), np.cumsum(part, axis=0)))
        for part in (of, share * of, share**2 * of)
    ]
    edge = int(np.searchsorted(arrived, HOURS_BEFORE))
    before = Shares(*(np.repeat(part[edge : edge + 1], HOURS, axis=0).ravel() for part in sums))
    after = Shares(*((part[begins] - part[edge]).ravel() for part in sums))
    e = np.nan_to_num(e_values(before, after), nan=1.0)
    return np.where((before.n > 0) & (after.n > 0), e, 1.0).reshape(HOURS, -1)


def _loading(random: np.random.Generator, arrived: Array, did: Array) -> Array:
    """Return the evidence on the 75th percentile of the time to react, at every sixth look."""
    e = np.ones((HOURS, did.shape[1]))
    for element in range(did.shape[1]):
        times = arrived[did[:, element]]
        values = np.round(random.lognormal(5, 0.6, len(times)))
        edge = int(np.searchsorted(times, HOURS_BEFORE))
        if not edge:
            continue
        before = _sample(values[:edge])
        for look in range(0, HOURS, 6):
            end = int(np.searchsorted(times, HOURS_BEFORE + look + 1))
            if end > edge:
                evidence = quantile_e_value(before, _sample(values[edge:end]), 0.75)
                e[look : look + 6, element] = evidence
    return e


def _sample(values: Array) -> Sample:
    return Sample(np.sort(values), np.ones(len(values)), float(len(values)))


def say(line: str) -> None:
    """Write a line."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main(arguments: list[str]) -> int:
    """Print the shares; fail when more than one run in twenty raises anything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args(arguments)
    random = np.random.default_rng(chosen.seed)
    with_times = chosen.runs // 10
    alarms = [run(random, Site(loading=n < with_times)).first for n in range(chosen.runs)]
    raised = sum(first is not None for first in alarms)
    say(f"A/A, {chosen.runs} runs, {HOURS} looks each: {raised} raised anything")
    moody = [run(random, Site(loading=False, rhythm=0.3)).first for _ in range(chosen.runs // 4)]
    raised_moody = sum(first is not None for first in moody)
    say(f"A/A where people click 30 % more at some hours: {raised_moody} of {len(moody)}")
    for times in (3.0, 9.0):
        found = [
            run(random, Site(loading=False, broken=times)).first for _ in range(chosen.runs // 10)
        ]
        hours = sorted(first for first in found if first is not None)
        middle = hours[len(hours) // 2] + 1 if hours else None
        say(f"dead x {times:.0f}: found in {len(hours)} of {len(found)}, after {middle} h")
    return int(raised > 0.05 * chosen.runs)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
