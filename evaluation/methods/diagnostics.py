"""How much one point carries, and whether neighbours in time err alike: what to look at after a fit."""

from __future__ import annotations

import numpy as np
from statsmodels.tsa.stattools import acf

from analysis_lib.errors import AnalyseAvvist
from evaluation.basis.checks import Vector
from evaluation.basis.estimate import Estimate
from evaluation.methods import linear, quasi_poisson
from evaluation.methods.linear import LinearFit
from evaluation.methods.quasi_poisson import CountFit

Fit = CountFit | LinearFit


def estimate(fit: Fit, name: str, *, level: float = 0.95) -> Estimate:
    """Return a term of a fit: a rate ratio with dispersion at least 1, or a change on the data's scale."""
    if isinstance(fit, CountFit):
        return fit.ratio(name, model="floored", level=level)
    return fit.effect(name, level=level)


def without_each(fit: Fit, name: str, *, level: float = 0.95) -> tuple[Estimate | None, ...]:
    """Return a term estimated again without each of the n points; None where the rest cannot carry it.

    Time keeps its gap: the other points stay where they are. Series are refitted by ordinary least squares.

    Examples
    --------
    >>> line = np.column_stack([np.ones(5), np.arange(5.0)])
    >>> fit = linear.ols([1.0, 2.1, 2.9, 4.0, 9.0], line, ["konstant", "tid"])
    >>> [round(e.value, 2) for e in without_each(fit, "tid") if e]
    [2.18, 1.8, 1.79, 2.02, 0.98]
    """
    return tuple(_without(fit, place, name, level) for place in range(fit.design.shape[0]))


def _without(fit: Fit, place: int, name: str, level: float) -> Estimate | None:
    design = np.delete(fit.design, place, axis=0)
    refitted: Fit
    try:
        if isinstance(fit, CountFit):
            counts, exposure = np.delete(fit.counts, place), np.delete(fit.exposure, place)
            refitted = quasi_poisson.fit(counts, exposure, design, fit.names)
        else:
            refitted = linear.ols(np.delete(fit.values, place), design, fit.names)
    except AnalyseAvvist:
        return None
    return estimate(refitted, name, level=level)


def lag_one(residuals: Vector) -> float:
    """Return the autocorrelation of residuals at lag one; zero where nothing varies.

    >>> lag_one(np.array([1.0, -1.0, 1.0, -1.0]))
    -0.75
    """
    return float(autocorrelations(residuals, 1)[0])


def autocorrelations(residuals: Vector, lags: int) -> Vector:
    """Return the autocorrelation of residuals, shape (n,), at lags 1, 2 …; zeros where nothing varies.

    >>> autocorrelations(np.array([1.0, -1.0, 1.0, -1.0]), 2).tolist()
    [-0.75, 0.5]
    """
    if np.ptp(residuals) == 0:
        return np.zeros(lags)
    return np.asarray(acf(residuals, nlags=lags, fft=False)[1:], dtype=float)
