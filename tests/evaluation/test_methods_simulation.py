"""Small seeded simulations: intervals that cover, and estimators that find the truth where others do not."""

from __future__ import annotations

import numpy as np
import pytest

from analysis_lib.errors import AnalyseAvvist
from evaluation.basis.estimate import exp_wald
from evaluation.methods.did import twfe
from evaluation.methods.few_points import growth
from evaluation.methods.fixed_effects import imputation
from evaluation.methods.joinpoint import joinpoint
from evaluation.methods.panel import simulated_panel
from evaluation.methods.sensitivity import relative_magnitudes
from evaluation.methods.staggered import callaway_santanna, sun_abraham

DAYS = np.array([21, 20, 22, 19, 18.0])


def test_five_point_growth_covers_what_it_says() -> None:
    rng = np.random.default_rng(1)
    truth, series = 1.08, 200
    held = naive = 0
    for _ in range(series):
        mean = 2000 * DAYS * truth ** np.arange(5) * rng.lognormal(0, 0.08, 5)
        r = growth(rng.poisson(mean), DAYS, range(5))
        held += r.factor.low <= truth <= r.factor.high
        poisson = exp_wald(np.log(r.factor.value), r.factor.se / np.sqrt(max(r.dispersion, 1.0)), "Poisson")
        naive += poisson.low <= truth <= poisson.high
    # Two binomial standard errors at 200 series are 3.1 points.
    assert 0.92 <= held / series <= 0.98
    assert naive / series < 0.3, "the Poisson interval ignores the noise between months"


def test_staggered_adoption_recovers_what_twfe_misses() -> None:
    rng = np.random.default_rng(2)
    draws = []
    for _ in range(20):
        data = simulated_panel(rng, [3.0, 6.0, np.inf], periods=10, effect=lambda since: 1.0 + since)
        truth = float((1.0 + data.since)[data.since >= 0].mean())
        cs, weighted = callaway_santanna(data), twfe(data)
        simple = cs.simple
        covered = simple.low <= truth <= simple.high
        draws.append(
            (simple.value - truth, sun_abraham(data).att.value - truth, imputation(data).att.value - truth,
             weighted.effect.value - truth, covered, weighted.forbidden_weight)
        )  # fmt: skip
    bias = np.mean(np.array(draws, dtype=float), axis=0)
    assert abs(bias[0]) < 0.1
    assert abs(bias[1]) < 0.1
    assert abs(bias[2]) < 0.1
    assert bias[3] < -0.5, "two-way fixed effects understate effects that grow"
    assert bias[4] >= 0.85
    assert bias[5] > 0.1, "and the decomposition warns of it"


def test_unparallel_trends_are_survived_only_by_the_robust_interval() -> None:
    rng = np.random.default_rng(3)
    plain = robust = 0
    for _ in range(30):
        data = simulated_panel(rng, [5.0, np.inf], units=30, periods=6, drift=0.3)
        s = relative_magnitudes(callaway_santanna(data).event_study, (0.0, 1.0))
        plain += s.bounds[0.0][0] <= 0 <= s.bounds[0.0][1]
        robust += s.bounds[1.0][0] <= 0 <= s.bounds[1.0][1]
    assert plain < 15, "a straight drift looks like an effect"
    assert robust >= 28


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["exposure", "n"])
def test_joinpoints_of_counts_are_found_where_they_are_and_not_where_none_is(kind: str) -> None:
    rng, t, series = np.random.default_rng(8), np.arange(16), 15
    size = {kind: np.full(16, 1000)}
    found = held = 0
    for _ in range(series):
        straight, bent = 0.1 * np.exp(0.03 * t), 0.1 * np.exp(0.12 * np.minimum(t, 8))
        draw = rng.poisson if kind == "exposure" else lambda mean: rng.binomial(1000, mean / 1000)
        try:
            joinpoint(draw(1000 * straight), t, **size)
            found += 1
        except AnalyseAvvist:
            pass
        r = joinpoint(draw(1000 * bent), t, **size)
        held += r.profile[0] <= 8 <= r.profile[1]
    assert found <= 2, "5 % of 15 and two standard errors"
    assert held >= 0.8 * series


def test_joinpoint_rejects_a_straight_line_as_often_as_it_says() -> None:
    found = 0
    for seed in range(60):
        y = 0.1 * np.arange(15) + np.random.default_rng(seed).normal(size=15)
        try:
            joinpoint(y, range(15))
            found += 1
        except AnalyseAvvist:
            pass
    assert found <= 6, "5 % of 60 and two standard errors"
