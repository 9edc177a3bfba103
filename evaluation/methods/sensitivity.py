"""How far trends may part before an effect is no more than that: relative magnitudes, and smoothness."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import stats
from scipy.optimize import brentq, minimize

from evaluation.basis.estimate import quantile
from evaluation.basis.requirements import Matrix, Reason, Vector, number, probability, refuse, whole
from evaluation.methods.staggered import EventStudy


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """Robust intervals of an effect where trends may part.

    Attributes
    ----------
    bounds : dict of float to tuple of float
        For each M, the interval that holds if trends part by no more than M allows.
    breakdown : float
        The largest M for which the interval leaves zero out (searched to 10 for relative magnitudes); 0 if
        even M = 0 holds zero.
    n_before : int
        Changes before the start that the comparison rests on.
    period : int or None
        Periods since the start that it is about; None for the mean of them all.
    restriction : str
        «relative avvik» or «jevnhet».
    """

    bounds: dict[float, tuple[float, float]]
    breakdown: float
    n_before: int
    period: int | None = None
    restriction: str = "relative avvik"


def relative_magnitudes(
    study: EventStudy,
    magnitudes: tuple[float, ...] = (0.0, 0.5, 1.0, 1.5, 2.0),
    *,
    period: int | None = None,
    level: float = 0.95,
) -> Sensitivity:
    """Return intervals of the effect that hold if trends part as they did before the start, or M times so.

    For each change before the start, taken as the largest, and each sign, the bias is at most a known
    multiple of it, so the ends of the identified set are linear in the coefficients and have normal
    intervals; the result is their union. It holds its level without assuming which change is the largest,
    and is somewhat wider than the conditional and hybrid sets of HonestDiD. With several cohorts the bound
    is on the means by time since the start, which cohorts enter and leave.

    Parameters
    ----------
    study : EventStudy
    magnitudes : tuple of float
        Values of M, 0 (exactly parallel) and up.
    period : int, optional
        One time since the start instead of the mean over all of them: 0 is the first period.

    Raises
    ------
    AnalyseAvvist
        TOO_FEW_POINTS without at least one change before the start to measure against; START_OUTSIDE for
        a period without an effect.

    Notes
    -----
    Rambachan and Roth (2023), Review of Economic Studies 90: 2555–2591, Δ^RM(M). Not to be used where the
    measure was known beforehand: what then happens before the start is no trend.

    Examples
    --------
    >>> from evaluation.basis.estimate import wald
    >>> effects = tuple(wald(v, 0.1, "") for v in (0.1, 1.0, 1.2))
    >>> study = EventStudy((-1, 0, 1), effects, np.eye(3) / 100, 2.0, wald(1.1, 0.07, ""), "varying")
    >>> s = relative_magnitudes(study, (0.0, 1.0))
    >>> [(round(low, 2), round(high, 2)) for low, high in s.bounds.values()]
    [(0.96, 1.24), (0.62, 1.58)]
    """
    before, after, multiple = _linear(study, period)
    _at_least_zero(magnitudes)
    values = np.array([e.value for e in study.effects])
    z = quantile(level)

    def interval(m: float) -> tuple[float, float]:
        low, high = math.inf, -math.inf
        for change in before:
            for sign in (1.0, -1.0):
                down, up = after - m * multiple * sign * change, after + m * multiple * sign * change
                low = min(low, float(down @ values) - z * _sd(down, study.cov))
                high = max(high, float(up @ values) + z * _sd(up, study.cov))
        return low, high

    return _sensitivity(interval, magnitudes, 10.0, before.shape[0], period, "relative avvik")


def smoothness(
    study: EventStudy,
    magnitudes: tuple[float, ...],
    *,
    period: int | None = None,
    level: float = 0.95,
) -> Sensitivity:
    """Return intervals of the effect that hold if trends go on parting as before, bent by at most M.

    M = 0 takes the trend before the start to go on in a straight line; else its slope may change by M from
    one period to the next. The interval is the shortest of fixed length among those centred on the effect
    less a weighted sum of the changes before.

    Parameters
    ----------
    study : EventStudy
    magnitudes : tuple of float
        Values of M, 0 and up, in the outcome's unit per period.
    period : int, optional
        One time since the start instead of the mean over all of them.

    Raises
    ------
    AnalyseAvvist
        TOO_FEW_POINTS, START_OUTSIDE.

    Notes
    -----
    Rambachan and Roth (2023), section 4.2: Δ^SD(M) and fixed-length intervals after Armstrong and Kolesár
    (2018), Econometrica 86: 655–683. The bias is M times a sum of absolute weights, so the weights worth
    considering are a path of lasso solutions, the same for every M. Not to be used where what parted the
    trends came at once, as a reform does: then relative magnitudes say more.

    Examples
    --------
    >>> from evaluation.basis.estimate import wald
    >>> effects = tuple(wald(v, 0.1, "") for v in (0.1, 0.1, 1.1, 1.2))
    >>> study = EventStudy((-2, -1, 0, 1), effects, np.eye(4) / 100, 2.0, wald(1.15, 0.07, ""), "varying")
    >>> [round(end, 2) for end in smoothness(study, (0.0,)).bounds[0.0]]
    [0.75, 1.25]
    """
    before, after, multiple = _linear(study, period)
    _at_least_zero(magnitudes)
    values = np.array([e.value for e in study.effects])
    steps = np.array([s for s in study.since if s >= 0]) if period is None else np.array([period])
    # What bends after the start moves the effect by so much for each M, whatever is done before it.
    beyond = float(((steps + 1) * (steps + 2) / 2).mean())
    sums = _paths(study.cov, before, after, multiple)
    weights = np.array([after - np.diff(np.r_[0.0, each, multiple]) @ before for each in sums])
    centres = weights @ values
    spreads = np.array([max(_sd(row, study.cov), 1e-300) for row in weights])
    leans = beyond + np.array([np.abs(each).sum() for each in sums])
    confidence = probability(level)

    def interval(m: float) -> tuple[float, float]:
        halves = spreads * _folded(m * leans / spreads, confidence)
        best = int(np.argmin(halves))
        return float(centres[best] - halves[best]), float(centres[best] + halves[best])

    most = 4 * max(abs(float(after @ values)), _sd(after, study.cov))
    return _sensitivity(interval, magnitudes, most, before.shape[0], period, "jevnhet")


def _at_least_zero(magnitudes: tuple[float, ...]) -> None:
    if any(number(m, "M") < 0 for m in magnitudes):
        refuse(Reason.INVALID_VALUE, "M må være null eller større")


def _sensitivity(
    interval: Callable[[float], tuple[float, float]],
    magnitudes: tuple[float, ...],
    most: float,
    n_before: int,
    period: int | None,
    restriction: str,
) -> Sensitivity:
    def margin(m: float) -> float:
        low, high = interval(m)
        return max(low, -high)

    if margin(0.0) <= 0:
        breakdown = 0.0
    elif margin(most) > 0:
        breakdown = most
    else:
        breakdown = float(brentq(margin, 0.0, most, xtol=1e-6 * most))
    bounds = {m: interval(m) for m in magnitudes}
    return Sensitivity(bounds, breakdown, n_before, period, restriction)


def _sd(weights: Vector, cov: Matrix) -> float:
    return math.sqrt(max(float(weights @ cov @ weights), 0.0))


def _folded(lean: Vector, level: float) -> Vector:
    """Return the quantile of the size of normal numbers with these means and variance 1 (by Newton).

    >>> _folded(np.array([0.0, 9.0]), 0.95).round(3).tolist()
    [1.96, 10.645]
    """
    found = lean + quantile(level)
    for _ in range(12):
        miss = stats.norm.cdf(found - lean) - stats.norm.cdf(-found - lean) - level
        found = found - miss / (stats.norm.pdf(found - lean) + stats.norm.pdf(found + lean))
    return np.asarray(found)


def _paths(cov: Matrix, before: Matrix, after: Vector, multiple: float) -> list[Vector]:
    """Return cumulated weights of the changes before the start, from least variance to least bias.

    The last change carries what is left of the `multiple`, so n changes have n − 1 free sums.
    """
    free = before.shape[0] - 1
    if free == 0:
        return [np.zeros(0)]
    # Effect less weighted changes, as a constant and columns of the sums: v is the step of its sums.
    columns = (before[:-1] - before[1:]).T
    start = after - multiple * before[-1]
    size = max(float(np.trace(columns.T @ cov @ columns)) / free, 1e-300)
    gram, pull = columns.T @ cov @ columns / size, columns.T @ cov @ start / size
    least = np.linalg.lstsq(gram, pull, rcond=None)[0]
    found, place = [least], np.r_[np.maximum(least, 0), np.maximum(-least, 0)]
    top = max(float(np.abs(pull).max()), 1e-300)
    for penalty in np.geomspace(1e-4, 1.0, 30) * top:

        def loss(both: Vector, penalty: float = float(penalty)) -> tuple[float, Vector]:
            sums = both[:free] - both[free:]
            slope = gram @ sums - pull
            value = 0.5 * float(sums @ (slope - pull)) + penalty * float(both.sum())
            return value, np.r_[slope + penalty, -slope + penalty]

        fit = minimize(loss, place, jac=True, method="L-BFGS-B", bounds=[(0, None)] * (2 * free))
        place = np.asarray(fit.x)
        found.append(place[:free] - place[free:])
    # The path is straight between its corners, and every point on it is a candidate.
    ends = zip(found, [*found[1:], np.zeros(free)], strict=True)
    return [a + share * (b - a) for a, b in ends for share in np.linspace(0.0, 1.0, 11)]


def _linear(study: EventStudy, period: int | None) -> tuple[Matrix, Vector, float]:
    """Return what is measured, as weights of the effects.

    Returns
    -------
    before : array, shape (s, k)
        The changes before the start, in order.
    after : array, shape (k,)
        The effect: the mean after the start, or one period's.
    multiple : float
        How many times a steady change each period it has grown to.
    """
    since = np.array(study.since)
    chosen = since >= 0 if period is None else since == whole(period, "perioden")
    if not chosen.any():
        refuse(
            Reason.START_OUTSIDE,
            f"det finnes ingen effekt {period} perioder etter oppstart",
            hint=f"Velg en periode fra 0 til {int(since.max())}.",
        )
    rows = []
    for s in sorted(s for s in study.since if s < 0):
        row = (since == s).astype(float)
        if study.base == "universal":
            # From a common base to changes: next less this; the base itself (−1) is zero.
            row = (since == s + 1).astype(float) - row
        rows.append(row)
    if not rows:
        refuse(
            Reason.TOO_FEW_POINTS,
            "ingen endring før oppstart å måle avvik fra parallelle trender mot",
            hint="Skaff minst tre perioder før oppstart.",
        )
    return np.array(rows), chosen / chosen.sum(), float((since[chosen] + 1).mean())
