"""Limits of a funnel: the tails of chance to the last count, alike both ways, and wider by a named rule."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from evaluation.methods.funnel import LEVELS, dispersion, funnel_proportions, funnel_ratios
from evaluation.pictures.funnel import traktplott

NINE = [2] * 9


@pytest.mark.parametrize(("seen", "tail", "outside"), [(5, 0.0527, 0), (6, 0.0166, 1), (0, 0.1353, 0)])
def test_a_count_is_outside_where_its_own_tail_is_less_than_half_of_what_is_left(
    seen: int, tail: float, outside: int
) -> None:
    chance = stats.poisson(2.0)
    assert (chance.sf(seen - 1) if seen > 2 else chance.cdf(seen)) == pytest.approx(tail, abs=1e-4)
    r = funnel_ratios([*NINE, seen], [2.0] * 10, overdispersion="none")
    assert r.outside[0.95][-1] == outside


@settings(max_examples=25)
@given(st.integers(5, 400), st.floats(0.02, 0.98), st.sampled_from(LEVELS))
def test_exact_limits_flag_by_the_tails_and_mirror_each_other(n: int, p: float, level: float) -> None:
    counts = np.arange(n + 1)
    total = np.full(n + 1, n)
    if n < 9:
        return
    r = funnel_proportions(counts, total, target=p, overdispersion="none")
    chance, half = stats.binom(n, p), (1 - level) / 2
    expected = (chance.sf(counts - 1) < half).astype(int) - (chance.cdf(counts) < half).astype(int)
    # A tail that is half to the last digit may fall on either side.
    near = np.minimum(abs(chance.sf(counts - 1) - half), abs(chance.cdf(counts) - half)) < 1e-9
    assert (np.array(r.outside[level]) == expected)[~near].all()
    turned = funnel_proportions(n - counts, total, target=1 - p, overdispersion="none")
    assert r.limits[level][0] == pytest.approx(1 - turned.limits[level][1], abs=1e-7)


def test_limits_leave_out_no_more_than_they_say() -> None:
    rng = np.random.default_rng(1)
    expected = rng.uniform(1, 12, 4000)
    r = funnel_ratios(rng.poisson(expected), expected, overdispersion="none")
    assert np.mean(np.array(r.outside[0.95]) > 0) <= 0.025 + 0.005
    assert np.mean(np.array(r.outside[0.95]) < 0) <= 0.025 + 0.005


def test_over_dispersion_is_a_choice_and_named() -> None:
    rng = np.random.default_rng(2)
    n = rng.integers(80, 900, 60)
    x = rng.binomial(n, np.clip(rng.normal(0.3, 0.06, 60), 0.05, 0.9))
    none, z, factor, extra = (
        funnel_proportions(x, n, **choice)
        for choice in (
            {"overdispersion": "none"},
            {"overdispersion": "none", "limits": "z"},
            {"overdispersion": "multiplicative"},
            {"overdispersion": "additive"},
        )
    )
    flagged = [sum(map(abs, r.outside[0.998])) for r in (none, z, factor, extra)]
    assert min(flagged[:2]) > 10 > max(flagged[2:])
    assert abs(flagged[0] - flagged[1]) <= 2
    assert [r.rule.split(" (")[0] for r in (none, z, factor, extra)] == [
        "eksakt binomisk",
        "z på arcsinusskala",
        "z på arcsinusskala, ganget med √φ",
        "z på arcsinusskala, variansen økt med τ²",
    ]
    # The factor widens every limit alike, the variance those of large units most (Spiegelhalter 2005).
    reach = [r.limits[0.95][1] - z.limits[0.95][1] for r in (factor, extra)]
    assert np.corrcoef(reach[0], n)[0, 1] < -0.8
    assert reach[1][n.argmax()] > reach[0][n.argmax()]
    assert traktplott(factor).notes == (f"Grenser: {factor.rule}.",)


def test_the_variance_between_units_is_found_again() -> None:
    rng, tau = np.random.default_rng(3), 0.08
    se = 1 / (2 * np.sqrt(rng.uniform(50, 500, 4000)))
    z = rng.normal(0.5, np.sqrt(se**2 + tau**2))
    found = dispersion(z, 0.5, se, winsorise=0.0)
    assert found.tau == pytest.approx(tau, rel=0.05)
    assert found.phi == pytest.approx(np.mean((se**2 + tau**2) / se**2), rel=0.05)
