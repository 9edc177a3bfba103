"""Structural time series: published numbers, the definition in full, and a step found as often as said."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from evaluation.basis.requirements import Strength
from evaluation.methods.structural import structural_series
from tests.evaluation.cases_inline import nile


def test_the_nile_to_the_last_printed_digit() -> None:
    # Durbin and Koopman (2012), section 2.10.3; unscaled, the library's search stops at 15078.
    r = structural_series(*nile())
    assert (r.noise, r.drift) == pytest.approx((15098.5, 1469.2), abs=0.05)
    assert r.log_likelihood == pytest.approx(-632.5456, abs=1e-4)
    assert r.level[:2] == pytest.approx([1111.5, 1110.8], abs=0.5)


def test_seat_belts(cases_folder: Path) -> None:
    # Durbin and Koopman (2012), section 8.2, where the season drifts with a variance of 5e-7; ours is fixed.
    d = pd.read_csv(cases_folder / "data/seatbelts.csv")
    months = pd.period_range("1969-01", periods=192, freq="M")
    petrol = pd.DataFrame({"bensin": np.log(d.PetrolPrice)})
    r = structural_series(np.log(d.drivers), months, months[169], season=True, regressors=petrol)
    assert r.step is not None
    assert (r.step.value, r.step.se) == pytest.approx((-0.23773, 0.04632), abs=4e-4)
    assert r.regressors["bensin"].se == pytest.approx(0.09832, abs=4e-4)
    assert r.season[[3, 11]] == pytest.approx([r.season.min(), r.season.max()])
    assert (r.strength, r.unseasonal) == (Strength.EXPLORATORY, False)
    assert r.step.sure


def test_step_and_ramp_are_generalised_least_squares_with_a_drifting_level() -> None:
    n, begin = 60, 30
    rng = np.random.default_rng(2)
    age = rng.normal(size=n)
    y = 50 + rng.normal(size=n) + 0.4 * rng.normal(size=n).cumsum() + 2 * age + 3 * (np.arange(n) >= begin)
    r = structural_series(y, range(n), begin, effect="both", regressors=pd.DataFrame({"alder": age}))
    assert r.step is not None
    assert r.slope is not None
    after = np.arange(n) >= begin
    x = np.column_stack([np.ones(n), age, after, (np.arange(n) - begin) * after])
    walk = np.minimum.outer(np.arange(n), np.arange(n))
    inverse = np.linalg.inv(r.noise * np.eye(n) + r.drift * walk)
    cov = np.linalg.inv(x.T @ inverse @ x)
    coef = cov @ x.T @ inverse @ y
    for k, e in ((1, r.regressors["alder"]), (2, r.step), (3, r.slope)):
        assert (e.value, e.se) == pytest.approx((coef[k], np.sqrt(cov[k, k])), rel=1e-5)
        assert 1 <= e.df <= n - 4


def test_units_and_order_do_not_matter() -> None:
    rng = np.random.default_rng(5)
    y = rng.normal(size=40) + 0.5 * rng.normal(size=40).cumsum()
    order = rng.permutation(40)
    one, two = (
        structural_series(y, range(40), 20),
        structural_series(1e4 * y[order] + 7e5, np.arange(40)[order] + 900, 920),
    )
    assert one.step is not None
    assert two.step is not None
    assert (two.step.value, two.step.se) == pytest.approx((1e4 * one.step.value, 1e4 * one.step.se), rel=1e-4)
    assert two.mde == pytest.approx(1e4 * (one.mde or 0), rel=1e-3)


@pytest.mark.slow
def test_false_alarms_and_the_smallest_effect_hold_where_the_level_drifts() -> None:
    rng, series = np.random.default_rng(3), 150
    alarms = found = 0.0
    for _ in range(series):
        r = structural_series(rng.normal(size=48) + 0.3 * rng.normal(size=48).cumsum(), range(48), 24)
        assert r.step is not None
        assert r.mde is not None
        half = (r.step.high - r.step.low) / 2
        alarms += r.step.sure
        found += ((abs(r.step.value + r.mde) > half) + (abs(r.step.value - r.mde) > half)) / 2
    assert alarms / series <= 0.1
    assert abs(found / series - 0.8) <= 0.05
