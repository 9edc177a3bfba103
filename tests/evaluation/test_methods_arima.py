"""ARIMA errors: as large as if the autocorrelation were known, and short series held back."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.linalg import toeplitz

from evaluation.basis.requirements import Strength
from evaluation.methods.arima import arima_its
from tests.evaluation.test_methods_definitions import ar1, segments


def test_the_error_is_that_of_the_observed_information() -> None:
    n = 60
    y, x = ar1(np.random.default_rng(5), n, 0.4), segments(n)
    r = arima_its(y, range(n), n // 2, starts=2)
    true = np.linalg.inv(x.T @ np.linalg.inv(toeplitz(0.4 ** np.arange(n))) @ x)
    assert r.step.se == pytest.approx(math.sqrt(true[2, 2]), rel=0.25)
    assert "observert informasjon" in r.step.rule


def test_on_average_the_errors_are_not_too_small_at_thirty_on_a_side() -> None:
    n, rng = 60, np.random.default_rng(6)
    found = [arima_its(ar1(rng, n, 0.4), range(n), n // 2, starts=2).step for _ in range(30)]
    true = float(np.std([step.value for step in found]))
    # The sandwich had 0.7 of it.
    assert np.mean([step.se for step in found]) / true > 0.85


@pytest.mark.parametrize(
    ("side", "strength"), [(24, Strength.EXPLORATORY), (30, Strength.EXPLORATORY), (50, Strength.SUPPORTED)]
)
def test_forty_eight_months_are_let_through_and_held_back(side: int, strength: Strength) -> None:
    y = np.random.default_rng(7).normal(size=2 * side)
    assert arima_its(y, range(2 * side), side, starts=2).strength is strength
