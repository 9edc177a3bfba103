"""ARIMA with a step for long monthly series: every optimum checked against several starts."""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from statsmodels.stats.diagnostic import acorr_ljungbox
from statsmodels.tsa.arima.model import ARIMA

from analysis_lib.evaluation.checks import (
    Integers,
    Matrix,
    Strength,
    at_least,
    not_constant,
    ordinal_of,
    same_length,
    sides,
    strength,
    timeline,
    vector,
)
from analysis_lib.evaluation.estimate import Estimate, wald
from analysis_lib.evaluation.power import mde_wald
from analysis_lib.evaluation.refusal import Reason, refuse, strictly

_SEED = 20260518


@dataclass(frozen=True, slots=True)
class ArimaITS:
    """An interrupted time series with ARIMA errors.

    Attributes
    ----------
    step, slope : Estimate
        Level change and change of trend per period; robust errors.
    order : tuple
        ((p, d, q), (P, D, Q, s)).
    log_likelihood : float
        On the scale of the data.
    agreeing : int
        Starts that reached the best log-likelihood, of `starts`.
    starts : int
    whiteness_p : float
        Ljung-Box test that nothing is left in the residuals.
    n_before, n_after : int
    mde : float
    strength : Strength
    """

    step: Estimate
    slope: Estimate
    order: tuple[tuple[int, int, int], tuple[int, int, int, int]]
    log_likelihood: float
    agreeing: int
    starts: int
    whiteness_p: float
    n_before: int
    n_after: int
    mde: float
    strength: Strength


def _fits(model: Any, starts: int) -> list[Any]:
    """Return the fits that converged, best first."""
    rng = np.random.default_rng(_SEED)
    first = np.asarray(model.start_params, dtype=float)
    found = []
    for number in range(starts):
        begin = (
            first
            if number == 0
            else first * rng.uniform(0.3, 1.5, first.size) + rng.normal(0, 0.05, first.size)
        )
        begin[-1] = max(abs(begin[-1]), 1e-3)
        with warnings.catch_warnings():
            # One start may fail; what counts is that several agree on the top.
            warnings.simplefilter("ignore")
            try:
                fit = model.fit(
                    start_params=begin,
                    cov_type="robust_approx",
                    method_kwargs={"maxiter": 500, "disp": 0, "pgtol": 1e-7, "factr": 10.0},
                )
            except (np.linalg.LinAlgError, ValueError):
                continue
        if math.isfinite(fit.llf):
            found.append(fit)
    return sorted(found, key=lambda fit: -fit.llf)


def arima_its(
    values: ArrayLike,
    periods: ArrayLike | pd.PeriodIndex,
    start: int | pd.Period,
    *,
    order: tuple[int, int, int] = (1, 0, 0),
    seasonal: tuple[int, int, int, int] = (0, 0, 0, 0),
    level: float = 0.95,
    starts: int = 5,
) -> ArimaITS:
    """Return step and slope change with ARIMA errors.

    Parameters
    ----------
    values : array_like, shape (n,)
    periods : array_like of int or PeriodIndex, shape (n,)
    start : int or Period
    order, seasonal : tuple of int
        Fixed in advance from the season and the series before the start; not searched over.
    starts : int
        Starting points for the optimiser.

    Raises
    ------
    AnalyseAvvist
        TOO_FEW_POINTS below 50 points, NO_CONVERGENCE if no two starts agree on the best
        log-likelihood, and what `timeline` and `sides` refuse.

    Notes
    -----
    Schaffer, Dobbins and Pearson (2021), BMC Medical Research Methodology 21: 58. The series is
    standardised before fitting; covariance is the robust sandwich, not the outer product of gradients.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> y = rng.normal(0, 1, 60) + np.repeat([0.0, 4.0], 30)
    >>> r = arima_its(y, range(60), 30, starts=2)
    >>> r.strength.value, 2 < r.step.value < 6
    ('bærende', True)
    """
    y = vector(values, "serien")
    same_length(serien=y, perioder=np.asarray(periods))
    when_order, when = timeline(periods)
    y = y[when_order]
    begin = ordinal_of(start)
    after, n_before, n_after = sides(when, begin)
    at_least(y.size, 50)
    not_constant(y, "serien")
    scale, centre = float(y.std()), float(y.mean())
    exog = _regressors(when, begin, after, order[1])
    model = ARIMA((y - centre) / scale, exog=exog, order=order, trend="n", seasonal_order=seasonal)
    found = _fits(model, starts)
    agreeing = [fit for fit in found if found[0].llf - fit.llf < 1e-3]
    if len(agreeing) < 2:
        refuse(
            Reason.NO_CONVERGENCE,
            f"ARIMA-modellen ga ulike svar fra {starts} utgangspunkter",
            hint="Velg en lavere orden.",
        )
    best = agreeing[0]
    with strictly("ARIMA"):
        se = np.sqrt(np.diag(np.asarray(best.cov_params())))
        skip = order[1] + seasonal[1] * seasonal[3]
        lags = min(12, (y.size - skip) // 5)
        white = acorr_ljungbox(best.resid[skip:], lags=[lags], model_df=0)
    rule = "ARIMA, robust sandwich, t(n−p)"
    df = float(y.size - skip - best.params.size)
    position = {name: best.model.param_names.index(name) for name in ("x1", "x2")}
    step, slope = (
        wald(best.params[i] * scale, se[i] * scale, rule, df=df, level=level) for i in position.values()
    )
    return ArimaITS(
        step=step,
        slope=slope,
        order=(order, seasonal),
        log_likelihood=float(best.llf) - (y.size - skip) * math.log(scale),
        agreeing=len(agreeing),
        starts=starts,
        whiteness_p=float(white["lb_pvalue"].iloc[0]),
        n_before=n_before,
        n_after=n_after,
        mde=mde_wald(step.se, df),
        strength=strength(n_before, n_after),
    )


def _regressors(when: Integers, start: int, after: NDArray[np.bool_], differences: int) -> Matrix:
    """Return step, slope change and, where no differencing removes them, trend and constant."""
    t = (when - start).astype(float)
    columns = [after.astype(float), t * after]
    if differences < 2:
        columns.append(t)
    if differences < 1:
        columns.append(np.ones_like(t))
    return np.column_stack(columns)
