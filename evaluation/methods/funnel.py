"""Funnel plots: limits of chance about a target, with additive over-dispersion."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from evaluation.basis.requirements import (
    Reason,
    Vector,
    at_least,
    counts_vector,
    number,
    positive,
    refuse,
    same_length,
)

LEVELS = (0.95, 0.998)


@dataclass(frozen=True, slots=True)
class Dispersion:
    """Over-dispersion.

    Attributes
    ----------
    phi : float
        Mean squared winsorised z-score: 1 if chance alone.
    tau : float
        Standard deviation between units beyond chance, on the scale of the plot; 0 where there is none.
    """

    phi: float
    tau: float


@dataclass(frozen=True, slots=True)
class Funnel:
    """A funnel plot.

    Attributes
    ----------
    target : float
    values : array, shape (k,)
    size : array, shape (k,)
        Observations behind each proportion, or the expected count behind each ratio.
    limits : dict of float to tuple of arrays, shapes (k,)
        Lower and upper limit for each unit at each level.
    outside : dict of float to tuple of int
        Positions of units outside the limits of the level: −1 below, +1 above, 0 inside.
    dispersion : Dispersion
    rule : str
    unit : str
        «andel» or «observert over forventet».
    """

    target: float
    values: Vector
    size: Vector
    limits: dict[float, tuple[Vector, Vector]]
    outside: dict[float, tuple[int, ...]]
    dispersion: Dispersion
    rule: str
    unit: str


def dispersion(values: Vector, target: Vector | float, se: Vector, *, winsorise: float = 0.1) -> Dispersion:
    """Return additive over-dispersion (Spiegelhalter 2005, appendix A).

    Parameters
    ----------
    values, se : array, shape (k,)
        On a scale where chance is about normal, and its standard error under the target.
    winsorise : float
        Share of z-scores pulled in at each end, so that true outliers do not widen the limits.

    Notes
    -----
    Spiegelhalter (2005), Statistics in Medicine 24: 1185–1202.

    Examples
    --------
    >>> dispersion(np.array([0.9, -0.8, 0.7, -0.9, 0.5]), 0.0, np.ones(5)).tau
    0.0
    """
    z = (values - target) / se
    low, high = np.quantile(z, [winsorise, 1 - winsorise])
    z = np.clip(z, low, high)
    k = z.size
    phi = float((z**2).mean())
    weights = 1 / se**2
    rest = float(weights.sum() - (weights**2).sum() / weights.sum())
    # One unit may be so much larger than the others that nothing is left to compare it with.
    tau2 = (k * phi - (k - 1)) / rest if rest > 1e-12 * float(weights.sum()) else 0.0
    return Dispersion(phi, math.sqrt(max(tau2, 0.0)))


def funnel_proportions(counts: ArrayLike, n: ArrayLike, *, target: float | None = None) -> Funnel:
    """Return funnel limits of proportions.

    Without over-dispersion the limits are exact binomial, interpolated between counts; with it, the
    inverted Wilson (score) limits with the extra variance added.

    Parameters
    ----------
    counts, n : array_like, shape (k,)
    target : float, optional
        The overall proportion by default.

    Raises
    ------
    AnalyseAvvist
        TOO_FEW_POINTS below ten units, ZERO_EXPOSURE for a unit without observations, INVALID_VALUE;
        CONSTANT_SERIES where the target is 0 or 1, which leaves no chance variation.

    Examples
    --------
    >>> f = funnel_proportions([10, 12, 9, 11, 8, 10, 13, 7, 10, 30], [100] * 10, target=0.1)
    >>> f.outside[0.998]
    (0, 0, 0, 0, 0, 0, 0, 0, 0, 1)
    """
    x, total = counts_vector(counts), positive(counts_vector(n, "n"), "n")
    at_least(same_length(antall=x, n=total), 10, "enheter")
    if (x > total).any():
        refuse(Reason.INVALID_VALUE, "et antall er større enn n")
    aim = float(x.sum() / total.sum()) if target is None else number(target, "målnivået")
    if not 0 < aim < 1:
        refuse(Reason.CONSTANT_SERIES, "målnivået er 0 eller 1, så tilfeldig variasjon finnes ikke")
    se = np.sqrt(aim * (1 - aim) / total)
    extra = dispersion(x / total, aim, se)
    limits = {}
    for level in LEVELS:
        if extra.tau > 0:
            half = float(stats.norm.ppf((1 + level) / 2)) * np.sqrt(se**2 + extra.tau**2)
            limits[level] = (np.maximum(aim - half, 0.0), np.minimum(aim + half, 1.0))
        else:
            limits[level] = _binomial(total, aim, level)
    rule = "Wilson-grenser med tillegg for overspredning" if extra.tau > 0 else "eksakt binomisk"
    return _funnel(aim, x / total, total, limits, extra, rule, "andel")


def funnel_ratios(observed: ArrayLike, expected: ArrayLike) -> Funnel:
    """Return funnel limits of observed over expected counts, about the target 1.

    Exact Poisson limits without over-dispersion; with it, limits on the square-root scale with the
    extra variance added.

    Parameters
    ----------
    observed, expected : array_like, shape (k,)

    Examples
    --------
    >>> f = funnel_ratios([20, 22, 18, 19, 21, 17, 23, 20, 19, 45], [20.0] * 10)
    >>> f.outside[0.998]
    (0, 0, 0, 0, 0, 0, 0, 0, 0, 1)
    """
    x, e = counts_vector(observed), positive(expected, "forventet antall")
    at_least(same_length(observert=x, forventet=e), 10, "enheter")
    se = 1 / (2 * np.sqrt(e))
    extra = dispersion(np.sqrt(x / e), 1.0, se)
    limits = {}
    for level in LEVELS:
        if extra.tau > 0:
            half = float(stats.norm.ppf((1 + level) / 2)) * np.sqrt(se**2 + extra.tau**2)
            limits[level] = (np.maximum(1 - half, 0.0) ** 2, (1 + half) ** 2)
        else:
            tail = (1 - level) / 2
            limits[level] = (_interpolated(tail, e) / e, _interpolated(1 - tail, e) / e)
    rule = "rotskala med tillegg for overspredning" if extra.tau > 0 else "eksakt Poisson"
    return _funnel(1.0, x / e, e, limits, extra, rule, "observert over forventet")


def _binomial(n: Vector, p: float, level: float) -> tuple[Vector, Vector]:
    """Return binomial limits, interpolated so that they do not jump (Spiegelhalter 2005, A.1.1)."""
    found = []
    for tail in ((1 - level) / 2, (1 + level) / 2):
        r = stats.binom.ppf(tail, n, p)
        above, here = stats.binom.cdf(r, n, p), stats.binom.pmf(r, n, p)
        found.append(np.clip((r - (above - tail) / here) / n, 0.0, 1.0))
    return found[0], found[1]


def _interpolated(tail: float, mean: Vector) -> Vector:
    r = stats.poisson.ppf(tail, mean)
    limit: Vector = np.maximum(r - (stats.poisson.cdf(r, mean) - tail) / stats.poisson.pmf(r, mean), 0.0)
    return limit


def _funnel(
    target: float,
    values: Vector,
    size: Vector,
    limits: dict[float, tuple[Vector, Vector]],
    extra: Dispersion,
    rule: str,
    unit: str,
) -> Funnel:
    if not all(np.isfinite(end).all() for ends in limits.values() for end in ends):
        refuse(Reason.INVALID_VALUE, "en enhet er for stor til at grensene kan regnes ut")
    outside = {
        level: tuple(int(v > high) - int(v < low) for v, low, high in zip(values, *ends, strict=True))
        for level, ends in limits.items()
    }
    return Funnel(target, values, size, limits, outside, extra, rule, unit)
