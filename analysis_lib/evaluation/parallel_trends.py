"""How far trends may part before a conclusion falls: never «p > 0,05, so parallel»."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq

from analysis_lib.evaluation.checks import Matrix, Vector, number
from analysis_lib.evaluation.estimate import quantile
from analysis_lib.evaluation.event_study import EventStudy
from analysis_lib.evaluation.refusal import Reason, refuse


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """Robust intervals of the mean effect under relative magnitudes.

    Attributes
    ----------
    bounds : dict of float to tuple of float
        For each M, the interval that holds if no change in trend difference after the start is more
        than M times the largest before it. M = 0 is exactly parallel trends.
    breakdown : float
        The largest M (to 10) for which the interval leaves zero out; 0 if even M = 0 holds zero.
    n_before : int
        Changes before the start that the comparison rests on.
    """

    bounds: dict[float, tuple[float, float]]
    breakdown: float
    n_before: int


def relative_magnitudes(
    study: EventStudy, magnitudes: tuple[float, ...] = (0.0, 0.5, 1.0, 1.5, 2.0), *, level: float = 0.95
) -> Sensitivity:
    """Return intervals of the mean effect after the start, robust to unparallel trends.

    For each change before the start, taken as the largest, and each sign, the bias of the mean is at
    most a known multiple of it, so the ends of the identified set are linear in the coefficients and
    have normal intervals; the result is their union. It holds its level without assuming which change
    is the largest, and is somewhat wider than the conditional and hybrid sets of HonestDiD. With several
    cohorts the bound is on the means by time since the start, which cohorts enter and leave.

    Raises
    ------
    AnalyseAvvist
        TOO_FEW_POINTS without at least one change before the start to measure against.

    Notes
    -----
    Rambachan and Roth (2023), Review of Economic Studies 90: 2555–2591, Δ^RM(M).

    Examples
    --------
    >>> from analysis_lib.evaluation.estimate import wald
    >>> effects = tuple(wald(v, 0.1, "") for v in (0.1, 1.0, 1.2))
    >>> study = EventStudy((-1, 0, 1), effects, np.eye(3) / 100, 2.0, wald(1.1, 0.07, ""), "varying")
    >>> s = relative_magnitudes(study, (0.0, 1.0))
    >>> [(round(low, 2), round(high, 2)) for low, high in s.bounds.values()]
    [(0.96, 1.24), (0.62, 1.58)]
    """
    before, after = _linear(study)
    if before.shape[0] == 0:
        refuse(
            Reason.TOO_FEW_POINTS,
            "ingen endring før oppstart å måle avvik fra parallelle trender mot",
            hint="Skaff minst tre perioder før oppstart.",
        )
    if any(number(m, "M") < 0 for m in magnitudes):
        refuse(Reason.INVALID_VALUE, "M må være null eller større")
    values = np.array([e.value for e in study.effects])
    steps = np.array([s + 1 for s in study.since if s >= 0], dtype=float)
    # A change of at most b each period grows to (s + 1)·b after s periods; the mean of those.
    multiple = float(steps.mean())
    z = quantile(level)

    def interval(m: float) -> tuple[float, float]:
        low, high = math.inf, -math.inf
        for change in before:
            for sign in (1.0, -1.0):
                down, up = after - m * multiple * sign * change, after + m * multiple * sign * change
                low = min(low, float(down @ values) - z * _sd(down, study.cov))
                high = max(high, float(up @ values) + z * _sd(up, study.cov))
        return low, high

    def margin(m: float) -> float:
        low, high = interval(m)
        return max(low, -high)

    if margin(0.0) <= 0:
        breakdown = 0.0
    elif margin(10.0) > 0:
        breakdown = 10.0
    else:
        breakdown = float(brentq(margin, 0.0, 10.0, xtol=1e-6))
    return Sensitivity({m: interval(m) for m in magnitudes}, breakdown, before.shape[0])


def _sd(weights: Vector, cov: Matrix) -> float:
    return math.sqrt(max(float(weights @ cov @ weights), 0.0))


def _linear(study: EventStudy) -> tuple[Matrix, Vector]:
    """Return the changes before the start, shape (s, k), and the mean after it, shape (k,), as weights."""
    since = np.array(study.since)
    after = (since >= 0) / max(int((since >= 0).sum()), 1)
    rows = []
    for s in sorted(s for s in study.since if s < 0):
        row = (since == s).astype(float)
        if study.base == "universal":
            # From a common base to changes: next less this; the base itself (−1) is zero.
            row = (since == s + 1).astype(float) - row
        rows.append(row)
    return np.array(rows).reshape(-1, since.size), after
