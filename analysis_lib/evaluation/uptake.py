"""Logistic uptake: a ceiling is given only where the data bound it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from analysis_lib.evaluation.checks import (
    Matrix,
    Vector,
    at_least,
    not_constant,
    probability,
    same_length,
    vector,
)
from analysis_lib.evaluation.estimate import Estimate, wald
from analysis_lib.evaluation.least_squares import CurveFit, fit_curve, profile_first
from analysis_lib.evaluation.refusal import Reason, refuse

RULE = "ikke-lineære minste kvadrater, t(n−p)"


@dataclass(frozen=True, slots=True)
class Logistic:
    """A logistic curve ``ceiling / (1 + exp(offset − rate · x))``.

    Attributes
    ----------
    ceiling, offset, rate : Estimate
    profile : tuple of float
        Profile interval of the ceiling, which its Wald interval understates.
    rss : float
    """

    ceiling: Estimate
    offset: Estimate
    rate: Estimate
    profile: tuple[float, float]
    rss: float


def _curve(x: Vector, b: Vector) -> Vector:
    return np.asarray(b[0] / (1 + np.exp(b[1] - b[2] * x)))


def _gradient(x: Vector, b: Vector) -> Matrix:
    s = 1 / (1 + np.exp(b[1] - b[2] * x))
    slope = b[0] * s * (1 - s)
    return np.column_stack([s, -slope, slope * x])


def logistic(values: ArrayLike, x: ArrayLike, *, level: float = 0.95) -> Logistic:
    """Fit a logistic uptake curve by nonlinear least squares.

    Parameters
    ----------
    values, x : array_like, shape (n,)
        The level reached at each x, in any order.

    Raises
    ------
    AnalyseAvvist
        TOO_FEW_POINTS below 6; CONSTANT_SERIES; NO_CONVERGENCE; NOT_IDENTIFIED if the profile
        likelihood does not bound the ceiling from above: growth without end then fits as well.

    Notes
    -----
    Fitted from 27 starts on a scaled problem. Bates and Watts (1988), section 6.1, for the profile.

    Examples
    --------
    >>> x = np.arange(10.0)
    >>> y = 50 / (1 + np.exp(3 - 0.9 * x)) + np.tile([0.3, -0.3], 5)
    >>> round(logistic(y, x).ceiling.value)
    50
    """
    level = probability(level)
    y, at = vector(values, "serien"), vector(x, "x")
    same_length(serien=y, x=at)
    at_least(y.size, 6)
    not_constant(y, "serien")
    not_constant(at, "x")
    origin, span, height = float(at.min()), float(np.ptp(at)), float(np.abs(y).max())
    t, u = (at - origin) / span, y / height
    starts = [
        (top, share * rate, rate)
        for top in (1.05, 1.5, 4.0)
        for rate in (2.0, 5.0, 12.0)
        for share in (0.25, 0.5, 0.9)
    ]
    fit = fit_curve(_curve, _gradient, t, u, starts, "logistisk kurve")
    if fit.params[0] <= 0 or fit.params[2] <= 0:
        refuse(Reason.NOT_IDENTIFIED, "serien stiger ikke mot et tak")
    profile = profile_first(_curve, _gradient, t, u, fit, level=level)
    if not math.isfinite(profile[1]):
        refuse(
            Reason.NOT_IDENTIFIED,
            "punktene setter ingen øvre grense for taket: vekst uten tak passer like godt",
            hint="Beskriv veksten hittil, uten tak og uten framskriving.",
        )
    # Back to the user's x = origin + span · t: offset − rate · x.
    turn = np.array([[height, 0.0, 0.0], [0.0, 1.0, origin / span], [0.0, 0.0, 1 / span]])
    ceiling, offset, rate = estimates(turn @ fit.params, turn @ fit.cov @ turn.T, fit.df, level)
    return Logistic(ceiling, offset, rate, (profile[0] * height, profile[1] * height), fit.rss * height**2)


def estimates(params: Vector, cov: Matrix, df: int, level: float) -> list[Estimate]:
    """Return each parameter with its Wald interval."""
    return [
        wald(value, error, RULE, df=float(df), level=level)
        for value, error in zip(params, np.sqrt(np.diag(cov)), strict=True)
    ]


def from_fit(fit: CurveFit, scales: Vector, level: float) -> list[Estimate]:
    """Return the parameters of a fit, each multiplied back by its scale."""
    return estimates(fit.params * scales, fit.cov * np.outer(scales, scales), fit.df, level)
