"""Interrupted time series of counts: quasi-Poisson with the impact model fixed in advance."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from analysis_lib.evaluation import quasi_poisson
from analysis_lib.evaluation.checks import (
    Matrix,
    Strength,
    Vector,
    counts_vector,
    not_constant,
    ordinal_of,
    positive,
    same_length,
    sides,
    strength,
    timeline,
)
from analysis_lib.evaluation.estimate import Estimate, quantile
from analysis_lib.evaluation.proportions import TestResult
from analysis_lib.evaluation.quasi_poisson import CountFit
from analysis_lib.evaluation.refusal import Reason, refuse


@dataclass(frozen=True, slots=True)
class CountITS:
    """An interrupted time series of counts.

    Attributes
    ----------
    step : Estimate
        Rate ratio at the start of the measure.
    slope : Estimate or None
        Ratio of the trend after to the trend before, per period; None in a step-only model.
    trend : Estimate
        Rate ratio per period before the start.
    n_before, n_after : int
    exposure : float
        Total.
    dispersion : float
    autocorrelation : float
        Lag one, of the Pearson residuals.
    slope_test : TestResult or None
        F test of the slope change against the step-only model.
    mde_ratio : float
        The smallest rate ratio above 1 found with 80 % power; its inverse below 1.
    strength : Strength
    fit : CountFit
    """

    step: Estimate
    slope: Estimate | None
    trend: Estimate
    n_before: int
    n_after: int
    exposure: float
    dispersion: float
    autocorrelation: float
    slope_test: TestResult | None
    mde_ratio: float
    strength: Strength
    fit: CountFit


def harmonics(t: Vector, pairs: int, period: int) -> tuple[Matrix, list[str]]:
    """Return `pairs` sine and cosine columns, shape (n, 2 · pairs), and their names.

    >>> harmonics(np.arange(3.0), 1, 12)[1]
    ['sin1', 'cos1']
    """
    columns: list[Vector] = []
    names: list[str] = []
    for k in range(1, pairs + 1):
        angle = 2 * math.pi * k * t / period
        columns += [np.sin(angle), np.cos(angle)]
        names += [f"sin{k}", f"cos{k}"]
    return (np.column_stack(columns) if columns else np.empty((t.size, 0))), names


def its_counts(
    counts: ArrayLike,
    exposure: ArrayLike,
    periods: ArrayLike | pd.PeriodIndex,
    start: int | pd.Period,
    *,
    slope_change: bool = False,
    pairs: int = 0,
    period: int = 12,
    model: str = "floored",
    quantiles: str = "t",
    level: float = 0.95,
) -> CountITS:
    """Return the step (and slope change) in a series of counts after a measure.

    Parameters
    ----------
    counts, exposure : array_like, shape (n,)
    periods : array_like of int or PeriodIndex, shape (n,)
        Without repeats and gaps.
    start : int or Period
        The first period with the measure.
    slope_change : bool
        Impact model with a change of trend as well; decided before looking at the data.
    pairs, period : int
        Harmonic pairs for the season, and its length in periods.
    model : {"floored", "quasi", "poisson"}
        Dispersion at least 1, as estimated, or fixed at 1.
    quantiles : {"t", "normal"}

    Raises
    ------
    AnalyseAvvist
        TOO_FEW_POINTS (two or fewer on a side, or a season from less than two cycles), START_OUTSIDE,
        CONSTANT_SERIES and what `timeline` and `quasi_poisson.fit` refuse.

    Notes
    -----
    Lopez Bernal, Cummins and Gasparrini (2017), International Journal of Epidemiology 46: 348–355.

    Examples
    --------
    >>> r = its_counts([100, 110, 95, 105, 70, 78, 66, 74], [1.0] * 8, range(2011, 2019), 2015)
    >>> r.strength.value, r.step.value < 0.8
    ('ingen konklusjon', True)
    """
    y, e = counts_vector(counts), positive(exposure)
    same_length(antall=y, eksponering=e, perioder=np.asarray(periods))
    order, when = timeline(periods)
    y, e = y[order], e[order]
    begin = ordinal_of(start)
    after, n_before, n_after = sides(when, begin)
    not_constant(y / e, "raten")
    if pairs and when.size < 2 * period:
        refuse(Reason.TOO_FEW_POINTS, f"{when.size} punkter er mindre enn to hele sesonger på {period}")
    t = (when - begin).astype(float)
    season, season_names = harmonics(t, pairs, period)
    base = np.column_stack([np.ones_like(t), t, after.astype(float), season])
    names = ["konstant", "trend", "trinn", *season_names]
    result = quasi_poisson.fit(y, e, base, names)
    slope_test = None
    if slope_change:
        larger = quasi_poisson.fit(y, e, np.column_stack([base, t * after]), [*names, "helning"])
        slope_test = quasi_poisson.compare(result, larger)
        result = larger

    def effect(name: str) -> Estimate:
        return result.ratio(name, model=model, quantiles=quantiles, level=level)

    step = effect("trinn")
    return CountITS(
        step=step,
        slope=effect("helning") if slope_change else None,
        trend=effect("trend"),
        n_before=n_before,
        n_after=n_after,
        exposure=float(e.sum()),
        dispersion=result.dispersion,
        autocorrelation=lag_one(result.pearson),
        slope_test=slope_test,
        mde_ratio=math.exp((quantile(0.95, result.df) + quantile(0.6, result.df)) * step.se),
        strength=strength(n_before, n_after),
        fit=result,
    )


def lag_one(residuals: Vector) -> float:
    """Return the autocorrelation of residuals at lag one.

    >>> lag_one(np.array([1.0, -1.0, 1.0, -1.0]))
    -0.75
    """
    centred = residuals - residuals.mean()
    total = float(centred @ centred)
    return float(centred[1:] @ centred[:-1]) / total if total > 0 else 0.0
