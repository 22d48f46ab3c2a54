"""Whether a rate changed: evidence that stays valid however often one looks, and intervals.

Every session counts once: what it did is a share between 0 and 1 (0 or 1 for "did it"). Shares
of two groups are compared by the likelihood ratio of binomial counts, made milder or sharper by
how much the shares really scatter (quasi-likelihood; Wedderburn 1974). Its signed root behaves
like a Brownian motion in information time, also when one group was complete before the other
began (Scharfstein, Tsiatis and Robins 1997), so mixing it over a normal prior of the log odds
ratio gives an e-process (Robbins 1970; Johari et al. 2022; asymptotic: Waudby-Smith et al. 2024):

    e = exp(g / (1 + g) * L / phi) / sqrt(1 + g),    g = tau^2 / V

where L is the log likelihood ratio, phi the dispersion and V the variance of the log odds ratio.
`docs/causes.md` tells it in words, and says where it is checked.
"""

from typing import Any

import numpy as np
from msgspec import Struct

Array = np.ndarray[Any, Any]

TAU = float(np.log(2))
"""Prior deviation of the log odds ratio: twice as often is a usual effect, no effect too large."""

PRIOR_SESSIONS = 10.0
"""So many sessions of the widest possible scatter are added when the dispersion is estimated."""

_WIDEST = 40.0  # log of a ratio that no counts can tell from 0 or infinity
_STEPS = 60  # halvings of that range: exact to rounding


class Shares(Struct, frozen=True):
    """Shares of the sessions of a group, for many rows at once; arrays of shape (rows,).

    `n` is the effective number of sessions (Kish: the square of the sum of weights over the sum
    of their squares), `hits` the sum of shares on that scale, `squares` that of their squares.
    """

    n: Array
    hits: Array
    squares: Array

    @classmethod
    def weighed(cls, weight: Array, squared: Array, hits: Array, squares: Array) -> "Shares":
        """Scale weighted sums to the effective number of sessions; no sessions are 0."""
        with np.errstate(divide="ignore", invalid="ignore"):
            scale = np.nan_to_num(weight / squared, posinf=0.0)
        return cls(n=weight * scale, hits=hits * scale, squares=squares * scale)

    @property
    def mean(self) -> Array:
        """The mean share; NaN without sessions."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(self.hits / self.n)


def e_values(before: Shares, after: Shares) -> Array:
    """Return the evidence against "no change" of each row: 1 is none, 20 is "19 of 20 sure"."""
    scale, shrink = _mixing(before, after)
    surprise = _ratio(before, after, np.zeros(len(before.n))) / _dispersion(before, after)
    return np.asarray(np.exp(np.minimum(scale * surprise, 700.0)) * shrink)


def ratio_intervals(
    before: Shares, after: Shares, alpha: Array | float
) -> tuple[Array, Array, Array]:
    """Return after ÷ before and the ratios that the evidence does not speak against.

    An interval leaves out 1 exactly when the e-value reaches 1 / alpha. 0 and infinity stand for
    "cannot be told"; the ratio is NaN when neither group has a hit.
    """
    scale, shrink = _mixing(before, after)
    with np.errstate(divide="ignore", invalid="ignore"):
        limit = np.log(1 / (alpha * shrink)) / scale * _dispersion(before, after)
        ratio = after.mean / before.mean
    limit = np.where(scale > 0, limit, np.inf)
    best = np.clip(np.log(np.where(ratio > 0, ratio, 1e-300)), -_WIDEST, _WIDEST)
    best = np.where(np.isfinite(best), best, _WIDEST)

    def edge(towards: float) -> Array:
        inside, outside = best.copy(), np.full(len(best), towards * _WIDEST)
        for _ in range(_STEPS):
            middle = (inside + outside) / 2
            plausible = _ratio(before, after, middle) <= limit
            inside = np.where(plausible, middle, inside)
            outside = np.where(plausible, outside, middle)
        return inside

    low, high = np.exp(edge(-1.0)), np.exp(edge(1.0))
    nothing = np.exp(_WIDEST - 1)
    return ratio, np.where(low < 1 / nothing, 0.0, low), np.where(high > nothing, np.inf, high)


def discoveries(e: Array, alpha: float, hypotheses: int) -> Array:
    """Say which rows stand out among all hypotheses: the e-BH procedure (Wang and Ramdas 2022).

    Of what it lets through, a share of at most `alpha` is chance, however the rows depend on each
    other; nothing is let through with a chance of at least 1 - alpha when nothing changed.
    """
    if not hypotheses:
        return np.zeros(len(e), np.bool_)
    order = np.argsort(-e, kind="stable")
    enough = e[order] * np.arange(1, len(e) + 1) >= hypotheses / alpha
    count = int(np.flatnonzero(enough)[-1]) + 1 if enough.any() else 0
    found = np.zeros(len(e), np.bool_)
    found[order[:count]] = True
    return found


def wilson(hits: Array, n: Array, z: float = 1.959964) -> tuple[Array, Array]:
    """Return Wilson's score interval of shares (Wilson 1927); 0 to 1 without sessions."""
    with np.errstate(divide="ignore", invalid="ignore"):
        mean, spread = hits / n, z * z / n
        centre = (mean + spread / 2) / (1 + spread)
        half = z * np.sqrt(mean * (1 - mean) / n + spread / (4 * n)) / (1 + spread)
    some = n > 0
    low = np.where(some, np.clip(centre - half, 0, 1), 0.0)
    return low, np.where(some, np.clip(centre + half, 0, 1), 1.0)


def quantiles(values: Array, weights: Array, shares: Array) -> Array:
    """Return for each share the smallest of some rising values that it does not exceed."""
    sums = np.cumsum(weights) / weights.sum()
    places = np.searchsorted(sums, shares - 1e-12)
    return np.asarray(values[np.minimum(places, len(sums) - 1)])


class Sample(Struct, frozen=True):
    """Values of the sessions of a group, rising, with their weights; `n` as in `Shares`."""

    values: Array
    weights: Array
    n: float

    def below(self, at: Array) -> tuple[Array, Array]:
        """Return the shares of sessions below some values, and at or below them."""
        sums: Array = np.concatenate(([0.0], np.cumsum(self.weights))) / self.weights.sum()
        left = np.searchsorted(self.values, at, "left")
        return np.asarray(sums[left]), np.asarray(sums[np.searchsorted(self.values, at, "right")])

    def quantile(self, share: float) -> float:
        """Return the smallest value that this share of the sessions does not exceed."""
        return float(quantiles(self.values, self.weights, np.array([share]))[0])

    def quantile_interval(self, share: float) -> tuple[float, float]:
        """Return the order statistics between which the quantile lies, 19 times of 20.

        Wilson's interval of the share of sessions below it, read off the sorted sessions.
        """
        low, high = wilson(np.array([share * self.n]), np.array([self.n]))
        return self.quantile(float(low[0])), self.quantile(float(high[0]))


def quantile_e_value(before: Sample, after: Sample, share: float) -> float:
    """Return the evidence against "the quantile is the same", by empirical likelihood."""
    scale, shrink = _quantile_mixing(before, after, share)
    return float(np.exp(min(scale * _quantile_surprise(before, after, share, 0.0), 700.0)) * shrink)


def quantile_ratio(
    before: Sample, after: Sample, share: float, alpha: float
) -> tuple[float, float, float]:
    """Return after ÷ before of a quantile with its interval; as `ratio_intervals`."""
    start, stop = before.quantile(share), after.quantile(share)
    if start <= 0 or stop <= 0:
        return float("nan"), 0.0, float("inf")
    scale, shrink = _quantile_mixing(before, after, share)
    limit = np.log(1 / (alpha * shrink)) / scale
    best = float(np.log(stop / start))

    def edge(towards: float) -> float:
        inside, outside = best, best + towards * _WIDEST / 4
        if _quantile_surprise(before, after, share, outside) <= limit:
            return towards * float("inf")
        for _ in range(30):
            middle = (inside + outside) / 2
            if _quantile_surprise(before, after, share, middle) <= limit:
                inside = middle
            else:
                outside = middle
        return inside

    return stop / start, float(np.exp(edge(-1.0))), float(np.exp(edge(1.0)))


def _mixing(before: Shares, after: Shares) -> tuple[Array, Array]:
    """Return g / (1 + g) and 1 / sqrt(1 + g) of each row; 0 and 1 when nothing can be told."""
    n, hits = before.n + after.n, before.hits + after.hits
    with np.errstate(divide="ignore", invalid="ignore"):
        pooled = hits / n
        odds = _dispersion(before, after) * (1 / before.n + 1 / after.n) / (pooled * (1 - pooled))
        g = np.nan_to_num(TAU**2 / odds, posinf=0.0)
    return np.asarray(g / (1 + g)), np.asarray(1 / np.sqrt(1 + g))


def _dispersion(before: Shares, after: Shares) -> Array:
    """Return how much the shares scatter, as a part of the most that shares can (0 or 1 only)."""
    n, hits = before.n + after.n, before.hits + after.hits
    with np.errstate(divide="ignore", invalid="ignore"):
        own = [np.nan_to_num(one.squares - one.hits**2 / one.n) for one in (before, after)]
        pooled = hits / n
        most = pooled * (1 - pooled)
        found = (own[0] + own[1] + PRIOR_SESSIONS * most) / ((n + PRIOR_SESSIONS) * most)
    return np.asarray(np.clip(np.nan_to_num(found, nan=1.0, posinf=1.0), 1e-3, 1.0))


def _ratio(before: Shares, after: Shares, log_ratio: Array) -> Array:
    """Return the log likelihood ratio of the best fit over the best with this ratio of rates."""
    ratio = np.exp(log_ratio)
    hits, n = before.hits + after.hits, before.n + after.n
    linear = after.hits + before.n + ratio * (before.hits + after.n)
    root = np.sqrt(np.maximum(linear**2 - 4 * ratio * n * hits, 0))
    with np.errstate(divide="ignore", invalid="ignore"):
        base = np.nan_to_num(2 * hits / (linear + root))  # the quadratic's smaller root
    held = _likelihood(before, base) + _likelihood(after, np.minimum(base * ratio, 1))
    free = _likelihood(before, before.mean) + _likelihood(after, after.mean)
    return np.asarray(np.maximum(free - held, 0))


def _likelihood(shares: Shares, rate: Array) -> Array:
    misses = np.maximum(shares.n - shares.hits, 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        hit = np.where(shares.hits > 0, shares.hits * np.log(rate), 0.0)
        miss = np.where(misses > 0, misses * np.log1p(-rate), 0.0)
    return np.asarray(hit + miss)


def _quantile_mixing(before: Sample, after: Sample, share: float) -> tuple[float, float]:
    g = TAU**2 * share * (1 - share) / (1 / before.n + 1 / after.n)
    return g / (1 + g), 1 / float(np.sqrt(1 + g))


def _quantile_surprise(before: Sample, after: Sample, share: float, log_ratio: float) -> float:
    """Return the log likelihood ratio against "the quantile is `ratio` times that before"."""
    ratio = float(np.exp(log_ratio))
    at = np.unique(np.concatenate((before.values, after.values / ratio)))
    return float(np.min(_apart(before, at, share) + _apart(after, at * ratio, share)))


def _apart(sample: Sample, at: Array, share: float) -> Array:
    """Return how far a sample speaks against each value being its quantile."""
    (under, _), (_, up_to) = sample.below(at * (1 - 1e-12)), sample.below(at * (1 + 1e-12))
    found = np.clip(share, under, up_to)  # among equal values the quantile may be any of them
    with np.errstate(divide="ignore", invalid="ignore"):
        low = np.where(found > 0, found * np.log(found / share), 0.0)
        high = np.where(found < 1, (1 - found) * np.log((1 - found) / (1 - share)), 0.0)
    return np.asarray(sample.n * (low + high))
