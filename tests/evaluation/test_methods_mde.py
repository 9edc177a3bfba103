"""One rule: the minimum detectable effect is that of the very interval it stands beside, in every method."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from evaluation.basis.estimate import Estimate
from evaluation.methods.arima import arima_its
from evaluation.methods.few_points import growth
from evaluation.methods.its_continuous import ContinuousITS, controlled_its, its_continuous
from evaluation.methods.its_counts import controlled_its_counts, its_counts
from evaluation.methods.power import mde_level_change, mde_of, mde_wald
from evaluation.methods.reml import reml_ar1
from evaluation.methods.time_axis import TERMS
from tests.evaluation.test_methods_definitions import ar1, segments

ONES = np.ones(48)


def quoted(estimate: Estimate) -> float:
    """The effect that the interval's own half-width and the t quantile of 80 % add up to."""
    half = (math.log(estimate.high / estimate.low) if estimate.ratio else estimate.high - estimate.low) / 2
    reach = mde_wald(estimate.se, estimate.df, alpha=1 - estimate.level)
    assert reach > half, "less than what the interval leaves out cannot be found four times out of five"
    return math.exp(reach) if estimate.ratio else reach


def test_the_smallest_effect_is_that_of_the_interval_beside_it() -> None:
    rng = np.random.default_rng(3)
    y, z, counts, others = rng.normal(size=48), rng.normal(size=48), *rng.poisson(90, (2, 48))
    its = its_continuous(y, range(48), 24, lags=1, level=0.9)
    both = controlled_its(y, z, range(48), 24, season=1)
    assert its.mde == pytest.approx(quoted(its.reml.step))
    assert both.difference.mde == pytest.approx(quoted(both.difference.reml.step))
    for quantiles in ("t", "normal"):
        for model in ("quasi", "poisson", "floored"):
            r = its_counts(counts, ONES, range(48), 24, model=model, quantiles=quantiles)
            assert r.mde_ratio == pytest.approx(quoted(r.step))
    c = controlled_its_counts(counts, ONES, others, ONES, range(48), 24)
    assert c.mde_ratio == pytest.approx(quoted(c.step))
    a = arima_its(y, range(48), 24, starts=2)
    assert a.mde == pytest.approx(quoted(a.step))
    g = growth(counts, ONES, range(48))
    assert g.mde_factor == pytest.approx(quoted(g.factor))


def california(cases_folder: object, **choices: int) -> ContinuousITS:
    wide = pd.read_csv(f"{cases_folder}/data/smoking.csv").pivot(
        index="year", columns="state", values="cigsale"
    )
    others = wide.drop(columns="California").mean(axis=1)
    return controlled_its(wide["California"], others, wide.index.to_numpy(), 1989, **choices)


def test_in_california_the_two_no_longer_contradict_each_other(cases_folder: object) -> None:
    step, mde = (r := california(cases_folder, lags=1).difference).reml.step, r.mde
    assert (step.low, step.high) == pytest.approx((-7.0, 2.9), abs=0.05)
    assert mde == pytest.approx(7.0, abs=0.05)


def test_what_hangs_on_the_bound_of_the_autocorrelation_is_refused_and_the_step_kept(
    cases_folder: object,
) -> None:
    r = california(cases_folder)
    assert r.difference.at_bound
    assert (r.difference.reml.slope, r.difference.reml.trend_before, r.parallel) == (None, None, None)
    assert r.difference.ols.slope is not None
    # The step is that of a random walk, whose shocks about the trend say how sure it is.
    d = np.diff(r.difference.fit.values)
    shock = (np.arange(d.size) == 18) * 1.0
    x = np.column_stack([np.ones(d.size), shock, np.arange(d.size) > 18])
    walk = np.linalg.lstsq(x, d, rcond=None)[0]
    assert r.difference.reml.step.value == pytest.approx(walk[1], abs=0.1)


def test_a_likelihood_with_its_top_inside_refuses_nothing() -> None:
    fit = reml_ar1(ar1(np.random.default_rng(1), 60, 0.5), segments(60), TERMS)
    assert fit.beyond is None
    assert all(fit.settled(term) for term in np.eye(4))


@pytest.mark.slow
@pytest.mark.parametrize(("side", "rho"), [(12, 0.0), (12, 0.4), (24, 0.4), (50, 0.4)])
def test_an_effect_of_that_size_is_found_four_times_out_of_five(side: int, rho: float) -> None:
    rng, series, found = np.random.default_rng(20260518), 500, 0.0
    x = segments(2 * side)
    for _ in range(series):
        step = reml_ar1(ar1(rng, 2 * side, rho), x, TERMS).effect("trinn")
        # A step added to a series moves the estimate as much, up or down, and neither error nor freedom.
        mde, half = mde_of(step), (step.high - step.low) / 2
        found += ((abs(step.value + mde) > half) + (abs(step.value - mde) > half)) / 2
    assert abs(found / series - 0.8) <= 0.03


Draw = Callable[[np.random.Generator, float], tuple[Estimate, float]]


def _counts(rng: np.random.Generator, ratio: float) -> tuple[Estimate, float]:
    r = its_counts(rng.poisson(200 * ratio ** (np.arange(48) >= 24)), ONES, range(48), 24)
    return r.step, r.mde_ratio


def _compared(rng: np.random.Generator, ratio: float) -> tuple[Estimate, float]:
    y, c = rng.poisson(200 * ratio ** (np.arange(48) >= 24)), rng.poisson(300, 48)
    r = controlled_its_counts(y, ONES, c, ONES, range(48), 24)
    return r.step, r.mde_ratio


def _growth(rng: np.random.Generator, ratio: float) -> tuple[Estimate, float]:
    mean = 500 * ratio ** np.arange(24) * rng.lognormal(0, 0.1, 24)
    r = growth(rng.poisson(mean), np.ones(24), range(24))
    return r.factor, r.mde_factor


@pytest.mark.slow
@pytest.mark.parametrize("draw", [_counts, _compared, _growth])
def test_a_ratio_of_that_size_is_found_four_times_out_of_five(draw: Draw) -> None:
    rng, series, found = np.random.default_rng(4), 500, 0
    for _ in range(series):
        _, mde = draw(rng, 1.0)
        found += draw(rng, mde)[0].sure
    assert abs(found / series - 0.8) <= 0.04


@pytest.mark.slow
@pytest.mark.parametrize(("side", "rho"), [(12, 0.0), (24, 0.4), (50, 0.4)])
def test_a_plan_finds_what_it_promises(side: int, rho: float) -> None:
    rng, series = np.random.default_rng(2), 500
    planned, x = mde_level_change(side, side, 1.0, rho=rho), segments(2 * side)
    found = 0.0
    for _ in range(series):
        step = reml_ar1(ar1(rng, 2 * side, rho), x, TERMS).effect("trinn")
        half = (step.high - step.low) / 2
        found += ((abs(step.value + planned) > half) + (abs(step.value - planned) > half)) / 2
    assert abs(found / series - 0.8) <= 0.05
