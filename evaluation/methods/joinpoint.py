"""One joinpoint: two lines that meet where the slope changes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats
from scipy.optimize import minimize_scalar

from evaluation.basis.estimate import Estimate, wald
from evaluation.basis.requirements import (
    Reason,
    Vector,
    at_least,
    not_constant,
    probability,
    refuse,
    same_length,
    vector,
)
from evaluation.methods.linear import ols
from evaluation.methods.proportions import TestResult

# Less than this a point of a standardised series is rounding, not variation.
_EXACT = 1e-20


@dataclass(frozen=True, slots=True)
class Joinpoint:
    """A fitted joinpoint.

    Attributes
    ----------
    place : Estimate
        Where the lines meet, with the delta-method error (Muggeo 2003).
    profile : tuple of float
        Interval of the place by the profile F; infinite where the data do not bound it.
    slope_before, slope_after : Estimate
        Given the place.
    rss : float
    test : TestResult
        Supremum F against one line; p by Davies' (1987) upper bound.
    """

    place: Estimate
    profile: tuple[float, float]
    slope_before: Estimate
    slope_after: Estimate
    rss: float
    test: TestResult


def _rss(x: Vector, y: Vector, psi: float) -> float:
    design = np.column_stack([np.ones_like(x), x, np.maximum(x - psi, 0.0)])
    residuals = y - design @ np.linalg.lstsq(design, y, rcond=None)[0]
    return float(residuals @ residuals)


def joinpoint(values: ArrayLike, x: ArrayLike, *, level: float = 0.95) -> Joinpoint:
    """Return the joinpoint of two connected lines by least squares.

    Parameters
    ----------
    values, x : array_like, shape (n,)
        Any order; repeated x are allowed.

    Raises
    ------
    AnalyseAvvist
        TOO_FEW_POINTS below 8 points or five distinct x; NOT_IDENTIFIED if the best place lies at the
        edge, or the change of slope cannot be told from zero (Davies, 5 %).

    Notes
    -----
    Muggeo (2003), Statistics in Medicine 22: 3055–3071. The residual sum of squares is smooth between
    neighbouring x, so each gap is searched by itself: no start value is needed.

    Examples
    --------
    >>> x = np.arange(12.0)
    >>> y = np.where(x < 6, x, 12 - x) + np.tile([0.05, -0.05], 6)
    >>> 5.8 < joinpoint(y, x).place.value < 6.2
    True
    """
    level = probability(level)
    y, at = vector(values, "serien"), vector(x, "x")
    same_length(serien=y, x=at)
    at_least(y.size, 8)
    not_constant(y, "serien")
    knots = np.unique(at)
    if knots.size < 5:
        refuse(Reason.TOO_FEW_POINTS, f"{knots.size} ulike x-verdier er for få; metoden trenger minst fem")
    span, middle = float(np.ptp(at)), float(at.mean())
    z = (at - middle) / span
    knots = (knots - middle) / span
    scale = float(y.std())
    u = (y - y.mean()) / scale
    line = _rss(z, u, float(knots[-1]) + 1)
    if line <= _EXACT * y.size:
        refuse(Reason.NOT_IDENTIFIED, "punktene ligger på én rett linje")
    tried: list[tuple[float, float]] = []
    for left, right in pairwise(knots[1:-1]):
        found = minimize_scalar(
            lambda psi: _rss(z, u, psi), bounds=(left, right), method="bounded", options={"xatol": 1e-12}
        )
        tried += [(float(found.fun), float(found.x)), (_rss(z, u, left), float(left))]
    tried.append((_rss(z, u, float(knots[-2])), float(knots[-2])))
    rss, psi = min(tried)
    # The search is bounded inside each gap; one Newton-like step in both directions ends on the optimum.
    psi, rss = _polish(z, u, psi, rss)
    if rss <= _EXACT * y.size:
        refuse(
            Reason.CONSTANT_SERIES, "modellen treffer hvert punkt, så det er ingen tilfeldig variasjon å måle"
        )
    df = y.size - 4
    statistic = _davies(z, u, line, rss, knots)
    edge = min(abs(psi - knots[1]), abs(psi - knots[-2])) < 1e-6
    if statistic.p >= 0.05 or edge:
        refuse(
            Reason.NOT_IDENTIFIED,
            "endringen i helning kan ikke skilles fra en rett linje"
            if not edge
            else "knekkpunktet havner i kanten",
            hint="Beskriv serien med én linje.",
        )
    return _result(z, u, psi, rss, df, statistic, knots, (span, middle, scale), level)


def _polish(z: Vector, u: Vector, psi: float, rss: float) -> tuple[float, float]:
    for _ in range(50):
        above = (z > psi).astype(float)
        design = np.column_stack([np.ones_like(z), z, np.maximum(z - psi, 0.0), -above])
        coef = np.linalg.lstsq(design, u, rcond=None)[0]
        if coef[2] == 0:
            break
        moved = psi + coef[3] / coef[2]
        new = _rss(z, u, moved)
        if not new < rss:
            break
        psi, rss = moved, new
    return psi, rss


def _davies(z: Vector, u: Vector, line: float, rss: float, knots: Vector) -> TestResult:
    """Return the supremum F with Davies' (1987, 2002) bound, its variation taken over a grid of places.

    Given the place there are n − 3 degrees of freedom; the bound uses the t distribution throughout,
    since with the normal it rejects a straight line of 15 points twice as often as it says.
    """
    df = z.size - 3
    top = math.sqrt(max(line - rss, 0.0) / (rss / df))
    straight = np.column_stack([np.ones_like(z), z])
    residuals = u - straight @ np.linalg.lstsq(straight, u, rcond=None)[0]
    signed = []
    for place in np.linspace(knots[1], knots[-2], 25):
        hinge = np.maximum(z - place, 0.0)
        left = hinge - straight @ np.linalg.lstsq(straight, hinge, rcond=None)[0]
        reduction = float(left @ residuals) / math.sqrt(float(left @ left))
        signed.append(reduction / math.sqrt(max(line - reduction**2, 1e-300) / df))
    variation = float(np.abs(np.diff(signed)).sum())
    tail = (1 + top**2 / df) ** (-df / 2)
    p = 2 * float(stats.t.sf(top, df)) + variation * tail / math.sqrt(2 * math.pi)
    return TestResult(top**2, 1.0, min(p, 1.0), "supremum, Davies' grense")


def _result(
    z: Vector,
    u: Vector,
    psi: float,
    rss: float,
    df: int,
    test: TestResult,
    knots: Vector,
    scales: tuple[float, float, float],
    level: float,
) -> Joinpoint:
    span, middle, scale = scales
    above = (z > psi).astype(float)
    hinge = np.maximum(z - psi, 0.0)
    names = ["konstant", "før", "endring", "sted"]
    fit = ols(u, np.column_stack([np.ones_like(z), z, hinge, -above]), names)
    change = float(fit.coef[2])
    se = math.sqrt(fit.cov[3, 3]) / abs(change)
    back = scale / span
    rule = "lineær approksimasjon (Muggeo), t(n−p)"

    def slope(weights: dict[str, float]) -> Estimate:
        e = fit.combination(weights, level=level)
        return wald(e.value * back, e.se * back, e.rule, df=df, level=level)

    limit = rss * (1 + float(stats.f.ppf(level, 1, df)) / df)
    grid = np.linspace(knots[0], knots[-1], 801)
    inside = [float(g) for g in grid if _rss(z, u, float(g)) <= limit] or [psi]
    low, high = min([*inside, psi]), max([*inside, psi])
    profile = (
        -math.inf if low <= knots[1] else low * span + middle,
        math.inf if high >= knots[-2] else high * span + middle,
    )
    return Joinpoint(
        place=wald(psi * span + middle, se * span, rule, df=df, level=level),
        profile=profile,
        slope_before=slope({"før": 1.0}),
        slope_after=slope({"før": 1.0, "endring": 1.0}),
        rss=rss * scale**2,
        test=test,
    )
