"""Experience scores against the mixed model written out in full."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from evaluation.methods.experience import experience_scores


def test_standard_errors_and_shrinkage_are_those_of_the_full_covariance() -> None:
    rng = np.random.default_rng(1)
    unit = np.repeat(np.arange(8), rng.integers(5, 40, 8))
    age = rng.normal(50, 15, unit.size)
    y = 60 + 0.1 * (age - 50) + rng.normal(0, 5, 8)[unit] + rng.normal(0, 8, unit.size)
    result = experience_scores(y, [f"U{k}" for k in unit], pd.DataFrame({"alder": age}))

    x, member = np.column_stack([np.ones(unit.size), age]), (unit[:, None] == np.arange(8)).astype(float)
    inverse = np.linalg.inv(result.var_unit * member @ member.T + result.var_person * np.eye(unit.size))
    cov = np.linalg.inv(x.T @ inverse @ x)
    coef = cov @ x.T @ inverse @ y
    for place, name in enumerate(("konstant", "alder")):
        assert result.coefficients[name].value == pytest.approx(coef[place], rel=1e-6)
        assert result.coefficients[name].se == pytest.approx(np.sqrt(cov[place, place]), rel=1e-6)
    shrunken = result.var_unit * member.T @ inverse @ (y - x @ coef)
    assert [u.deviation for u in result.units] == pytest.approx(shrunken, abs=1e-4)
