"""The statistics of comparisons against independent references and simulated truth."""

import numpy as np
import pytest

from isotherm.query.evidence import (
    TAU,
    Sample,
    Shares,
    discoveries,
    e_values,
    quantile_e_value,
    quantile_ratio,
    ratio_intervals,
    wilson,
)
from tests.bench.aa import Site, run


def yes(n: int, hits: int) -> Shares:
    return Shares(*(np.array([float(number)]) for number in (n, hits, hits)))


def sample(values: np.ndarray) -> Sample:
    return Sample(np.sort(values), np.ones(len(values)), float(len(values)))


def test_evidence_is_the_mixture_that_it_claims_to_be() -> None:
    """For many sessions the likelihood is normal: integrate its ratio over the prior by hand."""
    before, after = yes(400_000, 80_000), yes(300_000, 60_500)
    difference = np.log(60_500 / 239_500) - np.log(80_000 / 320_000)
    pooled = 140_500 / 700_000
    deviation = np.sqrt((1 / 400_000 + 1 / 300_000) / (pooled * (1 - pooled)))
    effect = np.linspace(-4, 4, 400_001)
    prior = np.exp(-(effect**2) / (2 * TAU**2)) / (TAU * np.sqrt(2 * np.pi))
    gain = np.exp((2 * difference * effect - effect**2) / (2 * deviation**2))
    expected = np.trapezoid(prior * gain, effect)
    assert e_values(before, after)[0] == pytest.approx(expected, rel=0.02)


def test_evidence_of_rare_things_is_no_more_than_the_exact_odds() -> None:
    """Three dead clicks, all of them after: the chance of that is (20/70)^3, give or take."""
    evidence = e_values(yes(50, 0), yes(20, 3))[0]
    assert 1 < evidence < 1 / (20 * 19 * 18 / (70 * 69 * 68))


@pytest.mark.parametrize("hits", [(3, 27), (100, 55), (0, 40), (40, 0), (500, 500)])
@pytest.mark.parametrize("alpha", [0.05, 0.001])
def test_an_interval_leaves_out_no_change_exactly_when_there_is_evidence(
    hits: tuple[int, int], alpha: float
) -> None:
    before, after = yes(1000, hits[0]), yes(900, hits[1])
    [ratio], [low], [high] = ratio_intervals(before, after, alpha)
    assert low <= ratio <= high
    assert (low > 1 or high < 1) == (e_values(before, after)[0] >= 1 / alpha)


@pytest.mark.thorough
def test_intervals_of_every_hour_hold_the_truth_together() -> None:
    """Twice as often in truth: few runs have it outside at any of 58 looks."""
    random = np.random.default_rng(11)
    runs, looks, rate = 400, 300, 0.05
    first = random.binomial(2000, rate, runs).astype(np.float64)
    n = np.cumsum(random.poisson(8, (looks, runs)), axis=0).astype(np.float64)
    steps = np.diff(n, axis=0, prepend=0).astype(int)
    hits = np.cumsum(random.binomial(steps, 2 * rate), axis=0).astype(np.float64)
    outside = np.zeros(runs, np.bool_)
    for look in range(10, looks, 5):
        before = Shares(np.full(runs, 2000.0), first, first)
        _, low, high = ratio_intervals(before, Shares(n[look], hits[look], hits[look]), 0.05)
        outside |= (low > 2) | (high < 2)
    assert outside.mean() <= 0.05


def test_shares_that_scatter_little_say_more() -> None:
    always = Shares(np.array([500.0]), np.array([100.0]), np.array([20.5]))  # each about a fifth
    fewer = Shares(np.array([500.0]), np.array([90.0]), np.array([16.7]))
    assert e_values(always, fewer)[0] > 20 > e_values(yes(500, 100), yes(500, 90))[0]


@pytest.mark.thorough
def test_discoveries_are_those_of_another_implementation() -> None:
    from ville.evalues import ebh  # it takes all of SciPy along

    random = np.random.default_rng(2)
    for _ in range(50):
        e = np.exp(random.normal(0, 4, 30))
        assert (discoveries(e, 0.05, 30) == ebh(e, 0.05)).all()


def test_wilson_intervals_are_the_published_ones() -> None:
    """Newcombe 1998, table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29."""
    low, high = wilson(np.array([81, 15, 0, 1.0]), np.array([263, 148, 20, 29.0]))
    assert low == pytest.approx([0.2553, 0.0624, 0.0, 0.0061], abs=5e-5)
    assert high == pytest.approx([0.3662, 0.1605, 0.1611, 0.1718], abs=5e-5)


def test_the_quantile_lies_in_its_interval_19_times_of_20() -> None:
    random = np.random.default_rng(5)
    truth = float(np.exp(5 + 0.6 * 0.6744898))
    inside = 0
    for _ in range(2000):
        low, high = sample(random.lognormal(5, 0.6, 60)).quantile_interval(0.75)
        inside += low <= truth <= high
    assert 0.93 <= inside / 2000 <= 0.97


def test_a_slower_quantile_is_found_with_the_ratio_that_it_has() -> None:
    random = np.random.default_rng(7)
    before = sample(np.round(random.lognormal(5, 0.5, 2000)))
    after = sample(np.round(random.lognormal(5, 0.5, 1500) * 1.5))
    ratio, low, high = quantile_ratio(before, after, 0.75, 0.05)
    assert low < 1.5 < high
    assert low > 1.3
    assert high < 1.7
    assert low < ratio < high
    assert quantile_e_value(before, after, 0.75) > 1000
    assert quantile_e_value(before, before, 0.75) < 1


def test_equal_values_are_no_evidence() -> None:
    """Half of all take exactly 100 ms: the quantile may be any of the equal ones."""
    before = sample(np.array([50.0] * 60 + [100.0] * 40))
    after = sample(np.array([50.0] * 30 + [100.0] * 70))
    assert quantile_e_value(before, after, 0.75) < 1


@pytest.mark.thorough
def test_hourly_looks_at_nothing_raise_nothing() -> None:
    """A small one of `make aa`: 12 sites, 30 days, every hour, nothing changed."""
    random = np.random.default_rng(18)
    runs = [run(random, Site(loading=False, elements=10)) for _ in range(12)]
    assert sum(one.first is not None for one in runs) <= 1


def test_hourly_looks_find_a_broken_button() -> None:
    found = run(np.random.default_rng(4), Site(loading=False, elements=10, broken=9.0))
    assert found.first is not None
    assert found.first < 96
    dead = 10 * ("reach", "share", "rage", "dead", "error").index("dead")
    assert set(np.flatnonzero(found.found[-1]).tolist()) == {dead}, (
        "the first element, nothing else"
    )
