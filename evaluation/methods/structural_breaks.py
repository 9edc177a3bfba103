"""Level breaks: where a series' mean shifts and how surely placed, and a level that drifts instead."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import brentq, minimize_scalar
from scipy.special import log_ndtr

from evaluation.basis.requirements import (
    Integers,
    Matrix,
    Reason,
    Vector,
    at_least,
    not_constant,
    refuse,
    vector,
    whole,
)
from evaluation.methods.time_axis import Periods, in_time_order


@dataclass(frozen=True, slots=True)
class BreakDate:
    """The last period before the mean shifts, with its interval (Bai 1997)."""

    last_before: int
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class LevelBreaks:
    """The least-squares segmentation chosen by BIC.

    Attributes
    ----------
    breaks : tuple of BreakDate
        Empty where BIC finds none.
    means : tuple of float
        Of the segments, in order.
    rss : float
    bic : tuple of float
        For 0, 1, … breaks.
    """

    breaks: tuple[BreakDate, ...]
    means: tuple[float, ...]
    rss: float
    bic: tuple[float, ...]


def _costs(y: Vector) -> Matrix:
    """Return the residual sum of squares of every stretch i … j (both included), shape (n, n)."""
    n = y.size
    cost = np.full((n, n), np.inf)
    for i in range(n):
        tail = y[i:]
        length = np.arange(1, tail.size + 1)
        cost[i, i:] = np.cumsum(tail**2) - np.cumsum(tail) ** 2 / length
    return np.asarray(np.maximum(cost, 0.0))


def _segmentations(cost: Matrix, shortest: int, most: int) -> list[tuple[float, list[int]]]:
    """Return the best RSS and the last positions of all segments but the final, for 0 … `most` breaks."""
    n = cost.shape[0]
    best = np.full((most + 1, n), np.inf)
    back = np.zeros((most + 1, n), dtype=np.int64)
    best[0, shortest - 1 :] = cost[0, shortest - 1 :]
    for m in range(1, most + 1):
        for j in range((m + 1) * shortest - 1, n):
            ends = np.arange(m * shortest - 1, j - shortest + 1)
            totals = best[m - 1, ends] + cost[ends + 1, j]
            k = int(np.argmin(totals))
            best[m, j], back[m, j] = totals[k], ends[k]
    found = []
    for m in range(most + 1):
        if not math.isfinite(best[m, n - 1]):
            break
        last = [n - 1]
        for depth in range(m, 0, -1):
            last.append(int(back[depth, last[-1]]))
        found.append((float(best[m, n - 1]), last[:0:-1]))
    return found


def level_breaks(
    values: ArrayLike,
    periods: Periods,
    *,
    shortest: int | None = None,
    most: int = 5,
    level: float = 0.95,
) -> LevelBreaks:
    """Return the mean shifts of a series.

    Parameters
    ----------
    values : array_like, shape (n,)
        Without trend: a trend is taken for a staircase.
    periods : array_like of int or PeriodIndex, shape (n,)
    shortest : int, optional
        Points in the shortest segment; 15 % of the series by default, at least 3.
    most : int
        Breaks tried.

    Raises
    ------
    AnalyseAvvist
        TOO_FEW_POINTS below 12 or for two segments.

    Notes
    -----
    Bai and Perron (1998, 2003); BIC and interval as in R strucchange, with a variance of its own for
    each segment. A found break has no cause: it only says when. Errors that follow each other make breaks
    where there are none; hold the result against `local_level`.

    Examples
    --------
    >>> y = [5.1, 4.9, 5.0, 5.2, 4.8, 5.0, 7.1, 6.9, 7.0, 7.2, 6.8, 7.0]
    >>> level_breaks(y, range(2001, 2013)).breaks
    (BreakDate(last_before=2006, low=2005, high=2007),)
    """
    when, (y,) = in_time_order(periods, serien=vector(values, "serien"))
    at_least(y.size, 12)
    not_constant(y, "serien")
    n = y.size
    h = max(3, int(0.15 * n)) if shortest is None else whole(shortest, "korteste segment", least=2)
    most = whole(most, "antall brudd")
    if 2 * h > n:
        refuse(Reason.TOO_FEW_POINTS, f"{n} punkter rommer ikke to segmenter på minst {h}")
    scale = float(y.std())
    z = (y - y.mean()) / scale
    found = _segmentations(_costs(z), h, min(most, n // h - 1))
    floor = 1e-12 * n
    bic = [
        n * (math.log(max(rss, floor)) + 1 - math.log(n) + math.log(2 * math.pi))
        + math.log(n) * (2 * len(ends) + 2)
        + 2 * n * math.log(scale)
        for rss, ends in found
    ]
    rss, ends = found[int(np.argmin(bic))]
    edges = [-1, *ends, n - 1]
    parts = [z[a + 1 : b + 1] for a, b in pairwise(edges)]
    placed = tuple(
        _interval(left, right, end, when, level)
        for left, right, end in zip(parts, parts[1:], ends, strict=False)
    )
    means = tuple(float(part.mean() * scale + y.mean()) for part in parts)
    return LevelBreaks(placed, means, rss * scale**2, tuple(bic))


def _interval(left: Vector, right: Vector, end: int, when: Integers, level: float) -> BreakDate:
    delta = float(right.mean() - left.mean())
    spreads = float(left.std()), float(right.std())
    # A part without spread gets a hundredth of the other's: the distribution needs both.
    phi1, phi2 = (max(spread, 0.01 * max(spreads), 1e-6 * abs(delta)) for spread in spreads)
    tail = (1 - level) / 2
    share = (phi2 / phi1) ** 2
    scale = phi1**2 / delta**2
    high = _place(1 - tail, share) * scale
    low = _place(tail, share) * scale
    first, last = end - math.ceil(high), end - math.floor(low)
    origin = int(when[0])
    return BreakDate(origin + end, origin + max(first, 0), origin + min(last, when.size - 1))


def _place(p: float, share: float) -> float:
    """Return the p quantile of where a two-sided Brownian motion with drift peaks (Bai 1997)."""
    side = 1.0 if _peak_cdf(0.0, share) < p else -1.0
    edge = side
    while side * (p - _peak_cdf(edge, share)) > 0:
        edge *= 2
    return float(brentq(lambda x: _peak_cdf(x, share) - p, min(0.0, edge), max(0.0, edge)))


def _peak_cdf(x: float, phi: float) -> float:
    """Return the distribution of the peak's place; `phi` is the variance after over that before.

    Bai (1997), Review of Economics and Statistics 79: 551–563, appendix B, with equal regressors.
    """
    away, frac = abs(x), 1 / phi
    log_x = math.log(away) if away > 0 else -math.inf
    if x < 0:
        first = math.exp(log_x / 2 - away / 8 - math.log(2 * math.pi) / 2)
        second = phi * (phi + 2) / (phi + 1)
        second *= math.exp(frac * (1 + frac) * away / 2 + float(log_ndtr(-(0.5 + frac) * math.sqrt(away))))
        third = away / 2 - 2 + (phi + 2) ** 2 / (phi + 1)
        third *= math.exp(float(log_ndtr(-math.sqrt(away) / 2)))
        return -first - second + third
    first = math.sqrt(frac) * math.exp(log_x / 2 - frac * away / 8 - math.log(2 * math.pi) / 2)
    second = (2 * phi + 1) / (phi * (phi + 1))
    drift = (phi + 0.5) / math.sqrt(phi) * math.sqrt(away)
    second *= math.exp((phi + 1) * away / 2 + float(log_ndtr(-drift)))
    third = (2 * phi + 1) ** 2 / ((phi + 1) * phi) - 2 + frac * away / 2
    third *= math.exp(float(log_ndtr(-math.sqrt(frac * away) / 2)))
    return 1 + first + second - third


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


def local_level(values: ArrayLike, periods: Periods) -> LocalLevel:
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
        TOO_FEW_POINTS below 12; NOT_IDENTIFIED where no measurement noise is left, only drift.

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
