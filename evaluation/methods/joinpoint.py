"""One joinpoint: two lines that meet where the slope changes; of measurements, counts or proportions."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats
from scipy.optimize import brentq, minimize_scalar
from statsmodels.genmod.families import Binomial, Poisson
from statsmodels.genmod.generalized_linear_model import GLM
from statsmodels.tools.sm_exceptions import PerfectSeparationWarning

from evaluation.basis.estimate import Estimate, exp_wald, wald
from evaluation.basis.requirements import (
    Matrix,
    Reason,
    Vector,
    at_least,
    counts_vector,
    not_constant,
    positive,
    probability,
    refuse,
    same_length,
    strictly,
    vector,
)
from evaluation.methods.linear import ols
from evaluation.methods.proportions import TestResult
from evaluation.methods.quasi_poisson import separated

# Less than this a point of a standardised series is rounding, not variation.
_EXACT = 1e-20
_NAMES = ["konstant", "før", "endring", "sted"]


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
        Given the place, per unit of x; of counts and proportions the ratio of rates or odds.
    deviance : float
        Of a continuous outcome the residual sum of squares.
    dispersion : float
        Of counts and proportions, at least 1; of a continuous outcome the residual variance.
    test : TestResult
        Supremum F against one line; p by Davies' (1987) upper bound.
    """

    place: Estimate
    profile: tuple[float, float]
    slope_before: Estimate
    slope_after: Estimate
    deviance: float
    dispersion: float
    test: TestResult


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What is fitted: how far a design is from the data, and its coefficients with their covariance.

    Attributes
    ----------
    loss : callable
        From a design, shape (n, p), to the deviance.
    fit : callable
        From a design to coefficients and their covariance before the dispersion.
    dispersion : callable or None
        From a design to Pearson's dispersion, the place counted too; None for a continuous outcome.
    scale : float
        Unit of the outcome over that of the fit.
    """

    loss: Callable[[Matrix], float]
    fit: Callable[[Matrix], tuple[Vector, Matrix]]
    dispersion: Callable[[Matrix], float] | None = None
    scale: float = 1.0


def joinpoint(
    values: ArrayLike,
    x: ArrayLike,
    *,
    exposure: ArrayLike | None = None,
    n: ArrayLike | None = None,
    level: float = 0.95,
) -> Joinpoint:
    """Return the joinpoint of two connected lines.

    Parameters
    ----------
    values, x : array_like, shape (n,)
        Any order; repeated x are allowed.
    exposure : array_like, shape (n,), optional
        Values are then counts, and the lines are those of the log rate (Poisson).
    n : array_like, shape (n,), optional
        Values are then counts out of n, and the lines are those of the log odds (binomial).

    Raises
    ------
    AnalyseAvvist
        TOO_FEW_POINTS below 8 points or five distinct x; NOT_IDENTIFIED if the best place lies at the
        edge, or the change of slope cannot be told from zero (Davies, 5 %); SEPARATION.

    Notes
    -----
    Muggeo (2003), Statistics in Medicine 22: 3055–3071. The deviance is smooth between neighbouring x, so
    each gap is searched by itself: no start value is needed. Counts and proportions have a dispersion of
    at least 1, and t and F with n − 4 degrees of freedom.

    Examples
    --------
    >>> x = np.arange(12.0)
    >>> y = np.where(x < 6, x, 12 - x) + np.tile([0.05, -0.05], 6)
    >>> 5.8 < joinpoint(y, x).place.value < 6.2
    True
    >>> seen = np.round(200 * np.exp(0.1 * np.minimum(x, 6)))
    >>> r = joinpoint(seen, x, exposure=np.ones(12))
    >>> round(r.place.value, 1), round(r.slope_before.value, 2)
    (6.0, 1.11)
    """
    level = probability(level)
    y, at = vector(values, "serien"), vector(x, "x")
    same_length(serien=y, x=at)
    at_least(y.size, 8)
    knots = np.unique(at)
    if knots.size < 5:
        refuse(Reason.TOO_FEW_POINTS, f"{knots.size} ulike x-verdier er for få; metoden trenger minst fem")
    span, middle = float(np.ptp(at)), float(at.mean())
    z, knots = (at - middle) / span, (knots - middle) / span
    outcome = _outcome(y, exposure, n)
    with strictly("knekkpunkt"):
        # Of a fit that meets every point; what that means is said below.
        warnings.simplefilter("ignore", PerfectSeparationWarning)
        return _searched(outcome, z, knots, (span, middle), level)


def _outcome(y: Vector, exposure: ArrayLike | None, n: ArrayLike | None) -> _Outcome:
    if exposure is not None and n is not None:
        refuse(Reason.INVALID_VALUE, "et antall har enten eksponering eller n")
    if exposure is None and n is None:
        not_constant(y, "serien")
        scale = float(y.std())
        return _continuous((y - y.mean()) / scale, scale)
    counts = counts_vector(y)
    size = (
        positive(counts_vector(n, "n"), "n")
        if n is not None
        else positive([] if exposure is None else exposure)
    )
    same_length(antall=counts, eksponering=size)
    not_constant(counts / size, "raten")
    if exposure is not None:
        return _generalised(counts, Poisson(), np.log(size / size.mean()))
    if (counts > size).any():
        refuse(Reason.INVALID_VALUE, "et antall er større enn n")
    return _generalised(np.column_stack([counts, size - counts]), Binomial())


def _continuous(u: Vector, scale: float) -> _Outcome:
    def loss(design: Matrix) -> float:
        residuals = u - design @ np.linalg.lstsq(design, u, rcond=None)[0]
        return float(residuals @ residuals)

    def fit(design: Matrix) -> tuple[Vector, Matrix]:
        found = ols(u, design, _NAMES[: design.shape[1]])
        return found.coef, found.cov * found.df / found.rss

    return _Outcome(loss, fit, scale=scale)


def _generalised(seen: Any, family: Any, offset: Vector | None = None) -> _Outcome:
    def fitted(design: Matrix) -> Any:
        return GLM(seen, design, family=family, offset=offset).fit(
            maxiter=200,
            tol_criterion="deviance",
            # The deviance of large counts carries rounding of their own size.
            atol=1e-10 + 1e-14 * float(np.sum(seen)),
            rtol=1e-12,
        )

    def fit(design: Matrix) -> tuple[Vector, Matrix]:
        found = fitted(design)
        return np.asarray(found.params), np.asarray(found.cov_params())

    def dispersion(design: Matrix) -> float:
        for column in seen.T if seen.ndim > 1 else [seen]:
            if separated(column, design):
                refuse(Reason.SEPARATION, "på den ene siden av knekkpunktet skjer det ingenting, eller alt")
        return float(fitted(design).pearson_chi2) / float(len(design) - design.shape[1] - 1)

    return _Outcome(lambda design: float(fitted(design).deviance), fit, dispersion)


def _lines(z: Vector, *places: float) -> Matrix:
    return np.column_stack([np.ones_like(z), z, *(np.maximum(z - place, 0.0) for place in places)])


def _working(z: Vector, place: float) -> Matrix:
    """Return Muggeo's design, whose last coefficient over the one before is how far the place is off."""
    return np.column_stack([_lines(z, place), -(z > place).astype(float)])


def _searched(
    outcome: _Outcome, z: Vector, knots: Vector, where: tuple[float, float], level: float
) -> Joinpoint:
    line = outcome.loss(_lines(z))
    if line <= _EXACT * z.size:
        refuse(Reason.NOT_IDENTIFIED, "punktene ligger på én rett linje")
    psi, least = _polish(outcome, z, *_best(outcome, z, knots))
    if least <= _EXACT * z.size:
        refuse(
            Reason.CONSTANT_SERIES, "modellen treffer hvert punkt, så det er ingen tilfeldig variasjon å måle"
        )
    df = z.size - 4
    phi = least / df if outcome.dispersion is None else max(outcome.dispersion(_lines(z, psi)), 1.0)
    test = _davies(outcome, z, line, least, phi, knots)
    edge = min(abs(psi - knots[1]), abs(psi - knots[-2])) < 1e-6
    if test.p >= 0.05 or edge:
        refuse(
            Reason.NOT_IDENTIFIED,
            "endringen i helning kan ikke skilles fra en rett linje"
            if not edge
            else "knekkpunktet havner i kanten",
            hint="Beskriv serien med én linje.",
        )
    profile = _profile(outcome, z, psi, least + phi * float(stats.f.ppf(level, 1, df)), knots, where)
    return _result(outcome, z, psi, least, phi, test, profile, where, level)


def _best(outcome: _Outcome, z: Vector, knots: Vector) -> tuple[float, float]:
    """Return the best place and its deviance: all gaps for least squares, the best few for the others."""

    def at(place: float) -> float:
        return outcome.loss(_lines(z, place))

    gaps = list(pairwise(map(float, knots[1:-1])))
    tried = [(at(float(knot)), float(knot)) for knot in knots[1:-1]]
    close = 1e-12
    if outcome.dispersion is not None:
        # A fit takes a hundred times as long: the best gaps alone, since the last digits are `_polish`'s.
        heights = [min(tried[k][0], tried[k + 1][0]) for k in range(len(gaps))]
        gaps, close = [gaps[k] for k in np.argsort(heights, kind="stable")[:4]], 1e-5
    for ends in gaps:
        found = minimize_scalar(at, bounds=ends, method="bounded", options={"xatol": close})
        tried.append((float(found.fun), float(found.x)))
    least, psi = min(tried)
    return psi, least


def _polish(outcome: _Outcome, z: Vector, psi: float, least: float) -> tuple[float, float]:
    """Take Newton-like steps in both directions: the search is bounded inside each gap."""
    for _ in range(50):
        coef, _ = outcome.fit(_working(z, psi))
        if coef[2] == 0:
            break
        moved = psi + float(coef[3] / coef[2])
        if not z.min() < moved < z.max():
            break
        new = outcome.loss(_lines(z, moved))
        if not new < least:
            break
        psi, least = moved, new
    return psi, least


def _davies(outcome: _Outcome, z: Vector, line: float, least: float, phi: float, knots: Vector) -> TestResult:
    """Return the supremum F with Davies' (1987, 2002) bound, its variation taken over a grid of places.

    Given the place there are n − 3 degrees of freedom; the bound uses the t distribution throughout,
    since with the normal it rejects a straight line of 15 points twice as often as it says.
    """
    df = z.size - 3

    def spread(left: float) -> float:
        return left / df if outcome.dispersion is None else phi

    signed = []
    for place in np.linspace(knots[1], knots[-2], 25 if outcome.dispersion is None else 15):
        design = _lines(z, float(place))
        left, (coef, _) = outcome.loss(design), outcome.fit(design)
        gain = math.sqrt(max(line - left, 0.0) / max(spread(left), 1e-300))
        signed.append(math.copysign(gain, float(coef[2])))
    top = math.sqrt(max(line - least, 0.0) / spread(least))
    variation = float(np.abs(np.diff(signed)).sum())
    tail = (1 + top**2 / df) ** (-df / 2)
    p = 2 * float(stats.t.sf(top, df)) + variation * tail / math.sqrt(2 * math.pi)
    return TestResult(top**2, 1.0, min(p, 1.0), "supremum, Davies' grense")


def _profile(
    outcome: _Outcome, z: Vector, psi: float, limit: float, knots: Vector, where: tuple[float, float]
) -> tuple[float, float]:
    """Return the places whose deviance is not above the limit; an end beyond the data is infinite."""
    span, middle = where

    def excess(place: float) -> float:
        return outcome.loss(_lines(z, place)) - limit

    def end(grid: Vector) -> float:
        # From outside: the interval is all that is not clearly worse, gaps in it included.
        inside = next((k for k, place in enumerate(grid) if excess(float(place)) <= 0), grid.size - 1)
        if inside == 0:
            return math.copysign(math.inf, float(grid[0]) - psi)
        outer, inner = float(grid[inside - 1]), float(grid[inside])
        if excess(inner) > 0:
            return psi * span + middle
        at: float = brentq(excess, outer, inner, xtol=1e-6)
        return at * span + middle

    return end(np.linspace(knots[1], psi, 25)), end(np.linspace(knots[-2], psi, 25))


def _result(
    outcome: _Outcome,
    z: Vector,
    psi: float,
    least: float,
    phi: float,
    test: TestResult,
    profile: tuple[float, float],
    where: tuple[float, float],
    level: float,
) -> Joinpoint:
    (span, middle), df, counted = where, float(z.size - 4), outcome.dispersion is not None
    coef, cov = outcome.fit(_working(z, psi))
    rule = f"lineær approksimasjon (Muggeo), {'spredning minst 1, ' if counted else ''}t(n−p)"

    def slope(weights: Vector) -> Estimate:
        value = float(weights @ coef) * outcome.scale / span
        se = math.sqrt(float(weights @ cov @ weights) * phi) * outcome.scale / span
        if counted:
            return exp_wald(value, se, "spredning minst 1, t(n−p)", df=df, level=level)
        return wald(value, se, "OLS, t(n−p)", df=df, level=level)

    se = math.sqrt(cov[3, 3] * phi) / abs(float(coef[2])) * span
    unit = outcome.scale**2
    return Joinpoint(
        place=wald(psi * span + middle, se, rule, df=df, level=level),
        profile=profile,
        slope_before=slope(np.array([0.0, 1.0, 0.0, 0.0])),
        slope_after=slope(np.array([0.0, 1.0, 1.0, 0.0])),
        deviance=least * unit,
        dispersion=phi * unit,
        test=test,
    )
