"""Synthetic control with nested weights, from many starts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import Any

import numpy as np
from scipy.optimize import minimize, nnls

from evaluation.basis.requirements import Matrix, Reason, Vector, matrix, refuse, vector, whole

_SEED = 20260518
_LEAST = 1e-7  # smallest predictor weight, relative to the largest


@dataclass(frozen=True, slots=True)
class Optimum:
    """A place where the search came to rest: its pre-MSPE, how many starts ended there, donor weights."""

    pre_mspe: float
    starts: int
    w: Vector


@dataclass(frozen=True, slots=True)
class SyntheticControl:
    """A synthetic control.

    Attributes
    ----------
    weights : dict of str to float
        Of donors, those above 0.0005, largest first.
    w : array, shape (J,)
        All donor weights.
    v : array, shape (K,)
        Predictor weights, summing to 1.
    pre_mspe : float
        Mean squared gap over the fitting periods.
    optima : tuple of Optimum
        Every distinct rest of the search (1 % apart), best first; the first is the one used. An
        optimum that most starts reach but is not the best is what a single start would have given.
    predictor_gap : float
        Largest difference between exposed and synthetic unit, in standard deviations of a predictor.
    """

    weights: dict[str, float]
    w: Vector
    v: Vector
    pre_mspe: float
    optima: tuple[Optimum, ...]
    predictor_gap: float


def donor_weights(target: Vector, donors: Matrix, v: Vector) -> Vector:
    """Return the donor weights, shape (J,), that minimise the v-weighted distance of the predictors.

    Non-negative least squares, with the sum to 1 as a heavy extra row.

    Examples
    --------
    >>> donor_weights(np.array([1.0, 2.0]), np.array([[0.0, 2.0], [1.0, 3.0]]), np.ones(2)).round(6).tolist()
    [0.5, 0.5]
    """
    root = np.sqrt(v)[:, None]
    heavy = 1e3 * max(float(np.abs(root * donors).max()), 1e-12)
    system = np.vstack([root * donors, np.full((1, donors.shape[1]), heavy)])
    w, _ = nnls(system, np.concatenate([root[:, 0] * target, [heavy]]), maxiter=50 * donors.shape[1])
    return np.asarray(w / w.sum())


def _starts(target: Vector, donors: Matrix, z: Vector, z_donors: Matrix, count: int) -> list[Vector]:
    """Return log predictor weights to start from: equal, by regression, then random."""
    k = target.size
    everyone = np.column_stack([target, donors]).T
    outcome = np.column_stack([z, z_donors]).T
    slopes = np.linalg.lstsq(np.column_stack([np.ones(len(everyone)), everyone]), outcome, rcond=None)[0][1:]
    by_regression = (slopes**2).sum(axis=1)
    rng = np.random.default_rng(_SEED)
    found = [np.zeros(k), np.log(by_regression / by_regression.max() + 1e-6)]
    found += [np.log(rng.dirichlet(np.full(k, 0.5)) + 1e-7) for _ in range(max(count - 2, 0))]
    return found[:count]


def fit_weights(
    target: Vector,
    donors: Matrix,
    z: Vector,
    z_donors: Matrix,
    *,
    starts: int,
    evaluations: int = 2000,
) -> list[tuple[float, Vector]]:
    """Return the pre-MSPE and predictor weights that each start reached, best first.

    Parameters
    ----------
    target, donors : array, shapes (K,) and (K, J)
        Predictors on a common scale.
    z, z_donors : array, shapes (T,) and (T, J)
        Outcomes over the fitting periods.
    starts, evaluations : int
        Starting points, and the most evaluations from each.
    """

    def loss(log_v: Vector) -> float:
        gap = z - z_donors @ donor_weights(target, donors, _spread(log_v))
        return float(gap @ gap) / gap.size

    def search(place: Vector) -> tuple[float, Vector]:
        value, left = loss(place), evaluations
        while left > 0:
            options: Any = {"maxfev": left, "xatol": 1e-4, "fatol": 1e-8 * value}
            found = minimize(loss, place, method="Nelder-Mead", options=options)
            left -= int(found.nfev)
            better = float(found.fun) < value * (1 - 1e-4)
            if found.fun < value:
                place, value = np.asarray(found.x), float(found.fun)
            if not better:
                break
        return value, place

    reached = sorted(map(search, _starts(target, donors, z, z_donors, starts)), key=itemgetter(0))
    if sum(value <= reached[0][0] * 1.01 for value, _ in reached) < 2:
        # Found once: is it a place to come back to, or an accident? Start again around it.
        rng = np.random.default_rng(_SEED + 1)
        around = [reached[0][1] + rng.normal(0, 1, target.size) for _ in range(4)]
        reached = sorted([*reached, *map(search, around)], key=itemgetter(0))
    return [(value, _spread(place)) for value, place in reached]


def _spread(log_v: Vector) -> Vector:
    weights = np.exp(np.maximum(log_v - log_v.max(), math.log(_LEAST)))
    return np.asarray(weights / weights.sum())


def _optima(reached: list[tuple[float, Vector]], target: Vector, donors: Matrix) -> tuple[Optimum, ...]:
    found: list[Optimum] = []
    for value, v in reached:
        if found and value <= found[-1].pre_mspe * 1.01 + 1e-300:
            found[-1] = replace(found[-1], starts=found[-1].starts + 1)
        else:
            found.append(Optimum(value, 1, donor_weights(target, donors, v)))
    return tuple(found)


def synthetic_control(
    target: Vector,
    donors: Matrix,
    z: Vector,
    z_donors: Matrix,
    names: Sequence[str],
    *,
    starts: int = 24,
) -> SyntheticControl:
    """Return the synthetic control of one exposed unit.

    Parameters
    ----------
    target, donors : array, shapes (K,) and (K, J)
        Predictors of the exposed unit and of J donors; each is divided by its standard deviation.
    z, z_donors : array, shapes (T,) and (T, J)
        Outcomes over the periods to be fitted, all before the start.
    names : sequence of str, length J
    starts : int
        Starting points: equal weights, weights by regression, then random ones. The best optimum is
        used, and all are listed. 2 is the search of the R package Synth.

    Raises
    ------
    AnalyseAvvist
        TOO_FEW_UNITS below two donors; TOO_FEW_POINTS below three periods before the start;
        NO_CONVERGENCE if fewer than two starts come within 1 % of the best fit.

    Notes
    -----
    Not to be used where the exposed unit lies outside all donors: no weights can make it.

    Abadie, Diamond and Hainmueller (2010), Journal of the American Statistical Association 105:
    493–505. The outer problem has many local optima; a single start rarely finds the best. Published
    weights may be one of the others: those of the Basque study (Abadie and Gardeazabal 2003) are where
    both of Synth's starts end, but other starts find weights with half the pre-MSPE.

    Examples
    --------
    >>> z = np.array([[1.0, 2.0, 3.0, 5.0], [2.0, 2.5, 2.0, 4.0], [9.0, 8.0, 9.0, 9.0]]).T
    >>> unit = z @ np.array([0.25, 0.75, 0.0])
    >>> fit = synthetic_control(unit, z, unit, z, ["a", "b", "c"], starts=4)
    >>> {name: round(weight, 2) for name, weight in fit.weights.items()}
    {'b': 0.75, 'a': 0.25}
    """
    target, z = vector(target, "prediktorene"), vector(z, "utfallet")
    donors, z_donors = matrix(donors, "prediktorene"), matrix(z_donors, "utfallet")
    starts = whole(starts, "antall utgangspunkter", least=1)
    if donors.shape[1] < 2:
        refuse(Reason.TOO_FEW_UNITS, f"{donors.shape[1]} sammenligningsenheter er for få; minst to trengs")
    if z.size < 3:
        refuse(Reason.TOO_FEW_POINTS, f"{z.size} perioder før oppstart er for få; minst tre trengs")
    sd = np.column_stack([target, donors]).std(axis=1, ddof=1)
    if (sd <= 1e-12 * np.abs(donors).max(axis=1)).any():
        refuse(Reason.CONSTANT_SERIES, "en prediktor er lik for alle enheter")
    scaled, others = target / sd, donors / sd[:, None]
    reached = fit_weights(scaled, others, z, z_donors, starts=starts)
    optima = _optima(reached, scaled, others)
    # An exact fit is an optimum whoever finds it.
    if optima[0].starts < 2 and optima[0].pre_mspe > 1e-9 * float(z.var()):
        refuse(
            Reason.NO_CONVERGENCE, f"bare ett av {len(reached)} utgangspunkter fant den beste tilpasningen"
        )
    w = optima[0].w
    order = np.argsort(-w, kind="stable")
    return SyntheticControl(
        weights={names[i]: float(w[i]) for i in order if w[i] > 0.0005},
        w=w,
        v=reached[0][1],
        pre_mspe=reached[0][0],
        optima=optima,
        predictor_gap=float(np.abs(scaled - others @ w).max()),
    )
