"""Restricted maximum likelihood against its definition in full: AR(1) errors, and a random intercept."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.linalg import null_space, toeplitz
from scipy.stats import multivariate_normal

from evaluation.basis.requirements import Matrix, Vector
from evaluation.methods.experience import experience_scores
from evaluation.methods.its_continuous import its_continuous
from evaluation.methods.linear import ols
from evaluation.methods.reml import reml_ar1
from evaluation.methods.time_axis import TERMS, interrupted


def ar1(rng: np.random.Generator, n: int, rho: float) -> Vector:
    y = rng.normal(size=n)
    for i in range(1, n):
        y[i] = rho * y[i - 1] + math.sqrt(1 - rho**2) * y[i]
    return y


def segments(n: int) -> Matrix:
    return interrupted(range(n), n // 2)[0].segments


@pytest.mark.parametrize("rho", [-0.3, 0.0, 0.5])
def test_no_other_autocorrelation_makes_the_contrasts_likelier(rho: float) -> None:
    x, y = segments(40), ar1(np.random.default_rng(7), 40, rho)
    fit = reml_ar1(y, x, TERMS)
    # What the line says nothing about: combinations of the points that are zero for every line.
    contrasts = null_space(x.T)

    def likelihood(at: float) -> float:
        cov = contrasts.T @ toeplitz(at ** np.arange(40.0)) @ contrasts
        seen = contrasts.T @ y
        variance = seen @ np.linalg.solve(cov, seen) / seen.size
        return float(multivariate_normal.logpdf(seen, cov=variance * cov))

    assert all(likelihood(fit.rho) >= likelihood(other) for other in np.linspace(-0.95, 0.95, 60))
    gls = np.linalg.inv(toeplitz(fit.rho ** np.arange(40.0)))
    assert fit.coef == pytest.approx(np.linalg.solve(x.T @ gls @ x, x.T @ gls @ y))


def test_width_and_degrees_of_freedom_are_those_of_kenward_and_roger() -> None:
    n, step = 30, np.array([0.0, 0.0, 1.0, 0.0])
    x, y = segments(n), 50 + 7 * ar1(np.random.default_rng(3), n, 0.5)
    fit = reml_ar1(y, x, TERMS)

    def covariance(variance: float, rho: float) -> Matrix:
        return np.asarray(variance * toeplitz(rho ** np.arange(float(n))) / (1 - rho**2))

    def of_step(variance: float, rho: float) -> float:
        return float(step @ np.linalg.inv(x.T @ np.linalg.inv(covariance(variance, rho)) @ x) @ step)

    def slopes(f: Callable[[float, float], Any]) -> list[Any]:
        variance_by, rho_by = 1e-4 * variance, 1e-5
        return [
            (f(variance + variance_by, fit.rho) - f(variance - variance_by, fit.rho)) / (2 * variance_by),
            (f(variance, fit.rho + rho_by) - f(variance, fit.rho - rho_by)) / (2 * rho_by),
        ]

    variance = float(fit.residuals @ np.linalg.inv(covariance(1.0, fit.rho)) @ fit.residuals) / (n - 4)
    inverse = np.linalg.inv(covariance(variance, fit.rho))
    phi = np.linalg.inv(x.T @ inverse @ x)
    hat = inverse - inverse @ x @ phi @ x.T @ inverse
    turns = slopes(covariance)
    w = np.linalg.inv([[0.5 * np.trace(hat @ a @ hat @ b) for b in turns] for a in turns])
    gradient = np.array(slopes(of_step))
    assert fit.plain == pytest.approx(phi)
    assert fit.df_of(step) == pytest.approx(
        2 * (step @ phi @ step) ** 2 / (gradient @ w @ gradient), rel=1e-5
    )
    first = [x.T @ inverse @ a @ inverse @ x for a in turns]
    loss = sum(
        w[i, j] * (x.T @ inverse @ turns[i] @ inverse @ turns[j] @ inverse @ x - first[i] @ phi @ first[j])
        for i in (0, 1)
        for j in (0, 1)
    )
    assert fit.cov == pytest.approx(phi + 2 * phi @ loss @ phi, rel=1e-5)


def test_not_knowing_the_autocorrelation_costs_width_and_degrees_of_freedom() -> None:
    x, y = segments(30), ar1(np.random.default_rng(3), 30, 0.5)
    fit = reml_ar1(y, x, TERMS)
    step = np.array([0.0, 0.0, 1.0, 0.0])
    assert step @ fit.cov @ step > step @ fit.plain @ step
    assert 1 <= fit.df_of(step) < fit.df
    assert fit.effect("trinn").se > ols(y, x, TERMS).effect("trinn").se


def test_in_a_long_series_without_autocorrelation_it_is_least_squares() -> None:
    x, y = segments(400), np.random.default_rng(5).normal(size=400)
    reml, plain = reml_ar1(y, x, TERMS).effect("trinn"), ols(y, x, TERMS).effect("trinn")
    assert reml.value == pytest.approx(plain.value, abs=0.2 * plain.se)
    assert reml.se == pytest.approx(plain.se, rel=0.1)


def test_false_alarms_are_as_many_as_they_should_be_where_least_squares_has_three_times_as_many() -> None:
    rng, series = np.random.default_rng(2), 150
    alarms = np.zeros(2)
    for _ in range(series):
        r = its_continuous(ar1(rng, 24, 0.4), range(24), 12)
        alarms += [r.reml.step.sure, r.ols.step.sure]
    # 5 % of 150, and two standard errors.
    assert alarms[0] / series <= 0.085
    assert alarms[1] / series >= 0.12


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


def test_random_slopes_are_those_of_the_full_covariance() -> None:
    rng = np.random.default_rng(4)
    unit = np.repeat(np.arange(12), rng.integers(8, 40, 12))
    age = rng.normal(50, 15, unit.size)
    own = rng.multivariate_normal([0, 0], [[25, 0.3], [0.3, 0.04]], 12)
    y = 160 + own[unit, 0] + (0.1 + own[unit, 1]) * (age - 50) + rng.normal(0, 8, unit.size)
    r = experience_scores(y, unit.astype(str), pd.DataFrame({"alder": age}), slope="alder", scale=None)
    assert r.slopes is not None
    x = np.column_stack([np.ones(unit.size), age])
    z = np.column_stack([np.ones(unit.size), age - age.mean()])
    both = r.slopes.correlation * math.sqrt(r.var_unit * r.slopes.variance)
    between = np.array([[r.var_unit, both], [both, r.slopes.variance]])
    alike = unit[:, None] == unit
    inverse = np.linalg.inv(alike * (z @ between @ z.T) + r.var_person * np.eye(unit.size))
    cov = np.linalg.inv(x.T @ inverse @ x)
    coef = cov @ x.T @ inverse @ y
    for place, name in enumerate(("konstant", "alder")):
        assert r.coefficients[name].value == pytest.approx(coef[place], rel=1e-6)
        assert r.coefficients[name].se == pytest.approx(np.sqrt(cov[place, place]), rel=1e-6)
    for u in r.units:
        mine = unit == int(u.unit)
        pulled = between @ z[mine].T @ inverse[mine] @ (y - x @ coef)
        assert u.deviation == pytest.approx(pulled[0], abs=1e-4)
        assert u.slope is not None
        assert u.slope.value == pytest.approx(coef[1] + pulled[1], abs=1e-5)
