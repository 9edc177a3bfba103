"""Nonlinear least squares that does not depend on the start: many starts, compared, on a scaled problem."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats
from scipy.optimize import least_squares

from analysis_lib.evaluation.checks import Matrix, Vector
from analysis_lib.evaluation.refusal import Reason, refuse, strictly

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
        CONSTANT_SERIES if the curve goes through every point; NO_CONVERGENCE if fewer than two starts
        reach the best sum of squares; NOT_IDENTIFIED if the
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
