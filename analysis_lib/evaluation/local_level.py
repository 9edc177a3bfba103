"""The local level model: a level that drifts, measured with noise."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.optimize import minimize_scalar

from analysis_lib.evaluation.checks import Vector, at_least, not_constant, vector
from analysis_lib.evaluation.periods import in_time_order
from analysis_lib.evaluation.refusal import Reason, refuse


@dataclass(frozen=True, slots=True)
class LocalLevel:
    """A fitted local level.

    Attributes
    ----------
    noise, drift : float
        Variances of the measurement and of the level's steps.
    log_likelihood : float
        Diffuse, of n − 1 points.
    level, se : array, shape (n,)
        Smoothed level in time order, and its standard error given the variances.
    """

    noise: float
    drift: float
    log_likelihood: float
    level: Vector
    se: Vector


def _concentrated(y: Vector, q: float) -> tuple[float, float, Vector, Vector]:
    """Return log-likelihood, noise variance, filtered states and variances for drift/noise = q."""
    n = y.size
    a, p = np.empty(n), np.empty(n)
    a[0], p[0] = y[0], 1.0
    squares = logs = 0.0
    for i in range(1, n):
        predicted = p[i - 1] + q
        total = predicted + 1
        error = y[i] - a[i - 1]
        squares += error**2 / total
        logs += math.log(total)
        a[i] = a[i - 1] + predicted / total * error
        p[i] = predicted / total
    noise = squares / (n - 1)
    return -0.5 * ((n - 1) * (math.log(2 * math.pi * noise) + 1) + logs), noise, a, p


def local_level(values: ArrayLike, periods: ArrayLike | pd.PeriodIndex) -> LocalLevel:
    """Fit a local level by maximum likelihood.

    The noise variance is concentrated out, so that one number is left, drift over noise; it is
    searched on a grid of the log scale and then refined. No start value, and no dependence on units.

    Parameters
    ----------
    values : array_like, shape (n,)
    periods : array_like of int or PeriodIndex, shape (n,)

    Raises
    ------
    AnalyseAvvist
        TOO_FEW_POINTS below 12, CONSTANT_SERIES, GAP, DUPLICATE_PERIOD; NOT_IDENTIFIED where all
        the variation is drift (no measurement noise is left).

    Notes
    -----
    Durbin and Koopman (2012), sections 2.2–2.10.

    Examples
    --------
    >>> y = [5.1, 4.8, 5.3, 5.0, 4.7, 5.2, 5.1, 4.9, 5.0, 5.2, 4.8, 5.1]
    >>> fit = local_level(y, range(12))
    >>> fit.drift
    0.0
    """
    _, (y,) = in_time_order(periods, serien=vector(values, "serien"))
    at_least(y.size, 12)
    not_constant(y, "serien")
    scale = float(y.std())
    z = (y - y.mean()) / scale
    grid = np.linspace(-14, 14, 57)
    heights = [_concentrated(z, math.exp(x))[0] for x in grid]
    best = int(np.argmax(heights))
    if best == grid.size - 1:
        refuse(Reason.NOT_IDENTIFIED, "serien er en ren tilfeldig gang; målefeil og drift kan ikke skilles")
    q = 0.0
    if best > 0:
        found = minimize_scalar(
            lambda x: -_concentrated(z, math.exp(x))[0],
            bounds=(grid[best - 1], grid[best + 1]),
            method="bounded",
            options={"xatol": 1e-9},
        )
        q = math.exp(float(found.x))
    # A drift of exactly zero is a corner of the likelihood, and often its top.
    if _concentrated(z, 0.0)[0] >= _concentrated(z, q)[0] - 1e-9:
        q = 0.0
    height, noise, a, p = _concentrated(z, q)
    for i in range(y.size - 2, -1, -1):
        gain = p[i] / (p[i] + q)
        a[i] += gain * (a[i + 1] - a[i])
        p[i] += gain**2 * (p[i + 1] - p[i] - q)
    return LocalLevel(
        noise=float(noise * scale**2),
        drift=float(q * noise * scale**2),
        log_likelihood=height - (y.size - 1) * math.log(scale),
        level=a * scale + y.mean(),
        se=np.sqrt(p * noise) * scale,
    )
