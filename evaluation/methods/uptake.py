"""Uptake curves, logistic and Bass's: nonlinear least squares that do not depend on where they start."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats
from scipy.optimize import least_squares

from evaluation.basis.estimate import Estimate, wald
from evaluation.basis.requirements import (
    Matrix,
    Reason,
    Vector,
    at_least,
    counts_vector,
    not_constant,
    probability,
    refuse,
    same_length,
    strictly,
    vector,
)
from evaluation.methods.time_axis import Periods, in_time_order

Curve = Callable[[Vector, Vector], Vector]
Gradient = Callable[[Vector, Vector], Matrix]


@dataclass(frozen=True, slots=True)
class CurveFit:
    """Parameters on their own scale, shape (p,), their covariance, and the residual sum of squares."""

    params: Vector
    cov: Matrix
    rss: float
    df: int


def fit_curve(
    curve: Curve, gradient: Gradient, t: Vector, y: Vector, starts: Sequence[Sequence[float]], name: str
) -> CurveFit:
    """Fit `curve(t, params)` to `y` from every start, and keep the best that others agree on.

    Parameters
    ----------
    curve : callable
        (t, params) to fitted values, shape (n,).
    gradient : callable
        (t, params) to derivatives, shape (n, p).
    t, y : array, shape (n,)
        `y` scaled to order one by the caller.
    starts : sequence, shape (k, p)

    Raises
    ------
    AnalyseAvvist
        NO_CONVERGENCE if fewer than two starts reach the best sum of squares; NOT_IDENTIFIED if the
        parameters cannot be told apart there.
    """
    n, p = y.size, len(starts[0])

    def misfit(b: Vector) -> Vector:
        return curve(t, b) - y

    def slope(b: Vector) -> Matrix:
        return gradient(t, b)

    found: list[tuple[float, Vector]] = []
    for start in starts:
        # Far-off starts overflow on their way; only their end point counts.
        with np.errstate(all="ignore"):
            try:
                result = least_squares(
                    misfit,
                    np.asarray(start, dtype=float),
                    jac=slope,
                    x_scale="jac",
                    method="lm",
                    ftol=1e-15,
                    xtol=1e-15,
                    gtol=1e-15,
                    max_nfev=2000,
                )
            except (ValueError, np.linalg.LinAlgError):
                continue
        if np.isfinite(result.fun).all() and np.isfinite(result.x).all():
            found.append((2 * float(result.cost), np.asarray(result.x)))
    found.sort(key=lambda each: each[0])
    floor = 1e-18 * float(y @ y)
    agreeing = [b for rss, b in found if rss <= found[0][0] * (1 + 1e-6) + floor]
    if len(agreeing) < 2:
        refuse(Reason.NO_CONVERGENCE, f"{name}: ulike utgangspunkter ga ulike kurver")
    if found[0][0] <= floor:
        refuse(
            Reason.CONSTANT_SERIES,
            f"{name} treffer hvert punkt, så det er ingen tilfeldig variasjon å måle",
        )
    best = agreeing[0]
    with np.errstate(all="ignore"):
        slopes = gradient(t, best)
    norms = np.linalg.norm(slopes, axis=0)
    if not np.isfinite(slopes).all() or (norms == 0).any() or np.linalg.cond(slopes / norms) > 1e7:
        refuse(Reason.NOT_IDENTIFIED, f"{name}: punktene bestemmer ikke alle parameterne")
    rss = found[0][0]
    with strictly(name):
        inverse = np.linalg.inv((slopes / norms).T @ (slopes / norms)) / np.outer(norms, norms)
    return CurveFit(best, inverse * rss / (n - p), rss, n - p)


def profile_first(
    curve: Curve,
    gradient: Gradient,
    t: Vector,
    y: Vector,
    fit: CurveFit,
    *,
    level: float,
    reach: float = 1000.0,
) -> tuple[float, float]:
    """Return the profile interval of the first parameter; an end is infinite (or 0) if unbounded.

    The other parameters are fitted again at each value, which walks outwards from the estimate until
    the sum of squares is too large by the F distribution, or `reach` times the estimate is passed.

    Notes
    -----
    Bates and Watts (1988), Nonlinear Regression Analysis, section 6.1.
    """
    limit = fit.rss * (1 + float(stats.f.ppf(level, 1, fit.df)) / fit.df)
    centre = float(fit.params[0])

    def excess(log_factor: float, warm: Vector) -> tuple[float, Vector]:
        first = centre * math.exp(log_factor)

        def whole(rest: Vector) -> Vector:
            return np.concatenate([[first], rest])

        def misfit(rest: Vector) -> Vector:
            return np.nan_to_num(curve(t, whole(rest)) - y, nan=1e3, posinf=1e3, neginf=-1e3)

        def slope(rest: Vector) -> Matrix:
            return np.nan_to_num(gradient(t, whole(rest))[:, 1:], posinf=1e3, neginf=-1e3)

        with np.errstate(all="ignore"):
            found = least_squares(misfit, warm, jac=slope, x_scale="jac", method="lm")
        return 2 * float(found.cost) - limit, np.asarray(found.x)

    def walk(sign: int) -> float:
        inside, warm, step = 0.0, fit.params[1:], 0.01
        while True:
            outside = inside + sign * step
            if abs(outside) > math.log(reach):
                return math.inf if sign > 0 else 0.0
            gap, moved = excess(outside, warm)
            if gap > 0:
                break
            inside, warm, step = outside, moved, step * 1.3
        for _ in range(30):
            half = (inside + outside) / 2
            gap, moved = excess(half, warm)
            if gap > 0:
                outside = half
            else:
                inside, warm = half, moved
        return centre * math.exp(inside)

    return walk(-1), walk(1)


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


def _s_curve(x: Vector, b: Vector) -> Vector:
    return np.asarray(b[0] / (1 + np.exp(b[1] - b[2] * x)))


def _s_gradient(x: Vector, b: Vector) -> Matrix:
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
        TOO_FEW_POINTS below 6; NOT_IDENTIFIED if the profile likelihood does not bound the ceiling from
        above: growth without end then fits as well.

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
    fit = fit_curve(_s_curve, _s_gradient, t, u, starts, "logistisk kurve")
    if fit.params[0] <= 0 or fit.params[2] <= 0:
        refuse(Reason.NOT_IDENTIFIED, "serien stiger ikke mot et tak")
    profile = profile_first(_s_curve, _s_gradient, t, u, fit, level=level)
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


@dataclass(frozen=True, slots=True)
class Bass:
    """Adoptions per period.

    Attributes
    ----------
    market : Estimate
        Adopters in the end, M.
    innovation, imitation : Estimate
        p and q, per period.
    profile : tuple of float
        Profile interval of the market.
    peak : float
        Periods from launch to the fastest adoption.
    rss : float
    """

    market: Estimate
    innovation: Estimate
    imitation: Estimate
    profile: tuple[float, float]
    peak: float
    rss: float


def _adopted(t: Vector, b: Vector) -> Vector:
    m, p, q = b
    decay = np.exp(-(p + q) * t)
    return np.asarray(m * (p + q) ** 2 / p * decay / (1 + q / p * decay) ** 2)


def _adopted_gradient(t: Vector, b: Vector) -> Matrix:
    m, p, q = b
    value = _adopted(t, b)
    ratio = q / p * np.exp(-(p + q) * t)
    pull = 2 * ratio / (1 + ratio)
    by_p = 2 / (p + q) - 1 / p - t + pull * (1 / p + t)
    by_q = 2 / (p + q) - t - pull * (1 / q - t)
    return np.column_stack([value / m, value * by_p, value * by_q])


def bass(adoptions: ArrayLike, periods: Periods, *, level: float = 0.95) -> Bass:
    """Fit Bass's density to adoptions per period, the first period being the launch.

    Parameters
    ----------
    adoptions : array_like, shape (n,)
        New adopters in each period, not the sum so far.
    periods : array_like of int or PeriodIndex, shape (n,)

    Raises
    ------
    AnalyseAvvist
        TOO_FEW_POINTS below 7; NOT_IDENTIFIED if the market is not bounded from above, as before the peak.

    Notes
    -----
    Bass (1969), Management Science 15: 215–227; nonlinear least squares as Srinivasan and Mason (1986).

    Examples
    --------
    >>> b = bass([840, 1470, 2110, 4000, 7590, 10950, 10530, 9470, 7790, 5890], range(1, 11))
    >>> round(b.market.value, 1), round(b.imitation.value, 5)
    (67980.9, 0.63809)
    """
    level = probability(level)
    when, (y,) = in_time_order(periods, antall=counts_vector(adoptions, smoothed=True))
    at_least(y.size, 7)
    not_constant(y, "serien")
    t = (when - when[0] + 1).astype(float)
    scale = float(y.sum())
    starts = [(m, p, q) for m in (1.1, 2.0, 6.0) for p in (0.003, 0.02) for q in (0.1, 0.4, 0.8)]
    fit = fit_curve(_adopted, _adopted_gradient, t, y / scale, starts, "Bass-kurven")
    m, p, q = (float(b) for b in fit.params)
    if min(m, p, q) <= 0 or q <= p:
        refuse(Reason.NOT_IDENTIFIED, "serien har ingen topp, så Bass-kurven passer ikke")
    profile = profile_first(_adopted, _adopted_gradient, t, y / scale, fit, level=level)
    if not math.isfinite(profile[1]):
        refuse(
            Reason.NOT_IDENTIFIED,
            "punktene setter ingen øvre grense for markedet: toppen er trolig ikke passert",
            hint="Beskriv veksten hittil, uten tak og uten framskriving.",
        )
    back = np.diag([scale, 1.0, 1.0])
    market, innovation, imitation = estimates(back @ fit.params, back @ fit.cov @ back, fit.df, level)
    return Bass(
        market=market,
        innovation=innovation,
        imitation=imitation,
        profile=(profile[0] * scale, profile[1] * scale),
        peak=math.log(q / p) / (p + q),
        rss=fit.rss * scale**2,
    )
